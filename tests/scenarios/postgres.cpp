#include "tests/scenarios/postgres.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

// libpqxx 6.4.5 loses about 2 kB with each connection that breaks; nothing of ours is on those stacks.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libpqxx";
}

namespace scenario {

namespace {

namespace fs = std::filesystem;

fs::path programs() {
    fs::path newest;
    std::error_code code;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", code))
        if (fs::exists(version.path() / "bin/initdb") && version.path() > newest) newest = version.path();
    if (newest.empty()) throw std::runtime_error("PostgreSQL's server is not installed (Debian: postgresql)");
    return newest / "bin";
}

}  // namespace

/// PostgreSQL refuses to run as root; and its server must not outlive a test that is killed.
std::vector<std::string> PostgresServer::as_server(std::vector<std::string> command) const {
    std::vector<std::string> words = {"setpriv", "--pdeathsig", "INT"};
    if (::geteuid() == 0) words.insert(words.end(), {"--reuid=nobody", "--regid=nogroup", "--clear-groups"});
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

PostgresServer::PostgresServer(bool sure) : sure_(sure) {
    if (::geteuid() == 0) {
        const passwd* nobody = ::getpwnam("nobody");
        if (!nobody || ::chown(scratch_.folder().c_str(), nobody->pw_uid, nobody->pw_gid) != 0) throw std::runtime_error("no account for a server");
    }
    const std::string data = (scratch_ / "data").string();
    const Outcome made = run(as_server({programs() / "initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"}));
    if (made.exit != 0) throw std::runtime_error("initdb: " + made.err);
    scratch_.write("data/pg_hba.conf", "local all guarded scram-sha-256\nlocal all all trust\n");
    start();
    psql("postgres", std::string("CREATE ROLE guarded LOGIN PASSWORD '") + "p@ss/w:rd % \"q''" + "'");
}

PostgresServer::~PostgresServer() {
    stop();
}

void PostgresServer::start() {
    const std::string folder = scratch_.folder().string();
    std::vector<std::string> command = as_server({programs() / "postgres", "-D", folder + "/data", "-k", folder, "-c", "listen_addresses=",
                                                  "-c", "max_connections=160", "-c", "log_min_messages=panic", "-c", "log_min_error_statement=panic"});
    if (!sure_) command.insert(command.end(), {"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"});
    process_ = std::make_unique<Process>(command, Environment{{"LC_ALL", "C.UTF-8"}});
    for (int i = 0; i < 600; ++i) {
        if (run({programs() / "pg_isready", "-q", "-h", folder}).exit == 0) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("the server does not start");
}

void PostgresServer::stop() {
    if (!process_) return;
    process_->signal(SIGQUIT);
    process_->wait(20);
    process_.reset();
}

std::string PostgresServer::url(const std::string& database, const std::string& account) const {
    return "postgresql://" + account + "@/" + database + "?host=" + scratch_.folder().string();
}

std::string PostgresServer::psql(const std::string& database, const std::string& statements, const std::string& account) const {
    const Outcome outcome = run({programs() / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statements, url(database, account)});
    EXPECT_EQ(outcome.exit, 0) << statements << ": " << outcome.err;
    return outcome.out;
}

std::string PostgresServer::new_database() {
    const std::string name = fmt::format("school_{}", ++databases_);
    psql("postgres", "CREATE DATABASE " + name);
    return name;
}

PostgresServer& PostgresServer::shared() {
    static PostgresServer server;
    return server;
}

}  // namespace scenario

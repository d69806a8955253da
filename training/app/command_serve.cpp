// serve: the desk in a browser, and who may sign in to it.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/evaluation.h"
#include "training/app/passphrase.h"
#include "training/app/pictures.h"
#include "training/app/scene_maker.h"
#include "training/app/session_files.h"
#include "training/app/station_records.h"

#include "training/serve/server.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <thread>

namespace app {

namespace {

base::fs::path accounts_file() {
    return desk_folder() / "accounts.json";
}

/// Whether the recording is the one that the store speaks of.
base::Status check_evidence(const base::Places& places, const serve::ReportWish& wish) {
    base::Result<OpenRecording> opened = open_recording(places, wish.recording);
    if (!opened) return opened.error();
    if (opened->recording.evidence_hash().hex() != wish.evidence)
        return base::error("{}: is not the recording of session {}; put that one here", wish.recording.string(), wish.evidence.substr(0, 12));
    return {};
}

/// The report as `evenhand report` writes it; made once and kept in the cache.
base::Result<std::string> make_report(const Options& options, const serve::ReportWish& wish) {
    const base::fs::path file = kept_for(options.places, wish, ".html");
    if (base::Result<std::string> kept = base::read_text(file); kept) return kept;
    if (base::Status ours = check_evidence(options.places, wish); !ours) return ours.error();
    std::error_code code;
    base::fs::create_directories(file.parent_path(), code);
    Options spoken = options;
    spoken.places.language = wish.language;
    if (base::Status written = write_report(spoken, wish.recording, file, {}); !written) return written.error();
    return base::read_text(file);
}

/// Stops the server when the terminal or the system asks for it. The signals are blocked in every thread but this one's wait.
class StopOnSignal {
  public:
    StopOnSignal() {
        ::sigemptyset(&signals_);
        for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) ::sigaddset(&signals_, one);
        ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    }
    void watch(serve::Server& server) {
        thread_ = std::jthread([this, &server] {
            int caught = 0;
            ::sigwait(&signals_, &caught);
            server.stop();
        });
    }
    ~StopOnSignal() {
        if (thread_.joinable()) ::pthread_kill(thread_.native_handle(), SIGUSR1);  // where the server ended by itself
    }
    StopOnSignal(const StopOnSignal&) = delete;

  private:
    sigset_t signals_{};
    std::jthread thread_;
};

base::Status check_folder(const std::string& sessions) {
    std::error_code ignored;
    if (sessions.empty() || base::fs::is_directory(sessions, ignored)) return {};
    return base::error("--sessions {}: is no folder; name the one that holds the recordings", sessions);
}

}  // namespace

int serve_desk(const Options& options, const ServeArguments& arguments) {
    const serve::ServerSettings where{arguments.bind, arguments.port, arguments.certificate, arguments.key, {}};
    if (base::Status fit = serve::check(where); !fit) return refuse(fit.error());
    if (base::Status folder = check_folder(arguments.sessions); !folder) return refuse(folder.error());
    base::Result<records::Place> place = store_place(arguments.db);
    if (!place) return refuse(place.error());
    if (base::Status there = check_there(*place); !there) return refuse(there.error());
    serve::DeskSettings settings{options.places, *place, accounts_file(), arguments.sessions,
                                 [&](const serve::ReportWish& wish) { return make_report(options, wish); }, !arguments.certificate.empty()};
    settings.scene = [&](const serve::ReportWish& wish) { return make_scene(options, wish); };
    settings.three = serve::kThree;
    StopOnSignal stop;
    base::Result<std::unique_ptr<serve::Desk>> desk = serve::Desk::open(std::move(settings));
    if (!desk) return refuse(desk.error());
    base::Result<std::unique_ptr<serve::Server>> server = serve::Server::open(**desk, where);
    if (!server) return refuse(server.error());
    if (const auto accounts = serve::load_accounts(accounts_file()); accounts && accounts->empty())
        fmt::print(stderr, "evenhand: nobody can sign in yet; add an account with `evenhand serve account add NAME --role instructor`\n");
    fmt::print("{}\n", (*server)->url());
    std::fflush(stdout);
    stop.watch(**server);
    (*server)->run();
    return kDone;
}

int serve_account_add(const ServeAccountArguments& arguments) {
    base::Result<serve::Role> role = serve::parse_role(arguments.role);
    if (!role) return refuse(role.error());
    const auto check_free = [&](const std::vector<serve::Account>& accounts) -> base::Status {
        if (std::ranges::find(accounts, arguments.name, &serve::Account::name) == accounts.end()) return {};
        return base::error("{}: there is an account of this name; remove it first, or give another name", arguments.name);
    };
    base::Result<std::vector<serve::Account>> accounts = serve::load_accounts(accounts_file());
    if (!accounts) return refuse(accounts.error());
    if (base::Status free = check_free(*accounts); !free) return refuse(free.error());
    base::Result<Passphrase> passphrase = read_passphrase(arguments.passphrase_file, "passphrase for " + arguments.name, true);
    if (!passphrase) return refuse(passphrase.error());
    base::Result<serve::Account> account = serve::new_account(arguments.name, *role, passphrase->text());
    if (!account) return refuse(account.error());
    const auto add = [&](std::vector<serve::Account>& now) {
        base::Status free = check_free(now);
        if (free) now.push_back(*account);
        return free;
    };
    if (base::Status added = serve::change_accounts(accounts_file(), add); !added) return refuse(added.error());
    fmt::print("{}: {}\n", account->name, serve::role_name(account->role));
    return kDone;
}

int serve_account_list() {
    base::Result<std::vector<serve::Account>> accounts = serve::load_accounts(accounts_file());
    if (!accounts) return refuse(accounts.error());
    for (const serve::Account& one : *accounts) fmt::print("{}  {}\n", one.name, serve::role_name(one.role));
    return kDone;
}

int serve_account_remove(const std::string& name) {
    const auto remove = [&](std::vector<serve::Account>& accounts) -> base::Status {
        if (std::erase_if(accounts, [&](const serve::Account& one) { return one.name == name; }) > 0) return {};
        return base::error("{}: there is no account of this name; see `evenhand serve account list`", name);
    };
    if (base::Status removed = serve::change_accounts(accounts_file(), remove); !removed) return refuse(removed.error());
    fmt::print("{}: removed\n", name);
    return kDone;
}

}  // namespace app

#pragma once

// A PostgreSQL server of the test's own: in a temporary folder, on a unix socket, gone with the test.

#include "tests/scenarios/program.h"

#include <memory>
#include <string>

namespace scenario {

class PostgresServer {
  public:
    /// `sure`: every commit waits for the disk, as in life; else faster.
    explicit PostgresServer(bool sure = false);
    ~PostgresServer();

    void start();
    /// At once, as a crash would; clients are cut off.
    void stop();

    /// Of a database, for an account that needs no password.
    std::string url(const std::string& database, const std::string& account = "owner") const;
    /// What psql prints, without decoration; the test fails when it cannot.
    std::string psql(const std::string& database, const std::string& statements, const std::string& account = "owner") const;
    std::string new_database();

    /// The account `guarded` must give this password.
    static constexpr const char* kPassword = "p@ss/w:rd % \"q'";
    static constexpr const char* kPasswordInUrl = "p%40ss%2Fw%3Ard%20%25%20%22q%27";

    /// One for all tests of a program, made at first use.
    static PostgresServer& shared();

  private:
    std::vector<std::string> as_server(std::vector<std::string> command) const;

    Scratch scratch_;
    bool sure_;
    int databases_ = 0;
    std::unique_ptr<Process> process_;
};

}  // namespace scenario

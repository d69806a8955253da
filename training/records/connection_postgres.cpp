// A PostgreSQL server. libpq waits for an answer as long as the network lets it; so a watch cuts the line when an answer is
// late, and a server that hangs is a server that broke off.

#include "engine/base/utf8.h"
#include "training/records/connection.h"

#include <pqxx/pqxx>

#include <sys/socket.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace records {

namespace {

using Clock = std::chrono::steady_clock;  // a clock that is set does not reach it

/// Shuts a socket down when nobody has stood the watch down in time.
class Watch {
  public:
    Watch() : thread_([this](const std::stop_token& stop) { keep(stop); }) {}

    void begin(int socket, double seconds) {
        const std::lock_guard lock(mutex_);
        socket_ = socket;
        due_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
        changed_.notify_all();
    }
    void end() {
        const std::lock_guard lock(mutex_);
        socket_ = -1;
    }

  private:
    void keep(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
            if (socket_ < 0) {
                changed_.wait(lock, stop, [this] { return socket_ >= 0; });
                continue;
            }
            if (Clock::now() >= due_) {
                ::shutdown(socket_, SHUT_RDWR);
                socket_ = -1;
                continue;
            }
            const Clock::time_point due = due_;
            changed_.wait_until(lock, stop, due, [&] { return due_ != due || socket_ < 0; });
        }
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    int socket_ = -1;
    Clock::time_point due_;
    std::jthread thread_;
};

/// A value of libpq's "word='value'" form.
std::string quoted(const std::string& value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

std::string connection_words(const Place& place) {
    std::string words = fmt::format("connect_timeout={} application_name=evenhand ", place.patience.connect_s);
    for (const Place::Option& one : place.options)
        if (one.word != "client_encoding" && one.word != "options") words += fmt::format("{}={} ", one.word, quoted(one.value));
    return words + "client_encoding=UTF8 options='-c search_path=evenhand'";
}

template <typename... Kinds>
bool is_any(const pqxx::sql_error& problem) {
    return (dynamic_cast<const Kinds*>(&problem) || ...);
}

/// Values that the tables do not take are refused for ever; rights, and tables that are not there as they should be, wait for
/// somebody's hand; all else may be better the next time. By the exception's type: libpqxx does not give each its SQLSTATE.
Trouble sentence(const Place& place, const pqxx::sql_error& problem) {
    const std::string why = base::one_line(place.without_secrets(problem.what()));
    if (is_any<pqxx::data_exception, pqxx::integrity_constraint_violation, pqxx::plpgsql_raise>(problem))
        return {Fate::refused, fmt::format("{}: does not take this: {}; hand in what belongs together", place.name(), why)};
    if (is_any<pqxx::insufficient_privilege>(problem))
        return {Fate::forbidden, fmt::format("{}: this account may not do that: {}; ask who runs the store", place.name(), why)};
    if (is_any<pqxx::syntax_error>(problem))  // also tables, columns and functions that are missing
        return {Fate::forbidden, fmt::format("{}: is not set up for this program: {}; run `evenhand records setup`", place.name(), why)};
    return {Fate::interrupted, fmt::format("{}: {}; try again later", place.name(), why)};
}

class PostgresConnection final : public Connection {
  private:
    /// `work` in the transaction that is open, else by itself; under the watch, its troubles in our words.
    template <typename Work>
    auto told(Work work) {
        try {
            watch_.begin(server_.sock(), place_.patience.answer_s);
            struct Relief {
                Watch& watch;
                ~Relief() { watch.end(); }
            } relief{watch_};
            if constexpr (std::is_invocable_v<Work>) {
                work();
            } else {
                if (work_) return work(*work_);
                pqxx::nontransaction alone(server_);
                return work(alone);
            }
        } catch (const pqxx::sql_error& problem) {
            throw sentence(place_, problem);
        } catch (const std::exception& problem) {  // broken off, in doubt, rolled back by the server
            throw Trouble{Fate::interrupted,
                          fmt::format("{}: the connection broke off or the answer was late ({}); try again later", name(),
                                      base::one_line(place_.without_secrets(problem.what())))};
        }
    }

    pqxx::result run(const char* sql, std::span<const Value> values) {
        ++asked_;
        std::vector<const char*> plain;
        for (const Value& value : values) plain.push_back(value ? value->c_str() : nullptr);
        return told([&](pqxx::transaction_base& work) {
            return work.exec_params(sql, pqxx::prepare::make_dynamic_params(plain.begin(), plain.end()));
        });
    }

  public:
    explicit PostgresConnection(const Place& place) : Connection(place.name()), place_(place), server_(connection_words(place)) {}

    std::vector<Row> query(const char* sql, std::span<const Value> values) override {
        const pqxx::result result = run(sql, values);
        std::vector<Row> rows;
        for (const auto& line : result) {
            Row& row = rows.emplace_back();
            for (const auto& field : line) row.push_back(field.is_null() ? Value() : Value(std::string(field.c_str(), field.size())));
        }
        return rows;
    }
    int64_t change(const char* sql, std::span<const Value> values) override { return static_cast<int64_t>(run(sql, values).affected_rows()); }
    void script(const char* sql) override {
        told([&](pqxx::transaction_base& work) { return work.exec(sql); });
    }

    void begin() override {
        told([&] { work_ = std::make_unique<pqxx::work>(server_); });
    }
    void commit() override {
        told([&] { work_->commit(); });
        work_.reset();
    }
    void rollback() noexcept override {
        try {
            watch_.begin(server_.sock(), place_.patience.answer_s);
            work_.reset();
        } catch (const std::exception&) {  // the line is gone, and with it the transaction
        }
        watch_.end();
    }
    bool is_server() const override { return true; }

  private:
    Place place_;
    Watch watch_;
    pqxx::connection server_;
    std::unique_ptr<pqxx::work> work_;
};

}  // namespace

std::unique_ptr<Connection> connect_postgres(const Place& place) {
    try {
        return std::make_unique<PostgresConnection>(place);
    } catch (const std::exception& problem) {
        throw Trouble{Fate::unreachable, fmt::format("{}: cannot be reached: {}; check the address and the network", place.name(),
                                                     base::one_line(place.without_secrets(problem.what())))};
    }
}

}  // namespace records

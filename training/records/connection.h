#pragma once

// A database as the store meets it: statements with their values, in transactions. The two kinds differ in how they are reached
// and how they fail; the statements are the same text for both ($1, $2, … stand for the values).
//
// What goes wrong is thrown as a Trouble inside this folder and becomes a value at the edge of store.h and outbox.h.

#include "training/records/place.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace records {

/// NULL, or text; numbers are text too, the column's type makes them numbers.
using Value = std::optional<std::string>;
using Row = std::vector<Value>;

/// How a statement came to nothing.
enum class Fate : uint8_t {
    refused,      ///< for ever: the database does not take such values
    forbidden,    ///< this account may not, or the store is not what it should be: somebody must mend something first
    unreachable,  ///< nobody answered; nothing was under way
    interrupted   ///< broke off or came too late: done or not, that is unknown
};
struct Trouble {
    Fate fate;
    std::string why;  ///< one sentence: what, where, what to do; without passwords
};

class Connection {
  public:
    virtual ~Connection() = default;

    virtual std::vector<Row> query(const char* sql, std::span<const Value> values = {}) = 0;
    /// How many rows an INSERT, UPDATE or DELETE touched.
    virtual int64_t change(const char* sql, std::span<const Value> values = {}) = 0;
    /// Several statements without values.
    virtual void script(const char* sql) = 0;

    virtual void begin() = 0;  ///< takes a file's lock for writing at once
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;

    virtual bool is_server() const = 0;
    const std::string& name() const { return name_; }  ///< of the place, without password
    int64_t asked() const { return asked_; }           ///< how many statements were put to it so far

  protected:
    explicit Connection(std::string name) : name_(std::move(name)) {}
    int64_t asked_ = 0;

  private:
    std::string name_;
};

/// Undone unless committed.
class Transaction {
  public:
    explicit Transaction(Connection& connection) : connection_(connection) { connection_.begin(); }
    ~Transaction() {
        if (open_) connection_.rollback();
    }
    Transaction(const Transaction&) = delete;
    void commit() {
        connection_.commit();
        open_ = false;
    }

  private:
    Connection& connection_;
    bool open_ = true;
};

/// Opens or makes the file, and its folder. Throws Trouble.
std::unique_ptr<Connection> connect_sqlite(const Place& place);
/// Throws Trouble.
std::unique_ptr<Connection> connect_postgres(const Place& place);
std::unique_ptr<Connection> connect(const Place& place);

}  // namespace records

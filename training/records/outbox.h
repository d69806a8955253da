#pragma once

// What a station still has to send. An entry is written in the transaction of what it tells, with an id that it keeps; it leaves
// when the other side has said that it has it. Whatever happens between (the network goes, the station is killed, the answer is
// lost), it is sent again, and the other side knows it by its id or by what it names: it arrives once.
//
// Entries are of a kind, and each kind has its own taker: "result" and "decision" go to a school's store (StoreTransport);
// statements for other systems are kinds of their own with their own transport, and wait for nobody else's.

#include "training/records/store.h"

#include <chrono>
#include <functional>
#include <map>

namespace records {

inline constexpr const char* kResultKind = "result";
inline constexpr const char* kDecisionKind = "decision";

OutboxEntry entry_of(const SessionResult& result);
OutboxEntry entry_of(const Decision& decision);

/// Adds an entry unless its id is there. Inside the open transaction. Throws Trouble.
void put_entry(Connection& connection, const OutboxEntry& entry);

inline constexpr int64_t kTriesInTurn = 3;  ///< after so many breaks an entry lets the others go first

/// A place in the order in which entries go: by seq, those that broke off often after all others.
struct Turn {
    bool late = false;
    int64_t seq = 0;

    auto operator<=>(const Turn&) const = default;
};

/// An entry on its way.
struct Waiting {
    int64_t seq = 0;  ///< the order in which they were put in
    OutboxEntry entry;
    int64_t tries = 0;  ///< how often it broke off

    Turn turn() const;
};

/// An entry that the other side will never take; it is kept.
struct Refused {
    std::string id, kind, why;
};

/// The entries of a station's file. The store must outlive it.
class Outbox {
  public:
    explicit Outbox(Store& store);

    /// The next of these kinds behind `after`, those that broke off kTriesInTurn times or more behind all others. None when nothing
    /// waits there.
    base::Result<std::optional<Waiting>> next(std::span<const std::string> kinds, Turn after = {});
    base::Status sent(const Waiting& one);
    base::Status refused(const Waiting& one, const std::string& why);
    base::Status broke_off(const Waiting& one, const std::string& why);
    /// Lets refused entries wait again, after somebody has mended what they were refused for.
    base::Status again();

    struct Counts {
        int64_t waiting = 0, sent = 0, refused = 0;
        bool operator==(const Counts&) const = default;
    };
    base::Result<Counts> counts();
    base::Result<std::vector<Refused>> all_refused();

  private:
    Connection& connection_;
};

/// How long to wait after `failures` in a row (1, 2, …): 1 s, doubled each time, up to five minutes, and by `share` (0..1) of
/// it up to a quarter less, so that fifty stations do not come back in the same second.
inline constexpr std::chrono::milliseconds kFirstWait{1'000}, kLongestWait{300'000};
std::chrono::milliseconds wait_after(int failures, double share);

/// The way to the other side. Reached on demand, and again after it was lost.
class Transport {
  public:
    virtual ~Transport() = default;
    virtual std::vector<std::string> kinds() const = 0;
    virtual Receipt deliver(const OutboxEntry& entry) = 0;
};

/// To another store: a school's server, or a file.
class StoreTransport final : public Transport {
  public:
    explicit StoreTransport(Place place) : place_(std::move(place)) {}
    std::vector<std::string> kinds() const override { return {kResultKind, kDecisionKind}; }
    Receipt deliver(const OutboxEntry& entry) override;

  private:
    Place place_;
    std::unique_ptr<Store> store_;
};

struct Sending {
    size_t sent = 0;                ///< taken, or there already
    size_t refused = 0;             ///< put aside
    std::vector<std::string> told;  ///< a sentence for each that was refused
    std::string trouble;            ///< why it ended before the outbox was empty; else empty
};
/// Waits so long, on a clock that nobody sets; false: stop trying.
using Pause = std::function<bool(std::chrono::milliseconds)>;
/// Sends until nothing waits or `pause` says stop. Never throws away an entry; one that this account may not send stays and lets
/// the others go on. `share`: for wait_after(), a number that differs between stations. Errors: the outbox itself cannot be
/// read or written.
base::Result<Sending> send_all(Outbox& outbox, Transport& transport, const Pause& pause, double share = 0);

/// Waits in truth until `limit` is used up.
Pause pause_for(std::chrono::milliseconds limit);

}  // namespace records

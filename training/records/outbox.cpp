#include "training/records/outbox.h"

#include "training/records/rows.h"

#include <algorithm>
#include <thread>

namespace records {

namespace {

base::Status changed(Connection& connection, const char* sql, std::span<const Value> values) {
    return result_of([&] { connection.change(sql, values); });
}

Receipt deliver_to(Store& store, const OutboxEntry& entry) {
    if (entry.kind == kResultKind) {
        base::Result<SessionResult> result = result_from_json(entry.payload);
        return result ? store.add(*result) : Receipt{Kept::refused, result.error().message};
    }
    base::Result<Decision> decision = decision_from_json(entry.payload);
    return decision ? store.decide(*decision) : Receipt{Kept::refused, decision.error().message};
}

}  // namespace

OutboxEntry entry_of(const SessionResult& result) {
    return {id_of(kResultKind, digest_of(result.session) + digest_of(result.score)), kResultKind, to_json(result)};
}

OutboxEntry entry_of(const Decision& decision) {
    return {decision.id, kDecisionKind, to_json(decision)};
}

void put_entry(Connection& connection, const OutboxEntry& entry) {
    CHECK(!connection.is_server());
    const std::vector<Value> values = {entry.id, entry.kind, entry.payload};
    connection.change("INSERT INTO outbox(id, kind, payload) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING", values);
}

Outbox::Outbox(Store& store) : connection_(store.connection()) {
    CHECK(!connection_.is_server());
}

Turn Waiting::turn() const {
    return {tries >= kTriesInTurn, seq};
}

base::Result<std::optional<Waiting>> Outbox::next(std::span<const std::string> kinds, Turn after) {
    return result_of([&]() -> std::optional<Waiting> {
        std::optional<Waiting> first;
        for (const std::string& kind : kinds) {
            const std::vector<Value> values = {kind, std::to_string(kTriesInTurn), after.late ? "1" : "0", std::to_string(after.seq)};
            for (const Row& row : connection_.query(
                     "SELECT seq, id, kind, payload, tries FROM outbox WHERE state = 'waiting' AND kind = $1 AND "
                     "(tries >= CAST($2 AS INTEGER), seq) > (CAST($3 AS INTEGER), CAST($4 AS INTEGER)) "
                     "ORDER BY tries >= CAST($2 AS INTEGER), seq LIMIT 1", values)) {
                Waiting one{integer(row[0]), {text(row[1]), text(row[2]), text(row[3])}, integer(row[4])};
                if (!first || one.turn() < first->turn()) first = std::move(one);
            }
        }
        return first;
    });
}

base::Status Outbox::sent(const Waiting& one) {
    const std::vector<Value> values = {one.entry.id};
    return changed(connection_, "UPDATE outbox SET state = 'sent', trouble = '' WHERE id = $1", values);
}

base::Status Outbox::refused(const Waiting& one, const std::string& why) {
    const std::vector<Value> values = {one.entry.id, why};
    return changed(connection_, "UPDATE outbox SET state = 'refused', trouble = $2 WHERE id = $1 AND state = 'waiting'", values);
}

base::Status Outbox::broke_off(const Waiting& one, const std::string& why) {
    const std::vector<Value> values = {one.entry.id, why};
    return changed(connection_, "UPDATE outbox SET tries = tries + 1, trouble = $2 WHERE id = $1 AND state = 'waiting'", values);
}

base::Status Outbox::again() {
    return changed(connection_, "UPDATE outbox SET state = 'waiting', tries = 0 WHERE state = 'refused'", {});
}

base::Result<Outbox::Counts> Outbox::counts() {
    return result_of([&] {
        Counts counts;
        for (const Row& row : connection_.query("SELECT state, count(*) FROM outbox GROUP BY state"))
            (row[0] == "waiting" ? counts.waiting : row[0] == "sent" ? counts.sent : counts.refused) = integer(row[1]);
        return counts;
    });
}

base::Result<std::vector<Refused>> Outbox::all_refused() {
    return result_of([&] {
        std::vector<Refused> all;
        for (const Row& row : connection_.query("SELECT id, kind, trouble FROM outbox WHERE state = 'refused' ORDER BY seq"))
            all.push_back({text(row[0]), text(row[1]), text(row[2])});
        return all;
    });
}

std::chrono::milliseconds wait_after(int failures, double share) {
    constexpr int kMostDoublings = 20;  // far beyond the longest wait
    const auto full = std::min<int64_t>(kFirstWait.count() << std::clamp(failures - 1, 0, kMostDoublings), kLongestWait.count());
    return std::chrono::milliseconds(full - static_cast<int64_t>(static_cast<double>(full) / 4 * std::clamp(share, 0.0, 1.0)));
}

Receipt StoreTransport::deliver(const OutboxEntry& entry) {
    if (!store_)
        if (Receipt opened = Store::open(place_, store_); !opened.done()) {
            opened.kept = Kept::unreachable;  // whatever keeps the store shut does not speak of this entry
            return opened;
        }
    Receipt receipt = deliver_to(*store_, entry);
    if (receipt.kept == Kept::interrupted) store_.reset();
    return receipt;
}

namespace {

/// Writes down what became of an entry.
base::Status note(Outbox& outbox, const Waiting& one, const Receipt& receipt, Sending& sending) {
    switch (receipt.kept) {
        case Kept::added:
        case Kept::known:
            ++sending.sent;
            return outbox.sent(one);
        case Kept::refused:
            ++sending.refused;
            sending.told.push_back(receipt.why);
            return outbox.refused(one, receipt.why);
        case Kept::interrupted:
            return outbox.broke_off(one, receipt.why);
        case Kept::forbidden:
        case Kept::unreachable:
            break;
    }
    return {};
}

}  // namespace

base::Result<Sending> send_all(Outbox& outbox, Transport& transport, const Pause& pause, double share) {
    const std::vector<std::string> kinds = transport.kinds();
    Sending sending;
    std::string forbidden;
    Turn after;  // the last one that was forbidden
    int failures = 0;
    while (true) {
        base::Result<std::optional<Waiting>> next = outbox.next(kinds, after);
        if (!next) return next.error();
        if (!*next) {
            sending.trouble = forbidden;
            return sending;
        }
        const Waiting& one = **next;
        const Receipt receipt = transport.deliver(one.entry);
        if (base::Status noted = note(outbox, one, receipt, sending); !noted) return noted.error();
        if (receipt.kept == Kept::forbidden) {
            forbidden = receipt.why;
            after = one.turn();
        }
        const bool answered = receipt.kept != Kept::unreachable && receipt.kept != Kept::interrupted;
        failures = answered ? 0 : failures + 1;
        if (!answered && !pause(wait_after(failures, share))) {
            sending.trouble = receipt.why;
            return sending;
        }
    }
}

Pause pause_for(std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    return [end](std::chrono::milliseconds wait) {
        if (std::chrono::steady_clock::now() + wait > end) return false;
        std::this_thread::sleep_for(wait);
        return true;
    };
}

}  // namespace records

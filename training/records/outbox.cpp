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

base::Result<std::optional<Waiting>> Outbox::next(std::span<const std::string> kinds, int64_t in_turn) {
    return result_of([&]() -> std::optional<Waiting> {
        std::optional<Waiting> first;
        for (const std::string& kind : kinds) {
            const std::vector<Value> values = {kind, std::to_string(in_turn)};
            for (const Row& row : connection_.query("SELECT seq, id, kind, payload, tries FROM outbox WHERE state = 'waiting' AND kind = $1 "
                                                    "ORDER BY tries >= CAST($2 AS INTEGER), seq LIMIT 1", values)) {
                Waiting one{integer(row[0]), {text(row[1]), text(row[2]), text(row[3])}, integer(row[4])};
                const auto order = [&](const Waiting& w) { return std::pair(w.tries >= in_turn, w.seq); };
                if (!first || order(one) < order(*first)) first = std::move(one);
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
            // Nothing is known of this entry yet: whatever keeps the store shut does not speak of it.
            if (opened.kept != Kept::forbidden) opened.kept = Kept::unreachable;
            return opened;
        }
    Receipt receipt = deliver_to(*store_, entry);
    if (receipt.kept == Kept::interrupted) store_.reset();
    return receipt;
}

base::Result<Sending> send_all(Outbox& outbox, Transport& transport, const Pause& pause, double share) {
    const std::vector<std::string> kinds = transport.kinds();
    Sending sending;
    int failures = 0;
    while (true) {
        base::Result<std::optional<Waiting>> next = outbox.next(kinds, kTriesInTurn);
        if (!next) return next.error();
        if (!*next) return sending;
        const Waiting& one = **next;
        const Receipt receipt = transport.deliver(one.entry);
        base::Status noted;
        if (receipt.done()) {
            noted = outbox.sent(one);
            ++sending.sent;
        } else if (receipt.kept == Kept::refused) {
            noted = outbox.refused(one, receipt.why);
            ++sending.refused;
            sending.told.push_back(receipt.why);
        } else if (receipt.kept == Kept::interrupted) {
            noted = outbox.broke_off(one, receipt.why);
        }
        if (!noted) return noted.error();
        const bool answered = receipt.done() || receipt.kept == Kept::refused;
        failures = answered ? 0 : failures + 1;
        sending.trouble = answered ? std::string() : receipt.why;
        if (receipt.kept == Kept::forbidden) return sending;
        if (!answered && !pause(wait_after(failures, share))) return sending;
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

#include "training/core/exam_journal.h"

#include "engine/base/row_file.h"
#include "training/core/utc.h"

#include <algorithm>
#include <array>
#include <map>

namespace training {

namespace fs = base::fs;

namespace {

using What = JournalEntry::What;

constexpr const char* kEntryType = "evenhand journal entry";
constexpr std::array<const char*, 4> kWhat = {"begins", "begun", "handed_in", "cut_off"};
constexpr int64_t kMostCount = int64_t{1} << 40;
constexpr int kMostParts = 1000;

std::optional<What> parse_what(std::string_view name) {
    const auto found = std::ranges::find(kWhat, name);
    return found == kWhat.end() ? std::nullopt : std::optional(static_cast<What>(found - kWhat.begin()));
}

Document document_of(const JournalEntry& entry) {
    return {{"type", kEntryType},
            {"version", 1},
            {"number", entry.number},
            {"before", entry.before.hex()},
            {"what", what_name(entry.what)},
            {"exam", entry.exam},
            {"package", entry.package.hex()},
            {"nonce", entry.nonce},
            {"candidate", entry.candidate},
            {"attempt", entry.attempt},
            {"part", entry.part},
            {"station", to_hex(entry.station)},
            {"session", to_hex(entry.session)},
            {"link", entry.link.hex()},
            {"utc", entry.utc},
            {"boot", entry.boot.boot.hex()},
            {"boot_ms", entry.boot.ms}};
}

/// The signature is checked to be that of the key that `what` asks for.
base::Result<JournalEntry> parse_entry(std::string_view row, const std::string& name) {
    const base::Result<Document> document = parse_document(row, kEntryType, name);
    if (!document) return document.error();
    DocumentReader reader(*document, name);
    JournalEntry entry;
    reader.integer("version", 1, 1);
    entry.number = reader.integer("number", 1, kMostCount);
    entry.before = reader.hash("before");
    const auto what = parse_what(reader.text("what"));
    entry.exam = reader.text("exam", 64);
    entry.package = reader.hash("package");
    entry.nonce = reader.text("nonce", kMostNonce);
    entry.candidate = reader.text("candidate", 64);
    entry.attempt = static_cast<int>(reader.integer("attempt", 1, kMostExamAttempts));
    entry.part = static_cast<int>(reader.integer("part", 1, kMostParts));
    entry.station = reader.key("station");
    entry.session = reader.key("session");
    entry.link = reader.hash("link");
    entry.utc = reader.time("utc");
    entry.boot = {reader.hash("boot"), reader.integer("boot_ms", 0, kMostCount)};
    if (base::Status read = reader.done(); !read) return read.error();
    if (!what) return base::error("{}: says of an attempt what no station does; use a copy of the file", name);
    entry.what = *what;
    if (!is_signed_by(entry.what == What::begins ? entry.station : entry.session, *document))
        return base::error("{}: was changed, its signature is not that of the key that it names; use a copy of the file", name);
    entry.hash = base::sha256(row);
    return entry;
}

bool same_part(const JournalEntry& a, const JournalEntry& b) {
    return std::tie(a.package, a.nonce, a.exam, a.candidate, a.attempt, a.part) == std::tie(b.package, b.nonce, b.exam, b.candidate, b.attempt, b.part);
}

/// What the rows so far say of each session, so that a row can be held against them.
class Sessions {
  public:
    /// Whether the entry may come now, and what has come with it.
    bool take(const JournalEntry& entry) {
        if (entry.what == What::begins) return last_.emplace(entry.session, entry).second;
        const auto found = last_.find(entry.session);
        if (found == last_.end() || !same_part(found->second, entry)) return false;
        const What before = std::exchange(found->second.what, entry.what);
        return entry.what == What::begun ? before == What::begins : before == What::begun;
    }

  private:
    std::map<PublicKey, JournalEntry> last_;
};

base::Error missing(const JournalEntry& entry) {
    return base::error("{} began attempt {} (part {}) at {} by the station's journal, entry {}, and its recording is not here; give the folder that holds it, or ask the body",
                       entry.candidate, entry.attempt, entry.part, entry.utc, entry.number);
}

base::Status check_named(const Journal& journal, const KeptPart& part) {
    const SealedJournal& named = *part.journal;
    const auto count = static_cast<int64_t>(journal.entries.size());
    if (named.number > count)
        return base::error("{}: names entry {} of the station's journal, which has {} here: this is an older copy; ask the body", part.file, named.number, count);
    if (journal.entries[static_cast<size_t>(named.number - 1)].hash != named.entry)
        return base::error("{}: names another entry {} of the station's journal than is here: this is not the one that it was begun with; ask the body",
                           part.file, named.number);
    return {};
}

/// The first fault of each part and of each entry that `concerned` takes.
template <typename Concerned>
std::vector<base::Error> all_faults(const Journal& journal, std::span<const KeptPart> kept, Concerned concerned) {
    std::vector<base::Error> faults;
    std::map<PublicKey, const KeptPart*> parts;
    for (const KeptPart& part : kept) {
        parts.emplace(part.session, &part);
        if (part.journal && part.station == journal.station)
            if (base::Status named = check_named(journal, part); !named) faults.push_back(named.error());
    }
    for (const JournalEntry& entry : journal.entries) {
        if (entry.what == What::begins || !concerned(entry)) continue;
        const auto found = parts.find(entry.session);
        if (found == parts.end() && entry.what == What::begun) faults.push_back(missing(entry));
        if (found == parts.end() || entry.what == What::begun) continue;
        const KeptPart& part = *found->second;
        if (part.last_link != entry.link || (entry.what == What::handed_in && !part.closed))
            faults.push_back(base::error("{}: does not end where the station's journal noted its end, entry {}; use a copy of the recording as it was then",
                                         part.file, entry.number));
    }
    return faults;
}

base::Status check_rows_follow(const Journal& journal, const JournalEntry& entry, const std::string& row) {
    if (entry.station != journal.station) return base::error("{}: is another station's, {}; keep each station's journal apart", row, key_id(entry.station));
    if (entry.number != static_cast<int64_t>(journal.entries.size()) + 1 || entry.before != journal.head())
        return base::error("{}: does not follow from the row before: rows were taken out, or the order was changed; use a copy of the file", row);
    return {};
}

}  // namespace

const char* what_name(JournalEntry::What what) {
    return kWhat[static_cast<size_t>(what)];
}

int64_t Journal::begun(const base::Hash& package, std::string_view candidate) const {
    return std::ranges::count_if(entries, [&](const JournalEntry& entry) { return entry.what == What::begun && entry.is_of(package, candidate); });
}

fs::path journal_file(const fs::path& keys, const std::string& station) {
    return keys / (station + ".journal");
}

base::Result<Journal> parse_journal(std::string_view text, const std::string& name, const std::optional<PublicKey>& station) {
    Journal journal;
    Sessions sessions;
    if (station) journal.station = *station;
    for (size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
        const std::string row = fmt::format("{}, row {}", name, journal.entries.size() + 1);
        base::Result<JournalEntry> entry = parse_entry(text.substr(0, end), row);
        if (!entry) return entry.error();
        if (journal.entries.empty() && !station) journal.station = entry->station;
        if (base::Status follows = check_rows_follow(journal, *entry, row); !follows) return follows.error();
        if (!sessions.take(*entry)) return base::error("{}: tells of an attempt that no row before it begins; use a copy of the file", row);
        journal.entries.push_back(std::move(*entry));
    }
    journal.torn = !text.empty();
    if (journal.entries.empty() && !station) return base::error("{}: holds no row of a station's journal; give another file", name);
    return journal;
}

base::Result<Journal> load_journal(const fs::path& file, const std::optional<PublicKey>& station) {
    std::error_code code;
    if (station && !fs::exists(file, code) && !code) return Journal{*station, {}, false};
    const auto bytes = base::read_file(file, kMostJournal_bytes);
    if (!bytes) return bytes.error();
    return parse_journal({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, file.string(), station);
}

std::optional<KeptPart> kept_part(const fs::path& file, const Recording& recording) {
    if (!recording.seal) return std::nullopt;
    const base::Result<SealedSession> session = parse_session(recording.seal->session, file.string());
    if (!session || !session->package) return std::nullopt;
    const base::Hash last = recording.seal->links.empty() ? chain_start(recording.seal->session) : recording.seal->links.back().hash;
    return KeptPart{file.filename().string(), session->station, session->session, *session->package, session->journal, last, recording.finished};
}

std::vector<std::string> kept_faults(const Journal& journal, std::string_view candidate, std::span<const KeptPart> kept) {
    std::vector<std::string> faults;
    const auto concerned = [&](const JournalEntry& entry) { return candidate.empty() || entry.candidate == candidate; };
    for (const base::Error& fault : all_faults(journal, kept, concerned)) faults.push_back(fault.message);
    return faults;
}

base::Status check_kept(const Journal& journal, const base::Hash& package, const std::string& candidate, std::span<const KeptPart> kept) {
    const auto faults = all_faults(journal, kept, [&](const JournalEntry& entry) { return entry.is_of(package, candidate); });
    return faults.empty() ? base::Status() : base::Status(faults.front());
}

JournalNotes::JournalNotes(fs::path file, const ExamPackage& package, std::string candidate, std::shared_ptr<Sealer> sealer)
    : file_(std::move(file)), sealer_(std::move(sealer)) {
    about_.exam = package.id;
    about_.package = package.hash;
    about_.nonce = package.nonce;
    about_.candidate = std::move(candidate);
    about_.station = sealer_->station();
    about_.session = sealer_->session();
}

base::Status JournalNotes::begins(int attempt, int part, const base::Hash& after) {
    about_.attempt = attempt;
    about_.part = part;
    return add(What::begins, after);
}

base::Status JournalNotes::note(JournalEntry::What what) {
    CHECK(what != What::begins);
    return add(what, sealer_->last_link());
}

base::Status JournalNotes::add(JournalEntry::What what, const base::Hash& link) {
    base::Result<base::RowFile> rows = base::RowFile::open(file_, 0600);
    if (!rows) return rows.error();
    if (base::Status whole = rows->drop_open_end(); !whole) return whole;
    const base::Result<std::string> text = rows->text(kMostJournal_bytes);
    if (!text) return text.error();
    const base::Result<Journal> journal = parse_journal(*text, file_.string(), about_.station);
    if (!journal) return journal.error();
    JournalEntry entry = about_;
    entry.number = static_cast<int64_t>(journal->entries.size()) + 1;
    entry.before = journal->head();
    entry.what = what;
    entry.link = link;
    entry.utc = utc_now();
    entry.boot = sealer_->now();
    const std::string row = what == What::begins ? sealer_->sign_by_station(document_of(entry)) : sealer_->sign_by_session(document_of(entry));
    if (base::Status added = rows->append(row); !added) return added;
    if (what == What::begins)
        sealer_->set_journal({base::sha256(row), entry.number, journal->begun(about_.package, about_.candidate)});
    return {};
}

}  // namespace training

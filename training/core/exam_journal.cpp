#include "training/core/exam_journal.h"

#include "engine/base/foreign_words.h"
#include "engine/base/row_file.h"
#include "training/core/utc.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
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

/// The signature is that of the key that `what` asks for.
base::Result<JournalEntry> parse_entry(std::string_view row, const std::string& name, bool check_signature) {
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
    if (check_signature && !is_signed_by(entry.what == What::begins ? entry.station : entry.session, *document))
        return base::error("{}: was changed, its signature is not that of the key that it names; use a copy of the file", name);
    entry.hash = base::sha256(row);
    return entry;
}

bool same_part(const JournalEntry& a, const JournalEntry& b) {
    return std::tie(a.package, a.nonce, a.exam, a.candidate, a.attempt, a.part) == std::tie(b.package, b.nonce, b.exam, b.candidate, b.attempt, b.part);
}

/// Takes rows one by one, each held against those before it.
class JournalReader {
  public:
    JournalReader(std::string name, const std::optional<PublicKey>& station, const JournalFile::Work& work = {})
        : name_(std::move(name)), named_(station.has_value()), work_(work) {
        if (station) journal_.station = *station;
    }
    const Journal& journal() const { return journal_; }
    const JournalFile::Work& work() const { return work_; }

    /// All whole rows; what stands behind the last is a torn one. Of the first `vouched` of them the signatures are not looked at.
    base::Status take_all(std::string_view text, size_t vouched = 0) {
        for (size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
            const bool check = vouched == 0;
            if (!check) --vouched;
            if (base::Status taken = take(text.substr(0, end), check); !taken) return taken;
        }
        journal_.torn = !text.empty();
        return {};
    }
    /// Whether an entry may come now, by what the rows so far say of its session.
    bool may_come(const JournalEntry& entry) const {
        const auto found = sessions_.find(entry.session);
        if (entry.what == What::begins || found == sessions_.end()) return entry.what == What::begins && found == sessions_.end();
        const What last = found->second.last;
        return same_part(journal_.entries[found->second.beginning], entry) && last == (entry.what == What::begun ? What::begins : What::begun);
    }
    /// One that may.
    void add(JournalEntry entry) {
        sessions_.try_emplace(entry.session, Told{journal_.entries.size(), entry.what}).first->second.last = entry.what;
        journal_.entries.push_back(std::move(entry));
    }

  private:
    struct Told {
        size_t beginning;  ///< index of the entry
        What last;
    };

    base::Status take(std::string_view text, bool check_signature) {
        const std::string row = fmt::format("{}, row {}", name_, journal_.entries.size() + 1);
        ++work_.rows;
        work_.signatures += check_signature;
        base::Result<JournalEntry> entry = parse_entry(text, row, check_signature);
        if (!entry) return entry.error();
        if (!std::exchange(named_, true)) journal_.station = entry->station;
        if (entry->station != journal_.station) return base::error("{}: is another station's, {}; keep each station's journal apart", row, key_id(entry->station));
        if (entry->number != static_cast<int64_t>(journal_.entries.size()) + 1 || entry->before != journal_.head())
            return base::error("{}: does not follow from the row before: rows were taken out, or the order was changed; use a copy of the file", row);
        if (!may_come(*entry)) return base::error("{}: tells of an attempt that no row before it begins; use a copy of the file", row);
        add(std::move(*entry));
        return {};
    }

    std::string name_;
    bool named_;  ///< whose journal it is, is known
    Journal journal_;
    std::map<PublicKey, Told> sessions_;
    JournalFile::Work work_;
};

/// How many rows come before the last one that the station's key signed; all of them are vouched for by it. 0 where there is none, or where
/// a row behind it cannot be read.
size_t vouched_rows(std::string_view text) {
    auto rows = static_cast<size_t>(std::ranges::count(text, '\n'));
    for (text = text.substr(0, text.rfind('\n') + 1); !text.empty(); --rows) {
        text.remove_suffix(1);
        const size_t begin = text.rfind('\n') + 1;  // npos + 1 = 0: the first
        const base::Result<Document> row = parse_document(text.substr(begin), kEntryType, "the row");
        if (!row) return 0;
        if (row->value("what", "") == what_name(What::begins)) return rows - 1;
        text = text.substr(0, begin);
    }
    return 0;
}

base::Error missing(const JournalEntry& entry) {
    return base::error("{} began attempt {} (part {}) at {} by the station's journal, entry {}, and its recording is not here; give the folder that holds it, or ask the body",
                       entry.candidate, entry.attempt, entry.part, entry.utc, entry.number);
}

std::string place_of(const std::string& candidate, int attempt, int part) {
    return fmt::format("{} {}.{}", candidate, attempt, part);
}

base::Status check_named(const Journal& journal, const KeptPart& part) {
    const SealedJournal& named = *part.journal;
    const auto count = static_cast<int64_t>(journal.entries.size());
    if (named.number > count)
        return base::error("{}: names entry {} of the station's journal, which has {} here: this is an older copy; ask the body", part.file, named.number, count);
    const JournalEntry& entry = journal.entries[static_cast<size_t>(named.number - 1)];
    if (entry.hash != named.entry)
        return base::error("{}: names another entry {} of the station's journal than is here: this is not the one that it was begun with; ask the body",
                           part.file, named.number);
    const bool says_so = !part.begun || (part.attempt == entry.attempt && part.part == entry.part);
    if (entry.what == What::begins && entry.session == part.session && entry.is_of(part.package, part.candidate) && says_so) return {};
    return base::error("{}: is not what entry {} of the station's journal began, {}'s attempt {} (part {}); use a copy of the recording as it was then", part.file,
                       named.number, entry.candidate, entry.attempt, entry.part);
}

base::Error ends_elsewhere(const KeptPart& part, const JournalEntry& entry) {
    return base::error("{}: does not end where the station's journal noted its end, entry {}; use a copy of the recording as it was then", part.file, entry.number);
}

/// Kept recordings by what the journal's rows name.
class KeptParts {
  public:
    KeptParts(const Journal& journal, std::span<const KeptPart> kept) {
        for (const KeptPart& part : kept) {
            by_session_.emplace(part.session, &part);
            if (part.station == journal.station && part.journal && part.begun) by_place_.emplace(part.package.hex() + place_of(part.candidate, part.attempt, part.part), &part);
        }
    }
    const KeptPart* of_session(const PublicKey& session) const { return find(by_session_, session); }
    /// The part that a `begins` goes on from, where that is of the journal's station too.
    const KeptPart* before(const JournalEntry& begins) const {
        const KeptPart* part = find(by_place_, begins.package.hex() + place_of(begins.candidate, begins.attempt, begins.part - 1));
        return part && part->journal->number < begins.number ? part : nullptr;
    }

  private:
    template <typename Key>
    static const KeptPart* find(const std::map<Key, const KeptPart*>& parts, const Key& key) {
        const auto found = parts.find(key);
        return found == parts.end() ? nullptr : found->second;
    }
    std::map<PublicKey, const KeptPart*> by_session_;
    std::map<std::string, const KeptPart*> by_place_;
};

/// The first fault of each part and of each entry that `concerned` takes.
template <typename Concerned>
std::vector<base::Error> all_faults(const Journal& journal, std::span<const KeptPart> kept, Concerned concerned) {
    std::vector<base::Error> faults;
    for (const KeptPart& part : kept)
        if (part.journal && part.station == journal.station)
            if (base::Status named = check_named(journal, part); !named) faults.push_back(named.error());
    const KeptParts parts(journal, kept);
    for (const JournalEntry& entry : journal.entries) {
        if (!concerned(entry)) continue;
        const KeptPart* part = parts.of_session(entry.session);
        if (entry.what == What::begins) {
            const KeptPart* before = entry.part > 1 ? parts.before(entry) : nullptr;
            if (before && before->last_link != entry.link) faults.push_back(ends_elsewhere(*before, entry));
        } else if (!part) {
            if (entry.what == What::begun) faults.push_back(missing(entry));
        } else if (entry.what != What::begun && (part->last_link != entry.link || (entry.what == What::handed_in && !part->closed))) {
            faults.push_back(ends_elsewhere(*part, entry));
        }
    }
    return faults;
}

/// What a journal says of a part that is as it shows it.
std::string words_of(const Journal& journal, const KeptPart& part) {
    const JournalEntry& begins = journal.entries[static_cast<size_t>(part.journal->number - 1)];
    std::string words = fmt::format("entry {} began {}'s attempt {} (part {}) of {} with it at {}, ", begins.number, begins.candidate, begins.attempt, begins.part, begins.exam, begins.utc);
    const auto later = std::span(journal.entries).subspan(static_cast<size_t>(begins.number));
    const auto end = std::ranges::find_if(later, [&](const JournalEntry& entry) { return entry.session == part.session && entry.what != What::begun; });
    if (end == later.end()) return words + "and none notes its end: the station was killed, or is not done with it";
    return words + fmt::format("and it ends where entry {} noted that it was {}", end->number, end->what == What::handed_in ? "handed in" : "cut off");
}

/// Bodies' words for a journal's station, each once.
std::vector<Certificate> certificates_for(const Journal& journal, std::span<const KeptPart> kept) {
    std::vector<Certificate> found;
    const auto add = [&](const std::optional<Certificate>& one) {
        const auto same = [&](const Certificate& other) { return std::tie(other.body, other.from, other.until) == std::tie(one->body, one->from, one->until); };
        if (one && one->station == journal.station && std::ranges::none_of(found, same)) found.push_back(*one);
    };
    add(journal.certificate);
    for (const KeptPart& part : kept) add(part.certificate);
    return found;
}

Standing standing_at(const JournalEntry& entry, std::span<const Certificate> certificates, const Trust& trust) {
    const SignedWhen when{entry.utc, {}, {}};
    Standing standing = standing_of(entry.station, std::nullopt, when, trust);
    for (const Certificate& certificate : certificates)
        if (!standing.holds) standing = standing_of(entry.station, certificate, when, trust);
    return standing;
}

base::Error no_room(const fs::path& file, uint64_t size) {
    return base::error("{}: is full ({} KiB) and takes no more attempts; go on under a new station's key of another name (`evenhand keys new`) that the body certifies, and keep this file for who judges by it",
                       file.string(), size >> 10);
}

std::string_view text_of(std::span<const uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
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
    JournalReader reader(name, station);
    if (base::Status taken = reader.take_all(text); !taken) return taken.error();
    if (reader.journal().entries.empty() && !station) return base::error("{}: holds no row of a station's journal; give another file", name);
    return reader.journal();
}

base::Result<Journal> load_journal(const fs::path& file) {
    const auto bytes = base::read_file(file, JournalRoom().most);
    if (!bytes) return bytes.error();
    base::Result<Journal> journal = parse_journal(text_of(*bytes), file.string());
    const fs::path beside = fs::path(file).replace_extension(".certificate.json");
    std::error_code code;
    if (!journal || !fs::is_regular_file(beside, code)) return journal;
    const auto text = base::read_text(beside);
    if (!text) return text.error();
    base::Result<Certificate> certificate = parse_certificate(*text, beside.string());
    if (!certificate) return certificate.error();
    journal->certificate = std::move(*certificate);
    return journal;
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

Standing standing_of(const Journal& journal, const std::function<bool(const JournalEntry&)>& concerned, std::span<const KeptPart> kept, const Trust& trust) {
    const std::vector<Certificate> certificates = certificates_for(journal, kept);
    std::optional<Standing> standing;
    for (const JournalEntry& entry : journal.entries) {
        if (entry.what != What::begins || !concerned(entry)) continue;
        standing = standing_at(entry, certificates, trust);
        if (!standing->holds) break;
    }
    return standing ? *standing : standing_at(journal.entries.back(), certificates, trust);
}

Standing standing_in(std::span<const Journal> journals, const std::optional<KeptPart>& part) {
    if (!part) return {false, "this is no attempt at an exam, which alone stand in a station's journal"};
    if (!part->journal) return {false, "the session names no entry of a station's journal: it was sealed before stations kept one"};
    Standing standing{false, fmt::format("it was begun at the station {}, and the journal of that is not here", key_id(part->station))};
    for (const Journal& journal : journals) {
        if (journal.station != part->station) continue;
        const auto concerned = [&](const JournalEntry& entry) {
            return entry.session == part->session || (entry.what == What::begins && entry.is_of(part->package, part->candidate));
        };
        const auto faults = all_faults(journal, {&*part, 1}, concerned);
        if (!faults.empty()) return {false, faults.front().message};
        standing = {true, words_of(journal, *part)};
    }
    return standing;
}

// --- at the station ---

struct JournalFile::Known {
    std::string text;  ///< whole rows, all of them taken
    JournalReader reader;
};

JournalFile::JournalFile(fs::path file, const PublicKey& station, const JournalRoom& room) : file_(std::move(file)), station_(station), room_(room) {
    forget();
}

JournalFile::~JournalFile() = default;

const Journal& JournalFile::journal() const {
    return known_->reader.journal();
}

void JournalFile::forget() {
    const Work done = known_ ? known_->reader.work() : Work();
    known_ = std::make_unique<Known>(Known{{}, JournalReader(file_.string(), station_, done)});
}

const JournalFile::Work& JournalFile::work() const {
    return known_->reader.work();
}

base::Status JournalFile::take(std::string_view text) {
    if (!text.starts_with(known_->text)) forget();
    const std::string_view added = text.substr(known_->text.size());
    base::Status taken = known_->reader.take_all(added, vouched_rows(added));
    if (taken)
        known_->text.append(added.substr(0, added.rfind('\n') + 1));
    else
        forget();
    return taken;
}

base::Status JournalFile::read() {
    std::error_code code;
    const uint64_t size = fs::file_size(file_, code);
    if (code == std::errc::no_such_file_or_directory) {
        forget();
        return {};
    }
    if (!code && size > room_.most) return no_room(file_, size);
    const auto bytes = base::read_file(file_, room_.most);
    if (!bytes) return bytes.error();
    return take(text_of(*bytes));
}

base::Status JournalFile::ready(int part) const {
    std::error_code code;
    const fs::path written = fs::exists(file_, code) ? file_ : file_.parent_path();
    if (::access(written.c_str(), W_OK) != 0)
        return base::error("cannot write {}: {}; no attempt begins that the station's journal cannot note: make its folder one that can be written", file_.string(),
                           base::system_error(errno));
    const uint64_t size = known_->text.size();
    return size < (part == 1 ? room_.full : room_.most) ? base::Status() : base::Status(no_room(file_, size));
}

std::optional<int64_t> JournalFile::attempts_left() const {
    const uint64_t size = known_->text.size();
    if (size < room_.told || size >= room_.full) return std::nullopt;
    constexpr uint64_t kRowsOfAnAttempt = 3;
    const uint64_t row = size / std::max<uint64_t>(1, journal().entries.size());
    return static_cast<int64_t>((room_.full - size) / std::max<uint64_t>(1, kRowsOfAnAttempt * row));
}

base::Result<JournalEntry> JournalFile::add(JournalEntry about, const std::function<std::string(const Document&)>& sign) {
    base::Result<base::RowFile> rows = base::RowFile::open(file_, 0600);
    if (!rows) return rows.error();
    if (base::Status whole = rows->drop_open_end(); !whole) return whole.error();
    const base::Result<std::string> text = rows->text(room_.most);
    if (!text) return text.error();
    if (base::Status taken = take(*text); !taken) return taken.error();
    if (!known_->reader.may_come(about))
        return base::error("{}: has no row with which this attempt began: it was put back to an older copy meanwhile; ask the body", file_.string());
    about.number = static_cast<int64_t>(journal().entries.size()) + 1;
    about.before = journal().head();
    const std::string row = sign(document_of(about));
    const bool begins = about.what == What::begins, anew = begins && about.part == 1;
    constexpr uint64_t kLonger = 16;  // than one that begins may the other two rows of its part be
    const uint64_t needed = begins ? 3 * (row.size() + kLonger) : row.size() + 1;
    if ((anew && text->size() >= room_.full) || text->size() + needed > room_.most) return no_room(file_, text->size());
    if (base::Status added = rows->append(row); !added) return added.error();
    about.hash = base::sha256(row);
    known_->text.append(row).append(1, '\n');
    known_->reader.add(about);
    return about;
}

JournalNotes::JournalNotes(std::shared_ptr<JournalFile> file, const ExamPackage& package, std::string candidate, std::shared_ptr<Sealer> sealer)
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
    const base::Result<JournalEntry> entry = add(What::begins, after);
    if (!entry) return entry.error();
    sealer_->set_journal({entry->hash, entry->number, file_->journal().begun(about_.package, about_.candidate)});
    return {};
}

base::Status JournalNotes::note(JournalEntry::What what) {
    CHECK(what != What::begins);
    const base::Result<JournalEntry> entry = add(what, sealer_->last_link());
    return entry ? base::Status() : base::Status(entry.error());
}

base::Result<JournalEntry> JournalNotes::add(JournalEntry::What what, const base::Hash& link) {
    JournalEntry entry = about_;
    entry.what = what;
    entry.link = link;
    entry.utc = utc_now();
    entry.boot = sealer_->now();
    return file_->add(std::move(entry), [&](const Document& document) {
        return what == What::begins ? sealer_->sign_by_station(document) : sealer_->sign_by_session(document);
    });
}

}  // namespace training

#include "training/core/verify_folder.h"

#include "engine/base/foreign_words.h"
#include "training/core/database.h"
#include "training/core/json_text.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <thread>

namespace training {

namespace fs = base::fs;

namespace {

constexpr uint64_t kMostBytes = 4ull << 30;

/// Hash of every file below a folder, by name; what cannot be read counts as empty.
void add_folder(base::Hasher& hasher, const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code code;
    for (fs::recursive_directory_iterator entry(folder, code), end; !code && entry != end;
         entry.increment(code))
        if (entry->is_regular_file(code)) files.push_back(entry->path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        const auto bytes = base::read_file(file);
        hasher.text(file.lexically_relative(folder).string())
            .value(bytes ? base::sha256(*bytes).bytes : base::Hash().bytes);
    }
}

/// Of everything that a finding depends on besides the recording.
std::string yardstick(const VerifyTerms& terms, const base::Places& places) {
    base::Hasher hasher;
    static const std::string kProgram = [] {
        const auto program = base::read_file("/proc/self/exe", kMostBytes);
        return program ? base::sha256(*program).hex() : std::string();
    }();
    hasher.text("evenhand verify 1").text(kProgram);
    add_folder(hasher, places.data);
    add_folder(hasher, places.faces);
    for (const Identity& who : terms.trust.keys)
        hasher.text(role_name(who.role)).value(who.key).text(who.name);
    for (const Revocation& row : terms.trust.revocations)
        hasher.value(row.key).value(row.by).text(row.since).text(row.compromised ? "compromised" : "retired");
    for (const Authority& authority : terms.trust.authorities) hasher.text(authority.pem);
    for (const Journal& journal : terms.journals) hasher.value(journal.station).value(journal.head().bytes);
    for (const std::string& text :
         {terms.demands.package ? terms.demands.package->hex() : std::string(), terms.demands.nonce, terms.demands.code, std::string(terms.demands.sealed ? "sealed" : ""),
          terms.rubric, terms.scope})
        hasher.text(text);
    for (const std::string& file : {terms.rubric, terms.scope}) {
        const auto bytes = base::read_file(file);
        if (bytes) hasher.value(base::sha256(*bytes).bytes);
    }
    return hasher.finish().hex();
}

/// Of what a store keeps; empty where nothing is held against it.
std::string hash_of(const std::optional<KeptRecord>& kept) {
    if (!kept) return {};
    base::Hasher hasher;
    hasher.value(kept->evidence.bytes);
    for (const std::string* text : {&kept->case_id, &kept->device_id, &kept->started, &kept->candidate}) hasher.text(*text);
    for (const KeptRecord::Score& score : kept->scores) hasher.text(score.rubric).value(score.scope.bytes).value(score.total).value(uint8_t{score.pass});
    return hasher.finish().hex();
}

/// What a row is found by.
struct RowKey {
    std::string file, sha256, record;
    auto operator<=>(const RowKey&) const = default;
};

Document to_row(const VerifiedFile& file, const RowKey& key) {
    Document findings = Document::array();
    for (const Finding& finding : file.verification.findings)
        findings.push_back({finding.what, finding.holds, finding.words});
    return {{"file", file.file},
            {"sha256", key.sha256},
            {"record", key.record},
            {"session", file.verification.session ? file.verification.session->hex() : ""},
            {"exit", file.verification.exit_code()},
            {"findings", findings}};
}

/// None where the row is torn or not ours.
std::optional<Verification> from_row(const Document& row) {
    Verification result;
    try {
        if (const auto session = from_hex<32>(row.at("session").get<std::string>()))
            result.session = base::Hash{*session};
        const Document& exit = row.at("exit");
        if (!exit.is_number_integer()) return std::nullopt;
        result.usable = exit != 2;
        for (const Document& finding : row.at("findings"))
            result.findings.push_back({finding.at(0).get<std::string>(), finding.at(1).get<bool>(),
                                       finding.at(2).get<std::string>()});
    } catch (const Document::exception&) {
        return std::nullopt;
    }
    if (result.findings.empty()) return std::nullopt;
    return result;
}

/// The row's text; empty where there is none.
std::string text_of(const Document& row, const char* member) {
    const auto found = row.find(member);
    return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// What an earlier run found; nothing where it was judged otherwise.
class Results {
  public:
    /// Reads what is there and begins the file anew with the rows that still count.
    static base::Result<Results> open(const fs::path& path, const std::string& yardstick) {
        Results results;
        std::string kept = json_text(Document({{"yardstick", yardstick}})) + "\n";
        std::ifstream before(path);
        std::string line;
        const bool same = std::getline(before, line) && line + "\n" == kept;
        while (same && std::getline(before, line)) {
            const Document row = Document::parse(line, nullptr, false);
            if (!row.is_object() || text_of(row, "sha256").empty()) continue;
            results.rows_[{text_of(row, "file"), text_of(row, "sha256"), text_of(row, "record")}] = row;
            kept += line + "\n";
        }
        before.close();
        if (base::Status written = base::write_file(path, std::string_view(kept)); !written)
            return written.error();
        results.path_ = path;
        results.stream_.open(path, std::ios::app);
        return results;
    }

    std::optional<Verification> find(const RowKey& key) const {
        const auto found = rows_.find(key);
        return found == rows_.end() ? std::nullopt : from_row(found->second);
    }
    base::Status add(const VerifiedFile& file, const RowKey& key) {
        stream_ << json_text(to_row(file, key)) << "\n"
                << std::flush;
        if (!stream_)
            return base::error("cannot write {}: is the disk full? what was found so far is kept",
                               path_.string());
        return {};
    }

  private:
    fs::path path_;
    std::map<RowKey, Document> rows_;
    std::ofstream stream_;
};

/// SHA-256 of a plain file; empty where there is none that can be read.
std::string file_hash(const fs::path& path) {
    std::error_code code;
    if (!fs::is_regular_file(path, code)) return {};
    const auto bytes = base::read_file(path, kMostBytes);
    return bytes ? base::sha256(*bytes).hex() : std::string();
}

Verification verify_named(const NamedRecording& named, const VerifyTerms& terms, StageStore& stages) {
    if (!named.file.empty()) return verify(named.file, terms, stages, named.kept ? &*named.kept : nullptr);
    Verification missing;
    missing.usable = false;
    missing.findings = {{"record", false, named.missing}};
    return missing;
}

/// A session that is handed in twice is one session.
void mark_copies(std::vector<VerifiedFile>& files) {
    std::map<std::string, std::string> first;
    for (VerifiedFile& file : files) {
        if (!file.verification.session) continue;
        const auto [other, is_first] = first.emplace(file.verification.session->hex(), file.file);
        if (!is_first)
            file.verification.findings.push_back(
                {"copy", false, fmt::format("the same session as {}", other->second)});
    }
}

}  // namespace

base::Result<Shard> parse_shard(std::string_view text) {
    const size_t slash = std::min(text.find('/'), text.size());
    const auto part = base::parse_integer(text.substr(0, slash)),
               parts = base::parse_integer(text.substr(std::min(slash + 1, text.size())));
    if (!part || !parts || *parts < 1 || *parts > 100'000 || *part < 1 || *part > *parts)
        return base::error("--shard {}: must be I/N, part I of N from 1 on, as in 2/8", text);
    return Shard{static_cast<int>(*part), static_cast<int>(*parts)};
}

base::Result<std::vector<fs::path>> list_recordings(const fs::path& folder, const Shard& shard) {
    std::error_code code;
    if (!fs::is_directory(folder, code))
        return base::error("{}: no such folder; give one with recordings (*.evh)", folder.string());
    std::vector<fs::path> all, ours;
    for (fs::recursive_directory_iterator entry(folder, code), end; !code && entry != end;
         entry.increment(code))
        if (entry->path().extension() == ".evh" && !entry->is_directory(code)) all.push_back(entry->path());
    if (code) return base::error("{}: {}; check the folder", folder.string(), base::system_error(code));
    std::sort(all.begin(), all.end());
    for (size_t i = 0; i < all.size(); ++i)
        if (i % static_cast<size_t>(shard.parts) == static_cast<size_t>(shard.part - 1))
            ours.push_back(std::move(all[i]));
    return ours;
}

base::Result<std::vector<NamedRecording>> recordings_of(const fs::path& folder, const Shard& shard) {
    const auto files = list_recordings(folder, shard);
    if (!files) return files.error();
    std::vector<NamedRecording> recordings;
    for (const fs::path& file : *files) recordings.push_back({file.lexically_relative(folder).string(), file, {}, {}});
    return recordings;
}

std::optional<std::string> evidence_named_in(const fs::path& file) {
    try {
        SQLite::Database database(fs::absolute(file).string(), SQLite::OPEN_READONLY, database::kBusyTimeoutMs);
        database::check_version(database);
        SQLite::Statement query(database, "SELECT value FROM meta WHERE key = 'evidence'");
        if (query.executeStep()) return database::text(query.getColumn(0), "table meta, key evidence");
    } catch (const database::Refusal&) {
        return std::nullopt;
    } catch (const SQLite::Exception&) {
        return std::nullopt;
    }
    const base::Result<Recording> recording = load_recording(file);  // format 1 names none
    return recording ? std::optional(recording->evidence_hash().hex()) : std::nullopt;
}

base::Result<std::vector<VerifiedFile>> verify_recordings(std::span<const NamedRecording> recordings,
                                                          const fs::path& results, int jobs,
                                                          const VerifyTerms& terms, StageStore& stages,
                                                          const OnVerified& on_verified) {
    auto kept = Results::open(results, yardstick(terms, stages.places()));
    if (!kept) return kept.error();
    std::vector<VerifiedFile> files(recordings.size());
    std::atomic<size_t> next = 0;
    std::mutex mutex;  // of what follows, and of what is told
    size_t done = 0;
    base::Status trouble;
    const auto work = [&] {
        for (size_t i; (i = next.fetch_add(1)) < files.size();) {
            VerifiedFile& file = files[i];
            const NamedRecording& named = recordings[i];
            file.file = named.name;
            const RowKey key{named.name, file_hash(named.file), hash_of(named.kept)};
            std::optional<Verification> known = kept->find(key);
            file.known = known.has_value();
            file.verification = known ? std::move(*known) : verify_named(named, terms, stages);
            const std::lock_guard lock(mutex);
            if (!trouble) return;
            if (!file.known && !key.sha256.empty()) trouble = kept->add(file, key);
            on_verified(file, ++done, files.size());
        }
    };
    {
        std::vector<std::jthread> others;
        for (int i = 1; i < jobs; ++i) others.emplace_back(work);
        work();
    }
    if (!trouble) return trouble.error();
    mark_copies(files);
    return files;
}

}  // namespace training

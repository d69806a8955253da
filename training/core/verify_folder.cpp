#include "training/core/verify_folder.h"

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
    const auto program = base::read_file("/proc/self/exe", kMostBytes);
    hasher.text("evenhand verify 1").text(program ? base::sha256(*program).hex() : "");
    add_folder(hasher, places.data);
    add_folder(hasher, places.faces);
    for (const Identity& who : terms.trust.keys)
        hasher.text(role_name(who.role)).value(who.key).text(who.name);
    for (const Revocation& row : terms.trust.revocations)
        hasher.value(row.key).value(row.by).text(row.since).text(row.compromised ? "compromised" : "retired");
    for (const Authority& authority : terms.trust.authorities) hasher.text(authority.pem);
    for (const std::string& text :
         {terms.demands.nonce, terms.demands.code, std::string(terms.demands.sealed ? "sealed" : ""),
          terms.rubric, terms.scope})
        hasher.text(text);
    for (const std::string& file : {terms.rubric, terms.scope}) {
        const auto bytes = base::read_file(file);
        if (bytes) hasher.value(base::sha256(*bytes).bytes);
    }
    return hasher.finish().hex();
}

Document to_row(const VerifiedFile& file, const std::string& sha256) {
    Document findings = Document::array();
    for (const Finding& finding : file.verification.findings)
        findings.push_back({finding.what, finding.holds, finding.words});
    return {{"file", file.file},
            {"sha256", sha256},
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
        result.usable = row.at("exit").get<int>() != 2;
        for (const Document& finding : row.at("findings"))
            result.findings.push_back({finding.at(0).get<std::string>(), finding.at(1).get<bool>(),
                                       finding.at(2).get<std::string>()});
    } catch (const Document::exception&) {
        return std::nullopt;
    }
    if (result.findings.empty()) return std::nullopt;
    return result;
}

/// What an earlier run found, by the file's SHA-256 and name; nothing where it was judged otherwise.
class Results {
  public:
    /// Reads what is there and begins the file anew with the rows that still count.
    static base::Result<Results> open(const fs::path& path, const std::string& yardstick) {
        Results results;
        std::string kept = Document({{"yardstick", yardstick}}).dump() + "\n";
        std::ifstream before(path);
        std::string line;
        const bool same = std::getline(before, line) && line + "\n" == kept;
        while (same && std::getline(before, line)) {
            const Document row = Document::parse(line, nullptr, false);
            if (!row.is_object() || !row.value("file", Document()).is_string() ||
                !row.value("sha256", Document()).is_string())
                continue;
            results.rows_[row["sha256"].get<std::string>() + row["file"].get<std::string>()] = row;
            kept += line + "\n";
        }
        before.close();
        if (base::Status written = base::write_file(path, std::string_view(kept)); !written)
            return written.error();
        results.path_ = path;
        results.stream_.open(path, std::ios::app);
        return results;
    }

    std::optional<Verification> find(const std::string& file, const std::string& sha256) const {
        const auto found = rows_.find(sha256 + file);
        return found == rows_.end() ? std::nullopt : from_row(found->second);
    }
    base::Status add(const VerifiedFile& file, const std::string& sha256) {
        stream_ << to_row(file, sha256).dump(-1, ' ', false, Document::error_handler_t::replace) << "\n"
                << std::flush;
        if (!stream_)
            return base::error("cannot write {}: is the disk full? what was found so far is kept",
                               path_.string());
        return {};
    }

  private:
    fs::path path_;
    std::map<std::string, Document> rows_;
    std::ofstream stream_;
};

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
    if (code) return base::error("{}: {}; check the folder", folder.string(), code.message());
    std::sort(all.begin(), all.end());
    for (size_t i = 0; i < all.size(); ++i)
        if (i % static_cast<size_t>(shard.parts) == static_cast<size_t>(shard.part - 1))
            ours.push_back(std::move(all[i]));
    return ours;
}

base::Result<std::vector<VerifiedFile>> verify_folder(const fs::path& folder, const Shard& shard,
                                                      const fs::path& results, int jobs,
                                                      const VerifyTerms& terms, StageStore& stages,
                                                      const OnVerified& on_verified) {
    const auto listed = list_recordings(folder, shard);
    if (!listed) return listed.error();
    auto kept = Results::open(results, yardstick(terms, stages.places()));
    if (!kept) return kept.error();
    std::vector<VerifiedFile> files(listed->size());
    std::atomic<size_t> next = 0;
    std::mutex mutex;  // of what follows, and of what is told
    size_t done = 0;
    base::Status trouble;
    const auto work = [&] {
        for (size_t i; (i = next.fetch_add(1)) < files.size();) {
            VerifiedFile& file = files[i];
            file.file = (*listed)[i].lexically_relative(folder).string();
            const auto bytes = base::read_file((*listed)[i], kMostBytes);
            const std::string sha256 = bytes ? base::sha256(*bytes).hex() : "";
            std::optional<Verification> known = kept->find(file.file, sha256);
            file.known = known.has_value();
            file.verification = known ? std::move(*known) : verify((*listed)[i], terms, stages);
            const std::lock_guard lock(mutex);
            if (!trouble) return;
            if (!file.known && !sha256.empty()) trouble = kept->add(file, sha256);
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

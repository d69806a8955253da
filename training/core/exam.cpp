#include "training/core/exam.h"

#include "engine/base/utf8.h"
#include "training/core/seal.h"
#include "training/core/utc.h"

#include <algorithm>
#include <set>

namespace training {

namespace fs = base::fs;

namespace {

constexpr const char* kExamType = "evenhand exam package";
constexpr uint64_t kMostPackage = 64 << 10, kMostProgram = 4ull << 30, kMostContent = 64 << 20;
constexpr size_t kMostFiles = 200, kMostPrograms = 16, kMostId = 64, kMostWords = 200, kMostName = 200;
constexpr int64_t kMostSeed = (int64_t{1} << 32) - 1;

/// A whole number of the package: its member, where it is kept and what it may be.
struct Limit {
    const char* key;
    int ExamPackage::* member;
    int least, most;
};
constexpr Limit kLimits[] = {{"attempts", &ExamPackage::attempts, 1, kMostExamAttempts},
                             {"time_limit_s", &ExamPackage::time_limit_s, 10, 4200},
                             {"pause_limit_s", &ExamPackage::pause_limit_s, 0, 3600},
                             {"resume_limit_s", &ExamPackage::resume_limit_s, 0, 86'400}};

bool is_plain_id(std::string_view id) {
    return !id.empty() && id.size() <= kMostId && std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

/// A file below the content folder: its parts are names, so that none leads out of it.
bool is_content_name(std::string_view name) {
    if (name.empty() || name.size() > kMostName || name.front() == '/' || name.back() == '/') return false;
    for (const fs::path& part : fs::path(name))
        if (part.string().find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != std::string::npos ||
            part.string().starts_with('.') || part.empty())
            return false;
    return true;
}

bool are_words(const std::string& words) {
    return !words.empty() && words.size() <= kMostWords && base::is_plain(words);
}

base::Status check_texts(const ExamPackage& package) {
    for (const auto& [key, id] : {std::pair{"id", &package.id}, std::pair{"rubric", &package.rubric}, std::pair{"scope", &package.scope},
                                  std::pair{"body_name", &package.body_name}})
        if (!is_plain_id(*id)) return base::error("{}: must be at most {} letters, digits, - and _", key, kMostId);
    for (const auto& [key, words] : {std::pair{"title", &package.title}, std::pair{"source", &package.source}})
        if (!are_words(*words)) return base::error("{}: must be a text of 1 to {} bytes on one line", key, kMostWords);
    for (const auto& [key, time] : {std::pair{"made", &package.made}, std::pair{"from", &package.from}, std::pair{"until", &package.until}})
        if (!seconds_of(*time)) return base::error("{}: must be UTC as in 2026-11-21T22:05:09Z", key);
    if (package.until <= package.from) return base::error("until: must be later than from");
    return check_nonce(package.nonce);
}

base::Status check_lists(const ExamPackage& package) {
    std::set<std::string> known;
    for (const ExamFile& file : package.files)
        if (!is_content_name(file.name) || !known.insert(file.name).second)
            return base::error("files: each must be the name of a content file, once");
    const auto check = [&](const char* key, const char* folder, const std::string& id) -> base::Status {
        if (!is_plain_id(id)) return base::error("{}: must be at most {} letters, digits, - and _ each", key, kMostId);
        if (!known.contains(fmt::format("{}/{}.toml", folder, id))) return base::error("files: the file of '{}' is missing", id);
        return {};
    };
    std::vector<base::Status> faults = {check("rubric", "rubrics", package.rubric), check("scope", "scopes", package.scope)};
    for (const ExamCase& one : package.cases) faults.push_back(check("cases", "cases", one.id));
    for (const std::string& id : package.devices) faults.push_back(check("devices", "devices", id));
    if (const auto fault = std::ranges::find_if(faults, [](const base::Status& status) { return !status; }); fault != faults.end()) return *fault;
    if (package.cases.empty() || package.cases.size() > static_cast<size_t>(package.attempts))
        return base::error("cases: must be 1 to as many as attempts, {}: each attempt treats the next", package.attempts);
    if (package.devices.empty() || package.devices.size() > kMostFiles) return base::error("devices: must name at least one device");
    if (package.programs.empty() || package.programs.size() > kMostPrograms)
        return base::error("programs: must name 1 to {} builds by their SHA-256", kMostPrograms);
    if (package.seeds.size() != static_cast<size_t>(package.attempts))
        return base::error("seeds: must be {} whole numbers, one per attempt", package.attempts);
    if (std::ranges::any_of(package.seeds, [](int64_t seed) { return seed < 0 || seed > kMostSeed; }))
        return base::error("seeds: must be whole numbers from 0 to {}", kMostSeed);
    return {};
}

Document to_document(const ExamPackage& package) {
    Document document = {{"type", kExamType},          {"version", 1},
                         {"id", package.id},           {"title", package.title},
                         {"source", package.source},   {"body_name", package.body_name},
                         {"body", to_hex(package.body)}, {"made", package.made},
                         {"from", package.from},       {"until", package.until},
                         {"rubric", package.rubric},   {"scope", package.scope},
                         {"devices", package.devices}, {"seeds", package.seeds},
                         {"tells_score", package.tells_score}, {"aids", false},
                         {"nonce", package.nonce}};
    for (const Limit& limit : kLimits) document[limit.key] = package.*limit.member;
    document["cases"] = document["files"] = document["programs"] = Document::array();
    for (const ExamCase& one : package.cases) document["cases"].push_back({{"id", one.id}, {"face", one.face.hex()}});
    for (const ExamFile& file : package.files) document["files"].push_back({{"name", file.name}, {"sha256", file.hash.hex()}});
    for (const base::Hash& program : package.programs) document["programs"].push_back(program.hex());
    return document;
}

/// A list of objects, each read by `read(reader)`; the first fault, if any.
template <typename Read>
base::Status read_objects(const std::vector<Document>& list, const std::string& name, Read read) {
    for (const Document& entry : list) {
        if (!entry.is_object()) return base::error("{}: a list holds what is no object; use a copy of it", name);
        DocumentReader reader(entry, name);
        read(reader);
        if (base::Status done = reader.done(); !done) return done;
    }
    return {};
}

base::Status read_lists(DocumentReader& reader, const std::string& name, ExamPackage& package) {
    if (base::Status cases = read_objects(reader.list("cases", kMostExamAttempts), name,
                                          [&](DocumentReader& one) { package.cases.push_back({one.text("id"), one.hash("face")}); });
        !cases)
        return cases;
    if (base::Status files = read_objects(reader.list("files", kMostFiles), name,
                                          [&](DocumentReader& one) { package.files.push_back({one.text("name"), one.hash("sha256")}); });
        !files)
        return files;
    const auto wrong = [&](const char* key) { return base::error("{}: \"{}\" holds what it may not; use a copy of it", name, key); };
    for (const Document& id : reader.list("devices", kMostFiles)) {
        if (!id.is_string()) return wrong("devices");
        package.devices.push_back(id.get<std::string>());
    }
    for (const Document& seed : reader.list("seeds", kMostExamAttempts)) {
        if (!seed.is_number_integer()) return wrong("seeds");
        package.seeds.push_back(seed.get<int64_t>());
    }
    for (const Document& program : reader.list("programs", kMostPrograms)) {
        const auto hash = program.is_string() ? from_hex<32>(program.get_ref<const std::string&>()) : std::nullopt;
        if (!hash) return wrong("programs");
        package.programs.push_back({*hash});
    }
    return {};
}

/// An attempt that a station seals must be one that others will believe: who trusts bodies alone, not what the station says of itself.
base::Status check_own_standing(const OwnKey& key, Trust trust, const std::string& now) {
    if (key.who.role != KeyRole::station) return base::error("--key {}: is a body's key; a station's seals", key.who.name);
    std::erase_if(trust.keys, [](const Identity& who) { return who.role != KeyRole::body; });
    const Standing standing = standing_of(key.who.key, key.certificate, {now, now, {}}, trust);
    if (!standing.holds) return base::error("the key {} of this station: {}; ask the body for a certificate", key.who.name, standing.words);
    return {};
}

/// What a content file is now; none where it cannot be read.
std::optional<base::Hash> hash_of_file(const fs::path& file) {
    const auto bytes = base::read_file(file, kMostContent);
    return bytes ? std::optional(base::sha256(*bytes)) : std::nullopt;
}

}  // namespace

const base::Hash* ExamPackage::hash_of(std::string_view file) const {
    const auto found = std::ranges::find(files, file, &ExamFile::name);
    return found == files.end() ? nullptr : &found->hash;
}

base::Status check_exam(const ExamPackage& package) {
    for (const Limit& limit : kLimits)
        if (package.*limit.member < limit.least || package.*limit.member > limit.most)
            return base::error("{}: must be a whole number from {} to {}", limit.key, limit.least, limit.most);
    if (base::Status texts = check_texts(package); !texts) return texts;
    return check_lists(package);
}

std::string exam_document(const ExamPackage& package, const SecretKey& body) {
    CHECK(static_cast<bool>(check_exam(package)), package.id);
    CHECK(package.body == body.public_key());
    return sign_document(to_document(package), body);
}

base::Result<ExamPackage> parse_exam(std::string_view text, const std::string& name) {
    const base::Result<Document> document = parse_document(text, kExamType, name);
    if (!document) return document.error();
    DocumentReader reader(*document, name);
    ExamPackage package;
    reader.integer("version", 1, 1);
    for (const auto& [key, member] :
         {std::pair{"id", &package.id}, std::pair{"title", &package.title}, std::pair{"source", &package.source},
          std::pair{"body_name", &package.body_name}, std::pair{"rubric", &package.rubric}, std::pair{"scope", &package.scope},
          std::pair{"nonce", &package.nonce}})
        *member = reader.text(key);
    for (const auto& [key, member] : {std::pair{"made", &package.made}, std::pair{"from", &package.from}, std::pair{"until", &package.until}})
        *member = reader.time(key);
    for (const Limit& limit : kLimits) package.*limit.member = static_cast<int>(reader.integer(limit.key, limit.least, limit.most));
    package.body = reader.key("body");
    package.tells_score = reader.boolean("tells_score");
    const bool aids = reader.boolean("aids");
    if (base::Status lists = read_lists(reader, name, package); !lists) return lists.error();
    if (base::Status read = reader.done(); !read) return read.error();
    if (aids) return base::error("{}: aids: are never given in an exam; ask the body for another package", name);
    if (base::Status sound = check_exam(package); !sound) return base::error("{}: {}", name, sound.error());
    if (!is_signed_by(package.body, *document))
        return base::error("{}: is not signed by the body that it names; use a copy of what the body gave", name);
    package.hash = base::sha256(canonical(*document));
    return package;
}

base::Result<ExamPackage> load_exam(const fs::path& file) {
    const auto text = base::read_text(file, kMostPackage + 1);
    if (!text) return text.error();
    return parse_exam(*text, file.string());
}

Standing standing_of(const ExamPackage& package, const Trust& trust) {
    const Identity* body = trust.find(package.body, KeyRole::body);
    if (!body)
        return {false, fmt::format("its key {} ({}) is no body's that is trusted here; take its public key on with `evenhand keys trust`",
                                   key_id(package.body), package.body_name)};
    if (const Revocation* revoked = trust.revoked_by_itself(package.body, package.made))
        return {false, fmt::format("the key of {} was revoked from {}", body->name, revoked->since)};
    return {true, fmt::format("signed by {} ({}) at {}", body->name, key_id(body->key), package.made)};
}

base::Result<base::Hash> program_hash() {
    const auto program = base::read_file("/proc/self/exe", kMostProgram);
    if (!program) return program.error();
    return base::sha256(*program);
}

base::Status check_content(const ExamPackage& package, const base::Places& places) {
    for (const ExamFile& file : package.files) {
        const fs::path here = places.data / file.name;
        const auto hash = hash_of_file(here);
        if (!hash) return base::error("{}: the exam {} needs this file, which is not here; install the content that the body gave", here.string(), package.id);
        if (*hash != file.hash)
            return base::error("{}: is not the file that the exam {} names (here {}, there {}); install the content that the body gave",
                               here.string(), package.id, hash->hex().substr(0, 12), file.hash.hex().substr(0, 12));
    }
    return {};
}

base::Status check_time(const ExamPackage& package, const std::string& now) {
    if (now >= package.from && now <= package.until) return {};
    return base::error("the exam {} is held from {} to {}, and this station's clock says {}; set the clock, or ask the body", package.id, package.from,
                       package.until, now);
}

base::Status check_station(const ExamPackage& package, const Station& station, const std::string& now) {
    if (const Standing standing = standing_of(package, station.trust); !standing.holds)
        return base::error("the exam {}: {}", package.id, standing.words);
    if (base::Status time = check_time(package, now); !time) return time;
    if (std::ranges::find(package.programs, station.program) == package.programs.end())
        return base::error("the exam {} is held with another build of this program (this one is {}); install the one that the body names",
                           package.id, station.program.hex().substr(0, 12));
    if (!station.key) return station.key.error();
    if (base::Status own = check_own_standing(*station.key, station.trust, now); !own) return own;
    return check_content(package, station.places);
}

}  // namespace training

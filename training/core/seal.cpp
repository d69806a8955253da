#include "training/core/seal.h"

#include "training/core/utc.h"

#include <algorithm>

namespace training {

namespace {

constexpr const char *kSessionType = "evenhand session", *kClosingType = "evenhand closing";
constexpr int64_t kMostCount = int64_t{1} << 40;
constexpr int64_t kVersionWithoutBoot = 1, kVersionWithoutJournal = 2, kVersionWithJournal = 3;

std::string hex_or_nothing(const std::optional<base::Hash>& hash) {
    return hash ? hash->hex() : "";
}

/// An empty text stands for none.
std::optional<base::Hash> optional_hash(DocumentReader& reader, const char* key, const Document& document) {
    const auto found = document.find(key);
    if (found != document.end() && *found == "") {
        reader.text(key);
        return std::nullopt;
    }
    return reader.hash(key);
}

template <typename T>
void add_records(base::Hasher& hasher, std::span<const T> records) {
    hasher.value(static_cast<uint64_t>(records.size()));
    hasher.values(records);
}

}  // namespace

base::Status check_nonce(std::string_view nonce) {
    const bool digits = std::all_of(nonce.begin(), nonce.end(),
                                    [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (!digits || nonce.size() % 2 != 0 || nonce.size() < kLeastNonce || nonce.size() > kMostNonce)
        return base::error(
            "a nonce is {} to {} lower-case hexadecimal digits, an even number of them; copy it from the "
            "exam package",
            kLeastNonce, kMostNonce);
    return {};
}

base::Result<SealedSession> parse_session(std::string_view text, const std::string& name) {
    const base::Result<Document> document = parse_document(text, kSessionType, name);
    if (!document) return document.error();
    DocumentReader reader(*document, name);
    SealedSession session;
    const int64_t version = reader.integer("version", kVersionWithoutBoot, kVersionWithJournal);
    session.header = reader.hash("header");
    session.nonce = reader.text("nonce", kMostNonce);
    session.package = optional_hash(reader, "package", *document);
    session.certificate = optional_hash(reader, "certificate", *document);
    session.station = reader.key("station");
    session.session = reader.key("session");
    session.begun = reader.time("begun");
    if (version > kVersionWithoutBoot) session.opened = BootTime{reader.hash("boot"), reader.integer("boot_ms", 0, kMostCount)};
    if (version >= kVersionWithJournal)
        session.journal = SealedJournal{reader.hash("journal"), reader.integer("journal_entry", 1, kMostCount), reader.integer("journal_earlier", 0, kMostCount)};
    if (base::Status read = reader.done(); !read) return read.error();
    if (base::Status nonce = check_nonce(session.nonce); !nonce)
        return base::error("{}: {}", name, nonce.error());
    if (!is_signed_by(session.station, *document))
        return base::error("{}: is not signed by the station that it names; use a copy of it", name);
    return session;
}

base::Result<SealedClosing> parse_closing(std::string_view text, const std::string& name) {
    const base::Result<Document> document = parse_document(text, kClosingType, name);
    if (!document) return document.error();
    DocumentReader reader(*document, name);
    SealedClosing closing;
    reader.integer("version", 1, 1);
    closing.session = reader.hash("session");
    closing.last = reader.hash("last");
    closing.evidence = reader.hash("evidence");
    for (auto [key, count] :
         {std::pair{"links", &closing.links}, std::pair{"samples", &closing.samples},
          std::pair{"contacts", &closing.contacts}, std::pair{"punctures", &closing.punctures},
          std::pair{"events", &closing.events}, std::pair{"checkpoints", &closing.checkpoints},
          std::pair{"elapsed_ms", &closing.elapsed_ms}})
        *count = reader.integer(key, 0, kMostCount);
    closing.closed = reader.time("closed");
    if (base::Status read = reader.done(); !read) return read.error();
    return closing;
}

base::Hash header_hash(const RecordingHeader& header) {
    base::Hasher hasher;
    hasher.text("evenhand header 1");
    for (const std::string* text :
         {&header.case_id, &header.case_text, &header.device_id, &header.device_text, &header.face_id,
          &header.face_text, &header.skin_text, &header.started, &header.source, &header.program,
          &header.trainee})
        hasher.text(*text);
    hasher.value(header.face.bytes).value(header.device.bytes).value(header.skin.bytes);
    return hasher.finish();
}

base::Hash chain_start(std::string_view session_document) {
    return base::Hasher().text("evenhand chain 1").text(session_document).finish();
}

base::Hash link_hash(const base::Hash& before, const SealLink& link, const SealedPart& part) {
    base::Hasher hasher;
    hasher.text(link.elapsed_ms ? "evenhand link 2" : "evenhand link 1").value(before.bytes).value(link.time_us);
    if (link.elapsed_ms) hasher.value(*link.elapsed_ms);
    add_records(hasher, part.samples);
    add_records(hasher, part.contacts);
    add_records(hasher, part.punctures);
    hasher.value(static_cast<uint64_t>(part.events.size()));
    for (const input::ProcedureEvent& event : part.events)
        hasher.value(event.time_us).text(event.name).text(event.value);
    hasher.value(static_cast<uint64_t>(part.checkpoints.size()));
    for (const Checkpoint& checkpoint : part.checkpoints)
        hasher.value(checkpoint.step).value(checkpoint.state.bytes);
    return hasher.finish();
}

std::string link_message(const base::Hash& link) {
    return "evenhand signed link 1 " + link.hex();
}

std::string seal_code(const base::Hash& link) {
    constexpr std::string_view kLetters =
        "ABCDEFGHJKLMNPQRSTUVWXYZ";  // without I and O, which read as figures
    uint64_t number = 0;
    for (size_t i = 0; i < 8; ++i) number = number << 8 | link.bytes[i];
    std::string code;
    for (int i = 0; i < 8; ++i, number /= kLetters.size()) {
        if (i == 4) code += '-';
        code += kLetters[number % kLetters.size()];
    }
    return code;
}

Sealer::Sealer(OpenKey station, SealTerms terms, BootClock clock)
    : station_(std::move(station)), station_key_(station_->who.key), terms_(std::move(terms)), session_(SecretKey::generate()), clock_(std::move(clock)) {
    CHECK(station_->who.role == KeyRole::station, station_->who.name);
    if (terms_.nonce.empty()) terms_.nonce = to_hex(random_bytes<32>());
    CHECK(static_cast<bool>(check_nonce(terms_.nonce)), terms_.nonce);
    certificate_ = station_->certificate;
}

std::string Sealer::sign_by_station(const Document& document) const {
    CHECK(station_.has_value());
    return sign_document(document, station_->secret);
}

std::string Sealer::sign_by_session(const Document& document) const {
    return sign_document(document, session_);
}

std::string Sealer::open(const RecordingHeader& header) {
    CHECK(station_.has_value());
    begun_ = clock_();
    Document session = {{"type", kSessionType},
                        {"version", journal_ ? kVersionWithJournal : kVersionWithoutJournal},
                        {"header", header_hash(header).hex()},
                        {"nonce", terms_.nonce},
                        {"package", hex_or_nothing(terms_.package)},
                        {"certificate", certificate_.empty() ? "" : base::sha256(certificate_).hex()},
                        {"station", to_hex(station_->who.key)},
                        {"session", to_hex(session_.public_key())},
                        {"begun", utc_now()},
                        {"boot", begun_.boot.hex()},
                        {"boot_ms", begun_.ms}};
    if (journal_) session.update({{"journal", journal_->entry.hex()}, {"journal_entry", journal_->number}, {"journal_earlier", journal_->earlier}});
    document_ = sign_document(session, station_->secret);
    station_.reset();
    last_ = chain_start(document_);
    opened_ = std::chrono::steady_clock::now();
    return document_;
}

SealLink Sealer::next(const SealedPart& part) const {
    SealLink link;
    link.time_us = time_us_;
    if (!part.samples.empty()) link.time_us = std::max(link.time_us, part.samples.back().time_us);
    if (!part.events.empty()) link.time_us = std::max(link.time_us, part.events.back().time_us);
    link.samples = static_cast<uint32_t>(part.samples.size());
    link.contacts = static_cast<uint32_t>(part.contacts.size());
    link.punctures = static_cast<uint32_t>(part.punctures.size());
    link.events = static_cast<uint32_t>(part.events.size());
    link.checkpoints = static_cast<uint32_t>(part.checkpoints.size());
    link.elapsed_ms = std::max<int64_t>(0, clock_().ms - begun_.ms);
    link.hash = link_hash(last_, link, part);
    link.signature = session_.sign(link_message(link.hash));
    return link;
}

void Sealer::accept(const SealLink& link) {
    if (link.time_us / kMarked_us > time_us_ / kMarked_us) {
        const std::lock_guard lock(marking_);
        mark_ = SealMark{link.time_us, seal_code(link.hash)};
    }
    last_ = link.hash;
    time_us_ = link.time_us;
    ++counts_.links;
    counts_.samples += link.samples;
    counts_.contacts += link.contacts;
    counts_.punctures += link.punctures;
    counts_.events += link.events;
    counts_.checkpoints += link.checkpoints;
}

std::string Sealer::close(const base::Hash& evidence) const {
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - opened_);
    const Document closing = {{"type", kClosingType},
                              {"version", 1},
                              {"session", base::sha256(document_).hex()},
                              {"last", last_.hex()},
                              {"evidence", evidence.hex()},
                              {"links", counts_.links},
                              {"samples", counts_.samples},
                              {"contacts", counts_.contacts},
                              {"punctures", counts_.punctures},
                              {"events", counts_.events},
                              {"checkpoints", counts_.checkpoints},
                              {"elapsed_ms", elapsed.count()},
                              {"closed", utc_now()}};
    return sign_document(closing, session_);
}

}  // namespace training

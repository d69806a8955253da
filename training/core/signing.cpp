#include "training/core/signing.h"

#include "training/core/utc.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace training {

namespace {

constexpr size_t kMostBytes = 64 << 10;
constexpr int kDeepest = 8;
constexpr int64_t kLargest = (int64_t{1} << 53) - 1;
constexpr size_t kSeedBytes = 32;
static_assert(crypto_sign_SEEDBYTES == kSeedBytes && crypto_sign_PUBLICKEYBYTES == sizeof(PublicKey) &&
              crypto_sign_BYTES == sizeof(Signature) && crypto_sign_SECRETKEYBYTES == 64);

/// libsodium chooses its random source and its code once.
void make_ready() {
    static const bool ready = ::sodium_init() >= 0;
    CHECK(ready);
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

bool is_key(const std::string& key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// What a signed document may not hold, as the end of a sentence; empty when nothing.
std::string fault_of(const Document& value, int depth = 0) {
    if (depth > kDeepest) return "is nested too deep";
    if (value.is_object() || value.is_array()) {
        for (const auto& [key, member] : value.items()) {
            if (value.is_object() && !is_key(key)) return "holds a key that is not plain ASCII";
            if (std::string fault = fault_of(member, depth + 1); !fault.empty()) return fault;
        }
        return {};
    }
    if (value.is_number_float()) return "holds a number that is not whole";
    if (value.is_number_unsigned() && value.get<uint64_t>() > static_cast<uint64_t>(kLargest))
        return "holds a number over 2^53";
    if (value.is_number_integer() && !value.is_number_unsigned() && value.get<int64_t>() < -kLargest)
        return "holds a number below -2^53";
    if (!value.is_string() && !value.is_boolean() && !value.is_number_integer())
        return "holds what is neither text, truth nor number";
    return {};
}

/// None where the text is no JSON, or is nested too deep to be walked.
std::optional<Document> parse_json(std::string_view text) {
    bool deep = false;
    const auto watch = [&deep](int depth, Document::parse_event_t, Document&) {
        deep |= depth > kDeepest + 1;
        return !deep;
    };
    Document document = Document::parse(text, watch, false);
    if (deep || document.is_discarded()) return std::nullopt;
    return document;
}

std::string without_signature(Document document) {
    document.erase("signature");
    return canonical(document);
}

}  // namespace

std::string to_hex(std::span<const uint8_t> bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string hex;
    for (const uint8_t byte : bytes) {
        hex += kDigits[byte >> 4];
        hex += kDigits[byte & 15];
    }
    return hex;
}

std::string key_id(const PublicKey& key) {
    return base::sha256(std::span<const uint8_t>(key)).hex().substr(0, 16);
}

SecretKey::SecretKey() {
    make_ready();
    secret_ = static_cast<uint8_t*>(::sodium_malloc(crypto_sign_SECRETKEYBYTES));
    if (!secret_) throw std::bad_alloc();
}

SecretKey SecretKey::generate() {
    SecretKey key;
    ::crypto_sign_keypair(key.public_.data(), key.secret_);
    return key;
}

SecretKey SecretKey::from_seed(std::span<const uint8_t, 32> seed) {
    SecretKey key;
    ::crypto_sign_seed_keypair(key.public_.data(), key.secret_, seed.data());
    return key;
}

SecretKey::SecretKey(SecretKey&& other) noexcept
    : secret_(std::exchange(other.secret_, nullptr)), public_(other.public_) {}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
    std::swap(secret_, other.secret_);
    std::swap(public_, other.public_);
    return *this;
}

SecretKey::~SecretKey() {
    ::sodium_free(secret_);  // wipes it first
}

Signature SecretKey::sign(std::string_view message) const {
    CHECK(secret_ != nullptr);
    Signature signature;
    ::crypto_sign_detached(signature.data(), nullptr, bytes_of(message), message.size(), secret_);
    return signature;
}

void SecretKey::copy_seed(std::span<uint8_t, 32> seed) const {
    CHECK(secret_ != nullptr);
    ::crypto_sign_ed25519_sk_to_seed(seed.data(), secret_);
}

bool is_signed_by(const PublicKey& key, std::string_view message, const Signature& signature) {
    make_ready();
    return ::crypto_sign_verify_detached(signature.data(), bytes_of(message), message.size(), key.data()) ==
           0;
}

void fill_random(std::span<uint8_t> bytes) {
    make_ready();
    ::randombytes_buf(bytes.data(), bytes.size());
}

std::string canonical(const Document& document) {
    const std::string fault = document.is_object() ? fault_of(document) : "is no object";
    CHECK(fault.empty(), fault);
    // Of such documents nlohmann writes what RFC 8785 asks for: keys sorted by bytes, shortest escapes, no
    // blanks.
    return document.dump(-1, ' ', false, Document::error_handler_t::strict);
}

base::Result<Document> parse_document(std::string_view text, std::string_view type, const std::string& name) {
    if (text.size() > kMostBytes)
        return base::error("{}: is larger than the {} bytes of any such document", name, kMostBytes);
    if (text.ends_with('\n')) text.remove_suffix(1);
    std::optional<Document> document = parse_json(text);
    if (!document || !document->is_object())
        return base::error("{}: is not a JSON document; use a copy of it", name);
    if (const std::string fault = fault_of(*document); !fault.empty())
        return base::error("{}: {}, which no signed document does; use a copy of it", name, fault);
    if (canonical(*document) != text)
        return base::error(
            "{}: was written anew by another program (its one form has sorted keys and no blanks); use a "
            "copy of it",
            name);
    const auto found = document->find("type");
    if (found == document->end() || *found != type)
        return base::error("{}: is not of the type \"{}\"; give another file", name, type);
    return std::move(*document);
}

std::string sign_document(Document document, const SecretKey& key) {
    document["signature"] = to_hex(key.sign(without_signature(document)));
    return canonical(document);
}

bool is_signed_by(const PublicKey& key, const Document& document) {
    const auto found = document.find("signature");
    if (found == document.end() || !found->is_string()) return false;
    const auto signature = from_hex<64>(found->get_ref<const std::string&>());
    return signature && is_signed_by(key, without_signature(document), *signature);
}

const Document* DocumentReader::member(const char* key) {
    ++asked_;
    const auto found = document_.find(key);
    if (found != document_.end()) return &*found;
    fault(key, "is missing");
    return nullptr;
}

std::string DocumentReader::text(const char* key, size_t most) {
    const Document* found = member(key);
    if (!found) return {};
    if (!found->is_string()) {
        fault(key, "must be a text");
        return {};
    }
    std::string text = found->get<std::string>();
    if (text.size() > most) fault(key, fmt::format("is over {} bytes", most));
    return text;
}

int64_t DocumentReader::integer(const char* key, int64_t least, int64_t most) {
    const Document* found = member(key);
    if (!found) return least;
    const int64_t value = found->is_number_integer() ? found->get<int64_t>() : least;
    if (!found->is_number_integer() || value < least || value > most)
        fault(key, fmt::format("must be a whole number from {} to {}", least, most));
    return std::clamp(value, least, most);
}

bool DocumentReader::boolean(const char* key) {
    const Document* found = member(key);
    if (found && !found->is_boolean()) fault(key, "must be true or false");
    return found && found->is_boolean() && found->get<bool>();
}

std::vector<Document> DocumentReader::list(const char* key, size_t most) {
    const Document* found = member(key);
    if (!found) return {};
    if (!found->is_array() || found->size() > most) {
        fault(key, fmt::format("must be a list of at most {}", most));
        return {};
    }
    return {found->begin(), found->end()};
}

std::string DocumentReader::time(const char* key) {
    std::string time = text(key);
    if (!is_utc(time)) fault(key, "must be UTC as in 2026-11-21T22:05:09Z");
    return time;
}

base::Status DocumentReader::done() {
    const size_t known = asked_ + document_.count("type") + document_.count("signature");
    if (fault_.empty() && known != document_.size()) fault_ = "holds members that no such document has";
    if (!fault_.empty()) return base::error("{}: {}; use a copy of it", name_, fault_);
    return {};
}

void DocumentReader::fault(const char* key, const std::string& what) {
    if (fault_.empty()) fault_ = fmt::format("\"{}\" {}", key, what);
}

}  // namespace training

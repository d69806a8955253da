#include "tests/fuzz/fuzz_target.h"
#include "training/core/seal.h"
#include "training/core/utc.h"

// The documents of a seal: session and closing.

namespace fuzz {

namespace {

const std::string kTime = "2026-11-21T22:05:09Z";

std::vector<Bytes> sound() {
    const training::SecretKey key = training::SecretKey::from_seed(std::array<uint8_t, 32>{9});
    const std::string hash(64, 'a'), bearer = training::to_hex(key.public_key());
    const training::Document closing = {{"type", "evenhand closing"},
                                        {"version", 1},
                                        {"session", hash},
                                        {"last", hash},
                                        {"evidence", hash},
                                        {"links", 24},
                                        {"samples", 1440},
                                        {"contacts", 1440},
                                        {"punctures", 360},
                                        {"events", 8},
                                        {"checkpoints", 12},
                                        {"elapsed_ms", 100},
                                        {"closed", kTime}};
    const training::Document session = {{"type", "evenhand session"},
                                        {"version", 1},
                                        {"header", hash},
                                        {"nonce", hash},
                                        {"package", ""},
                                        {"certificate", hash},
                                        {"station", bearer},
                                        {"session", bearer},
                                        {"begun", kTime}};
    return {as_bytes(training::sign_document(closing, key)), as_bytes(training::sign_document(session, key))};
}

bool accepts(std::span<const uint8_t> bytes) {
    const std::string_view text = as_text(bytes);
    if (const auto closing = training::parse_closing(text, "it")) {
        CHECK(closing->links >= 0 && closing->samples >= 0 && training::is_utc(closing->closed));
        return true;
    }
    const auto session = training::parse_session(text, "it");
    if (!session) {
        CHECK(!session.error().message.empty() && session.error().message.find('\n') == std::string::npos);
        return false;
    }
    CHECK(static_cast<bool>(training::check_nonce(session->nonce)));
    return true;
}

}  // namespace

Target closing_document() {
    return {"closing_document", sound(), accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(closing_document)

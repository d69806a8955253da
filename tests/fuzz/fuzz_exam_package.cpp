#include "tests/fuzz/fuzz_target.h"
#include "training/core/exam.h"

// An exam package: as it comes, and signed anew by its body, so that what stands behind the signature is reached too.

namespace fuzz {

namespace {

training::SecretKey body() {
    return training::SecretKey::from_seed(std::array<uint8_t, 32>{5});
}

training::ExamPackage package(int attempts) {
    const base::Hash hash = base::sha256("a file");
    training::ExamPackage made;
    made.id = "board-2026";
    made.title = "Practical exam";
    made.source = "section 4";
    made.body_name = "board";
    made.body = body().public_key();
    made.made = made.from = "2026-11-21T22:05:09Z";
    made.until = "2026-12-21T22:05:09Z";
    made.cases = {{"demo", hash}};
    made.rubric = "provisional";
    made.scope = "medical";
    made.devices = {"pen-12"};
    for (const char* name : {"cases/demo.toml", "devices/pen-12.toml", "rubrics/provisional.toml", "scopes/medical.toml"}) made.files.push_back({name, hash});
    made.programs = {hash};
    made.attempts = attempts;
    made.time_limit_s = 1800;
    made.seeds.assign(static_cast<size_t>(attempts), 1);
    made.nonce = std::string(64, 'a');
    return made;
}

std::vector<Bytes> sound() {
    return {as_bytes(training::exam_document(package(3), body())), as_bytes(training::exam_document(package(1), body()))};
}

bool is_taken(std::string_view text) {
    const auto exam = training::parse_exam(text, "it");
    if (exam) CHECK(static_cast<bool>(training::check_exam(*exam)) && exam->case_of(exam->attempts).id.size() <= 64);
    else CHECK(!exam.error().message.empty() && exam.error().message.find('\n') == std::string::npos);
    return static_cast<bool>(exam);
}

bool accepts(std::span<const uint8_t> bytes) {
    const std::string_view text = as_text(bytes);
    if (is_taken(text)) return true;
    const auto document = training::parse_document(text, "evenhand exam package", "it");
    return document && is_taken(training::sign_document(*document, body()));
}

}  // namespace

Target exam_package() {
    return {"exam_package", sound(), accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(exam_package)

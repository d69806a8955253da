#include "tests/fuzz/fuzz_target.h"
#include "training/core/session_index.h"

#include <algorithm>

// What the cache remembers of sessions: damaged, it remembers less.

namespace fuzz {

namespace {

const ScratchFolder& folder() {
    static const ScratchFolder one("sessions");
    return one;
}
base::Places places() {
    return {folder().path(), {}, folder().path()};
}
const base::fs::path& session() {
    static const base::fs::path file = folder().write("a.evh", as_bytes("a recording"));
    return file;
}

Bytes some_index() {
    {
        training::SessionIndex index(places());
        training::SessionFacts facts;
        facts.file = session();
        facts.trainee = "A-17", facts.case_id = "demo", facts.device_id = "pen-12", facts.started = "2026-11-21T09:30:05Z", facts.source = "mouse";
        facts.evidence = std::string(64, 'a'), facts.rubric = "provisional", facts.scope = "medical", facts.lesson = "one-row", facts.aids = {"cues"};
        index.keep(facts, training::state_of(session()));
        index.keep(facts.evidence, "yardstick", R"({"held_off":false,"pens":[],"lines":[]})");
    }
    return base::read_file(folder().path() / "sessions.db").value();
}

bool accepts(std::span<const uint8_t> bytes) {
    (void)session();
    folder().write("sessions.db", bytes);
    std::error_code ignored;
    base::fs::remove(folder().path() / "sessions.db-journal", ignored);
    training::SessionIndex index(places());
    const auto facts = index.facts(session());
    const auto told = index.told(std::string(64, 'a'), "yardstick");
    if (facts) CHECK(facts->file == session() && facts->device_kind <= skin::DeviceKind::roller, static_cast<int>(facts->device_kind));
    return facts && told;
}

}  // namespace

Target session_index() {
    return {"session_index", {some_index()}, accepts, 1000};
}

}  // namespace fuzz

FUZZ_PROGRAM(session_index)

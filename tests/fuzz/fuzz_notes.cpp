#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/some_recording.h"
#include "training/core/notes.h"

// A recording with notes, as a file and as what somebody types.

namespace fuzz {

namespace {

training::Note typed(std::string text, std::string author) {
    return {0, 500'000, 3, std::move(text), std::move(author), "2026-11-21T22:05:09Z", std::nullopt};
}

Bytes noted() {
    ScratchFile file("noted.evh");
    file.write(record(true));
    for (const char* text : {"Slower here.", "Hold the skin taut before you begin – see lesson 4."})
        CHECK(static_cast<bool>(training::add_note(file.path(), typed(text, "An instructor"))));
    return base::read_file(file.path()).value();
}

bool accepts_file(std::span<const uint8_t> bytes) {
    static const ScratchFile file("notes.evh");
    const base::Result<std::vector<training::Note>> notes = training::load_notes(file.write(bytes));
    if (!notes) {
        CHECK(!notes.error().message.empty());
        return false;
    }
    for (const training::Note& note : *notes) CHECK(!note.author.empty() && note.text.size() <= training::kMostNoteBytes);
    (void)training::standing_notes(*notes);
    return true;
}

/// The first line is the name. What is taken comes back as it was.
bool accepts_typed(std::span<const uint8_t> bytes) {
    static const ScratchFile file("typed.evh");
    static const Bytes kSound = record(true);
    const std::string all(bytes.begin(), bytes.end());
    const size_t line = std::min(all.find('\n'), all.size());
    training::Note note = typed(all.substr(std::min(line + 1, all.size())), all.substr(0, line));
    const base::Result<training::Note> added = training::add_note(file.write(kSound), note);
    if (!added) {
        CHECK(training::load_notes(file.path()).value().empty());
        return false;
    }
    note.id = 1;
    CHECK(training::load_notes(file.path()).value() == std::vector{note});
    return true;
}

}  // namespace

Target notes() {
    return {"notes", {noted(), record(true)}, accepts_file};
}

Target typed_notes() {
    const std::string_view seed = "Ana Núñez\nToo flat: tilt less.\nSchön gleichmäßig 好";
    return {"typed_notes", {as_bytes(seed)}, accepts_typed, 400};
}

}  // namespace fuzz

FUZZ_PROGRAM(notes)

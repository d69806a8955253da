#include "tests/fuzz/fuzz_target.h"
#include "training/core/signing.h"
#include "training/core/verify_folder.h"

// What an earlier run of `verify --all` left: a row counts only where it is whole, ours, and of these bytes.

namespace fuzz {

namespace {

/// Recordings that are none, so that looking at one takes no time; what a run finds is told either way.
struct Run {
    ScratchFolder folder{"verified"};
    std::vector<training::NamedRecording> recordings;
    training::StageStore stages;

    Run() : stages(empty_places()) {
        for (const char* name : {"a.evh", "b.evh"}) recordings.push_back({name, folder.write(name, as_bytes("no recording")), {}, {}});
    }
    base::Places empty_places() const {
        base::Places places;
        places.data = places.cache = places.faces = folder.path() / "none";
        return places;
    }
    base::fs::path results() const { return folder.path() / "results.jsonl"; }
    std::vector<training::VerifiedFile> go() {
        const auto files = training::verify_recordings(recordings, results(), 1, {}, stages, [](const training::VerifiedFile&, size_t, size_t) {});
        CHECK(files && files->size() == recordings.size(), files ? "" : files.error().message);
        return *files;
    }
};

Run& run() {
    static Run one;
    return one;
}

/// What a run leaves; `findings`: put in the place of those of the first row.
Bytes left_behind(const char* findings = nullptr) {
    std::error_code ignored;
    base::fs::remove(run().results(), ignored);
    run().go();
    std::string text = base::read_text(run().results()).value();
    if (findings) {
        const size_t begin = text.find("\"findings\":") + 11, end = text.find("]]", begin) + 2;
        text.replace(begin, end - begin, findings);
    }
    return as_bytes(text);
}

bool accepts(std::span<const uint8_t> bytes) {
    run().folder.write("results.jsonl", bytes);
    const auto first = run().go();
    for (const training::VerifiedFile& file : first) CHECK(!file.verification.findings.empty(), file.file);
    // Whatever stood there, the file is whole now: each recording is known, and told as before.
    const auto again = run().go();
    for (size_t i = 0; i < first.size(); ++i) {
        CHECK(again[i].known, again[i].file);
        CHECK(again[i].verification.findings.size() == first[i].verification.findings.size() && again[i].verification.usable == first[i].verification.usable);
    }
    return first[0].known || first[1].known;
}

}  // namespace

Target verify_results() {
    return {"verify_results", {left_behind(), left_behind("[[\"seal\",true,\"x\"],[\"score\",false,\"y\"]]")}, accepts, 400};
}

}  // namespace fuzz

FUZZ_PROGRAM(verify_results)

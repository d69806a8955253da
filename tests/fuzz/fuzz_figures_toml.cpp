#include "engine/face/condition_files.h"
#include "engine/face/head_patient.h"
#include "engine/face/landmarks.h"
#include "engine/skin/skin_model.h"
#include "engine/sound/figures.h"
#include "tests/fuzz/fuzz_target.h"
#include "training/app/visit_figures.h"
#include "training/core/advice.h"
#include "training/core/coach.h"

#include <cmath>

// Figures that content files and scans come with: one text, offered to every reader.

namespace fuzz {

namespace {

const ScratchFolder& folder() {
    static const ScratchFolder one("figures");
    return one;
}

template <typename T>
bool is_taken(const base::Result<T>& read) {
    if (!read) CHECK(!read.error().message.empty() && read.error().message.find('\n') == std::string::npos, read.error().message);
    return static_cast<bool>(read);
}

bool is_sounds(const base::fs::path& file) {
    const auto figures = sound::Figures::read(file);
    if (!is_taken(figures)) return false;
    for (const sound::Tone& tone : figures->tones) CHECK(std::isfinite(tone.seconds()) && tone.seconds() >= 0, tone.id);
    const double droop = figures->motor.droop({true, 110, 4, 0.2});
    CHECK(droop >= 0 && droop <= 0.9, droop);
    return true;
}

bool is_ladders(const base::fs::path& file) {
    const auto figures = app::VisitFigures::read(file);
    if (!is_taken(figures)) return false;
    for (const char* event : {"wait", "no such event"}) {
        const app::FigureLadder& ladder = figures->of(event);
        CHECK(ladder.first >= 0 && static_cast<size_t>(ladder.first) < ladder.steps.size(), ladder.first);
    }
    return true;
}

bool is_skin(const base::fs::path& file) {
    const auto model = skin::SkinModel::load(source_places(), file);
    if (!is_taken(model)) return false;
    CHECK(model->instant_share() > 0 && model->instant_share() <= 1 + 1e-12, model->instant_share());
    for (const double age : {0.0, 1.0, 1e6}) CHECK(model->friction(age) >= 0 && model->friction(age) <= 2, age);
    return true;
}

bool is_kernel(std::string_view text) {
    const auto kernel = skin::LayerKernel::parse(text, "kernel.csv");
    if (!is_taken(kernel)) return false;
    for (const double rho : {0.0, 0.3, 7.5, 16.0, 40.0})
        for (const double poisson : {0.3, 0.45, 0.49}) CHECK(std::isfinite(kernel->integral(rho, poisson)), rho, poisson);
    return true;
}

bool is_landmarks(const base::fs::path& file) {
    static const std::vector<face::Landmark> known = face::load_head_numbers(source_places()).value().landmarks;
    const auto places = face::read_landmarks(file, known);
    if (!is_taken(places)) return false;
    folder().write("again.toml", as_bytes(face::landmarks_text(*places, "a test")));
    const auto again = face::read_landmarks(folder().path() / "again.toml", known);
    CHECK(again && again->size() == places->size());
    return true;
}

bool is_patient(const std::string& text) {
    auto table = base::parse_toml(text, "patient.toml");
    return table && is_taken(face::take_conditions(*table, "patient.toml")) && is_taken(face::read_patient(*table, "patient.toml"));
}

bool is_advice(std::span<const uint8_t> bytes) {
    folder().write("advice.toml", bytes);
    return is_taken(training::load_advice({folder().path(), {}, {}}));
}

bool accepts(std::span<const uint8_t> bytes) {
    const std::string text(as_text(bytes));
    const base::fs::path file = folder().write("figures.toml", bytes);
    bool taken = is_sounds(file);
    for (const bool one : {is_ladders(file), is_skin(file), is_kernel(text), is_landmarks(file), is_patient(text), is_advice(bytes),
                           is_taken(training::CoachFigures::read(file))})
        taken = taken || one;
    return taken;
}

constexpr const char* kLandmarks = "version = 1\nsource = \"a guess\"\n[midline]\nnasion = [0.0, 118.6, 111.4]\n[left]\nendocanthion = [16.6, 108.3, 93.5]\n"
                                   "[right]\nendocanthion = [-16.6, 108.3, 93.5]\n";

}  // namespace

Target figures_toml() {
    return {"figures_toml",
            {content("sounds.toml"), content("visit_figures.toml"), content("skins/skin.toml"), content("skins/layer_kernel.csv"), as_bytes(kLandmarks),
             content("faces/patient-ama.toml"), content("advice.toml"), content("coach.toml")},
            accepts, 600};
}

}  // namespace fuzz

FUZZ_PROGRAM(figures_toml)

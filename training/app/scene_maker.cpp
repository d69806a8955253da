#include "training/app/scene_maker.h"

#include "engine/base/hash.h"
#include "engine/render/skin_colour.h"
#include "training/app/commands.h"
#include "training/app/evaluation.h"
#include "training/serve/scene.h"

#include <glm/glm.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr glm::vec3 kSilicone{0.58f, 0.37f, 0.28f};  // as vertices.comp has it
constexpr double kFolds = 0.7;                       // of the occlusion: some light reaches into them from the skin beside

/// As skin_colour.glsl has them.
double blood_share(double haemoglobin) {
    return haemoglobin < 0.5 ? haemoglobin * 2 : std::exp2((haemoglobin - 0.5) * 5);
}
double melanin_share(double melanin, double mean) {
    return 1 + (melanin * 1.992 - 1) / (1 + 7 * mean);
}

std::array<uint8_t, 3> encoded(glm::vec3 linear) {
    std::array<uint8_t, 3> srgb{};
    for (int k = 0; k < 3; ++k) srgb[static_cast<size_t>(k)] = static_cast<uint8_t>(std::lround(255 * std::pow(std::clamp(linear[k], 0.0f, 1.0f), 1 / 2.2f)));
    return srgb;
}

/// A recording's scene, made anew.
base::Result<std::string> made(const Options& options, const serve::ReportWish& wish) {
    Options spoken = options;
    spoken.places.language = wish.language;
    base::Result<ScoredSession> session = score_file(spoken.places, wish.recording);
    if (!session) return session.error();
    if (session->recording.evidence_hash().hex() != wish.evidence)
        return base::error("{}: is not the recording of session {}; put that one here", wish.recording.string(), wish.evidence.substr(0, 12));
    base::Result<training::Phrases> words = training::Phrases::load(spoken.places, wish.language);
    if (!words) return words.error();
    const auto colours = skin_colours(*session->stage->face);
    return serve::scene({session->recording, *session->stage, session->rubric, session->score, *words, colours});
}

}  // namespace

std::vector<std::array<uint8_t, 3>> skin_colours(const face::FaceAsset& face) {
    std::vector<std::array<uint8_t, 3>> colours(face.mesh.vertex_count(), encoded(kSilicone));
    if (face.kind == face::Kind::pad || face.look.size() != colours.size()) return colours;
    const double melanin = render::melanin_of(face.fitzpatrick), blood = render::blood_of(face.fitzpatrick);
    for (size_t i = 0; i < colours.size(); ++i) {
        const face::Look& look = face.look[i];
        const glm::vec3 skin = render::skin_colour(std::min(melanin * melanin_share(look.melanin / 255.0, melanin), render::kMelaninMost),
                                                   std::min(blood * blood_share(look.haemoglobin / 255.0), render::kBloodMost));
        colours[i] = encoded(skin * static_cast<float>(std::pow(look.occlusion / 255.0, kFolds)));
    }
    return colours;
}

base::fs::path kept_for(const base::Places& places, const serve::ReportWish& wish, const char* extension) {
    std::error_code ignored;
    const auto changed = base::fs::last_write_time(wish.recording, ignored).time_since_epoch().count();
    const auto size = base::fs::file_size(wish.recording, ignored);
    const std::string name = fmt::format("{} {} {} {} {}", wish.evidence, wish.language, changed, size, kVersion);
    return places.cache / "reports" / (base::sha256(std::string_view(name)).hex() + extension);
}

base::Result<std::string> make_scene(const Options& options, const serve::ReportWish& wish) {
    const base::fs::path file = kept_for(options.places, wish, ".scene");
    if (base::Result<std::vector<uint8_t>> kept = base::read_file(file); kept) return std::string(kept->begin(), kept->end());
    base::Result<std::string> bytes = made(options, wish);
    if (!bytes) return bytes.error();
    std::error_code code;
    base::fs::create_directories(file.parent_path(), code);
    if (base::Status written = base::write_file(file, std::string_view(*bytes)); !written) spdlog::warn("serve: {}", written.error().message);
    return bytes;
}

}  // namespace app

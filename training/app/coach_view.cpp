#include "training/app/coach_view.h"

#include "engine/base/log.h"
#include "training/app/coach_marks.h"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

using training::Cue;
using training::CueKind;
using training::CueSeverity;

constexpr double kFollows = 0.15;  // share of a change that an eye sees in a frame

/// That a zone is done is good news.
Mark mark_of(const Cue& cue) {
    if (cue.kind == CueKind::end_point && cue.severity == CueSeverity::notice) return Mark::target;
    switch (cue.severity) {
        case CueSeverity::notice:
            return Mark::warning;
        case CueSeverity::warning:
            return Mark::beyond;
        case CueSeverity::urgent:
            return Mark::critical;
    }
    return Mark::none;
}

void draw_chip(Desk& desk, const Cue& cue, float left, float right, float top) {
    const Style& style = desk.style;
    const std::string& words = desk.words.name("coach", cue_words(cue));
    const float pad = style.px(16), mark = style.px(15), gap = style.px(10);
    const float room = right - left - 2 * pad - mark - gap - style.px(16);
    const ImVec2 size = text_size(style.strong, words, room);
    const float width = size.x + 2 * pad + mark + gap, tall = std::max(style.px(40), size.y + style.px(16));
    const ImVec2 at{std::floor((left + right - width) * 0.5f), top}, to{at.x + width, at.y + tall};
    ImDrawList& draw = *ImGui::GetBackgroundDrawList();
    const ImU32 shade = mark_colour(mark_of(cue));
    draw.AddRectFilled(at, to, colour::kPanel, style.px(20));
    draw.AddRect(at, to, cue.severity == CueSeverity::urgent ? shade : IM_COL32(255, 255, 255, 36), style.px(20), 0,
                 style.px(cue.severity == CueSeverity::urgent ? 2 : 1));
    draw_mark(draw, {at.x + pad + mark * 0.5f, at.y + tall * 0.5f}, mark, mark_of(cue));
    draw_text(draw, style.strong, {at.x + pad + mark + gap, at.y + (tall - size.y) * 0.5f}, colour::kText, words, room + 1);
}

}  // namespace

std::string cue_words(const Cue& cue) {
    std::string key = training::cue_id(cue.kind);
    if (cue.kind == CueKind::depth || cue.kind == CueKind::traction)
        key += cue.too_little() ? "_low" : "_high";
    if (cue.kind == CueKind::end_point && cue.severity != CueSeverity::notice) key += "_over";
    return key;
}

void CoachView::settle(const Settings& settings, LiveSession& live, const training::Rubric& rubric) {
    const training::CueSet wished = settings.coach ? allowed_ : training::CueSet();
    if (settled_ == wished) return;
    settled_ = wished;
    live.set_coach(rubric, wished);
}

bool CoachView::draw(Desk& desk, const SessionView& view, const face::FaceAsset& face,
                     const skin::DeviceProfile& device, render::SceneView& scene, float left, float right,
                     float top) {
    const skin::Contact& contact = view.contact;
    const Projection seen(scene.camera, desk.width(), desk.height());
    force_ += ((contact.touching ? contact.force : 0) - force_) * kFollows;
    speed_ += ((contact.touching ? contact.speed * 100 : 0) - speed_) * kFollows;
    if (contact.touching && last_) {
        const ImVec2 here = seen(contact.position), before = seen(*last_);
        const float x = here.x - before.x, y = here.y - before.y, length = std::hypot(x, y);
        if (length > 6) way_ = x < 0 ? ImVec2{-x / length, -y / length} : ImVec2{x / length, y / length};
        if (length > 6) last_ = contact.position;
    } else {
        last_ = contact.touching ? std::optional(contact.position) : std::nullopt;
    }
    const std::string told = view.cue ? cue_words(*view.cue) : "";
    if (told != logged_) spdlog::debug("coach {}", told.empty() ? "quiet" : told);
    logged_ = told;
    if (!view.cue || view.phase != Phase::running) return false;

    const Cue& cue = *view.cue;
    if (!cue.cells.empty() && cue.kind == CueKind::gap) scene.highlighted_cells = cue.cells;
    draw_chip(desk, cue, left, right, top);
    if (!contact.touching) return true;
    const double tip = 1.5 * std::max(device.tip_radius, 1e-3) * seen.scale(contact.position);
    const PenOnPicture at{seen(contact.position), std::max(static_cast<float>(tip), desk.style.px(26)), way_, force_, speed_};
    draw_coach_mark(*ImGui::GetBackgroundDrawList(), desk.style, mark_colour(mark_of(cue)), cue, at, seen, contact, face);
    return true;
}

}  // namespace app

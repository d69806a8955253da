#include "training/app/stillness.h"

namespace app {

namespace {

constexpr double kQuiet = 0.4;  // s
constexpr int kPictures = 10;

bool same(const render::Camera& a, const render::Camera& b) {
    return a.target == b.target && a.distance == b.distance && a.yaw == b.yaw && a.pitch == b.pitch && a.fov == b.fov;
}

bool same(const std::optional<render::PenView>& a, const std::optional<render::PenView>& b) {
    if (!a || !b) return a.has_value() == b.has_value();
    return a->tip == b->tip && a->axis == b->axis && a->needle_depth == b->needle_depth && a->motor == b->motor &&
           a->tool == b->tool && a->drum_turn == b->drum_turn;
}

bool same(const std::optional<render::Inset>& a, const std::optional<render::Inset>& b) {
    if (!a || !b) return a.has_value() == b.has_value();
    return same(a->camera, b->camera) && a->left == b->left && a->top == b->top && a->width == b->width &&
           a->height == b->height;
}

bool same(const std::vector<render::FingerView>& a, const std::vector<render::FingerView>& b) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i)
        if (a[i].place != b[i].place || a[i].pull != b[i].pull || a[i].pointing != b[i].pointing) return false;
    return true;
}

bool same(const std::optional<render::HealingView>& a, const std::optional<render::HealingView>& b) {
    if (!a || !b) return a.has_value() == b.has_value();
    return a->version == b->version && a->split == b->split;
}

bool same(const render::SceneView& a, const render::SceneView& b) {
    return same(a.camera, b.camera) && a.overlay == b.overlay && a.tier == b.tier && same(a.pen, b.pen) &&
           same(a.fingers, b.fingers) && same(a.inset, b.inset) && same(a.healing, b.healing) && a.wet == b.wet &&
           a.wipes.size() == b.wipes.size() &&
           a.highlighted_cells == b.highlighted_cells && a.outline_zones == b.outline_zones &&
           a.outlined_zone == b.outlined_zone &&
           a.prescribed == b.prescribed;
}

}  // namespace

void Stillness::judge(render::SceneView& scene, bool news, double seconds) {
    // Pressed skin creeps, a dent fades and needles beat; skin that only fingers hold is as good as still.
    const bool pressed = scene.contact && (scene.contact->touching || !scene.contact->past.empty());
    if (news || pressed || !same(scene, last_)) {
        seconds_ = 0;
        pictures_ = 0;
        last_ = scene;
        last_.contact = nullptr;
        last_.kernel = nullptr;
    }
    seconds_ += seconds;
    ++pictures_;
    scene.still = seconds_ > kQuiet && pictures_ > kPictures;
}

}  // namespace app

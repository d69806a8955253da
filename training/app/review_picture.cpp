#include "training/app/review_picture.h"

#include "training/app/care.h"
#include "training/app/pictures.h"

#include <glm/geometric.hpp>

#include <algorithm>

namespace app {

namespace {

constexpr uint32_t kLeap_us = 500'000;  // more than a slow frame plays
constexpr double kNearFinger = 11e-3;  // m off the skin where a drawn fingertip still lies on it

/// A hand comes from below, along the skin.
glm::dvec3 from_below(glm::dvec3 normal) {
    const glm::dvec3 up = glm::dvec3(0, 1, 0) - normal * normal.y;
    return glm::length(up) > 1e-3 ? glm::normalize(up) : glm::dvec3(0, 0, 1);
}

}  // namespace

ReviewPicture::ReviewPicture(std::shared_ptr<const ScoredSession> session)
    : session_(session),
      replay_({session, &session->recording}, session->stage, session->rubric.no_go_margin_um,
              cells_of(*session->stage->face, session->wipes)) {}

const skin::Contact* ReviewPicture::contact() const {
    const skin::Simulation* simulation = replay_.simulation();
    return simulation ? &simulation->contact() : nullptr;
}

void ReviewPicture::go_to(render::Renderer& renderer, uint32_t time_us, render::SceneView& scene) {
    replay_.seek(time_us);
    show_evidence(renderer);
    scene.time = replay_.time_us() * 1e-6;
    scene.kernel = &session_->stage->skin.kernel;
    const skin::Contact* now = contact();
    scene.contact = now && now->moves_skin() ? now : nullptr;
    set_care(scene);
    set_fingers(scene);
    set_pen(scene);
}

/// Played on, only what is new goes to the renderer; after a leap it takes over what the replay has counted.
void ReviewPicture::show_evidence(render::Renderer& renderer) {
    const std::span<const shared::Puncture> punctures = replay_.punctures();
    const std::span<const shared::ContactRecord> contacts = replay_.contacts();
    const bool back = !shown_ || replay_.time_us() < shown_us_, leaps = back || replay_.time_us() - shown_us_ > kLeap_us;
    const double time = replay_.time_us() * 1e-6;
    if (back) {
        renderer.clear_evidence();
        punctures_ = contacts_ = 0;
    }
    const track::Response* response = replay_.response();
    if (leaps && response)
        renderer.leap(replay_.tracker(), *response, replay_.evidence_us() * 1e-6, punctures.subspan(punctures_), time);
    else
        renderer.add(punctures.subspan(punctures_), contacts.subspan(contacts_), time);
    punctures_ = punctures.size();
    contacts_ = contacts.size();
    shown_us_ = replay_.time_us();
    shown_ = true;
}

void ReviewPicture::set_care(render::SceneView& scene) const {
    const double time = scene.time;
    const auto later = std::ranges::find_if(session_->wipes, [time](const render::WipeStroke& w) { return w.time > time; });
    scene.wipes = {session_->wipes.begin(), later};
    scene.wet = wet_zones(*session_->stage->face, session_->recording.events, session_->stage->skin.medium_lasts, time);
}

void ReviewPicture::set_fingers(render::SceneView& scene) const {
    scene.fingers.clear();
    const skin::Contact* now = contact();
    if (!now) return;
    for (const skin::Fingertip& tip : now->fingers) {
        render::FingerView finger;
        finger.place = tip.place + tip.pull;
        finger.normal = tip.normal;
        if (const auto hit = session_->stage->face->index->closest(finger.place, kNearFinger)) {
            finger.place = hit->position;
            finger.normal = mesh::normal_at(session_->stage->face->mesh, hit->point);
        }
        finger.pointing = from_below(finger.normal);
        finger.pull = glm::length(tip.pull);
        scene.fingers.push_back(finger);
    }
}

/// Where the tip pressed its dent; until that is prepared, where it met the skin at rest.
void ReviewPicture::set_pen(render::SceneView& scene) const {
    scene.pen = pen_at(*session_, scene.time);
    const skin::Contact* now = contact();
    if (!scene.pen || !now) return;
    if (now->touching) {
        scene.pen->tip = now->tip;
        scene.pen->axis = now->axis;
    }
    scene.pen->drum_turn = now->drum_turn;
    if (scene.pen->tool == render::Tool::roller) scene.pen->side = glm::cross(now->heading, scene.pen->axis);
}

}  // namespace app

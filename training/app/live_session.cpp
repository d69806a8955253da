#include "training/app/live_session.h"

#include "training/app/session_files.h"
#include "training/core/exam_attempts.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace app {

namespace {

/// A gap this long without a look is not practice time.
constexpr double kLostTime = 1.0;
/// s, of each of two low passes. The pointer comes in whole pixels and in bursts; without smoothing a slow glide would
/// stutter by half its speed.
constexpr double kPointerSmoothing = 0.035;
/// s, of a pen that is told in fractions of pixels with its own times.
constexpr double kPenSmoothing = 0.008;

constexpr double kLifted = 4e-3;  ///< m

constexpr const char *kMediumEvent = "glide_medium", *kWipeEvent = "wipe";

glm::dvec3 smoothed_normal(const face::FaceAsset& face, glm::dvec3 place, glm::dvec3 normal, double radius) {
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(normal, along, across);
    glm::dvec3 sum = normal;
    for (int i = 0; i < 8; ++i) {
        const double angle = i * glm::radians(45.0);
        const glm::dvec3 near = place + radius * 0.8 * (std::cos(angle) * along + std::sin(angle) * across);
        if (const auto hit = face.index->closest(near, 2 * radius))
            sum += mesh::normal_at(face.mesh, hit->point);
    }
    const double length = glm::length(sum);
    return length > 1e-6 ? sum / length : normal;
}

/// Straight from one measured pose to the next.
PointerLook::Tracked between_poses(const PointerLook::Tracked& before, const PointerLook::Tracked& after, double share) {
    PointerLook::Tracked pose = before;
    pose.tip = glm::mix(before.tip, after.tip, share);
    const glm::dvec3 axis = glm::mix(before.axis, after.axis, share);
    if (glm::length(axis) > 0.1) pose.axis = glm::normalize(axis);
    if (before.force && after.force) pose.force = glm::mix(*before.force, *after.force, share);
    return pose;
}

}  // namespace

std::optional<Pick> pick(const face::FaceAsset& face, const render::Camera& camera, glm::dvec2 pointer,
                         double aspect, double tip_radius) {
    const glm::dvec3 direction = camera.ray(pointer.x, pointer.y, aspect);
    const auto hit = face.index->cast_front(camera.eye(), direction, 0.0, 5.0);
    if (!hit) return std::nullopt;
    const glm::dvec3 normal = mesh::normal_at(face.mesh, hit->point);
    return Pick{hit->position, smoothed_normal(face, hit->position, normal, tip_radius),
                face.zone_at(hit->point)};
}

LiveSession::LiveSession(std::shared_ptr<const training::Stage> stage, base::fs::path folder)
    : stage_(std::move(stage)),
      folder_(std::move(folder)),
      depth_um_(static_cast<uint16_t>(std::lround(stage_->device.depth_default * 1e6))),
      rate_dhz_(static_cast<uint16_t>(std::lround(stage_->device.rate_hz * 10))),
      fingers_(*stage_->face),
      thread_([this] { run(); }) {}

LiveSession::~LiveSession() {
    stop();
}

void LiveSession::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    news_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void LiveSession::give(Order order) {
    {
        const std::lock_guard lock(mutex_);
        orders_.push_back(std::move(order));
    }
    news_.notify_one();
}

void LiveSession::set_begun(std::shared_ptr<BegunSession> begun) {
    Order order{Order::Kind::begun, {}};
    order.begun = std::move(begun);
    give(std::move(order));
}
void LiveSession::look(const PointerLook& look) {
    give({Order::Kind::look, look});
}
void LiveSession::start() {
    give({Order::Kind::start, {}});
}
void LiveSession::pause() {
    give({Order::Kind::pause, {}});
}
void LiveSession::set_depth(uint16_t depth_um) {
    give({Order::Kind::depth, {}, depth_um});
}
void LiveSession::set_rate(uint16_t rate_dhz) {
    give({Order::Kind::rate, {}, rate_dhz});
}
void LiveSession::set_pen(const std::string& kind, const std::string& resolution) {
    Order order{Order::Kind::pen, {}};
    order.pen = resolution.empty() ? kind : kind + " " + resolution;
    give(std::move(order));
}
void LiveSession::set_coach(const training::Rubric& rubric, const training::CueSet& cues) {
    Order order{Order::Kind::coach, {}};
    order.rubric = std::make_shared<const training::Rubric>(rubric);
    order.cues = cues;
    give(std::move(order));
}
void LiveSession::set_traction(bool held) {
    give({Order::Kind::traction, {}, held});
}
void LiveSession::put_medium(uint8_t zone) {
    give({Order::Kind::medium, {}, zone});
}
void LiveSession::wipe(uint8_t zone) {
    give({Order::Kind::wipe, {}, zone});
}

void LiveSession::note(input::ProcedureEvent event) {
    give({Order::Kind::note, {}, 0, 0, {}, std::move(event)});
}

void LiveSession::pull_more(double metres) {
    give({Order::Kind::pull, {}, 0, metres});
}
void LiveSession::turn_fingers(double angle) {
    give({Order::Kind::turn, {}, 0, angle});
}

void LiveSession::collect(SessionView& view) {
    const std::lock_guard lock(mutex_);
    view.punctures.clear();
    view.contacts.clear();
    view.care.clear();
    std::swap(view.care, outbox_.care);
    std::swap(view.punctures, outbox_.punctures);
    std::swap(view.contacts, outbox_.contacts);
    view.phase = outbox_.phase;
    view.clock = outbox_.clock;
    view.stood = outbox_.stood;
    view.target_force = outbox_.target_force;
    view.traction = outbox_.traction;
    view.depth_um = outbox_.depth_um;
    view.rate_dhz = outbox_.rate_dhz;
    view.contact = outbox_.contact;
    view.pointing = outbox_.pointing;
    view.pose = outbox_.pose;
    view.cue = outbox_.cue;
    view.problem = outbox_.problem;
    view.file = outbox_.file;
}

void LiveSession::break_off() {
    stop();
    phase_ = Phase::finished;
    session_.reset();
}

training::Recording LiveSession::finish() {
    stop();
    if (session_) (void)save();  // what is still missing then is told by the view's problem
    phase_ = Phase::finished;
    publish();
    training::Recording recording;
    recording.header = header_;
    recording.samples = samples_;
    recording.events = events_;
    if (session_) {
        recording.punctures = session_->punctures();
        recording.contacts = session_->contacts();
        recording.checkpoints = session_->checkpoints();
    }
    recording.finished = true;
    return recording;
}

base::Status LiveSession::save() {
    const base::Status status = session_->finish();
    if (!status)
        problem_ = status.error();
    else if (!file_.empty())
        problem_.reset();
    return status;
}

void LiveSession::run() {
    publish();
    std::vector<Order> orders;
    for (;;) {
        bool stopping;
        {
            std::unique_lock lock(mutex_);
            news_.wait(lock, [this] { return stopping_ || !orders_.empty(); });
            orders.clear();
            std::swap(orders, orders_);
            stopping = stopping_;
        }
        for (const Order& order : orders) obey(order);
        if (session_) note_status(session_->keep());
        publish();
        if (stopping) return;
    }
}

void LiveSession::obey(const Order& order) {
    switch (order.kind) {
        case Order::Kind::look:
            pending_wheel_ += order.look.wheel;
            if (phase_ == Phase::running) step_to(order.look);
            if (!order.look.leads_fingers()) fingers_.leave();  // however short the time until the next press
            last_look_ = order.look;
            if (!order.look.fingers) rest_ = order.look;
            break;
        case Order::Kind::start:
            if (phase_ == Phase::ready) begin();
            if (last_look_) go_on_from(last_look_->time);
            phase_ = Phase::running;
            break;
        case Order::Kind::pause:
            if (phase_ == Phase::running) phase_ = Phase::paused;
            break;
        case Order::Kind::depth:
            depth_um_ = order.value;
            record("depth_mm", fmt::format("{:.3f}", depth_um_ * 1e-3));
            break;
        case Order::Kind::rate:
            rate_dhz_ = order.value;
            record("rate_hz", fmt::format("{:.1f}", rate_dhz_ * 0.1));
            break;
        case Order::Kind::pen:
            pen_kind_ = order.pen;
            break;
        case Order::Kind::traction:
            hold_beside_pen_ = order.value != 0 && !fingers_.holds();
            if (order.value == 0) fingers_.lift();
            break;
        case Order::Kind::pull:
            fingers_.pull_more(order.amount);
            break;
        case Order::Kind::turn:
            fingers_.turn(order.amount);
            break;
        case Order::Kind::medium:
            care(kMediumEvent, order.value);
            break;
        case Order::Kind::wipe:
            care(kWipeEvent, order.value);
            break;
        case Order::Kind::note:
            note_now(order.event);
            break;
        case Order::Kind::coach:
            coach(order);
            break;
        case Order::Kind::begun:
            begun_ = order.begun;
            break;
    }
}

void LiveSession::coach(const Order& order) {
    if (!coach_rubric_) coach_rubric_ = order.rubric;
    coach_cues_ = order.cues;
    if (session_) begin_coach();
}

/// Tells the coach of the session so far, where it has not followed it, and of what it may tell.
void LiveSession::begin_coach() {
    if (!coach_rubric_ || !stage_->coach) return;
    if (!coach_) {
        coach_.emplace(*stage_, *coach_rubric_, *stage_->coach);
        record(training::kCoachFiguresEvent, stage_->coach->hash.hex());
        for (const input::ProcedureEvent& event : events_) coach_->event(event);
        feed_coach();
    }
    record(training::kCoachEvent, training::cue_ids(coach_cues_));
}

void LiveSession::feed_coach() {
    if (!coach_) return;
    coach_->add(std::span(session_->punctures()).subspan(punctures_coached_), std::span(session_->contacts()).subspan(contacts_coached_));
    punctures_coached_ = session_->punctures().size();
    contacts_coached_ = session_->contacts().size();
}

void LiveSession::care(const char* event, uint16_t zone) {
    if (zone == 0 || zone >= stage_->face->zones.size()) return;
    const std::string& id = stage_->face->zones[zone].id;
    care_.push_back({samples_.empty() ? 0 : samples_.back().time_us, event, id});
    record(event, id);
}

void LiveSession::note_now(const input::ProcedureEvent& event) {
    const bool shows = event.name == kMediumEvent || event.name == kWipeEvent;
    const int zone = shows ? stage_->face->find_zone(event.value) : -1;
    if (zone > 0)
        care(event.name.c_str(), static_cast<uint16_t>(zone));
    else
        record(event.name.c_str(), event.value);
}

void LiveSession::begin() {
    begun_ ? go_on_with(*begun_) : begin_recording();
    const bool first = samples_.empty();
    // Whoever begins with the pen puts one on; in a visit that is a step of its own.
    if (first && !stage_->practice.consultation.decision) record("cartridge_new", {});
    if (first) note_settings();
    for (const input::ProcedureEvent& event : care_) record(event.name.c_str(), event.value);
    if (begun_)
        std::ranges::copy_if(begun_->before.events, std::back_inserter(care_),
                             [](const input::ProcedureEvent& event) { return event.name == kMediumEvent || event.name == kWipeEvent; });
    begin_coach();
}

/// Without a recording the session goes on and says so.
void LiveSession::begin_recording() {
    header_ = training::make_header(*stage_, pen_kind_.substr(0, pen_kind_.find(' ')), trainee_);
    std::optional<training::Recorder> recorder;
    if (auto path = new_session_file(folder_, stage_->practice.id); !path) {
        problem_ = path.error();
    } else if (auto made = training::Recorder::create(*path, header_); !made) {
        problem_ = made.error();
    } else {
        recorder = std::move(*made);
        file_ = *path;
    }
    session_.emplace(stage_, std::move(recorder));
}

/// The steps go on behind the last sample, with the pen set as it was; whatever hand held the skin has let go.
void LiveSession::go_on_with(BegunSession& begun) {
    session_.emplace(std::move(begun.session));
    header_ = begun.before.header;
    samples_ = std::move(begun.before.samples);
    events_ = begun.before.events;
    file_ = begun.file;
    limit_us_ = static_cast<uint32_t>(begun.limit * 1e6);
    if (samples_.empty()) return;
    const input::PenSample last = samples_.back();
    depth_um_ = last.depth_um;
    rate_dhz_ = last.rate_dhz;
    next_step_ = static_cast<uint64_t>(last.time_us) * skin::kStepsPerSecond / 1'000'000;
    while (skin::step_end_us(next_step_) <= last.time_us) ++next_step_;
    if (!session_->simulation().contact().fingers.empty()) record("traction_end", {});
    const bool time_left = skin::step_end_us(next_step_) <= limit_us_;
    if (time_left && session_->simulation().contact().touching) lift_from(last);
}

/// The hand that held the pen on the skin is no longer there: it stands clear before it can be put down elsewhere.
void LiveSession::lift_from(const input::PenSample& last) {
    pose_.time = skin::step_end_us(next_step_) * 1e-6;
    pose_.axis = last.axis();
    pose_.tip = last.tip() - kLifted * pose_.axis;
    pose_.force = 0.0;
    pose_.depth = last.depth_um * 1e-6;
    pose_.rate_hz = last.rate_dhz * 0.1;
    const auto sample = input::quantise(pose_);
    if (!sample) return (void)(problem_ = sample.error());
    samples_.push_back(*sample);
    ++next_step_;
    note_status(session_->advance(std::span(samples_).last(1)));
}

/// Settings made before the start are the session's first.
void LiveSession::note_settings() {
    if (!stage_->device.has_motor()) return;
    record("depth_mm", fmt::format("{:.3f}", depth_um_ * 1e-3));
    record("rate_hz", fmt::format("{:.1f}", rate_dhz_ * 0.1));
}

void LiveSession::record(const char* event, std::string value) {
    if (!session_) return;
    const uint32_t time_us = samples_.empty() ? 0 : samples_.back().time_us;
    events_.push_back({time_us, event, std::move(value)});
    session_->event(events_.back());
    if (coach_) coach_->event(events_.back());
}

void LiveSession::note_status(const base::Status& status) {
    if (!status) problem_ = status.error();
}

void LiveSession::go_on_from(double time) {
    origin_ = time - skin::step_end_us(next_step_) * 1e-6;
}

void LiveSession::note_stood(double seconds) {
    const uint32_t time_us = samples_.empty() ? 0 : samples_.back().time_us;
    record(training::kStoodEvent, training::stood_event(seconds, time_us).value);
}

void LiveSession::step_to(const PointerLook& look) {
    if (!last_look_) return go_on_from(look.time);  // started before anything was seen
    const PointerLook& before = *last_look_;
    const double gap = look.time - before.time;
    if (gap <= 0) return;
    if (gap > kLostTime) {
        origin_ += gap;
        if (begun_) note_stood(gap);
        return;
    }
    const size_t first = samples_.size();
    for (;;) {
        const double time = origin_ + skin::step_end_us(next_step_) * 1e-6;
        const bool last = skin::step_end_us(next_step_) > limit_us_ || next_step_ >= uint64_t{skin::kStepsPerSecond} * 60 * 71;
        if (time > look.time || last) break;
        const double share = std::clamp((time - before.time) / gap, 0.0, 1.0);
        // A button counts from the look that saw it; the camera moves only while the pen is up.
        PointerLook between = before;
        between.pointer = glm::mix(before.pointer, look.pointer, share);
        if (before.tracked && look.tracked) between.tracked = between_poses(*before.tracked, *look.tracked, share);
        if (before.force && look.force) between.force = glm::mix(*before.force, *look.force, share);
        between.tilt = glm::mix(before.tilt, look.tilt, share);
        if (before.second && look.second)
            between.second->pointer = glm::mix(before.second->pointer, look.second->pointer, share);
        if (!before.pressed) between.camera = look.camera;
        step(between);
        ++next_step_;
    }
    if (samples_.size() == first) return;
    note_status(session_->advance(std::span(samples_).subspan(first)));
    feed_coach();
    fingers_.see(session_->simulation().contact().fingers);
}

void LiveSession::step(const PointerLook& look) {
    const bool begins = look.pressed && !was_pressed_;
    was_pressed_ = look.pressed;
    if (!smooth_pointer_ || begins || look.fingers) smooth_pointer_ = half_smooth_pointer_ = look.pointer;
    const double share = 1 - std::exp(-skin::kStep / (look.force ? kPenSmoothing : kPointerSmoothing));
    half_smooth_pointer_ += (look.pointer - half_smooth_pointer_) * share;
    *smooth_pointer_ += (half_smooth_pointer_ - *smooth_pointer_) * share;

    input::MouseState mouse;
    const double radius = stage_->device.tip_radius;
    const auto found = pick(*stage_->face, look.camera, *smooth_pointer_, look.aspect, radius);
    std::optional<Pick> pen = look.fingers ? std::nullopt : found;
    if (look.fingers && rest_) pen = pick(*stage_->face, rest_->camera, rest_->pointer, rest_->aspect, radius);
    if (pen) {
        mouse.over_skin = true;
        mouse.place = pen->place;
        mouse.normal = pen->normal;
    }
    mouse.pressed = look.pressed && !look.fingers;
    mouse.force = look.force;
    mouse.wheel = std::exchange(pending_wheel_, 0.0);
    mouse.tilt = look.tilt;
    mouse.view_right = look.camera.right();
    mouse.view_up = look.camera.up();

    const double time = skin::step_end_us(next_step_) * 1e-6;
    pose_ = pen_.update(time, mouse, depth_um_ * 1e-6, rate_dhz_ * 0.1);
    pose_.time = time;
    pose_.motor = look.motor;
    if (look.tracked) {
        // Far off the table is as good as a metre away.
        pose_.tip = glm::clamp(look.tracked->tip, glm::dvec3(-0.99), glm::dvec3(0.99));
        pose_.axis = look.tracked->axis;
        pose_.force = look.tracked->force;
    }
    if (mouse.pressed || look.tracked) note_pen();
    lead_fingers(look, found);
    for (FingerHand::Told& told : fingers_.step(skin::kStep)) record(told.name, std::move(told.value));
    if (auto sample = input::quantise(pose_))
        samples_.push_back(*sample);
    else
        problem_ = sample.error();
}

void LiveSession::note_pen() {
    if (!session_ || pen_noted_ == pen_kind_) return;
    pen_noted_ = pen_kind_;
    record("pen", pen_noted_);
}

/// The hand that has no pen: led by the pointer, put beside the pen, or there by itself.
void LiveSession::lead_fingers(const PointerLook& look, const std::optional<Pick>& under) {
    const glm::dvec3 up = look.camera.up();
    // It draws the skin sideways as seen, from the side where it is.
    const glm::dvec3 towards = (look.left_handed ? -1.0 : 1.0) * look.camera.right();
    if (look.leads_fingers()) {
        const auto at = look.second && look.second->pressed
                            ? pick(*stage_->face, look.camera, look.second->pointer, look.aspect,
                                   stage_->device.tip_radius)
                            : under;
        if (at) fingers_.lead(at->place, up);
        return;
    }
    fingers_.leave();
    if (std::exchange(hold_beside_pen_, false)) fingers_.hold(pose_.tip, towards, up);
    if (!look.automatic || look.fingers) return;
    const bool soft = under && under->zone != 0 && !stage_->face->zones[under->zone].bone;
    fingers_.follow(soft ? std::optional(under->place) : std::nullopt, look.pressed, towards, up);
}

void LiveSession::publish() {
    const std::lock_guard lock(mutex_);
    outbox_.phase = phase_;
    outbox_.stood = begun_ ? static_cast<double>(training::stood_ms(events_)) / 1e3 : 0;
    outbox_.clock = samples_.empty() ? 0 : samples_.back().time();
    outbox_.target_force = pen_.target_force;
    outbox_.traction = fingers_.holds() || hold_beside_pen_;
    outbox_.pointing = fingers_.pointing();
    outbox_.depth_um = depth_um_;
    outbox_.rate_dhz = rate_dhz_;
    outbox_.pose = pose_;
    outbox_.problem = problem_;
    outbox_.file = file_;
    outbox_.care.insert(outbox_.care.end(), care_.begin() + care_shown_, care_.end());
    care_shown_ = care_.size();
    if (!session_) return;
    outbox_.contact = session_->simulation().contact();
    outbox_.cue = coach_ ? coach_->now() : std::nullopt;
    const auto& punctures = session_->punctures();
    outbox_.punctures.insert(outbox_.punctures.end(), punctures.begin() + punctures_shown_, punctures.end());
    punctures_shown_ = punctures.size();
    const auto& contacts = session_->contacts();
    outbox_.contacts.insert(outbox_.contacts.end(), contacts.begin() + contacts_shown_, contacts.end());
    contacts_shown_ = contacts.size();
}

}  // namespace app

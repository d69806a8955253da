#include "training/core/operator.h"

#include "engine/base/deterministic_math.h"
#include "engine/skin/stretch.h"
#include "training/core/hand.h"
#include "training/core/operator_talk.h"
#include "training/core/sections.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace training {

namespace {

constexpr double kLiftHeight = 8e-3;     // m above the skin between strokes
constexpr double kFlightSpeed = 0.2;     // m/s
constexpr double kForceRamp = 0.1;       // s for the force to come and go at a stroke's ends
constexpr double kMotorLead = 0.5;       // s that the motor runs before the first touch and after the last
constexpr double kPieceOverlap = 1e-3;  // m by which the pieces of a stroke run over each other from section to section (A)
constexpr double kPress = 0.35;         // s that a stamp is pressed, with the ramps (A)
constexpr double kStampPitch = 1.6;     // radii of a stamp's plate from press to press (A)
constexpr double kFirmStamp = 1.25;     // times the force that drives all pins of a stamp in (A)
constexpr int kRollings = 3;            // times that a roller goes over a stroke: with 3 directions and half overlap 18, the most of clinical.md 9
constexpr double kRollSpeed = 0.05;     // m/s of a roller (A)
constexpr double kCheekDepth = 0.75e-3; // m (clinical.md 2.3, A)
constexpr double kNoseReach = 15e-3;    // m beside the nose over which a pen turns back to where it points elsewhere (A)
constexpr double kLongest = 69.5 * 60;   // s; pen samples end at 70 minutes

/// Set depths for rejuvenation (clinical.md 2.3, A), in µm, by zone kind.
struct SetDepth {
    const char* kind;
    uint16_t depth_um;
};
constexpr SetDepth kSetDepths[] = {{"forehead", 500},    {"glabella", 500},      {"temple", 500},
                                   {"periorbital", 250}, {"nose_dorsum", 500},   {"nose_sidewall", 500},
                                   {"cheek", 750},       {"upper_lip", 500},     {"chin", 750},
                                   {"jawline", 750},     {"neck", 500},          {"pad", 500}};

double set_depth(const face::Zone& zone, const Hand& hand, const Stage& stage) {
    const skin::DeviceProfile& device = stage.device;
    double depth = device.depth_default;
    for (const SetDepth& known : kSetDepths) {
        if (zone.kind == known.kind) depth = known.depth_um * 1e-6;
    }
    const std::optional<CasePlan>& plan = stage.practice.consultation.plan;
    if (const PlannedDepth* planned = plan ? plan->depth(zone.kind) : nullptr)
        depth = std::clamp(depth, planned->least_um * 1e-6, planned->most_um * 1e-6);
    depth = depth * (1 - hand.same_depth) + kCheekDepth * hand.same_depth;
    return std::clamp(depth, device.depth_min, device.depth_max);
}

/// The slow unsteadiness of one hand over one session.
struct Unsteadiness {
    Wander along, across, tilt_x, tilt_y, force, speed;
    std::optional<Wander> jerk;  ///< of the speed, in hands that have it
    glm::dvec2 lean;  ///< unit, the way the hand always leans, in the skin's tangent frame

    Unsteadiness(const Hand& hand, base::Random& random)
        // Drift and slow tremor only: friction at the rim damps the 8 to 12 Hz tremor of a free hand (A).
        : along(random, 0.3, 4), across(random, 0.3, 4), tilt_x(random, 0.1, 1.5), tilt_y(random, 0.1, 1.5),
          force(random, 0.15, 2), speed(random, 0.2, 1.5) {
        double angle = random.uniform(0, 2 * base::det::kPi);
        if (hand.lean) angle = *hand.lean * base::det::kPi / 180;
        lean = {base::det::cos(angle), base::det::sin(angle)};
        if (hand.jerk > 0) jerk.emplace(random, 2, 4);
    }
};

/// One in a few cells of the zones of the nose.
std::vector<glm::dvec3> places_on_nose(const face::FaceAsset& face) {
    std::vector<glm::dvec3> places;
    for (size_t cell = 0; cell < face.cells.size(); cell += 4) {
        if (face.zones[face.cells.zone[cell]].kind.starts_with("nose")) places.push_back(face.cells.seed[cell]);
    }
    return places;
}

/// Moves the pen and writes down 120 samples a second.
class Pen {
  public:
    Pen(const Stage& stage, const Hand& hand, base::Random& random)
        : stage_(stage), hand_(hand), random_(random), unsteady_(hand, random), held_skin_(*stage.face, stage.skin) {
        if (hand.tilt_round_nose > 0) nose_ = places_on_nose(*stage.face);
        pose_.rate_hz = stage.device.rate_hz;
        pose_.depth = stage.device.depth_default;
        pose_.motor = false;
        pose_.force = 0;
    }

    void event(const std::string& name, std::string value) {
        performance_.events.push_back({now_us(), name, std::move(value)});
    }
    void add(const std::vector<input::ProcedureEvent>& events) {
        performance_.events.insert(performance_.events.end(), events.begin(), events.end());
    }
    std::span<const input::ProcedureEvent> events() const { return performance_.events; }
    void set_depth(double depth) {
        pose_.depth = depth;
        event("depth_mm", fmt::format("{}", depth * 1e3));
    }
    void motor(bool on) { pose_.motor = on; }
    /// Two fingertips draw the skin apart round the next strokes.
    void hold_skin(const Section& section);
    void let_go();
    bool full() const { return now_us() >= kLongest * 1e6; }

    /// Holds still in the air.
    void wait(double seconds);
    /// Through the air to the start of a stroke.
    void fly_to(const StrokePoint& rest);
    /// Along the skin from touch to lift.
    void glide(const Stroke& stroke, double force, glm::dvec3 zone_inward);
    /// A stamp put down, pressed and lifted.
    void press(const StrokePoint& at, double force, glm::dvec3 zone_inward);
    /// Up and away, at the end.
    void lift_off();
    void hover_over(const StrokePoint& start);

    Performance take() { return std::move(performance_); }

    uint32_t now_us() const { return skin::step_end_us(performance_.samples.size()); }

  private:
    void sample();
    StrokePoint seen(const StrokePoint& at) const;
    double nearness_to_nose(glm::dvec3 place) const;
    void touch(const StrokePoint& rest, glm::dvec3 along, double force, glm::dvec3 zone_inward);

    const Stage& stage_;
    const Hand& hand_;
    base::Random& random_;
    Unsteadiness unsteady_;
    skin::Stretch held_skin_;  ///< by the fingers: the eye follows the skin that they draw aside
    input::PenPose pose_;
    std::vector<glm::dvec3> nose_;  ///< places on it, where the hand tilts there
    Performance performance_;
};

void Pen::sample() {
    if (full()) return;
    pose_.time = now_us() * 1e-6;
    const auto quantised = input::quantise(pose_);
    CHECK(static_cast<bool>(quantised), quantised ? "" : quantised.error().message);
    performance_.samples.push_back(*quantised);
    if (!held_skin_.empty()) held_skin_.pass(skin::kStep, {}, {});
}

void Pen::hold_skin(const Section& section) {
    const double turn = hand_.mirror * hand_.hold_turn * base::det::kPi / 180;
    skin::Hold hold = best_hold(*stage_.face, stage_.skin, section, turn);
    if (hand_.hold_error > 0) hold.pull *= base::det::exp(hand_.hold_error * std::clamp(random_.normal(), -2.0, 2.0));
    held_skin_.hold(hold);
    event("traction_begin", fmt::format("{:.6f} {:.6f} {:.6f} {:.6f} {:.6f} {:.6f}", hold.place.x, hold.place.y, hold.place.z,
                                        hold.pull.x, hold.pull.y, hold.pull.z));
}

void Pen::let_go() {
    held_skin_.release();
    event("traction_end", "");
}

/// Where a place of the skin at rest is now: who draws a lid's edge aside sees it come along, and keeps off it.
StrokePoint Pen::seen(const StrokePoint& at) const {
    if (held_skin_.empty()) return at;
    const auto hit = stage_.face->index->closest(at.position + held_skin_.displacement(at.position), 5e-3);
    return {hit ? hit->position : at.position, at.inward, at.speed};
}

/// 1 on the nose, 0 where it is far.
double Pen::nearness_to_nose(glm::dvec3 place) const {
    double nearest = 2 * kNoseReach;
    for (glm::dvec3 on : nose_) nearest = std::min(nearest, glm::distance(on, place));
    return base::det::smoothstep(kNoseReach, 0.2 * kNoseReach, nearest);
}

void Pen::wait(double seconds) {
    const int count = static_cast<int>(seconds * skin::kStepsPerSecond);
    for (int i = 0; i < count; ++i) sample();
}

void Pen::hover_over(const StrokePoint& start) {
    pose_.tip = start.position - start.inward * (5 * kLiftHeight);
    pose_.axis = start.inward;
}

void Pen::fly_to(const StrokePoint& rest) {
    const StrokePoint start = seen(rest);
    // A cubic that leaves and meets the skin along its normals clears a convex head; between far sides it swings out to
    // the front, where the operator sits.
    const glm::dvec3 from = pose_.tip, to = start.position;
    const double distance = glm::length(to - from), reach = kLiftHeight / 0.75 + 0.6 * std::max(0.0, distance - 0.02);
    const glm::dvec3 swing =
        glm::dot(pose_.axis, start.inward) < 0.5 ? glm::dvec3(0, 0, 0.8 * distance) : glm::dvec3(0);
    const glm::dvec3 c0 = from - pose_.axis * reach + swing, c1 = to - start.inward * reach + swing;
    const glm::dvec3 axis_from = pose_.axis;
    const double length = distance + 1.2 * reach;
    const int steps = std::max(18, static_cast<int>(length / kFlightSpeed * skin::kStepsPerSecond));
    pose_.force = 0;
    for (int i = 1; i <= steps; ++i) {
        const double t = base::det::smoothstep(0, 1, static_cast<double>(i) / steps), s = 1 - t;
        pose_.tip = from * (s * s * s) + c0 * (3 * s * s * t) + c1 * (3 * s * t * t) + to * (t * t * t);
        const glm::dvec3 axis = axis_from * s + start.inward * t;
        pose_.axis = glm::length(axis) > 0.1 ? glm::normalize(axis) : start.inward;
        sample();
    }
}

void Pen::lift_off() {
    const glm::dvec3 from = pose_.tip;
    pose_.force = 0;
    for (int i = 1; i <= 30; ++i) {
        pose_.tip = from - pose_.axis * (5 * kLiftHeight * i / 30.0);
        sample();
    }
}

/// One sample on the skin: the meant place and axis, with what this hand adds.
void Pen::touch(const StrokePoint& rest, glm::dvec3 along, double force, glm::dvec3 zone_inward) {
    const double now = now_us() * 1e-6;
    const StrokePoint at = seen(rest);
    const glm::dvec3 side = hand_.mirror * glm::cross(at.inward, along);
    // A drum's pins hold it on its line: what trembles across it leans on them (A).
    const double across = stage_.device.kind == skin::DeviceKind::roller ? 0 : unsteady_.across.at(now);
    const glm::dvec3 meant = at.position + hand_.tremor * (along * unsteady_.along.at(now) + side * across);
    const auto hit = stage_.face->index->closest(meant, 5e-3);
    pose_.tip = hit ? hit->position : at.position;

    glm::dvec3 tangent_x, tangent_y;
    face::FaceAsset::tangent_frame(-at.inward, tangent_x, tangent_y);
    const double degree = base::det::kPi / 180;
    const double x = hand_.mirror * degree * (hand_.tilt_bias * unsteady_.lean.x + hand_.tilt_sd * unsteady_.tilt_x.at(now));
    const double y = degree * (hand_.tilt_bias * unsteady_.lean.y + hand_.tilt_sd * unsteady_.tilt_y.at(now));
    const double straight = hand_.tilt_round_nose > 0 ? hand_.tilt_round_nose * nearness_to_nose(at.position) : 0;
    const glm::dvec3 followed = glm::normalize(at.inward * hand_.follow + zone_inward * (1 - hand_.follow));
    const glm::dvec3 held = glm::normalize(followed * (1 - straight) + glm::dvec3(0, 0, -1) * straight);
    pose_.axis = glm::normalize(held + tangent_x * x + tangent_y * y);

    const double wander = hand_.force_cv * unsteady_.force.at(now);
    const double symmetric = 1 + wander, skewed = base::det::exp(wander - 0.5 * hand_.force_cv * hand_.force_cv);
    pose_.force = std::max(0.0, force * (symmetric + hand_.force_skew * (skewed - symmetric)));
    sample();
}

void Pen::glide(const Stroke& stroke, double force, glm::dvec3 zone_inward) {
    const std::vector<StrokePoint>& points = stroke.points;
    std::vector<double> reached{0};
    for (size_t i = 1; i < points.size(); ++i) {
        reached.push_back(reached.back() + glm::length(points[i].position - points[i - 1].position));
    }
    const double length = reached.back(), dwell = hand_.dwell * random_.uniform();
    double place = 0, rest = 0, since_touch = 0;
    size_t i = 0;
    while (!full()) {
        while (i + 2 < points.size() && reached[i + 1] < place) ++i;
        const double t = std::clamp((place - reached[i]) / (reached[i + 1] - reached[i]), 0.0, 1.0);
        const StrokePoint at{points[i].position * (1 - t) + points[i + 1].position * t,
                             glm::normalize(points[i].inward * (1 - t) + points[i + 1].inward * t),
                             points[i].speed * (1 - t) + points[i + 1].speed * t};
        const double now = now_us() * 1e-6;
        const double jerk = unsteady_.jerk ? hand_.jerk * unsteady_.jerk->at(now) : 0;
        const double speed = at.speed * std::max(0.25, 1 + hand_.speed_cv * unsteady_.speed.at(now) + jerk);
        const double to_lift = (length - place) / speed + dwell - rest;
        const double ramp = std::min(1.0, std::min(since_touch, to_lift) / kForceRamp);
        touch(at, glm::normalize(points[i + 1].position - points[i].position), force * std::max(0.0, ramp), zone_inward);
        since_touch += skin::kStep;
        if (place >= length && rest >= dwell) break;
        if (place >= length) rest += skin::kStep;
        place = std::min(length, place + speed * skin::kStep);
    }
}

/// The pins hold the plate where they stand: a hand that trembles leans on it, but does not move it.
void Pen::press(const StrokePoint& at, double force, glm::dvec3 zone_inward) {
    touch(at, {1, 0, 0}, 0.0, zone_inward);
    for (double t = skin::kStep; t < kPress && !full(); t += skin::kStep) {
        const double ramp = std::clamp(std::min(t, kPress - t) / kForceRamp, 0.0, 1.0);
        const double wander = 1 + hand_.force_cv * unsteady_.force.at(now_us() * 1e-6);
        pose_.force = std::max(0.0, force * ramp * wander);
        sample();
    }
    pose_.force = 0;
}

/// Mean inward normal of a zone: how a hand holds the pen that does not turn it with the skin.
glm::dvec3 mean_inward(const face::FaceAsset& face, uint8_t zone) {
    glm::dvec3 sum{0};
    for (size_t cell = 0; cell < face.cells.size(); ++cell) {
        if (face.cells.zone[cell] == zone) sum -= face.cells.normal[cell];
    }
    return glm::length(sum) > 0 ? glm::normalize(sum) : glm::dvec3(0, 0, -1);
}

/// Strokes as far apart as the device is wide. Without a motor, speed does not even out what they leave.
PlanSettings plan_for(const skin::DeviceProfile& device, PlanSettings plan) {
    if (device.has_motor()) return plan;
    plan.evening = 0;
    plan.border_passes = 0;
    const bool roller = device.kind == skin::DeviceKind::roller;
    // Of a drum all is needled, so that only half an overlap brings two passes to every place (D).
    plan.spacing *= roller ? 0.5 * device.drum_width / 5.8e-3 : kStampPitch * device.plate_radius / 5.8e-3;
    if (roller) plan.speed *= kRollSpeed / 0.022;
    return plan;
}

std::vector<ZonePlan> make_plans(const Stage& stage, const Hand& hand, base::Random& random) {
    std::vector<uint8_t> zones;
    for (const std::string& id : in_order_of(hand.mirror < 0, stage.practice.zones)) {
        const int zone = stage.face->find_zone(id);
        if (zone > 0) zones.push_back(static_cast<uint8_t>(zone));
    }
    return plan_strokes(*stage.face, stage.device, zones, plan_for(stage.device, hand.plan), random);
}

/// What a kind of device does along a stroke.
void treat(Pen& pen, const skin::DeviceProfile& device, const Stroke& stroke, double force, glm::dvec3 inward) {
    if (device.kind == skin::DeviceKind::pen) return pen.glide(stroke, force, inward);
    if (device.kind == skin::DeviceKind::roller) {
        Stroke way = stroke;
        for (int i = 0; i < kRollings; ++i, std::reverse(way.points.begin(), way.points.end())) pen.glide(way, force, inward);
        return;
    }
    const double drives_in = kFirmStamp * device.pin_force * static_cast<double>(device.pin_count());
    double since = 0, pitch = kStampPitch * device.plate_radius;
    for (size_t i = 0; i < stroke.points.size(); ++i) {
        if (i > 0) since += glm::distance(stroke.points[i].position, stroke.points[i - 1].position);
        if (i > 0 && since < pitch) continue;
        since = 0;
        if (i > 0) pen.fly_to(stroke.points[i]);
        pen.press(stroke.points[i], std::max(force, drives_in), inward);
    }
}

/// Whether something that is done for a share of the zones is done for this one. Draws only where there is a choice.
bool does(double share, base::Random& random) { return share > 0 && (share >= 1 || random.uniform() < share); }

void treat_zone(Pen& pen, const Stage& stage, const Hand& hand, const ZonePlan& plan, base::Random& random,
                OperatorTalk& talk) {
    const face::Zone& zone = stage.face->zones[plan.zone];
    pen.add(talk.turn_to(pen.now_us(), zone.id));
    const glm::dvec3 inward = mean_inward(*stage.face, plan.zone);
    const bool held = zone.mobile && does(hand.traction, random);
    if (does(hand.glide_medium, random)) pen.event("glide_medium", zone.id);
    if (stage.device.has_motor()) pen.set_depth(set_depth(zone, hand, stage));
    const double force = zone.bone ? hand.force_bone : hand.force_soft;
    const auto work = [&](const std::vector<Stroke>& strokes) {
        for (const Stroke& stroke : strokes) {
            pen.fly_to(stroke.points.front());
            treat(pen, stage.device, stroke, force, inward);
        }
    };
    if (held) {
        for (const Section& section : cut_into_sections(plan.strokes, hand.section, kPieceOverlap)) {
            pen.hold_skin(section);
            work(section.strokes);
        }
    } else {
        work(plan.strokes);
    }
    pen.lift_off();
    if (held) pen.let_go();
    pen.add(talk.leave(pen.now_us(), zone.id));
}

/// What is done before the first needle, in order. All do it; only the glide medium is a matter of the hand.
void prepare(Pen& pen, const Hand& hand) {
    for (const char* step : {"prep_begin", "prep_consent", "prep_photo", "prep_cleanse", "prep_disinfect", "prep_gloves", "cartridge_new"}) {
        pen.event(step, "");
    }
    if (hand.glide_medium > 0) pen.event("prep_medium", "hyaluronic_acid");
}

}  // namespace

Performance perform_operator(const Stage& stage, Skill skill, uint64_t seed) {
    return perform_operator(stage, Operator{.skill = skill_value(skill)}, seed);
}

Performance perform_operator(const Stage& stage, const Operator& who, uint64_t seed) {
    base::Random random(seed);
    const Hand hand = make_hand(who);
    std::vector<ZonePlan> plans = make_plans(stage, hand, random);
    std::erase_if(plans, [](const ZonePlan& plan) { return plan.strokes.empty(); });

    Pen pen(stage, hand, random);
    if (plans.empty()) return pen.take();
    pen.hover_over(plans.front().strokes.front().points.front());
    OperatorTalk talk(stage, who, seed);
    pen.add(talk.before(pen.now_us()));
    if (!talk.treats()) {
        pen.wait(kMotorLead);
        pen.add(talk.after(pen.now_us()));
        return pen.take();
    }
    const size_t said = pen.events().size();
    prepare(pen, hand);
    talk.prepared(pen.events().subspan(said));
    pen.wait(kMotorLead);
    pen.motor(stage.device.has_motor());
    pen.wait(kMotorLead);
    for (const ZonePlan& plan : plans) treat_zone(pen, stage, hand, plan, random, talk);
    pen.wait(kMotorLead);
    pen.motor(false);
    pen.wait(kMotorLead);
    pen.add(talk.after(pen.now_us()));
    return pen.take();
}

}  // namespace training

#include "engine/skin/simulation.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/units.h"
#include "engine/skin/pen_path.h"
#include "engine/skin/touch.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace skin {
namespace {

using base::round_to_integer;

constexpr uint64_t kStroke = 10'000'000;  // one stroke in units of µs × 0.1 Hz
constexpr double kShallowest = 20e-6;     // m; clinical.md 4.3, stratum corneum to break (F1)
constexpr double kDeepestUm = 4000;
constexpr double kStandingStill = 2e-3;  // m/s, below which a travel has no direction
constexpr double kFullRate = 100;        // Hz from which a faster pin does not tent the skin less (A)
constexpr double kNever = -1e9;          // s
constexpr double kMostDentUm = 1e6, kMostSpeed = 4e9;  // µm, µm/s: what the record's integers may hold

uint32_t saturate(double value, double most) {
    return static_cast<uint32_t>(round_to_integer(std::clamp(value, 0.0, most)));
}

uint32_t centidegrees(double radians) {
    return saturate(radians * (18000.0 / base::det::kPi), 65535);
}

uint32_t pack_weights(glm::dvec3 weights) {
    uint32_t second = saturate(weights.y * 65535, 65535);
    uint32_t third = std::min(saturate(weights.z * 65535, 65535), 65535 - second);
    return second | third << 16;
}

mesh::SurfacePoint unpack_point(const shared::Puncture& puncture) {
    double second = (puncture.weights & 0xffffu) / 65535.0, third = (puncture.weights >> 16) / 65535.0;
    return {puncture.triangle, {1.0 - second - third, second, third}};
}

/// Bin of a direction of travel, 30 degrees wide, the first centred on the skin's `along`; a stroke and its
/// return agree.
uint32_t direction_bin(glm::dvec3 travel, glm::dvec3 normal) {
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(normal, along, across);
    double angle = base::det::atan2(glm::dot(travel, across), glm::dot(travel, along));
    double bins = angle * (shared::kDirectionBins / base::det::kPi) + 0.5;
    int64_t bin = static_cast<int64_t>(std::floor(bins)) + 2 * shared::kDirectionBins;
    return static_cast<uint32_t>(bin % shared::kDirectionBins);
}

template <typename T>
void add(base::Hasher& hasher, const std::vector<T>& values) {
    hasher.values(std::span<const T>(values));
}

void add(base::Hasher& hasher, glm::dvec3 v) {
    hasher.value(v.x).value(v.y).value(v.z);
}

double blend(double from, double to, double share) {
    return from + share * (to - from);
}

/// Share of a stroke for which a pin is beyond the skin.
double dwell_share(double clearance, double depth) {
    return base::det::acos(clearance / depth) / base::det::kPi;
}

/// "x y z dx dy dz" in metres; nothing for any other text.
std::optional<Hold> parse_hold(std::string_view text) {
    std::array<double, 6> numbers{};
    size_t count = 0;
    while (!text.empty()) {
        size_t space = text.find(' ');
        std::string_view word = text.substr(0, space);
        text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
        if (word.empty()) continue;
        base::Result<double> number = base::parse_number(word);
        if (!number || !(std::fabs(*number) <= 10.0) || count == numbers.size()) return std::nullopt;
        numbers[count++] = *number;
    }
    if (count != numbers.size()) return std::nullopt;
    return Hold{{numbers[0], numbers[1], numbers[2]}, {numbers[3], numbers[4], numbers[5]}};
}

}  // namespace

struct Simulation::State {
    State(const face::FaceAsset& f, const DeviceProfile& d, const SkinModel& s)
        : face(f), device(d), skin(s), tip(f, d, s), stretch(f, s), medium_put(f.zones.size(), kNever) {}

    void begin();
    void step(uint64_t number);
    void apply_events(uint32_t end);
    void apply(const input::ProcedureEvent& event);
    void draw_along(double seconds);
    void travel(glm::dvec3 before, double seconds);
    bool wet() const;
    void run_motor(uint32_t from, uint32_t to);
    void strike(double time, uint32_t time_us, const PenSpan& span);
    void puncture(const mesh::SurfaceHit& hit, double depth, uint32_t tilt, const shared::Puncture& common);
    void record(uint32_t end);
    void chain_logs();
    double entering_share(double seat, double rate_hz) const;

    const face::FaceAsset& face;
    const DeviceProfile& device;
    const SkinModel& skin;
    TipOnSkin tip;
    Stretch stretch;

    PenPath path;
    std::vector<input::ProcedureEvent> events;  ///< not yet in effect
    bool held_ideally = false;                  ///< traction without fingers of its own
    std::vector<double> medium_put;             ///< s, per zone: when a glide medium was put there; kNever
    double greatest_drag = 0;                   ///< m, of the step's strokes

    bool begun = false, ever_touched = false;
    uint64_t steps = 0;
    uint32_t now_us = 0, before_us = 0;  ///< times of the present and the previous touch
    Touch touch, touch_before;
    glm::dvec3 tip_before{0};
    Contact contact;
    uint32_t direction = shared::kNoDirection;
    uint64_t phase = 0;  ///< of the motor, < kStroke

    std::vector<shared::Puncture> punctures;
    std::vector<shared::ContactRecord> contacts;
    size_t chained_punctures = 0, chained_contacts = 0;  ///< of the logs as they are now
    base::Hash log_chain;                                ///< over every record so far

    std::vector<PenSpan> spans;  ///< scratch of a step
};

/// The first sample shows where the pen is; the first step's strokes need that to start from.
void Simulation::State::begin() {
    now_us = path.first_time();
    while (step_end_us(steps) < now_us) ++steps;
    if (step_end_us(steps) > now_us) --steps;  // the step that the first sample falls into is still to run
    apply_events(now_us);
    tip.update(path.at(now_us), 0.0, touch, contact);
    draw_along(0.0);
    ever_touched = touch.touching;
    begun = true;
}

void Simulation::State::apply_events(uint32_t end) {
    auto due = [&](const input::ProcedureEvent& event) { return event.time_us < end; };
    for (const input::ProcedureEvent& event : events)
        if (due(event)) apply(event);
    std::erase_if(events, due);
}

void Simulation::State::apply(const input::ProcedureEvent& event) {
    if (event.name == "traction_begin") {
        std::optional<Hold> hold = parse_hold(event.value);
        held_ideally = event.value.empty();
        if (hold)
            stretch.hold(*hold);
        else
            stretch.release();
    }
    if (event.name == "traction_end") {
        held_ideally = false;
        stretch.release();
    }
    bool wipe = event.name == "wipe";
    if (!wipe && event.name != "glide_medium") return;
    int zone = face.find_zone(event.value);
    if (zone >= 0) medium_put[static_cast<size_t>(zone)] = wipe ? kNever : event.time_us * 1e-6;
}

bool Simulation::State::wet() const {
    return now_us * 1e-6 - medium_put[contact.zone] < skin.medium_lasts;
}

/// The sheet of skin under fingers and tip, and what of it lies under the tip now.
void Simulation::State::draw_along(double seconds) {
    glm::dvec3 way = touch.touching && touch_before.touching ? contact.tip - tip_before : glm::dvec3(0);
    Gliding gliding{contact.position,
                    touch.normal,
                    device.tip_radius,
                    touch.touching ? touch.force : 0.0,
                    skin.friction(now_us * 1e-6 - medium_put[contact.zone]),
                    contact.tissue};
    stretch.pass(seconds, gliding, way);
    contact.drag = std::sqrt(glm::dot(stretch.slid(), stretch.slid()));
    touch.drawn = {};
    if (!stretch.empty() && touch.near) touch.drawn = stretch.drawn(contact.position, touch.normal);
    contact.drawn = touch.drawn;
    contact.grips = stretch.grips();
}

void Simulation::State::travel(glm::dvec3 before, double seconds) {
    contact.speed = 0;
    direction = shared::kNoDirection;
    if (!touch.touching || !touch_before.touching) return;
    // The tip's own way, not the anchor's: at an edge of the skin the anchor leaps to whatever still carries the rim.
    glm::dvec3 moved = contact.tip - before;
    moved -= touch.normal * glm::dot(moved, touch.normal);
    contact.speed = std::sqrt(glm::dot(moved, moved)) / seconds;
    if (contact.speed >= kStandingStill) direction = direction_bin(moved, touch.normal);
}

void Simulation::State::step(uint64_t number) {
    uint32_t end = step_end_us(number);
    apply_events(end);
    tip_before = contact.tip;
    greatest_drag = 0;
    uint32_t direction_before = direction;
    std::swap(touch_before, touch);
    before_us = now_us;
    now_us = end;

    double seconds = (now_us - before_us) * 1e-6;
    tip.update(path.at(end), seconds, touch, contact);
    draw_along(seconds);
    travel(tip_before, seconds);
    uint32_t direction_now = direction;
    if (!touch.touching)
        direction = direction_before;  // the strokes of a lift still belong to the way before it
    run_motor(before_us, now_us);
    direction = direction_now;
    ever_touched = ever_touched || touch.touching;
    if (ever_touched) record(end);
    steps = number;
    chain_logs();
}

/// Phase is counted in whole µs × 0.1 Hz, so no number of steps or changes of rate makes it drift.
void Simulation::State::run_motor(uint32_t from, uint32_t to) {
    path.spans(from, to, spans);
    for (const PenSpan& span : spans) {
        if (!span.motor) {
            phase = 0;
            continue;
        }
        uint64_t turned = static_cast<uint64_t>(span.to - span.from) * span.rate_dhz;
        for (uint64_t due = kStroke - phase; due <= turned; due += kStroke) {
            double time = span.from + static_cast<double>(due) / span.rate_dhz;
            uint64_t nearest = (2 * due + span.rate_dhz) / (2 * span.rate_dhz);
            strike(time, span.from + static_cast<uint32_t>(nearest), span);
        }
        phase = (phase + turned) % kStroke;
    }
}

double Simulation::State::entering_share(double seat, double rate_hz) const {
    double taut = held_ideally ? 1.0 : std::min(1.0, touch.drawn.stretch / skin.full_stretch);
    double ease = 0.5 * seat + 0.25 * std::min(1.0, rate_hz / kFullRate) + 0.25 * taut;
    return device.eta_min + (device.eta_max - device.eta_min) * ease;
}

/// All pins at one instant: the pen where it is then, the skin between the step's two ends.
void Simulation::State::strike(double time, uint32_t time_us, const PenSpan& span) {
    if (!touch.near && !touch_before.near) return;
    PenState pen = path.at(time);
    if (pen.force && *pen.force <= 0.0) return;  // nothing holds the pen against its own needles
    double share = (time - before_us) / static_cast<double>(now_us - before_us);
    double enters = entering_share(blend(touch_before.seat, touch.seat, share), span.rate_dhz * 0.1);
    double force = pen.force ? *pen.force : blend(touch_before.force, touch.force, share);
    glm::dvec3 from = touch_before.near ? touch_before.normal : touch.normal,
               to = touch.near ? touch.normal : from;
    uint32_t tilt = centidegrees(tilt_between(pen.axis, from + share * (to - from)));
    uint32_t flags = pen.force ? 0 : shared::kFlagPositionDriven;

    double slide = contact.drag / ((now_us - before_us) * 1e-6);  // m/s
    TipFrame frame(pen);
    for (size_t k = 0; k < device.pins.size(); ++k) {
        double before = touch_before.clearance[k], after = touch.clearance[k];
        if (before == kNoSkin || after == kNoSkin) continue;
        double clearance = blend(before, after, share), set = span.depth_um * 1e-6;
        double depth = enters * (set - clearance);
        if (depth < kShallowest) continue;
        std::optional<mesh::SurfaceHit> hit = tip.cast(frame, device.pins[k]);
        if (!hit) continue;
        double drag = slide * dwell_share(clearance, set) / (span.rate_dhz * 0.1);
        greatest_drag = std::max(greatest_drag, drag);
        uint32_t scratch = drag > 0.5 * device.pin_diameter ? shared::kFlagScratch : 0;
        shared::Puncture common{};
        common.time_us = time_us;
        common.force_needle = saturate(force * 1e3, 65535) | static_cast<uint32_t>(k) << 16 | direction << 24 |
                              (flags | scratch) << 28;
        puncture(*hit, depth, tilt, common);
    }
}

void Simulation::State::puncture(const mesh::SurfaceHit& hit, double depth, uint32_t tilt,
                                 const shared::Puncture& common) {
    shared::Puncture result = common;
    result.triangle = hit.point.triangle;
    result.weights = pack_weights(hit.point.weights);
    result.depth_tilt = saturate(depth * 1e6, kDeepestUm) | tilt << 16;
    // The cell follows from the place as recorded, so that anyone can find it again.
    mesh::SurfacePoint place = unpack_point(result);
    bool treatable = face.zone[place.triangle] != 0;
    result.cell =
        treatable ? face.cells.find(mesh::position_at(face.mesh, place), mesh::normal_at(face.mesh, place))
                  : shared::kNoCell;
    if (result.cell == shared::kNoCell) result.force_needle |= shared::kFlagOutside << 28;
    punctures.push_back(result);
}

void Simulation::State::record(uint32_t end) {
    shared::ContactRecord record{};
    record.time_us = end;
    record.cell = shared::kNoCell;
    if (touch.touching) {
        record.cell = contact.cell;
        record.zone = contact.zone;
        record.force_mn = saturate(contact.force * 1e3, 65535);
        record.dent_um = saturate(contact.dent * 1e6, kMostDentUm);
        record.tilt_cdeg = centidegrees(contact.tilt);
        record.speed_um_s = saturate(contact.speed * 1e6, kMostSpeed);
    }
    record.flags = direction | (touch.touching ? shared::kContactTouching : 0) |
                   (path.motor_at(end) ? shared::kContactMotor : 0) |
                   (held_ideally || stretch.held() ? shared::kContactTraction : 0);
    if (touch.touching) {
        double stretched = held_ideally ? skin.full_stretch : touch.drawn.stretch;
        record.flags |= (wet() ? shared::kContactMedium : 0) | saturate(stretched * 1e3, 255) << 8 |
                        saturate(greatest_drag * 1e6, 65535) << 16;
    }
    contacts.push_back(record);
}

/// Each step adds its records to a chain of hashes, so that a hash of everything costs the same late in a
/// session.
void Simulation::State::chain_logs() {
    if (chained_punctures == punctures.size() && chained_contacts == contacts.size()) return;
    base::Hasher hasher;
    hasher.bytes(log_chain.bytes);
    hasher.values(std::span<const shared::Puncture>(punctures).subspan(chained_punctures));
    hasher.values(std::span<const shared::ContactRecord>(contacts).subspan(chained_contacts));
    log_chain = hasher.finish();
    chained_punctures = punctures.size();
    chained_contacts = contacts.size();
}

Simulation::Simulation(const face::FaceAsset& face, const DeviceProfile& device, const SkinModel& skin)
    : state_(std::make_unique<State>(face, device, skin)) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;

void Simulation::advance(std::span<const input::PenSample> samples) {
    State& s = *state_;
    s.path.append(samples);
    if (s.path.empty()) return;
    if (!s.begun) s.begin();
    while (step_end_us(s.steps + 1) <= s.path.last_time()) s.step(s.steps + 1);
    s.path.forget_before(s.now_us);
}

void Simulation::event(const input::ProcedureEvent& event) {
    state_->events.push_back(event);
}

const std::vector<shared::Puncture>& Simulation::punctures() const {
    return state_->punctures;
}

const std::vector<shared::ContactRecord>& Simulation::contacts() const {
    return state_->contacts;
}

void Simulation::clear_logs() {
    state_->punctures.clear();
    state_->contacts.clear();
    state_->chained_punctures = state_->chained_contacts = 0;
}

const Contact& Simulation::contact() const {
    return state_->contact;
}

uint64_t Simulation::steps_done() const {
    return state_->steps;
}

base::Hash Simulation::state_hash() const {
    const State& s = *state_;
    base::Hasher hasher;
    hasher.bytes(s.log_chain.bytes).value(s.steps).value(s.now_us).value(s.phase).value(s.direction);
    hasher.value(uint8_t(s.held_ideally)).value(uint8_t(s.ever_touched));
    for (bool flag : {s.touch.touching, s.touch.near}) hasher.value(uint8_t(flag));
    hasher.value(s.touch.force).value(s.touch.seat).value(s.touch.approach);
    add(hasher, s.touch.normal);
    add(hasher, s.touch.clearance);
    add(hasher, s.contact.position);
    for (size_t point : s.tip.pressing()) hasher.value(uint64_t(point));
    for (const PressurePoint& point : s.contact.points) hasher.value(point.force);
    for (const PressurePoint& point : s.contact.past) add(hasher.value(point.force), point.position);
    for (const Grip& grip : s.contact.grips) {
        add(hasher, grip.place);
        add(hasher, grip.load);
    }
    return hasher.finish();
}

double Simulation::dent_at(glm::dvec3 place) const {
    return state_->tip.dent_at(place);
}

glm::dvec3 puncture_position(const face::FaceAsset& face, const shared::Puncture& puncture) {
    return mesh::position_at(face.mesh, unpack_point(puncture));
}

}  // namespace skin

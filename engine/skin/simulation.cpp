#include "engine/skin/simulation.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/units.h"
#include "engine/skin/evidence_integers.h"
#include "engine/skin/heading.h"
#include "engine/skin/needles.h"
#include "engine/skin/traction_events.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace skin {
namespace {

constexpr double kStandingStill = 2e-3;  // m/s, below which a travel has no direction
constexpr double kNever = -1e9;          // s
constexpr double kMostDentUm = 1e6, kMostSpeed = 4e9;  // µm, µm/s: what the record's integers may hold

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

}  // namespace

struct Simulation::State {
    State(const face::FaceAsset& f, const DeviceProfile& d, const SkinModel& s)
        : face(f), device(d), skin(s), tip(f, d, s), stretch(f, s), needles(f, d, s), medium_put(f.zones.size(), kNever) {}

    void begin();
    void step(uint64_t number);
    void apply_events(uint32_t end);
    void apply(const input::ProcedureEvent& event);
    PenState pen_at(uint32_t time_us) const;
    void head(uint32_t end);
    void draw_along(double seconds);
    void settle_place();
    /// 0 for what does not roll.
    glm::dvec3 rolls_along() const { return device.kind == DeviceKind::roller ? heading.along() : glm::dvec3(0); }
    void travel(glm::dvec3 before, double seconds);
    bool wet() const;
    void record(uint32_t end);
    void chain_logs();

    const face::FaceAsset& face;
    const DeviceProfile& device;
    const SkinModel& skin;
    TipOnSkin tip;
    Stretch stretch;
    Needles needles;
    Heading heading;  ///< of a roller

    PenPath path;
    std::vector<input::ProcedureEvent> events;  ///< not yet in effect
    bool held_ideally = false;                  ///< traction without fingers of its own
    std::vector<double> medium_put;             ///< s, per zone: when a glide medium was put there; kNever

    bool begun = false, ever_touched = false;
    uint64_t steps = 0;
    uint32_t now_us = 0, before_us = 0;  ///< times of the present and the previous touch
    Touch touch, touch_before;
    glm::dvec3 tip_before{0};
    Contact contact;
    uint32_t direction = shared::kNoDirection;

    std::vector<shared::Puncture> punctures;
    std::vector<shared::ContactRecord> contacts;
    size_t chained_punctures = 0, chained_contacts = 0;  ///< of the logs as they are now
    base::Hash log_chain;                                ///< over every record so far
};

/// The first sample shows where the pen is; the first step's strokes need that to start from.
void Simulation::State::begin() {
    now_us = path.first_time();
    while (step_end_us(steps) < now_us) ++steps;
    if (step_end_us(steps) > now_us) --steps;  // the step that the first sample falls into is still to run
    apply_events(now_us);
    tip.update(pen_at(now_us), 0.0, touch, contact);
    draw_along(0.0);
    ever_touched = touch.touching;
    begun = true;
}

void Simulation::State::apply_events(uint32_t end) {
    auto due = [&](const input::ProcedureEvent& event) { return event.time_us < end; };
    for (const input::ProcedureEvent& event : events)
        if (due(event)) {
            apply(event);
            if (event.name == "cartridge_new") needles.change_cartridge();
        }
    std::erase_if(events, due);
}

void Simulation::State::apply(const input::ProcedureEvent& event) {
    if (obey_traction(event, stretch, held_ideally)) return;
    bool wipe = event.name == "wipe";
    if (!wipe && event.name != "glide_medium") return;
    int zone = face.find_zone(event.value);
    if (zone >= 0) medium_put[static_cast<size_t>(zone)] = wipe ? kNever : event.time_us * 1e-6;
}

bool Simulation::State::wet() const {
    return now_us * 1e-6 - medium_put[contact.zone] < skin.medium_lasts;
}

PenState Simulation::State::pen_at(uint32_t time_us) const {
    PenState pen = path.at(time_us);
    pen.heading = rolls_along();
    return pen;
}

/// Lays a drum across the way of the step that ends at `end`.
void Simulation::State::head(uint32_t end) {
    if (device.kind != DeviceKind::roller) return;
    if (touch_before.touching)
        heading.go(path.at(end).tip - path.at(before_us).tip, touch_before.normal);
    else
        heading.lift();
    contact.heading = rolls_along();
}

/// The sheet of skin under fingers and tip, and what of it lies under the tip now.
void Simulation::State::draw_along(double seconds) {
    glm::dvec3 way = touch.touching && touch_before.touching ? contact.tip - tip_before : glm::dvec3(0);
    way -= rolls_along() * glm::dot(way, rolls_along());  // a drum rolls
    if (device.kind == DeviceKind::roller && !heading.shown()) way = glm::dvec3(0);
    Gliding gliding{contact.position,
                    touch.normal,
                    device.tip_radius,
                    touch.touching ? touch.force : 0.0,
                    skin.friction(now_us * 1e-6 - medium_put[contact.zone]),
                    contact.tissue};
    stretch.pass(seconds, gliding, way);
    contact.drag = std::sqrt(glm::dot(stretch.slid(), stretch.slid()));
    touch.middle = contact.position;
    touch.drawn = {};
    if (!stretch.empty() && touch.near) touch.drawn = stretch.drawn(contact.position, touch.normal);
    contact.drawn = touch.drawn;
    contact.grips = stretch.grips();
    contact.fingers = stretch.fingertips();
    settle_place();
}

/// Records name the skin that lies under the tip, wherever it was drawn from.
void Simulation::State::settle_place() {
    glm::dvec3 shift = touch.drawn.shift;
    if (!touch.near || glm::dot(shift, shift) < kUndrawn * kUndrawn) return;
    std::optional<mesh::SurfaceHit> hit = face.felt_index().closest(contact.position - shift, kDrawnReach);
    if (!hit) return;
    contact.anchor = face.drawn_at(*hit);
    contact.cell = face.cells.find(hit->position, mesh::normal_at(face.felt(), hit->point));
    contact.zone = contact.cell == shared::kNoCell ? uint8_t{0} : face.cells.zone[contact.cell];
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
    uint32_t direction_before = direction;
    std::swap(touch_before, touch);
    before_us = now_us;
    now_us = end;

    double seconds = (now_us - before_us) * 1e-6;
    head(end);
    tip.update(pen_at(end), seconds, touch, contact);
    draw_along(seconds);
    travel(tip_before, seconds);
    uint32_t direction_now = direction;
    if (!touch.touching)
        direction = direction_before;  // the strokes of a lift still belong to the way before it
    needles.pass({path, tip, touch_before, touch, before_us, now_us, rolls_along(), contact.stiffness, contact.drag,
                  direction, held_ideally},
                 punctures);
    contact.drum_turn = needles.drum_turn();
    direction = direction_now;
    ever_touched = ever_touched || touch.touching;
    if (ever_touched) record(end);
    steps = number;
    chain_logs();
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
                   (!device.has_motor() || path.motor_at(end) ? shared::kContactMotor : 0) |
                   (held_ideally || stretch.held() ? shared::kContactTraction : 0);
    if (touch.touching) {
        double stretched = held_ideally ? skin.full_stretch : touch.drawn.stretch;
        record.flags |= (wet() ? shared::kContactMedium : 0) | saturate(stretched * 1e3, 255) << 8 |
                        saturate(needles.greatest_drag() * 1e6, 65535) << 16;
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
    hasher.bytes(s.log_chain.bytes).value(s.steps).value(s.now_us);
    s.needles.add_to(hasher);
    hasher.value(s.direction);
    hasher.value(uint8_t(s.held_ideally)).value(uint8_t(s.ever_touched));
    for (bool flag : {s.touch.touching, s.touch.near}) hasher.value(uint8_t(flag));
    hasher.value(s.touch.force).value(s.touch.seat).value(s.touch.approach);
    add(hasher, s.touch.normal);
    add(hasher, s.touch.clearance);
    add(hasher, s.contact.position);
    for (size_t point : s.tip.pressing()) hasher.value(uint64_t(point));
    for (const PressurePoint& point : s.contact.points) hasher.value(point.force);
    for (const PressurePoint& point : s.contact.past) add(hasher.value(point.force), point.position);
    if (s.device.kind == DeviceKind::roller) add(hasher, s.heading.along());
    for (const Grip& grip : s.contact.grips) {
        add(hasher, grip.place);
        add(hasher, grip.load);
    }
    return hasher.finish();
}

Simulation::Snapshot::Snapshot(std::unique_ptr<const State> state) : state_(std::move(state)) {}
Simulation::Snapshot::~Snapshot() = default;
Simulation::Snapshot::Snapshot(Snapshot&&) noexcept = default;
Simulation::Snapshot& Simulation::Snapshot::operator=(Snapshot&&) noexcept = default;

uint64_t Simulation::Snapshot::steps_done() const {
    return state_->steps;
}

size_t Simulation::Snapshot::bytes() const {
    const State& s = *state_;
    return sizeof(State) + s.tip.heap_bytes() + s.stretch.heap_bytes() + s.needles.heap_bytes() + s.path.heap_bytes() +
           base::heap_bytes(s.events, s.medium_put, s.touch.clearance, s.touch_before.clearance, s.contact.points, s.contact.past,
                            s.contact.grips, s.contact.fingers);
}

Simulation::Snapshot Simulation::snapshot() const {
    auto kept = std::make_unique<State>(*state_);
    kept->tip.shed();
    kept->punctures = {};
    kept->contacts = {};
    kept->chained_punctures = kept->chained_contacts = 0;
    return Snapshot(std::move(kept));
}

void Simulation::restore(const Snapshot& snapshot) {
    state_ = std::make_unique<State>(*snapshot.state_);
    state_->tip.make_again();
}

double Simulation::dent_at(glm::dvec3 place) const {
    return state_->tip.dent_at(place);
}

glm::dvec3 puncture_position(const face::FaceAsset& face, const shared::Puncture& puncture) {
    return mesh::position_at(face.mesh, unpack_point(puncture));
}

}  // namespace skin

#include "engine/skin/touch.h"

#include "engine/base/deterministic_math.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace skin {
namespace {

constexpr double kOutside = 30e-3;  // m before the tip's plane from where skin is looked for
constexpr double kAhead = 25e-3;    // m beyond it
constexpr double kReach = 15e-3;    // m; a force-driven tip farther than this from skin is in the air
constexpr double kLifted = 0.5e-6;  // N; below half a sample's force unit nothing presses
constexpr double kSecantAgrees = 1e-6;
constexpr double kSecantGrows = 1.02;  // in a step of a steady hand at most
constexpr int kMostSecants = 30;
constexpr double kMostRise = 0.2e-3;   // m of a smooth skin off its triangles; more is a crease
constexpr double kGrazing = 0.3;       // cosine between skin and axis below which skin is hardly met
constexpr double kSameTissue = 3e-3;   // m below the nearest point at which tissue counts half
constexpr std::array kTissueFigures{&face::TissueAt::epidermis, &face::TissueAt::dermis,  &face::TissueAt::depth,
                                    &face::TissueAt::stiffness, &face::TissueAt::poisson, &face::TissueAt::fat,
                                    &face::TissueAt::anisotropy};
constexpr double kPinShare =
    1.75;  // sizes of a sector around a pin in which points tell of the skin's clearance

/// Falls smoothly to nothing at the reach.
double share_weight(double r2, double reach) {
    double t = 1.0 - r2 / (reach * reach);
    return t > 0.0 ? t * t : 0.0;
}

/// The face's or rim's points, then those of the sheet over its opening.
std::vector<TipPoint> points_of(const DeviceProfile& device, const Sheet& sheet) {
    std::vector<TipPoint> points = device.kind == DeviceKind::roller ? drum_points(device.drum_width, device.drum_radius)
                                                                     : tip_points(device.tip_radius, device.opening_radius);
    points.insert(points.end(), sheet.patches().begin(), sheet.patches().end());
    return points;
}

std::vector<glm::dvec2> places_of(std::span<const TipPoint> points) {
    std::vector<glm::dvec2> places;
    for (const TipPoint& point : points) places.push_back(point.place);
    return places;
}

}  // namespace

std::vector<glm::dvec2> entry_places(const DeviceProfile& device) {
    if (device.kind != DeviceKind::roller) return device.pins;
    std::vector<glm::dvec2> places;
    size_t per_row = device.pins.size() / device.rows;
    for (size_t row = 0; row < device.rows; ++row) places.emplace_back(device.pins[row * per_row].x, 0.0);
    return places;
}

double tilt_between(glm::dvec3 axis, glm::dvec3 normal) {
    glm::dvec3 across = glm::cross(axis, normal);
    return base::det::atan2(std::sqrt(glm::dot(across, across)), -glm::dot(axis, normal));
}

TipOnSkin::TipOnSkin(const face::FaceAsset& face, const DeviceProfile& device, const SkinModel& skin)
    : face_(face),
      device_(device),
      skin_(skin),
      sheet_(device.opening_radius),
      solver_(points_of(device, sheet_), skin.kernel),
      memory_(skin, places_of(solver_.points())),
      entries_(entry_places(device)) {
    CHECK(face.index != nullptr);
    size_t n = solver_.points().size();
    depth_.resize(n);
    gap_.resize(n);
    hit_.resize(n);
    sunk_.resize(n);
    bool drum = device.kind == DeviceKind::roller;
    double lowest = kNoSkin;
    for (const TipPoint& point : solver_.points()) lowest = std::min(lowest, std::fabs(point.place.y));
    for (const TipPoint& point : solver_.points()) {
        bool rim = seats_.size() < rim_points();
        rise_.push_back(drum ? drum_rise(point.place.y, device.drum_radius) : 0.0);
        seats_.push_back(rim && (!drum || std::fabs(point.place.y) < 1.5 * lowest));
    }
    if (device.opening_radius > 0.0) {
        auto radius2 = [&](size_t i) { return glm::dot(solver_.points()[i].place, solver_.points()[i].place); };
        while (inner_ring_ < rim_points() && radius2(inner_ring_) < radius2(0) * (1.0 + 1e-6)) ++inner_ring_;
        return;
    }
    double reach = 0;
    for (const TipPoint& point : solver_.points()) reach = std::max(reach, kPinShare * point.size);
    for (glm::dvec2 pin : entries_) {
        pin_shares_.emplace_back();
        for (size_t i = 0; i < solver_.points().size(); ++i) {
            glm::dvec2 apart = solver_.points()[i].place - pin;
            double weight = share_weight(apart.x * apart.x + apart.y * apart.y, reach);
            if (weight > 0.0) pin_shares_.back().push_back({i, weight});
        }
        CHECK(!pin_shares_.back().empty());
    }
}

std::optional<mesh::SurfaceHit> TipOnSkin::cast(const TipFrame& frame, glm::dvec2 place) const {
    std::optional<mesh::SurfaceHit> hit =
        face_.felt_index().cast_front(frame.at(place, -kOutside), frame.axis, 0.0, kOutside + kAhead);
    if (!hit) return hit;
    hit->distance -= kOutside;
    glm::dvec3 normal = mesh::normal_at(face_.felt(), hit->point);
    double rise = glm::dot(mesh::curved_offset(face_.felt(), hit->point), normal), slant = glm::dot(frame.axis, normal);
    hit->distance += std::clamp(rise, -kMostRise, kMostRise) * slant / std::max(slant * slant, kGrazing * kGrazing);
    return hit;
}

void TipOnSkin::find_gaps(const TipFrame& frame) {
    for (size_t i = 0; i < gap_.size(); ++i) {
        hit_[i] = cast(frame, solver_.points()[i].place);
        depth_[i] = gap_[i] = hit_[i] ? hit_[i]->distance : kNoSkin;
    }
    span_opening();
}

/// The gaps along the rim's inner ring, continued over the opening by harmonic polynomials: the sheet is at rest where skin
/// keeps its own shape. At the edge of all skin it is let go.
void TipOnSkin::span_opening() {
    constexpr size_t kTerms = 5;
    auto terms = [](glm::dvec2 p) { return std::array<double, kTerms>{1.0, p.x, p.y, p.x * p.x - p.y * p.y, p.x * p.y}; };
    std::array<double, kTerms> share{}, norm{};
    for (size_t i = 0; i < inner_ring_; ++i) {
        std::array<double, kTerms> term = terms(solver_.points()[i].place);
        for (size_t k = 0; k < kTerms; ++k) share[k] += term[k] * gap_[i], norm[k] += term[k] * term[k];
    }
    const double none = 1e-6 * norm[1] * norm[1];  // of a term that the few points of a narrow ring cannot tell
    for (size_t i = rim_points(); i < gap_.size(); ++i) {
        std::array<double, kTerms> term = terms(solver_.points()[i].place);
        double over = 0;
        for (size_t k = 0; k < kTerms; ++k) over += k < 3 || norm[k] > none ? term[k] * share[k] / norm[k] : 0.0;
        gap_[i] = hit_[i] && share[0] < kNoSkin ? over : kNoSkin;
    }
}

/// The skin under the tip's centre, or under its nearest point where the centre hangs over an edge.
void TipOnSkin::choose_anchor(const TipFrame& frame, Contact& contact, Touch& touch) {
    std::optional<mesh::SurfaceHit> hit = cast(frame, {0, 0});
    size_t nearest = static_cast<size_t>(std::min_element(gap_.begin(), gap_.end()) - gap_.begin());
    if (!hit) hit = hit_[nearest];
    touch.near = hit.has_value() && hit->distance <= kReach;
    if (!touch.near) return;
    contact.anchor = face_.drawn_at(*hit);
    contact.position = hit->position;
    touch.normal = mesh::normal_at(face_.felt(), hit->point);
    contact.cell = face_.cells.find(hit->position, touch.normal);
    contact.zone = contact.cell == shared::kNoCell ? uint8_t{0} : face_.cells.zone[contact.cell];
    contact.tissue = tissue_under(hit->point);
}

/// What a tip feels is no single place's: the mean over its points, less of those that lie far below the nearest. So it
/// changes smoothly over the borders of zones, however the mesh samples them.
face::TissueAt TipOnSkin::tissue_under(const mesh::SurfacePoint& anchor) const {
    double nearest = *std::min_element(depth_.begin(), depth_.end()), weights = 0;
    face::TissueAt mean{}, centre = face_.tissue_felt(anchor);
    mean.anisotropy = 0;
    for (size_t i = 0; i < hit_.size(); ++i) {
        if (!hit_[i]) continue;
        face::TissueAt here = face_.tissue_felt(hit_[i]->point);
        double far = (depth_[i] - nearest) / kSameTissue, w = solver_.points()[i].area / (1.0 + far * far);
        for (double face::TissueAt::*figure : kTissueFigures) mean.*figure += w * (here.*figure);
        mean.tension += glm::dot(here.tension, centre.tension) < 0 ? -w * here.tension : w * here.tension;
        weights += w;
    }
    if (!(weights > 0.0)) return centre;
    for (double face::TissueAt::*figure : kTissueFigures) mean.*figure /= weights;
    double length = std::sqrt(glm::dot(mean.tension, mean.tension));
    mean.tension = length > 0.0 ? mean.tension / length : glm::dvec3(0);
    return mean;
}

void TipOnSkin::smooth_normal(Touch& touch) const {
    glm::dvec3 sum{0};
    for (const std::optional<mesh::SurfaceHit>& hit : hit_)
        if (hit) sum += mesh::normal_at(face_.felt(), hit->point);
    double length2 = glm::dot(sum, sum);
    if (length2 > 0.0) touch.normal = sum / std::sqrt(length2);
}

/// How deep the past left the skin under each point, at small-strain stiffness, and a drum's face stands back there.
void TipOnSkin::sink(const face::TissueAt& tissue) {
    solver_.set_layer(tissue.depth, tissue.poisson);
    layered_ = true;
    stiffness_ = tissue.stiffness;
    secant_before_ = secant_;
    secant_ = 1;
    for (size_t i = 0; i < gap_.size(); ++i)
        sunk_[i] = (hit_[i] ? past_displacement(hit_[i]->position) : 0.0) + rise_[i];
}

/// Where the tissue has no sheet, nothing holds it down over the opening.
void TipOnSkin::lay_sheet(const face::TissueAt& tissue) {
    std::span<const double> compliance = sheet_.compliance(skin_, tissue);
    if (!compliance.empty())
        solver_.set_sheet(compliance, tissue.stiffness / memory_.present_share(), depth_);
    else
        std::fill(gap_.begin() + static_cast<std::ptrdiff_t>(rim_points()), gap_.end(), kNoSkin);
}

double TipOnSkin::past_displacement(glm::dvec3 place) const {
    if (!layered_) return 0;
    const LayerField& field = solver_.layer();
    double sum = 0;
    for (size_t i = 0; i < past_size_.size(); ++i) {
        const PressurePoint& disc = memory_.discs()[i];
        glm::dvec3 apart = disc.position - place;
        sum += disc.force * field.unit_displacement(glm::dot(apart, apart), past_size_[i]);
    }
    return sum * field.compliance(stiffness_);
}

/// Mean depth to which the pressing points drove the skin, over the depth that a tip squeezes: the layer, or about its
/// own diameter where the layer is thicker.
double TipOnSkin::strain(const ContactSolver::Answer& answer, const face::TissueAt& tissue) const {
    double depth = 0;
    for (size_t i = 0; i < gap_.size(); ++i)
        if (answer.point_force[i] > 0.0) depth += answer.point_force[i] * (answer.approach - rise_[i] - gap_[i]);
    if (!(answer.force > 0.0)) return 0;
    double width = 2.0 * device_.tip_radius;
    return std::max(0.0, depth / answer.force) * (width + tissue.depth) / (width * tissue.depth);
}

const ContactSolver::Answer& TipOnSkin::solve(const PenState& pen, const face::TissueAt& tissue, double secant) {
    secant_ = secant;
    double stiffness = tissue.stiffness * secant / memory_.present_share();
    return pen.force ? solver_.press(stiffness, *pen.force) : solver_.hold(stiffness);
}

/// Stiffening makes the skin give less and so stiffen less: the secant modulus at which both agree is unique and lies
/// between 1 and the greatest. Regula falsi that keeps the root between (Illinois: Dowell & Jarratt 1971, BIT 11:168).
const ContactSolver::Answer& TipOnSkin::solve(const PenState& pen, const face::TissueAt& tissue) {
    const ContactSolver::Answer* answer = nullptr;
    auto excess = [&](double secant) {
        answer = &solve(pen, tissue, secant);
        return skin_.stiffening(strain(*answer, tissue)) - secant;
    };
    // From the last step's, which is near, the bracket grows until it holds the root.
    double low = std::max(1.0, secant_before_ / kSecantGrows), at_low = excess(low);
    if (at_low < 0.0 && low > 1.0) low = 1, at_low = excess(low);
    if (at_low < kSecantAgrees) return *answer;
    double high = low * kSecantGrows * kSecantGrows, at_high = excess(high);
    while (at_high > 0.0 && high < skin_.stiffening_most) {
        low = high, at_low = at_high;
        high *= 2.0;
        at_high = excess(high);
    }
    for (int round = 0, side = 0; round < kMostSecants && std::fabs(at_high) > kSecantAgrees; ++round) {
        double secant = (low * at_high - high * at_low) / (at_high - at_low);
        double at = excess(secant);
        if (std::fabs(at) < kSecantAgrees) break;
        if (at > 0.0) {
            low = secant, at_low = at;
            if (side == 1) at_high *= 0.5;
            side = 1;
        } else {
            high = secant, at_high = at;
            if (side == -1) at_low *= 0.5;
            side = -1;
        }
    }
    return *answer;
}

void TipOnSkin::press(const PenState& pen, Touch& touch, Contact& contact) {
    const face::TissueAt& tissue = contact.tissue;
    sink(tissue);
    lay_sheet(tissue);
    solver_.lay(gap_, sunk_);
    const ContactSolver::Answer& answer = solve(pen, tissue);
    if (answer.pressing == 0) return lift(touch, contact);
    answered_ = true;
    touch.touching = true;
    touch.force = pen.force ? *pen.force : answer.force;
    touch.approach = answer.approach;
    touch.bearing_area = 0;
    contact.touching = true;
    contact.force = touch.force;
    contact.dent = 0;
    bearing_.clear();
    bearing_points_.clear();
    size_t rim = rim_points(), seated = 0;
    for (size_t i = 0; i < gap_.size(); ++i) {
        if (!hit_[i]) continue;
        if (i < rim) contact.dent = std::max(contact.dent, answer.clearance[i] + answer.approach - rise_[i] - gap_[i]);
        if (answer.point_force[i] <= 0.0) continue;
        seated += seats_[i] != 0;
        if (i < rim) touch.bearing_area += solver_.points()[i].area;
        bearing_.push_back({hit_[i]->position, answer.point_force[i], solver_.points()[i].area});
        bearing_points_.push_back(i);
    }
    touch.seat = static_cast<double>(seated) / static_cast<double>(std::count(seats_.begin(), seats_.end(), char(1)));
}

void TipOnSkin::lift(Touch& touch, Contact& contact) {
    solver_.release();
    answered_ = false;
    bearing_.clear();
    bearing_points_.clear();
    touch.touching = contact.touching = false;
    touch.force = touch.seat = touch.bearing_area = touch.approach = 0;
    contact.force = contact.dent = 0;
}

double TipOnSkin::clearance_over_face(size_t pin) const {
    const std::vector<double>& clearance = solver_.answer().clearance;
    double sum = 0, weights = 0;
    for (PinShare share : pin_shares_[pin]) {
        if (clearance[share.point] == kNoSkin) continue;
        sum += share.weight * clearance[share.point];
        weights += share.weight;
    }
    return weights > 0.0 ? sum / weights : kNoSkin;
}

/// Over a closed face the clearance is known where it was solved, so it is read between the points around the
/// pin: none where they press. Over an opening it is what the dent by rim and sheet leaves.
void TipOnSkin::clear_pins(const TipFrame& frame, const PenState& pen, Touch& touch) const {
    touch.clearance.assign(entries_.size(), kNoSkin);
    for (size_t k = 0; k < entries_.size() && touch.near; ++k) {
        if (touch.touching && !pin_shares_.empty()) {
            touch.clearance[k] = clearance_over_face(k);
            continue;
        }
        std::optional<mesh::SurfaceHit> hit = cast(frame, entries_[k]);
        if (!hit) continue;
        if (touch.touching)
            touch.clearance[k] = hit->distance + dent_at(hit->position) - touch.approach;
        else  // nothing says how deep a lifted tip is but that it is not in the skin
            touch.clearance[k] = (pen.force ? std::max(0.0, hit->distance) : hit->distance) +
                                 past_displacement(hit->position);
    }
}

void TipOnSkin::update(const PenState& pen, double seconds, Touch& touch, Contact& contact) {
    memory_.pass(seconds);
    past_size_.clear();
    for (const PressurePoint& disc : memory_.discs()) past_size_.push_back(std::sqrt(disc.area));
    TipFrame frame(pen);
    bool may_press = !pen.force || *pen.force > kLifted;
    std::fill(hit_.begin(), hit_.end(), std::nullopt);
    std::fill(gap_.begin(), gap_.end(), kNoSkin);
    if (may_press) find_gaps(frame);
    contact.zone = 0;
    contact.cell = shared::kNoCell;
    choose_anchor(frame, contact, touch);
    smooth_normal(touch);

    double nearest = kNoSkin;
    for (size_t i = 0; i < gap_.size(); ++i) nearest = std::min(nearest, gap_[i] + rise_[i]);
    if (touch.near && may_press && nearest < (pen.force ? kReach : 0.0))
        press(pen, touch, contact);
    else
        lift(touch, contact);
    clear_pins(frame, pen, touch);
    memory_.bear(bearing_, bearing_points_, secant_);
    contact.points = bearing_;
    contact.past = memory_.discs();
    for (PressurePoint& past : contact.past) past.force *= secant_;
    contact.present_share = memory_.present_share();
    contact.stiffness = stiffness_ * secant_;

    contact.normal = touch.normal;
    if (touch.touching) {
        contact.dent_place = contact.position;
        contact.dent_normal = contact.normal;
        contact.dent_tissue = contact.tissue;
    }
    contact.axis = pen.axis;
    contact.tip = frame.at({0, 0}, touch.approach);
    contact.tilt = touch.near ? tilt_between(pen.axis, touch.normal) : 0.0;
}

size_t TipOnSkin::heap_bytes() const {
    size_t sum = sheet_.heap_bytes() + solver_.heap_bytes() + memory_.heap_bytes() +
                 base::heap_bytes(past_size_, entries_, pin_shares_, rise_, seats_, depth_, gap_, sunk_, bearing_, bearing_points_, hit_);
    for (const std::vector<PinShare>& shares : pin_shares_) sum += base::heap_bytes(shares);
    return sum;
}

double TipOnSkin::dent_at(glm::dvec3 place) const {
    double dent = past_displacement(place);
    if (!answered_) return dent;
    for (size_t i : solver_.pressing()) {
        glm::dvec3 apart = hit_[i]->position - place;
        dent += solver_.displacement(i, glm::dot(apart, apart), solver_.answer().point_force[i]);
    }
    return dent;
}

}  // namespace skin

#include "engine/track/response.h"

#include "engine/base/toml.h"
#include "shaders/shared/tally.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace track {

namespace {

constexpr double kLn2 = 0.69314718055994530942;

uint32_t rounded(double value) {
    return static_cast<uint32_t>(std::clamp(value + 0.5, 0.0, 4294967295.0));
}

uint32_t ticks(double seconds) {
    return std::max(rounded(seconds * shared::kTicksPerSecond), 1u);
}

/// Halvings per tick, 2^-32, of what falls to 1/e in `seconds`.
uint32_t rate_of(double seconds) {
    return rounded(4294967296.0 / (seconds * kLn2 * shared::kTicksPerSecond));
}

uint32_t level_of(double share) {
    return rounded(share * shared::kLevel);
}

/// Points of a curve: their depths must rise and their values not fall.
DepthCurve read_curve(base::TomlReader& reader, std::string_view key, const char* name, double most,
                      double scale, const std::string& file) {
    DepthCurve curve;
    for (const toml::table* entry : reader.tables(key)) {
        base::TomlReader point(*entry, file);
        curve.depth_um.push_back(rounded(point.number("depth_mm", 0.01, 4) * 1e3));
        curve.value.push_back(rounded(point.number(name, 0, most) * scale));
        if (base::Status status = point.status(); !status) reader.refuse(key, status.error());
    }
    if (curve.value.empty()) reader.refuse(key, "needs at least one point");
    if (std::ranges::adjacent_find(curve.depth_um, std::greater_equal<>()) != curve.depth_um.end())
        reader.refuse(key, "depths must rise from point to point");
    if (!std::ranges::is_sorted(curve.value)) reader.refuse(key, "values must not fall with depth");
    if (curve.value.empty()) curve = {{1}, {0}};
    return curve;
}

void read_redness(base::TomlReader& in, const std::string& file, ResponseModel& model) {
    shared::ResponseCurves& k = model.curves;
    k.redness_most = level_of(in.number("most", 0.1, 1.9));
    model.half_dose_um = in.number("half_dose_mm_per_mm2", 0.1, 1000) * 1e3;
    k.onset_rate = rate_of(in.number("onset_s", 0.5, 600));
    k.plateau = ticks(in.number("plateau_s", 0, 1e5));
    const DepthCurve fade =
        read_curve(in, "half_life", "hours", 1000, 3600.0 * shared::kTicksPerSecond, file);
    if (fade.value.size() != shared::kFadePoints) in.refuse("half_life", "must have 4 points");
    for (size_t i = 0; i < shared::kFadePoints; ++i) {
        const size_t at = std::min(i, fade.value.size() - 1);
        k.fade_depth_um[i] = fade.depth_um[at];
        k.fade_half[i] = std::max(fade.value[at], 1u);
    }
    k.flare_share = level_of(in.number("flare", 0, 1));
}

void read_bleeding(base::TomlReader& in, const std::string& file, ResponseModel& model) {
    shared::ResponseCurves& k = model.curves;
    model.bleeding = read_curve(in, "share", "bleed", 0.5, 16777216.0, file);
    const std::vector<double> delay = in.numbers("delay_s", 2, 0, 60);
    if (delay[1] < delay[0]) in.refuse("delay_s", "the second must not be less than the first");
    model.delay_low_us = rounded(delay[0] * 1e6);
    model.delay_high_us = rounded(delay[1] * 1e6);
    const double from = in.number("confluent_from_per_cm2", 1, 5000),
                 full = in.number("confluent_full_per_cm2", 1, 10000);
    if (full <= from) in.refuse("confluent_full_per_cm2", "must be more than confluent_from_per_cm2");
    k.wet_from = rounded(from / 100 * 16777216.0);
    k.wet_span = std::max(rounded((full - from) / 100 * 16777216.0), 1u);
    k.seep_rate = rate_of(in.number("seep_s", 0.5, 600));
    k.reseep_rate = rate_of(in.number("reseep_s", 0.5, 3600));
    k.clot_rate = rounded(4294967296.0 / (in.number("clot_half_life_s", 1, 3600) * shared::kTicksPerSecond));
    model.rebleed_depth_um = rounded(in.number("rebleed_depth_mm", 0, 10) * 1e3);
    model.rebleed_fresh_us = rounded(in.number("rebleed_fresh_s", 0, 600) * 1e6);
}

void read_overwork(base::TomlReader& in, ResponseModel& model) {
    const double from = in.number("from_per_cm2", 100, 1e6), full = in.number("full_per_cm2", 100, 1e6);
    if (full <= from) in.refuse("full_per_cm2", "must be more than from_per_cm2");
    model.curves.grey_from = rounded(from / 100 * 256);
    model.curves.grey_span = std::max(rounded((full - from) / 100 * 256), 1u);
}

void read_bruise(base::TomlReader& in, ResponseModel& model) {
    model.bruise_depth_um = rounded(in.number("depth_mm", 0.1, 10) * 1e3);
    model.half_bruise_um = in.number("half_depth_mm_per_mm2", 0.1, 1000) * 1e3;
    model.force_bone = in.number("force_bone_n", 0.1, 60);
    model.force_soft = in.number("force_soft_n", 0.1, 60);
    if (model.force_soft < model.force_bone) in.refuse("force_soft_n", "must not be less than force_bone_n");
    model.bone_depth = in.number("bone_depth_mm", 0, 50) * 1e-3;
    model.soft_depth = in.number("soft_depth_mm", 0, 50) * 1e-3;
    if (model.soft_depth <= model.bone_depth) in.refuse("soft_depth_mm", "must be more than bone_depth_mm");
    model.half_push = in.number("half_push_ns", 0.01, 1000);
    model.curves.bruise_rate = rate_of(in.number("rise_s", 1, 7200));
}

void read_pressure(base::TomlReader& in, ResponseModel& model) {
    model.rim_radius = in.number("rim_radius_mm", 1, 20) * 1e-3;
    model.full_force_mn = std::max(rounded(in.number("full_force_n", 0.01, 20) * 1e3), 1u);
    model.inside = level_of(in.number("inside", 0, 1));
    model.curves.refill_rate = rate_of(in.number("refill_s", 0.1, 60));
}

void read_end_point(base::TomlReader& in, const std::string& file, ResponseModel& model) {
    model.end_redness = read_curve(in, "redness", "level", 1.9, shared::kLevel, file);
    model.end_area_e4 = rounded(in.number("area", 0.01, 1) * 1e4);
    model.end_bleeding_depth_um = rounded(in.number("bleeding_depth_mm", 0.1, 4) * 1e3);
    model.end_bleeding_per_cm2 = rounded(in.number("bleeding_per_cm2", 0, 1000));
}

void add_to(shared::CellDose& sum, const shared::CellDose& more) {
    sum.count = shared::sum_of(sum.count, more.count);
    sum.depth_um = shared::sum_of(sum.depth_um, more.depth_um);
    sum.redness = shared::sum_of(sum.redness, more.redness);
    sum.seeping = shared::sum_of(sum.seeping, more.seeping);
    sum.work = shared::sum_of(sum.work, more.work);
    sum.spots = shared::sum_of(sum.spots, more.spots);
    sum.bruise = shared::sum_of(sum.bruise, more.bruise);
    sum.pale = std::max(sum.pale, more.pale);
    sum.wiped |= more.wiped;
}

/// A number from 0 to 65535 of a puncture's own, another for each `use`.
uint32_t chance_of(const shared::Puncture& p, uint32_t use) {
    uint32_t x = ((p.time_us ^ p.triangle) * 0x9e3779b9u) ^ ((p.weights + use * 0x632be5abu) * 0x85ebca6bu);
    x ^= x >> 15;
    x *= 0x2c1b3c6du;
    x ^= x >> 12;
    return x & 0xffffu;
}

template <typename Record>
std::vector<Record> taken_until(std::vector<Record>& waiting, uint64_t time_us) {
    const auto end = std::partition_point(
        waiting.begin(), waiting.end(), [time_us](const Record& record) { return record.time_us < time_us; });
    std::vector<Record> taken(std::make_move_iterator(waiting.begin()), std::make_move_iterator(end));
    waiting.erase(waiting.begin(), end);
    return taken;
}

}  // namespace

uint32_t DepthCurve::at(uint32_t depth) const {
    if (depth <= depth_um.front()) return value.front();
    for (size_t i = 1; i < depth_um.size(); ++i) {
        if (depth >= depth_um[i]) continue;
        const uint64_t rise = uint64_t{value[i] - value[i - 1]} * (depth - depth_um[i - 1]);
        return value[i - 1] + static_cast<uint32_t>(rise / (depth_um[i] - depth_um[i - 1]));
    }
    return value.back();
}

base::Result<ResponseModel> ResponseModel::load(const base::Places& places) {
    return read(places.data / "skins" / "response.toml");
}

base::Result<ResponseModel> ResponseModel::read(const base::fs::path& path) {
    base::Result<std::string> text = base::read_text(path);
    if (!text) return text.error();
    base::Result<toml::table> table = base::read_toml(path);
    if (!table) return table.error();
    const std::string file = path.string();
    ResponseModel model;
    model.hash = base::sha256(*text);
    base::TomlReader reader(*table, file);
    reader.integer("version", 1, 1);
    reader.text("id");
    reader.text_or("source", "");
    base::TomlReader skin(reader.table("skin"), file), redness(reader.table("redness"), file),
        bleeding(reader.table("bleeding"), file), overwork(reader.table("overwork"), file),
        bruise(reader.table("bruise"), file), pressure(reader.table("pressure"), file),
        end_point(reader.table("end_point"), file);
    model.thickness = skin.number("thickness_mm", 0.2, 5) * 1e-3;
    const std::vector<double> scale = skin.numbers("scale_range", 2, 0.1, 10);
    if (scale[1] < scale[0]) skin.refuse("scale_range", "the second must not be less than the first");
    model.scale_low = scale[0];
    model.scale_high = scale[1];
    read_redness(redness, file, model);
    read_bleeding(bleeding, file, model);
    read_overwork(overwork, model);
    read_bruise(bruise, model);
    read_pressure(pressure, model);
    read_end_point(end_point, file, model);
    for (base::TomlReader* section :
         {&reader, &skin, &redness, &bleeding, &overwork, &bruise, &pressure, &end_point})
        if (base::Status status = section->status(); !status) return status.error();
    return model;
}

CellWipe wipe_of_zone(const face::FaceAsset& face, uint8_t zone, uint32_t time_us) {
    CellWipe wipe{time_us, {}};
    for (uint32_t cell = 0; cell < face.cells.size(); ++cell)
        if (face.cells.zone[cell] == zone) wipe.cells.push_back(cell);
    return wipe;
}

ResponseDoses::ResponseDoses(const face::FaceAsset& face, const ResponseModel& model)
    : face_(face), model_(model) {
    skin_.reserve(face.cells.size());
    seen_.assign(face.cells.size(), 0);
    for (uint32_t cell = 0; cell < face.cells.size(); ++cell) {
        const face::TissueAt tissue = face.tissue_of_cell(cell);
        const double area_mm2 = std::max(face.cells.area_um2[cell], 20'000u) * 1e-6;
        const bool pad = face.kind == face::Kind::pad;
        const double scale = pad ? 1 : model.thickness / (tissue.epidermis + tissue.dermis);
        const double soft =
            std::clamp((tissue.depth - model.bone_depth) / (model.soft_depth - model.bone_depth), 0.0, 1.0);
        CellSkin skin;
        skin.scale = rounded(std::clamp(scale, model.scale_low, model.scale_high) * 4096);
        skin.per_mm2 = rounded(65536 / area_mm2);
        skin.redness = rounded(4294967296.0 / (model.half_dose_um * area_mm2));
        skin.bruise = rounded(268435456.0 / (model.half_bruise_um * area_mm2));
        skin.force_mn = rounded((model.force_bone + soft * (model.force_soft - model.force_bone)) * 1e3);
        skin_.push_back(skin);
    }
    push_rate_ = rounded(268435456.0 / (model.half_push * 1e3 * shared::kContactStepsPerSecond));
}

uint32_t ResponseDoses::scaled_depth(const shared::Puncture& p) const {
    return (shared::puncture_depth_um(p) * skin_[p.cell].scale) >> 12;
}

bool ResponseDoses::bleeds(const shared::Puncture& p) const {
    return p.cell < skin_.size() && chance_of(p, 0) < model_.bleeding.at(scaled_depth(p)) >> 8;
}

uint32_t ResponseDoses::droplet_us(const shared::Puncture& p) const {
    const uint64_t span = model_.delay_high_us - model_.delay_low_us;
    return shared::sum_of(p.time_us,
                          model_.delay_low_us + static_cast<uint32_t>((span * chance_of(p, 1)) >> 16));
}

uint32_t ResponseDoses::again_us(const shared::Puncture& p, uint32_t wiped_us) const {
    const bool fresh = wiped_us - std::min(wiped_us, p.time_us) <= model_.rebleed_fresh_us;
    if (!fresh && scaled_depth(p) < model_.rebleed_depth_um) return 0;
    // As slowly as a film that seeps: half of them within its half time, some after three of them.
    const uint64_t half_us = (uint64_t{1} << 32) / model_.curves.reseep_rate * shared::kTickUs;
    return shared::sum_of(wiped_us, static_cast<uint32_t>(half_us / 3 + ((half_us * chance_of(p, 2)) >> 15)));
}

shared::CellDose ResponseDoses::dose_of(const shared::Puncture& p) const {
    const CellSkin& skin = skin_[p.cell];
    const uint32_t depth = shared::puncture_depth_um(p), scaled = scaled_depth(p);
    shared::CellDose dose{};
    dose.cell = p.cell;
    dose.tick = shared::tick_of(p.time_us);
    dose.count = 1;
    dose.depth_um = depth;
    dose.redness = static_cast<uint32_t>((uint64_t{depth} * skin.redness) >> 16);
    dose.seeping = shared::share_of(model_.bleeding.at(scaled), skin.per_mm2);
    dose.work = (skin.per_mm2 + 128) >> 8;
    dose.spots = bleeds(p) ? 1 : 0;
    const uint32_t excess = scaled - std::min(scaled, model_.bruise_depth_um);
    dose.bruise = static_cast<uint32_t>((uint64_t{excess} * skin.bruise) >> 16);
    return dose;
}

/// Cells under a rim whose middle is on this one, and how much blood leaves them: the twin of `pressed` in
/// vertices.comp.
const std::vector<ResponseDoses::Pressed>& ResponseDoses::pressed_round(uint32_t centre) {
    if (centre == pressed_centre_) return pressed_;
    constexpr double kReach = 1.5e-3;  // m beyond the rim
    const face::SurfaceCells& cells = face_.cells;
    pressed_centre_ = centre;
    pressed_.clear();
    if (++search_ == 0) {
        std::ranges::fill(seen_, 0u);
        search_ = 1;
    }
    std::vector<uint32_t> open{centre};
    seen_[centre] = search_;
    while (!open.empty()) {
        const uint32_t cell = open.back();
        open.pop_back();
        const glm::dvec3 d = cells.seed[cell] - cells.seed[centre];
        const double away = std::sqrt(d.x * d.x + d.y * d.y + d.z * d.z) - model_.rim_radius;
        if (away > kReach) continue;
        const double at = away / kReach, rim = std::max(0.0, 1 - at * at);
        const uint32_t level = std::max(level_of(rim * rim), away < 0 ? model_.inside : 0u);
        if (level > 0) pressed_.push_back({cell, level});
        for (uint32_t k = cells.neighbour_begin[cell]; k < cells.neighbour_begin[cell + 1]; ++k) {
            const uint32_t next = cells.neighbours[k];
            if (seen_[next] == search_) continue;
            seen_[next] = search_;
            open.push_back(next);
        }
    }
    return pressed_;
}

void ResponseDoses::press(const shared::ContactRecord& record, bool seen,
                          std::vector<shared::CellDose>& into) {
    const uint32_t limit = skin_[record.cell].force_mn;
    const uint32_t excess = record.force_mn - std::min(record.force_mn, limit);
    if (!seen && excess == 0) return;
    const uint32_t force = std::min(record.force_mn, model_.full_force_mn);
    const uint32_t part = static_cast<uint32_t>((uint64_t{force} << 16) / model_.full_force_mn);
    for (const Pressed& under : pressed_round(record.cell)) {
        shared::CellDose dose{};
        dose.cell = under.cell;
        dose.tick = shared::tick_of(record.time_us);
        dose.pale = seen ? shared::share_of(under.level, part) : 0;
        dose.bruise =
            static_cast<uint32_t>((uint64_t{shared::share_of(excess, under.level)} * push_rate_) >> 16);
        if (dose.pale != 0 || dose.bruise != 0) into.push_back(dose);
    }
}

std::vector<shared::CellDose> ResponseDoses::of(std::span<const shared::Puncture> punctures,
                                                std::span<const shared::ContactRecord> contacts,
                                                std::span<const CellWipe> wipes, uint32_t until_us) {
    // Pallor halves this often before nothing is left of the highest level.
    constexpr uint32_t kHalvings = 18;
    const auto lasts = static_cast<uint32_t>((uint64_t{kHalvings} << 32) / model_.curves.refill_rate + 2);
    const uint32_t now = shared::tick_of(until_us);
    std::vector<shared::CellDose> doses;
    for (const shared::Puncture& p : punctures)
        if (p.cell < skin_.size()) doses.push_back(dose_of(p));
    for (const shared::ContactRecord& record : contacts)
        if (record.cell < skin_.size() && (record.flags & shared::kContactTouching) != 0)
            press(record, shared::tick_of(record.time_us) + lasts >= now, doses);
    for (const CellWipe& wipe : wipes) {
        for (const uint32_t cell : wipe.cells) {
            shared::CellDose dose{};
            dose.cell = cell;
            dose.tick = shared::tick_of(wipe.time_us);
            dose.wiped = 1;
            doses.push_back(dose);
        }
    }
    std::ranges::sort(doses, {}, [](const shared::CellDose& d) { return std::pair(d.cell, d.tick); });
    size_t kept = 0;
    for (size_t i = 0; i < doses.size(); ++i) {
        if (kept > 0 && doses[kept - 1].cell == doses[i].cell && doses[kept - 1].tick == doses[i].tick)
            add_to(doses[kept - 1], doses[i]);
        else
            doses[kept++] = doses[i];
    }
    doses.resize(kept);
    return doses;
}

Response::Response(const face::FaceAsset& face, const ResponseModel& model, uint32_t ring_um)
    : face_(face),
      ring_um_(ring_um),
      doses_(face, model),
      cells_(face.cells.size()),
      zone_cells_(face.zones.size()),
      sums_(face.zones.size()),
      ends_(face.zones.size(), ZoneResponse::kNever),
      at_end_(face.zones.size(), 0) {
    for (uint32_t cell = 0; cell < face.cells.size(); ++cell) {
        zone_cells_[face.cells.zone[cell]].push_back(cell);
        sums_[face.cells.zone[cell]].area_um2 += face.cells.area_um2[cell];
        if (face.cells.no_go_distance_um[cell] >= ring_um_)
            sums_[face.cells.zone[cell]].needled_um2 += face.cells.area_um2[cell];
    }
}

void Response::add(std::span<const shared::Puncture> punctures,
                   std::span<const shared::ContactRecord> contacts) {
    punctures_.insert(punctures_.end(), punctures.begin(), punctures.end());
    contacts_.insert(contacts_.end(), contacts.begin(), contacts.end());
}

void Response::wipe(CellWipe wipe) {
    wipes_.push_back(std::move(wipe));
}

void Response::take_until(uint64_t time_us) {
    const std::vector<shared::Puncture> punctures = taken_until(punctures_, time_us);
    const std::vector<shared::ContactRecord> contacts = taken_until(contacts_, time_us);
    const std::vector<CellWipe> wipes = taken_until(wipes_, time_us);
    const auto until = static_cast<uint32_t>(std::min<uint64_t>(time_us, 0xffffffffu));
    for (const shared::CellDose& dose : doses_.of(punctures, contacts, wipes, until)) {
        cells_[dose.cell] = shared::respond(cells_[dose.cell], dose, doses_.model().curves);
        ZoneSums& sums = sums_[face_.cells.zone[dose.cell]];
        sums.depth_um += dose.depth_um;
        sums.spots += dose.spots;
        sums.punctures += dose.count;
    }
}

void Response::advance(uint32_t time_us) {
    for (const uint32_t last = time_us / 1'000'000; second_ < last;) {
        ++second_;
        take_until(uint64_t{second_} * 1'000'000);
        look_for_ends(second_);
    }
    take_until(uint64_t{time_us} + 1);
    tick_ = std::max(tick_, shared::tick_of(time_us));
}

void Response::look_for_ends(uint32_t second) {
    const ResponseModel& model = doses_.model();
    for (size_t zone = 1; zone < ends_.size(); ++zone) {
        const ZoneSums& sums = sums_[zone];
        if (ends_[zone] != ZoneResponse::kNever || sums.punctures == 0 || sums.needled_um2 == 0) continue;
        const uint32_t tick = second * shared::kTicksPerSecond;
        const auto depth_mean_um = static_cast<uint32_t>(sums.depth_um / sums.punctures);
        const uint32_t wanted = model.end_redness.at(depth_mean_um);
        if (depth_mean_um >= model.end_bleeding_depth_um &&
            sums.spots * 100 * 100'000'000 / sums.area_um2 < model.end_bleeding_per_cm2 * 100)
            continue;
        // Most looks find far too much pale skin: they stop as soon as that is certain.
        const uint64_t most_pale = sums.needled_um2 * (10'000 - std::min(model.end_area_e4, 10'000u));
        uint64_t pale = 0;
        for (const uint32_t cell : zone_cells_[zone]) {
            if (face_.cells.no_go_distance_um[cell] < ring_um_) continue;
            if (shared::redness_at(cells_[cell], tick, model.curves) >= wanted) continue;
            pale += uint64_t{face_.cells.area_um2[cell]} * 10'000;
            if (pale > most_pale) break;
        }
        if (pale > most_pale) continue;
        ends_[zone] = second;
        at_end_[zone] = static_cast<uint32_t>(sums.punctures);
    }
}

ZoneResponse Response::zone_at(uint8_t zone, uint32_t tick) const {
    const shared::ResponseCurves& k = doses_.model().curves;
    const face::SurfaceCells& cells = face_.cells;
    ZoneResponse result;
    uint64_t area = 0, redness = 0, depth = 0, count = 0, spots = 0, confluent = 0, bruised = 0, grey = 0;
    // Area and redness of one neighbourhood after the other: cells are numbered by zone, then neighbourhood.
    std::vector<std::pair<uint64_t, uint64_t>> patches;
    uint32_t patch = shared::kNoCell;
    for (const uint32_t cell : zone_cells_[zone]) {
        const shared::CellSigns s = shared::signs_at(cells_[cell], tick, k);
        const uint64_t own = cells.area_um2[cell];
        if (cells.neighbourhood[cell] != patch) {
            patch = cells.neighbourhood[cell];
            patches.emplace_back(0, 0);
        }
        patches.back().first += own;
        patches.back().second += own * s.redness;
        area += own;
        redness += own * s.redness;
        confluent += own * s.confluent;
        bruised += own * s.bruise;
        grey += own * s.grey;
        depth += cells_[cell].depth_um;
        count += cells_[cell].count;
        spots += cells_[cell].spots;
    }
    if (area == 0) return result;
    const auto share_e4 = [area](uint64_t sum) {
        return static_cast<uint32_t>((sum / area * 10'000 + 32'768) >> 16);
    };
    result.area_mm2 = static_cast<uint32_t>((area + 500'000) / 1'000'000);
    result.redness_e4 = share_e4(redness);
    result.confluent_e4 = share_e4(confluent);
    result.bruised_e4 = share_e4(bruised);
    result.grey_e4 = share_e4(grey);
    if (count > 0) result.depth_mean_um = static_cast<uint32_t>(depth / count);
    result.spots_per_cm2_e2 = static_cast<uint32_t>(spots * 100 * 100'000'000 / area);
    const auto mean = static_cast<int64_t>(redness / area);
    uint64_t square = 0;  // deviations below 2^17, areas of a zone below 2^38
    for (const auto& [size, sum] : patches) {
        if (size == 0) continue;
        const int64_t off = static_cast<int64_t>(sum / size) - mean;
        square += static_cast<uint64_t>(off * off) / 16 * size / 1'000'000;
    }
    const uint64_t variance = square * 16 / std::max<uint64_t>(area / 1'000'000, 1);
    if (mean > 0)
        result.redness_cv_e4 = static_cast<uint32_t>(
            std::floor(std::sqrt(static_cast<double>(variance)) * 10'000 / static_cast<double>(mean) + 0.5));
    result.end_second = ends_[zone];
    if (result.end_second != ZoneResponse::kNever)
        result.after_end_per_cm2 =
            static_cast<uint32_t>((sums_[zone].punctures - at_end_[zone]) * 100'000'000 / area);
    return result;
}

std::vector<ZoneResponse> Response::zones() const {
    std::vector<ZoneResponse> result;
    for (size_t zone = 0; zone < zone_cells_.size(); ++zone)
        result.push_back(zone_at(static_cast<uint8_t>(zone), tick_));
    return result;
}

std::vector<uint32_t> Response::seen_redness() const {
    const shared::ResponseCurves& k = doses_.model().curves;
    const face::SurfaceCells& at = face_.cells;
    std::vector<uint32_t> own(cells_.size()), level, next(cells_.size());
    for (uint32_t cell = 0; cell < cells_.size(); ++cell)
        own[cell] = shared::redness_at(cells_[cell], tick_, k);
    level = own;
    for (uint32_t round = 0; round <= shared::kFlareRounds; ++round) {
        for (uint32_t cell = 0; cell < cells_.size(); ++cell) {
            const uint32_t begin = at.neighbour_begin[cell], end = at.neighbour_begin[cell + 1];
            uint32_t around = 0;
            for (uint32_t n = begin; n < end; ++n) around += level[at.neighbours[n]];
            next[cell] = round < shared::kFlareRounds
                             ? shared::flared(own[cell], around, end - begin, k)
                             : shared::seen_redness(level[cell], around, end - begin);
        }
        std::swap(level, next);
    }
    return level;
}

ResponseHistory::ResponseHistory(const Response& response)
    : cells_(response.cells_.size()),
      sums_(response.sums_.size()),
      ends_(response.ends_.size()),
      at_end_(response.at_end_.size()) {}

void ResponseHistory::keep(uint32_t time_us, const Response& response) {
    cells_.keep(time_us, response.cells_);
    sums_.keep(time_us, response.sums_);
    ends_.keep(time_us, response.ends_);
    at_end_.keep(time_us, response.at_end_);
    clocks_.push_back({time_us, response.tick_, response.second_});
}

bool ResponseHistory::restore(uint32_t time_us, Response& response) const {
    const auto later = std::ranges::upper_bound(clocks_, time_us, {}, [](const auto& clock) { return clock[0]; });
    if (later == clocks_.begin()) return false;
    cells_.restore(time_us, response.cells_);
    sums_.restore(time_us, response.sums_);
    ends_.restore(time_us, response.ends_);
    at_end_.restore(time_us, response.at_end_);
    response.tick_ = (*std::prev(later))[1];
    response.second_ = (*std::prev(later))[2];
    response.punctures_.clear();
    response.contacts_.clear();
    response.wipes_.clear();
    return true;
}

size_t ResponseHistory::bytes() const {
    return cells_.bytes() + sums_.bytes() + ends_.bytes() + at_end_.bytes() + clocks_.capacity() * sizeof(clocks_[0]);
}

}  // namespace track

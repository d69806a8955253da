#include "training/core/coach.h"

#include "engine/base/toml.h"
#include "engine/base/units.h"
#include "training/core/metrics_support.h"
#include "training/core/procedure.h"
#include "training/core/session.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

namespace training {

namespace {

struct Naming {
    const char* id;
    const char* unit;
    bool of_zone;  ///< about the zone at hand and not the hand itself: stands while the pen is lifted
};

constexpr std::array<Naming, kCueKinds> kNames = {{{"no_go", "mm", false},
                                                   {"motor_off", "", false},
                                                   {"force_high", "N", false},
                                                   {"force_low", "N", false},
                                                   {"tilt", "deg", false},
                                                   {"traction", "%", false},
                                                   {"fast", "cm/s", false},
                                                   {"slow", "cm/s", false},
                                                   {"dwell", "cm/s", false},
                                                   {"depth", "mm", false},
                                                   {"overworked", "per cm2", false},
                                                   {"medium", "", false},
                                                   {"gap", "%", true},
                                                   {"direction", "directions", true},
                                                   {"end_point", "passes", true}}};

constexpr int64_t kFull = 1'000'000;  // of a meter
constexpr uint32_t kLongStep_us =
    100'000;  // records are a step apart; a hole in the log counts no more than this

const Naming& naming(CueKind kind) {
    return kNames[static_cast<size_t>(kind)];
}

constexpr CueKind kind_at(size_t index) {
    return static_cast<CueKind>(index);
}

std::optional<CueSeverity> grade(int64_t value, const Band& band) {
    if (value >= band.target_low && value <= band.target_high) return std::nullopt;
    return value >= band.warn_low && value <= band.warn_high ? CueSeverity::notice : CueSeverity::warning;
}

/// How far off the band.
int64_t off(int64_t value, const Band& band) {
    return std::max({band.target_low - value, value - band.target_high, int64_t{0}});
}

/// Moves a meter that is full after so many ms of one thing and empty after so many of the other.
int64_t moved(int64_t level, bool up, uint32_t passed_us, uint32_t up_ms, uint32_t down_ms) {
    const uint32_t whole_ms = up ? up_ms : down_ms;
    if (whole_ms == 0) return up ? kFull : 0;
    const int64_t by = int64_t{passed_us} * 1000 / whole_ms;
    return std::clamp<int64_t>(level + (up ? by : -by), 0, kFull);
}

}  // namespace

const char* cue_id(CueKind kind) {
    return naming(kind).id;
}

const char* cue_unit(CueKind kind) {
    return naming(kind).unit;
}

std::optional<CueKind> find_cue(std::string_view id) {
    for (size_t i = 0; i < kCueKinds; ++i)
        if (kNames[i].id == id) return kind_at(i);
    return std::nullopt;
}

base::Result<CueSet> parse_cues(std::string_view ids) {
    CueSet cues;
    std::istringstream words{std::string(ids)};
    for (std::string id; words >> id;) {
        const std::optional<CueKind> kind = find_cue(id);
        if (!kind) return base::error("no cue '{}'; there are {}", id, cue_ids(all_cues()));
        cues.set(static_cast<size_t>(*kind));
    }
    return cues;
}

std::string cue_ids(const CueSet& cues) {
    std::vector<const char*> ids;
    for (size_t i = 0; i < kCueKinds; ++i)
        if (cues.test(i)) ids.push_back(kNames[i].id);
    return fmt::format("{}", fmt::join(ids, " "));
}

// --- content/coach.toml ---

namespace {

uint32_t read_ms(base::TomlReader& in, std::string_view key) {
    return static_cast<uint32_t>(in.integer(key, 0, 600'000));
}

CueFigures read_cue(base::TomlReader& in) {
    CueFigures cue;
    cue.measure = in.text("measure");
    const std::vector<std::string> measures = measure_names();
    if (std::find(measures.begin(), measures.end(), cue.measure) == measures.end())
        in.refuse("measure", "no measure '{}'; there are {}", cue.measure, fmt::join(measures, ", "));
    cue.hold = read_ms(in, "hold_ms");
    cue.urgent_hold = read_ms(in, "urgent_hold_ms");
    cue.clear = read_ms(in, "clear_ms");
    cue.least = read_ms(in, "least_ms");
    cue.most = read_ms(in, "most_ms");
    cue.rest = read_ms(in, "rest_ms");
    if (cue.most < cue.least) in.refuse("most_ms", "must not be less than least_ms");
    if (base::Result<CueSet> explained = parse_cues(in.text_or("explains", "")))
        cue.explains = *explained;
    else
        in.refuse("explains", explained.error());
    return cue;
}

void read_cues(base::TomlReader& reader, const std::string& file, CoachFigures& figures) {
    CueSet found;
    size_t rank = 0;
    for (const toml::table* table : reader.tables("cue")) {
        base::TomlReader in(*table, file);
        const std::string id = in.text("id");
        const std::optional<CueKind> kind = find_cue(id);
        if (!kind) in.refuse("id", "no cue '{}'; there are {}", id, cue_ids(all_cues()));
        CueFigures cue = read_cue(in);
        cue.rank = rank++;
        if (kind && found.test(static_cast<size_t>(*kind)))
            in.refuse("id", "'{}' stands here twice", id);
        if (kind && cue.explains.test(static_cast<size_t>(*kind)))
            in.refuse("explains", "a cue does not explain itself");
        if (base::Status status = in.status(); !status) return reader.refuse("cue", status.error());
        figures.cues[static_cast<size_t>(*kind)] = std::move(cue);
        found.set(static_cast<size_t>(*kind));
    }
    if (!found.all()) reader.refuse("cue", "there is none for {}", cue_ids(~found));
}

base::Hash hash_of(const CoachFigures& figures) {
    base::Hasher hasher;
    for (const uint32_t value : {figures.smooth, figures.settle, figures.forget, figures.lifted, figures.stays, figures.still_um_s,
                                 figures.depth_punctures, figures.pause, figures.gap_passes_e2, figures.direction_passes_e2, figures.least_gap_mm2})
        hasher.value(value);
    for (const CueFigures& cue : figures.cues) {
        hasher.text(cue.measure).text(cue_ids(cue.explains));
        for (const uint32_t value : {cue.hold, cue.urgent_hold, cue.clear, cue.least, cue.most, cue.rest, static_cast<uint32_t>(cue.rank)})
            hasher.value(value);
    }
    return hasher.finish();
}

}  // namespace

base::Result<CoachFigures> CoachFigures::read(const base::fs::path& file) {
    base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    base::TomlReader reader(*table, file.string());
    reader.integer("version", 1, 1);
    for (const char* key : {"id", "source", "tag"}) (void)reader.text(key);
    CoachFigures figures;
    figures.smooth = read_ms(reader, "smooth_ms");
    figures.settle = read_ms(reader, "settle_ms");
    figures.forget = read_ms(reader, "forget_ms");
    figures.lifted = read_ms(reader, "lifted_ms");
    figures.stays = read_ms(reader, "stays_ms");
    figures.pause = read_ms(reader, "pause_ms");
    figures.still_um_s =
        static_cast<uint32_t>(base::round_to_integer(reader.number("still_cm_s", 0.01, 5) * 1e4));
    figures.depth_punctures = static_cast<uint32_t>(reader.integer("depth_punctures", 1, 100'000));
    const auto passes_e2 = [&](const char* key) {
        return static_cast<uint32_t>(base::round_to_integer(reader.number(key, 0.1, 20) * 100));
    };
    figures.gap_passes_e2 = passes_e2("gap_passes");
    figures.direction_passes_e2 = passes_e2("direction_passes");
    figures.least_gap_mm2 = static_cast<uint32_t>(reader.integer("least_gap_mm2", 1, 10'000));
    read_cues(reader, file.string(), figures);
    if (base::Status status = reader.status(); !status) return status.error();
    figures.hash = hash_of(figures);
    return figures;
}

base::Result<CoachFigures> CoachFigures::load(const base::Places& places) {
    return read(places.data / "coach.toml");
}

// --- What is found at each step ---

void Coach::Smooth::add(int64_t x, int64_t steps) {
    value = begun ? value + ((x << 8) - value) / std::max<int64_t>(steps, 1) : x << 8;
    begun = true;
}

Coach::Coach(const Stage& stage, const Rubric& rubric, const CoachFigures& figures)
    : stage_(stage),
      rubric_(rubric),
      figures_(figures),
      tallies_(*stage.face, rubric.no_go_margin_um),
      prescribed_(stage.face->zones.size(), 0),
      ended_(stage.face->zones.size(), 0),
      rests_(kCueKinds * stage.face->zones.size()) {
    if (stage.response) response_.emplace(*stage.face, *stage.response, rubric.no_go_margin_um);
    for (const std::string& id : stage.practice.zones)
        if (const int zone = stage.face->find_zone(id); zone > 0) prescribed_[static_cast<size_t>(zone)] = 1;
    for (size_t i = 0; i < kCueKinds; ++i) {
        const Criterion* criterion = line(figures_.cues[i].measure);
        if (criterion) points_[i] = criterion->weight;
    }
}

const Criterion* Coach::line(std::string_view measure) const {
    const auto found = std::find_if(rubric_.criteria.begin(), rubric_.criteria.end(),
                                    [&](const Criterion& one) { return one.measure == measure; });
    return found == rubric_.criteria.end() ? nullptr : &*found;
}

void Coach::event(const input::ProcedureEvent& event) {
    events_.push_back(event);
}

void Coach::add(std::span<const shared::Puncture> punctures,
                std::span<const shared::ContactRecord> contacts) {
    punctures_.insert(punctures_.end(), punctures.begin(), punctures.end());
    for (const shared::ContactRecord& record : contacts) step(record);
    punctures_.erase(punctures_.begin(), punctures_.begin() + static_cast<ptrdiff_t>(punctures_taken_));
    events_.erase(events_.begin(), events_.begin() + static_cast<ptrdiff_t>(events_taken_));
    punctures_taken_ = events_taken_ = 0;
}

void Coach::step(const shared::ContactRecord& record) {
    for (; events_taken_ < events_.size() && events_[events_taken_].time_us < record.time_us; ++events_taken_)
        take_event(events_[events_taken_]);
    const uint32_t passed_us =
        last_us_ == 0 ? skin::step_end_us(1) : std::min(record.time_us - last_us_, kLongStep_us);
    last_us_ = record.time_us;
    follow_hand(record);
    take_punctures(record);
    if (const uint32_t second = record.time_us / 1'000'000; second > looked_second_) {
        looked_second_ = second;
        look_at_zone();
    }
    for (size_t i = 0; i < kCueKinds; ++i)
        weigh(kind_at(i), judge(kind_at(i), record), record.time_us, passed_us);
    choose(record);
}

void Coach::take_event(const input::ProcedureEvent& event) {
    const int zone = stage_.face->find_zone(event.value);
    if (event.name == kCoachEvent) {
        const base::Result<CueSet> cues = parse_cues(event.value);
        if (!cues) return;  // written by hand
        allowed_ = *cues;
        if (!allowed_.all() && allowed_.test(static_cast<size_t>(CueKind::medium))) medium_counts_ = true;
    } else if (event.name == kPrepBegin || event.name == "glide_medium") {
        medium_counts_ = true;
    } else if (event.name == kEndPoint && zone > 0) {
        ended_[static_cast<size_t>(zone)] = 1;
    } else if (event.name == "wipe" && zone > 0 && response_) {
        response_->wipe(track::wipe_of_zone(*stage_.face, static_cast<uint8_t>(zone), event.time_us));
    }
}

/// What the hand does, as it is judged: smoothed over its contact, without the moments in which it touches.
void Coach::follow_hand(const shared::ContactRecord& record) {
    const bool touching = (record.flags & shared::kContactTouching) != 0;
    if (touching && !touching_) {
        touched_us_ = record.time_us;
        force_ = tilt_ = speed_ = stretch_ = {};
    }
    if (!touching && touching_) left_us_ = record.time_us;
    touching_ = touching;
    const bool working = is_working(record);
    settled_ = working && record.time_us - touched_us_ >= figures_.settle * 1000;
    if (working) follow_zone(record);
    if (!settled_) return;
    const int64_t steps = int64_t{figures_.smooth} * skin::kStepsPerSecond / 1000;
    force_.add(record.force_mn, steps);
    tilt_.add(record.tilt_cdeg, steps);
    speed_.add(std::min(record.speed_um_s, kFastest_um_s), steps);
    stretch_.add(shared::contact_stretch_permille(record), steps);
}

void Coach::follow_zone(const shared::ContactRecord& record) {
    if (record.zone != other_zone_) other_zone_ = record.zone, other_us_ = record.time_us;
    if (record.zone == zone_ || (zone_ != 0 && record.time_us - other_us_ < figures_.stays * 1000)) return;
    zone_ = record.zone;
    gap_ = direction_ = end_point_ = {};
    for (const CueKind kind : {CueKind::gap, CueKind::direction, CueKind::end_point})
        meters_[static_cast<size_t>(kind)] = {};
}

/// Those up to this step. Of depth only what went into the zone under the tip's centre counts.
void Coach::take_punctures(const shared::ContactRecord& record) {
    if (record.zone != depth_zone_) depth_count_ = 0, depth_ = {}, depth_zone_ = record.zone;
    const size_t first = punctures_taken_;
    struck_ = false;
    nearest_no_go_um_ = UINT16_MAX;
    inside_no_go_ = false;
    for (; punctures_taken_ < punctures_.size() && punctures_[punctures_taken_].time_us <= record.time_us;
         ++punctures_taken_) {
        const shared::Puncture& puncture = punctures_[punctures_taken_];
        if (puncture.cell == shared::kNoCell) continue;
        struck_ = true;
        const uint32_t zone = stage_.face->cells.zone[puncture.cell];
        nearest_no_go_um_ =
            std::min<uint32_t>(nearest_no_go_um_, stage_.face->cells.no_go_distance_um[puncture.cell]);
        inside_no_go_ = inside_no_go_ || stage_.face->zones[zone].no_go;
        if (zone != depth_zone_) continue;
        depth_count_ = std::min(depth_count_ + 1, figures_.depth_punctures);
        depth_.add(shared::puncture_depth_um(puncture), depth_count_);
    }
    const std::span<const shared::Puncture> taken(
        punctures_.begin() + static_cast<ptrdiff_t>(first),
        punctures_.begin() + static_cast<ptrdiff_t>(punctures_taken_));
    tallies_.add(taken);
    since_look_.insert(since_look_.end(), taken.begin(), taken.end());
}

// --- The zone at hand, once a second ---

void Coach::look_at_zone() {
    gap_ = direction_ = end_point_ = {};
    thin_.clear();
    if (response_) {
        response_->add(since_look_, {});
        response_->advance(last_us_);
    }
    since_look_.clear();
    if (zone_ == 0 || !prescribed_[zone_] || tallies_.zone_tallies()[zone_].judged == 0) return;
    look_for_gaps();
    look_at_directions();
    look_at_end();
}

/// Work done in the zone at hand.
uint64_t Coach::passes_e2() const {
    const uint64_t area = shared::sum_value(tallies_.map().zones[zone_].area_um2);
    const uint64_t pass = std::max(density_for_device(rubric_.pass_per_cm2, stage_.device), 1u);
    return shared::scaled_ratio(tallies_.zone_tallies()[zone_].judged, area, 100'000'000) * 100 / pass;
}

/// Skin is thin only where the rest of the zone has what it needs: half a cheek on its way is no gap.
void Coach::look_for_gaps() {
    const Criterion* coverage = line("coverage");
    const track::CellMap& map = tallies_.map();
    const shared::ZoneSpan& span = map.zones[zone_];
    const uint32_t judged = tallies_.zone_tallies()[zone_].judged;
    const uint64_t area = shared::sum_value(span.area_um2);
    const DensityTargets targets = density_targets(rubric_, stage_.device);
    gap_.judged = true;
    if (!coverage || passes_e2() < figures_.gap_passes_e2) return;
    std::vector<uint8_t> thin(map.neighbourhoods.size(), 0);
    uint64_t covered_um2 = 0;
    for (uint32_t i = span.first; i < span.first + span.count; ++i) {
        const bool covered = shared::is_covered(tallies_.neighbourhoods()[i].count,
                                                map.neighbourhoods[i].area_um2, judged, area, targets.floor);
        thin[i] = !covered;
        covered_um2 += covered ? map.neighbourhoods[i].area_um2 : 0;
    }
    gap_.value = static_cast<int64_t>(shared::scaled_ratio(covered_um2, area, 100'000));
    gap_.band = coverage->band;
    if (area - covered_um2 < figures_.least_gap_mm2 * uint64_t{1'000'000}) return;
    gap_.wrong = grade(gap_.value, gap_.band);
    for (uint32_t cell = 0; gap_.wrong && cell < map.cells.size(); ++cell)
        if (shared::is_judged(map.cells[cell]) && thin[map.cells[cell].neighbourhood]) thin_.push_back(cell);
}

/// One direction: all but a share too small to be another lies within 60 degrees.
void Coach::look_at_directions() {
    const Criterion* directions = line("directions");
    const shared::ZoneTally& tally = tallies_.zone_tallies()[zone_];
    direction_.judged = true;
    if (!directions || stage_.device.kind == skin::DeviceKind::stamp) return;
    if (passes_e2() < figures_.direction_passes_e2) return;
    uint64_t all = 0, most = 0;
    for (uint32_t i = 0; i < shared::kDirectionBins; ++i) {
        all += tally.direction[i];
        most =
            std::max(most, uint64_t{tally.direction[i]} + tally.direction[(i + 1) % shared::kDirectionBins]);
    }
    if ((all - most) * 10'000 >= all * rubric_.direction_share_e4) return;
    direction_.value = 1000;
    direction_.band = directions->band;
    direction_.wrong = grade(direction_.value, direction_.band);
}

void Coach::look_at_end() {
    end_point_.judged = true;
    if (!response_) return;
    const track::ZoneResponse zone = response_->zones()[zone_];
    if (zone.end_second == track::ZoneResponse::kNever) return;
    const int64_t pass = std::max(density_for_device(rubric_.pass_per_cm2, stage_.device), 1u);
    end_point_.value = ratio(zone.after_end_per_cm2, pass, 1000);
    end_point_.band = {0, 0, 1000, 2000};
    const bool blood = zone.confluent_e4 > rubric_.confluent_critical_e4;
    if (blood || end_point_.value >= 2000)
        end_point_.wrong = CueSeverity::urgent;
    else if (end_point_.value >= 1000)
        end_point_.wrong = CueSeverity::warning;
    else if (!ended_[zone_])
        end_point_.wrong = CueSeverity::notice;
}

// --- Judging ---

Coach::Finding Coach::judge(CueKind kind, const shared::ContactRecord& record) const {
    using enum CueKind;
    switch (kind) {
        case no_go:
            return judge_no_go();
        case motor_off:
            return judge_motor(record);
        case force_high:
            return judge_force(record, true);
        case force_low:
            return judge_force(record, false);
        case tilt:
            return judge_tilt();
        case traction:
            return judge_traction(record);
        case fast:
        case slow:
        case dwell:
            return judge_speed(kind);
        case depth:
            return judge_depth();
        case overworked:
            return judge_overworked(record);
        case medium:
            return judge_medium(record);
        case gap:
            return judge_gap(record);
        case direction:
            return direction_;
        case end_point:
            return end_point_;
    }
    return {};
}

Coach::Finding Coach::judge_no_go() const {
    const int64_t margin = rubric_.no_go_margin_um;
    Finding finding{touching_, {}, nearest_no_go_um_, {margin, margin, UINT16_MAX, UINT16_MAX}};
    if (!struck_ || nearest_no_go_um_ >= margin) return finding;
    finding.wrong = inside_no_go_ ? CueSeverity::urgent : CueSeverity::warning;
    return finding;
}

Coach::Finding Coach::judge_motor(const shared::ContactRecord& record) const {
    if (!stage_.device.has_motor()) return {};
    const bool off = touching_ && record.zone != 0 && (record.flags & shared::kContactMotor) == 0;
    return {touching_, off ? std::optional(CueSeverity::warning) : std::nullopt, 0, {}};
}

/// Of a stamp's press most is rise and fall, in which no force lies in a band: only too much is told.
Coach::Finding Coach::judge_force(const shared::ContactRecord& record, bool high) const {
    if (!settled_ || (!high && stage_.device.kind == skin::DeviceKind::stamp)) return {};
    const bool bone = stage_.face->zones[record.zone].bone;
    const int64_t low = bone ? rubric_.force_bone_low_mn : rubric_.force_soft_low_mn;
    const int64_t most = bone ? rubric_.force_bone_high_mn : rubric_.force_soft_high_mn;
    Finding finding{true, {}, force_.now(), {0, low, most, most}};
    if (high ? finding.value > most : finding.value < low) finding.wrong = grade(finding.value, finding.band);
    if (high && record.force_mn > rubric_.force_held_mn) finding.wrong = CueSeverity::urgent;
    return finding;
}

Coach::Finding Coach::judge_tilt() const {
    const Criterion* upright = line("tilt_median");
    if (!settled_ || !upright) return {};
    Finding finding{true, {}, tilt_.now() * 10, upright->band};
    finding.wrong = grade(finding.value, finding.band);
    if (tilt_.now() > rubric_.tilt_critical_cdeg) finding.wrong = CueSeverity::urgent;
    return finding;
}

Coach::Finding Coach::judge_traction(const shared::ContactRecord& record) const {
    if (!settled_ || !stage_.face->zones[record.zone].mobile) return {};
    const int64_t low = rubric_.stretch_low_permille, high = rubric_.stretch_high_permille;
    Finding finding{true, {}, stretch_.now() * 100, {0, low * 100, high * 100, 25'500}};
    finding.wrong = grade(finding.value, finding.band);
    return finding;
}

/// Standing still is told of needles that run, not as slowness.
Coach::Finding Coach::judge_speed(CueKind kind) const {
    const Criterion* speed = line("glide_speed");
    if (!settled_ || !speed || stage_.device.kind == skin::DeviceKind::stamp) return {};
    const bool still = speed_.now() < figures_.still_um_s;
    Finding finding{true, {}, speed_.now() / 10, speed->band};
    if (kind == CueKind::dwell) {
        if (still && stage_.device.has_motor()) finding.wrong = CueSeverity::warning;
        return finding;
    }
    if (still) finding.judged = kind == CueKind::fast;
    const bool wrong_side = kind == CueKind::fast ? finding.value > finding.band.target_high
                                                  : finding.value < finding.band.target_low;
    if (wrong_side && !still) finding.wrong = grade(finding.value, finding.band);
    if (kind == CueKind::fast && speed_.now() > rubric_.speed_critical_um_s)
        finding.wrong = CueSeverity::urgent;
    return finding;
}

Coach::Finding Coach::judge_depth() const {
    const auto found = rubric_.depth.find(stage_.face->zones[depth_zone_].kind);
    if (!settled_ || depth_zone_ == 0 || found == rubric_.depth.end() ||
        depth_count_ < figures_.depth_punctures)
        return {};
    const DepthBand& band = found->second;
    const int64_t tolerance = rubric_.depth_tolerance_um, low = band.low_um - tolerance,
                  high = band.high_um + tolerance;
    Finding finding{true, {}, depth_.now(), {low, low, high, std::max(high, band.warn_um + tolerance)}};
    finding.wrong = grade(finding.value, finding.band);
    if (finding.value > band.critical_um + tolerance) finding.wrong = CueSeverity::urgent;
    return finding;
}

Coach::Finding Coach::judge_overworked(const shared::ContactRecord& record) const {
    const std::optional<uint32_t> patch = neighbourhood_of(record.cell);
    if (!settled_ || !patch) return {};
    const DensityTargets targets = density_targets(rubric_, stage_.device);
    const auto density = static_cast<int64_t>(
        shared::scaled_ratio(tallies_.neighbourhoods()[*patch].count,
                             tallies_.map().neighbourhoods[*patch].area_um2, 100'000'000));
    Finding finding{
        true, {}, density * 1000, {0, 0, targets.high * int64_t{1000}, targets.most * int64_t{1000}}};
    finding.wrong = grade(finding.value, finding.band);
    if (density > targets.most) finding.wrong = CueSeverity::urgent;
    return finding;
}

Coach::Finding Coach::judge_medium(const shared::ContactRecord& record) const {
    if (!settled_ || !medium_counts_) return {};
    const bool dry = (record.flags & shared::kContactMedium) == 0;
    return {true, dry ? std::optional(CueSeverity::warning) : std::nullopt, 0, {}};
}

/// Whoever is at the thin skin needs no telling.
Coach::Finding Coach::judge_gap(const shared::ContactRecord& record) const {
    Finding finding = gap_;
    if (touching_ && std::binary_search(thin_.begin(), thin_.end(), record.cell)) finding.wrong.reset();
    return finding;
}

std::optional<uint32_t> Coach::neighbourhood_of(uint32_t cell) const {
    if (cell == shared::kNoCell || !shared::is_judged(tallies_.map().cells[cell])) return std::nullopt;
    return tallies_.map().cells[cell].neighbourhood;
}

// --- What is told ---

void Coach::weigh(CueKind kind, const Finding& finding, uint32_t time_us, uint32_t passed_us) {
    Meter& m = meters_[static_cast<size_t>(kind)];
    const CueFigures& f = figures_of(kind);
    if (!finding.judged) {
        if (time_us - m.judged_us > figures_.forget * 1000) m = {};
        return;
    }
    const bool urgent = finding.wrong == CueSeverity::urgent;
    m.wrong = moved(m.wrong, finding.wrong.has_value(), passed_us, f.hold, f.clear);
    m.urgent = moved(m.urgent, urgent, passed_us, f.urgent_hold, f.clear);
    if (m.wrong == kFull || m.urgent == kFull) m.active = true;
    if (m.urgent == kFull) m.is_urgent = true;
    if (m.wrong == 0) m.active = false;
    if (m.urgent == 0) m.is_urgent = false;
    if (finding.wrong) m.severity = std::min(*finding.wrong, CueSeverity::warning);
    m.value = finding.value;
    m.band = finding.band;
    m.judged_us = time_us;
}

CueSeverity Coach::severity(CueKind kind) const {
    const Meter& m = meter(kind);
    return m.is_urgent ? CueSeverity::urgent : m.severity;
}

Coach::Rest& Coach::rest(CueKind kind) {
    return rests_[static_cast<size_t>(kind) * stage_.face->zones.size() + (naming(kind).of_zone ? zone_ : 0)];
}

bool Coach::counts(CueKind kind) const {
    const size_t index = static_cast<size_t>(kind);
    return allowed_.test(index) && points_[index].has_value() && meter(kind).active;
}

bool Coach::may_tell(CueKind kind, uint32_t time_us) {
    if (!counts(kind) || (!touching_ && !naming(kind).of_zone)) return false;
    for (size_t i = 0; i < kCueKinds; ++i)
        if (counts(kind_at(i)) && figures_of(kind_at(i)).explains.test(static_cast<size_t>(kind)))
            return false;
    const Rest& rests = rest(kind);
    return time_us >= rests.until_us || severity(kind) > rests.at;
}

bool Coach::matters_more(CueKind a, CueKind b) const {
    if (severity(a) != severity(b)) return severity(a) > severity(b);
    const auto points = [&](CueKind kind) { return points_[static_cast<size_t>(kind)].value_or(0); };
    if (points(a) != points(b)) return points(a) > points(b);
    return figures_of(a).rank < figures_of(b).rank;
}

void Coach::choose(const shared::ContactRecord& record) {
    std::optional<CueKind> best;
    for (size_t i = 0; i < kCueKinds; ++i) {
        const CueKind kind = kind_at(i);
        if (now_ && now_->kind == kind) continue;
        if (may_tell(kind, record.time_us) && (!best || matters_more(kind, *best))) best = kind;
    }
    if (now_ && is_over(record.time_us, best)) end();
    if (now_)
        update(record.time_us);
    else if (best && (record.time_us >= pause_until_us_ || severity(*best) == CueSeverity::urgent))
        begin(*best, record);
}

/// Said long enough, put right, forbidden, or something graver is to be said.
bool Coach::is_over(uint32_t time_us, std::optional<CueKind> other) const {
    const CueKind kind = now_->kind;
    const CueFigures& f = figures_of(kind);
    const uint32_t told_ms = (time_us - now_->since_us) / 1000;
    const bool urgent = meter(kind).active && severity(kind) == CueSeverity::urgent;
    if (!allowed_.test(static_cast<size_t>(kind))) return true;
    if (naming(kind).of_zone && now_->zone != zone_) return true;
    if (!naming(kind).of_zone && !touching_ && time_us - left_us_ > figures_.lifted * 1000) return true;
    if (!meter(kind).active && told_ms >= f.least) return true;
    if (!urgent && told_ms >= f.most) return true;
    if (!other || severity(*other) <= severity(kind)) return false;
    return severity(*other) == CueSeverity::urgent || told_ms >= f.least;
}

void Coach::begin(CueKind kind, const shared::ContactRecord& record) {
    const Meter& m = meter(kind);
    now_ = Cue{kind,
               severity(kind),
               record.time_us,
               record.time_us,
               naming(kind).of_zone ? zone_ : record.zone,
               record.cell,
               {},
               m.value,
               m.band};
    if (kind == CueKind::gap) now_->cells = thin_;
    if (const auto patch = neighbourhood_of(record.cell); kind == CueKind::overworked && patch)
        for (uint32_t cell = 0; cell < tallies_.map().cells.size(); ++cell)
            if (tallies_.map().cells[cell].neighbourhood == *patch) now_->cells.push_back(cell);
}

void Coach::update(uint32_t time_us) {
    const Meter& m = meter(now_->kind);
    now_->until_us = time_us;
    if (!m.active) return;
    now_->severity = std::max(now_->severity, severity(now_->kind));
    if (off(m.value, m.band) <= off(now_->value, now_->band)) return;
    now_->value = m.value;
    now_->band = m.band;
}

void Coach::end() {
    Rest& rests = rest(now_->kind);
    rests = {now_->until_us + figures_of(now_->kind).rest * 1000, now_->severity};
    pause_until_us_ = now_->until_us + figures_.pause * 1000;
    told_.push_back(std::move(*now_));
    now_.reset();
}

std::vector<Cue> Coach::told() const {
    std::vector<Cue> all = told_;
    if (now_) all.push_back(*now_);
    return all;
}

bool other_coach(const Recording& recording, const Stage& stage) {
    const auto named = std::ranges::find(recording.events, kCoachFiguresEvent, &input::ProcedureEvent::name);
    return named != recording.events.end() && stage.coach && named->value != stage.coach->hash.hex();
}

std::vector<Cue> cues_of(const Recording& recording, const Stage& stage, const Rubric& rubric) {
    if (!stage.coach) return {};
    Coach coach(stage, rubric, *stage.coach);
    for (const input::ProcedureEvent& event : recording.events) coach.event(event);
    coach.add(recording.punctures, recording.contacts);
    return coach.told();
}

}  // namespace training

// What holds of all measures alike.

#include "engine/base/random.h"
#include "tests/unit/training_log.h"
#include "training/core/strokes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <clocale>
#include <map>

namespace training {
namespace {

using training_test::dome;
using training_test::kWorking;
using training_test::Log;

constexpr double kPi = 3.14159265358979323846;

/// The same skin seen in a mirror: left is right, cell by cell.
std::shared_ptr<const face::FaceAsset> mirrored(const face::FaceAsset& from) {
    auto copy = std::make_shared<face::FaceAsset>();
    copy->id = from.id, copy->zones = from.zones, copy->zone = from.zone, copy->tissue = from.tissue;
    copy->mesh = from.mesh, copy->cells = from.cells;
    for (glm::dvec3& p : copy->mesh.positions) p.x = -p.x;
    for (auto& triangle : copy->mesh.triangles) std::swap(triangle[1], triangle[2]);
    mesh::compute_normals(copy->mesh);
    for (glm::dvec3& p : copy->cells.seed) p.x = -p.x;
    for (glm::dvec3& n : copy->cells.normal) n.x = -n.x;
    copy->cells.index();
    face::finish(*copy);
    return copy;
}

/// A careless treatment of the dome: some of everything that measures look at. `side` -1 makes the mirror image, by the
/// other hand.
Log careless(std::shared_ptr<const face::FaceAsset> face, double side) {
    Log log(std::move(face), {"cheek_left", "chin"});
    base::Random random(5);
    auto on_dome = [side](double u, double v) {
        double arc = std::sqrt(u * u + v * v), angle = arc / 80e-3, flat = arc > 0 ? 80e-3 * std::sin(angle) / arc : 1;
        // Whole nanometres, as samples are: both sides round alike.
        auto whole = [](double x) { return std::round(x * 1e9) * 1e-9; };
        return glm::dvec3(side * whole(u * flat), whole(v * flat), whole(80e-3 * std::cos(angle)));
    };
    log.normal = [](glm::dvec3 p) { return p / std::sqrt(p.x * p.x + p.y * p.y + p.z * p.z); };
    for (int stroke = 0; stroke < 90; ++stroke) {
        double degrees = stroke % 3 * 60 + random.uniform(-9, 9), offset = random.uniform(-0.04, 0.04);
        double speed = random.uniform(0.012, 0.065), wobble = random.uniform(0, 0.6e-3);
        double c = std::cos(degrees * kPi / 180), s = std::sin(degrees * kPi / 180), length = 0.05;
        size_t first = log.contacts.size();
        log.glide(length / speed, [&](double t) {
            double along = -length / 2 + speed * t + wobble * std::sin(9 * t), across = offset + wobble * std::cos(23 * t);
            return on_dome(along * c - across * s, along * s + across * c);
        }, 300 + random.below(2500));
        for (size_t i = first; i < log.contacts.size(); ++i) {
            log.contacts[i].flags |= random.below(200) << 8 | random.below(300) << 16;
            if (log.contacts[i].cell == shared::kNoCell) continue;
            for (uint32_t pin = 0; pin < 10; ++pin)
                log.punctures.push_back({log.contacts[i].time_us + pin, log.contacts[i].cell, 0, 0,
                                         (200 + random.below(800)) | random.below(2600) << 16, 700});
        }
        log.lift(random.uniform(0.1, 1));
    }
    for (const char* name : {"consult_begin", "prep_begin", "advise_begin", "advise_sun"}) log.event(name);
    return log;
}

void expect_same(const Log& a, const Log& b) {
    for (const std::string& name : measure_names()) {
        Measurement one = a(name), other = b(name);
        ASSERT_TRUE(one.value) << name;
        EXPECT_EQ(one.value, other.value) << name;
        EXPECT_EQ(one.critical, other.critical) << name;
        EXPECT_EQ(one.critical_reason, other.critical_reason) << name;
        EXPECT_EQ(one.note, other.note) << name;
        EXPECT_EQ(one.evidence.cells, other.evidence.cells) << name;
        ASSERT_EQ(one.evidence.spans.size(), other.evidence.spans.size()) << name;
        for (size_t i = 0; i < one.evidence.spans.size(); ++i)
            EXPECT_EQ(one.evidence.spans[i].begin_us, other.evidence.spans[i].begin_us) << name;
    }
}

// --- Slowly and in floating point, each by its definition alone ---

std::vector<shared::ContactRecord> working(const Log& log) {
    std::vector<shared::ContactRecord> records;
    for (const shared::ContactRecord& record : log.contacts)
        if ((record.flags & kWorking) == kWorking && record.zone != 0) records.push_back(record);
    return records;
}

/// Less than 0.1 s after a touch or before a lift, looked for step by step.
bool touches_or_lifts(const Log& log, size_t index) {
    for (size_t way = 1; way <= 12; ++way) {
        if (index < way || index + way >= log.contacts.size()) return true;
        for (size_t other : {index - way, index + way}) {
            const shared::ContactRecord &first = log.contacts[std::min(other, other < index ? other + 1 : other - 1)],
                                        &second = log.contacts[std::max(other, other < index ? other + 1 : other - 1)];
            if (!(log.contacts[other].flags & shared::kContactTouching)) return true;
            if (second.time_us - first.time_us > 50'000) return true;
        }
    }
    return false;
}

double middle(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1];
}

/// Coefficients of variation by zone, weighted with how many values a zone has.
double cv_by_zone(const std::map<uint32_t, std::vector<double>>& zones) {
    double sum = 0, count = 0;
    for (const auto& [zone, values] : zones) {
        double mean = 0, square = 0, n = static_cast<double>(values.size());
        for (double v : values) mean += v / n;
        for (double v : values) square += (v - mean) * (v - mean) / n;
        sum += std::sqrt(square) / mean * n;
        count += n;
    }
    return sum / count;
}

void expect_value(const Log& log, const char* name, double value, double off) {
    EXPECT_NEAR(static_cast<double>(log(name).value.value_or(-1)), 1000 * value, off) << name;
}

TEST(Measures, of_needles_agree_with_slow_sums) {
    Log log = careless(dome(), 1);
    std::map<uint32_t, std::vector<double>> depths;
    std::vector<double> tilts;
    std::map<uint32_t, std::vector<double>> tilts_in;
    double inside = 0, near = 0, judged = 0;
    for (const shared::Puncture& p : log.punctures) {
        uint32_t zone = log.face->cells.zone[p.cell];
        double depth = shared::puncture_depth_um(p) * 1e-3;
        tilts.push_back(shared::puncture_tilt_cdeg(p) * 0.01);
        tilts_in[zone].push_back(tilts.back());
        near += zone == 2 || log.face->cells.no_go_distance_um[p.cell] < 2000;
        if (zone == 2) continue;
        depths[zone].push_back(depth);
        ++judged;
        inside += zone == 1 ? depth > 0.4495 && depth < 1.3005 : depth > 0.4495 && depth < 1.0505;
    }
    expect_value(log, "depth_in_band", 100 * inside / judged, 0.6);
    expect_value(log, "depth_cv", cv_by_zone(depths), 0.6);
    expect_value(log, "tilt_median", middle(tilts, 0.5), 0.1);
    double worst = 0;
    for (const auto& [zone, here] : tilts_in)
        if (zone != 2 && here.size() >= 1000) worst = std::max(worst, middle(here, 0.95));
    expect_value(log, "tilt_p95", worst, 0.1);
    expect_value(log, "no_go", near, 0);
}

TEST(Measures, of_the_hand_agree_with_slow_sums) {
    Log log = careless(dome(), 1);
    std::map<uint32_t, std::vector<double>> forces;
    std::vector<double> speeds;
    double inside = 0, mobile = 0, taut = 0;
    for (const shared::ContactRecord& record : working(log)) {
        double force = record.force_mn * 1e-3, stretch = shared::contact_stretch_permille(record) * 0.1;
        inside += record.zone == 3 ? force >= 0.3 && force <= 1.0 : force >= 0.5 && force <= 1.5;
        if (record.speed_um_s > 2000) speeds.push_back(record.speed_um_s * 1e-4);
        mobile += record.zone == 1;
        taut += record.zone == 1 && stretch > 4.99 && stretch < 15.01;
    }
    for (size_t i = 0; i < log.contacts.size(); ++i) {
        const shared::ContactRecord& record = log.contacts[i];
        if ((record.flags & kWorking) != kWorking || record.zone == 0 || touches_or_lifts(log, i)) continue;
        forces[record.zone].push_back(record.force_mn * 1e-3);
    }
    expect_value(log, "force_in_band", 100 * inside / static_cast<double>(working(log).size()), 0.6);
    expect_value(log, "force_cv", cv_by_zone(forces), 0.6);
    expect_value(log, "glide_speed", middle(speeds, 0.5), 0.6);
    expect_value(log, "traction", 100 * taut / mobile, 0.6);
}

/// Every mark against every other.
TEST(Measures, of_drag_agree_with_a_slow_search) {
    Log log = careless(dome(), 1);
    for (int pass = 0; pass < 6; ++pass) {  // and a line gone over too often, near the middle
        log.glide(1, [](double t) { return glm::dvec3(0.02 * t - 0.01, 0, 0.08); });
        log.lift();
    }
    track::Tracker tallies(*log.face, log.rubric.no_go_margin_um);
    std::vector<MadeStroke> strokes = made_strokes({*log.face, log.device, log.rubric, log.scope, log.punctures, log.contacts,
                                                    log.samples, log.events, tallies, log.prescribed});
    std::vector<bool> again(log.contacts.size(), false);
    for (const MadeStroke& stroke : strokes) {
        std::vector<bool> often(stroke.marks.size() + 1, false);
        for (size_t m = 1; m < stroke.marks.size(); ++m) {
            const StrokeMark& mark = stroke.marks[m];
            glm::dvec3 along = glm::normalize(mark.way);
            int visits = 0;
            for (const MadeStroke& other : strokes) {
                double since = 1;
                for (const StrokeMark& there : other.marks) {
                    since += glm::length(there.way);
                    double step = glm::dot(there.place - mark.place, along);
                    double aside = glm::length(there.place - mark.place - along * step);
                    if (std::fabs(step) > 0.75e-3 || aside > 0.5e-3 || glm::length(there.way) == 0) continue;
                    if (std::fabs(glm::dot(glm::normalize(there.way), along)) < 0.966) continue;
                    visits += since > 2e-3;
                    since = 0;
                }
            }
            often[m] = visits >= 5;
        }
        for (size_t m = 1; m < stroke.marks.size(); ++m) {
            size_t end = m;
            while (often[end]) ++end;
            if (end < m + 5) continue;  // less than a line
            for (size_t r = stroke.marks[m - 1].record + 1; r <= stroke.marks[end - 1].record; ++r) again[r] = true;
        }
    }
    double way = 0;
    for (size_t i = 0; i < log.contacts.size(); ++i) {
        const shared::ContactRecord& record = log.contacts[i];
        if ((record.flags & kWorking) != kWorking || record.zone == 0 || record.speed_um_s <= 2000) continue;
        bool hard = record.force_mn > 2000 && record.speed_um_s > 50'000, scratch = shared::contact_drag_um(record) > 250;
        if (hard || scratch || again[i]) way += record.speed_um_s * 1e-4 / 120;
    }
    EXPECT_GT(std::count(again.begin(), again.end(), true), 600);
    expect_value(log, "drag_path", way, 1);
}

TEST(Measures, are_the_same_for_the_mirror_image_by_the_other_hand) {
    expect_same(careless(dome(), 1), careless(mirrored(*dome()), -1));
}

TEST(Measures, are_the_same_each_time_and_in_every_locale_and_time_zone) {
    Log log = careless(dome(), 1);
    std::vector<Measurement> before;
    for (const std::string& name : measure_names()) before.push_back(log(name));
    std::string kept = std::setlocale(LC_ALL, nullptr);
    for (const char* locale : {"de_DE.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "C.UTF-8"}) {
        std::setlocale(LC_ALL, locale);  // those that this machine has
        ::setenv("TZ", "Pacific/Kiritimati", 1);
        size_t i = 0;
        for (const std::string& name : measure_names()) {
            Measurement now = log(name);
            EXPECT_EQ(now.value, before[i].value) << name << " " << locale;
            EXPECT_EQ(now.note, before[i].note) << name << " " << locale;
            EXPECT_EQ(now.critical_reason, before[i].critical_reason) << name << " " << locale;
            ++i;
        }
    }
    ::unsetenv("TZ");
    std::setlocale(LC_ALL, kept.c_str());
}

TEST(Measures, show_every_time_once_the_worst_first) {
    Log log = careless(dome(), 1);
    for (const char* name : {"force_in_band", "glide_speed", "traction", "drag_path", "idle_share"}) {
        std::vector<TimeSpan> spans = log(name).evidence.spans;
        EXPECT_FALSE(spans.empty()) << name;
        for (size_t i = 1; i < spans.size(); ++i)
            EXPECT_GE(spans[i - 1].end_us - spans[i - 1].begin_us, spans[i].end_us - spans[i].begin_us) << name;
        std::ranges::sort(spans, {}, &TimeSpan::begin_us);
        for (size_t i = 1; i < spans.size(); ++i) EXPECT_LE(spans[i - 1].end_us, spans[i].begin_us) << name;
    }
}

TEST(Measures, have_definition_unit_source_and_a_certainty_tag) {
    for (const std::string& name : measure_names()) {
        EXPECT_GT(measure_definition(name).size(), 40u) << name;
        std::string source = measure_source(name);
        EXPECT_NE(source.find("clinical.md"), std::string::npos) << name;
        bool tagged = false;
        for (const char* tag : {"(A", "(D)", "(F1", "(F2", " A "}) tagged = tagged || source.find(tag) != std::string::npos;
        EXPECT_TRUE(tagged) << name;
    }
}

TEST(Measures, keep_within_their_integers_at_ten_million_punctures) {
    Log log(training_test::flat_pad(), {"pad"});
    auto cells = static_cast<uint32_t>(log.face->cells.size());
    for (uint32_t i = 0; i < 10'000'000; ++i)  // over 71 minutes, with every field at its most
        log.punctures.push_back({i / 10'000 * 4'290'000, i % cells, 0, 0, 4000u | 65535u << 16, 0xffffu});
    EXPECT_EQ(log("depth_in_band").value, 0);
    EXPECT_EQ(log("depth_cv").value, 0);
    EXPECT_EQ(log("tilt_median").value, 655'350);
    EXPECT_EQ(log("tilt_p95").value, 655'350);
    EXPECT_EQ(log("end_point").value, 0);
    EXPECT_TRUE(log("end_point").critical);
}

TEST(Measures, keep_within_their_integers_in_the_longest_session_at_the_bounds_of_every_field) {
    Log log(training_test::flat_pad(), {"pad"});
    constexpr uint32_t kRecords = 515'000;  // the samples' clock ends at 71 minutes
    auto cells = static_cast<uint32_t>(log.face->cells.size());
    for (uint32_t step = 1; step <= kRecords; ++step) {
        log.move({step / 120 % 2 ? 0.05 : -0.05, 0, 0});
        log.contacts.push_back({log.samples.back().time_us, step % cells, 1, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu,
                                kWorking | 0xffffff00u});
    }
    EXPECT_EQ(log("force_in_band").value, 0);
    EXPECT_EQ(log("force_cv").value, 0);
    EXPECT_EQ(log("glide_speed").value, 429'496'730);  // 2^32 µm/s
    EXPECT_EQ(log("drag_path").value, (kRecords * int64_t{10'000'000} + 600) / 1200);
    EXPECT_EQ(log("sparc_gap").value, 0);
    EXPECT_GT(*log("idle_share").value, 80'000);
    EXPECT_NEAR(static_cast<double>(*log("needling_time").value), kRecords / 120.0 / 60 * 4.5 * 1000, 50);
}

}  // namespace
}  // namespace training

// Cases whose patient has conditions: a recording names them, replay and score hold, an expert spares what must be spared.

#include "tests/unit/training_stage.h"
#include "training/core/case.h"
#include "training/core/metrics.h"
#include "training/core/score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace training {
namespace {

namespace fs = base::fs;

const char* const kSpotted =
    "version = 1\nid = \"spotted\"\nname = \"Spotted\"\nface = \"FACE\"\nzones = [\"ZONE\"]\n\n"
    "[[condition]]\nkind = \"mole\"\nzone = \"ZONE\"\nat = [4, -3]\nsize = 4\n\n"
    "[[condition]]\nkind = \"boxcar_scars\"\nzone = \"ZONE\"\ncount = 5\n";

class SpottedCase : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "evenhand-spotted-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::shared_ptr<const Stage> load(std::string face, std::string zone) {
        std::string text = kSpotted;
        auto put = [&](const std::string& key, const std::string& value) {
            for (size_t at = text.find(key); at != std::string::npos; at = text.find(key)) text.replace(at, 4, value);
        };
        put("FACE", face);
        put("ZONE", zone);
        fs::path path = folder_ / "spotted.toml";
        EXPECT_TRUE(base::write_file(path, std::string_view(text)));
        auto stage = load_stage(training_test::places(), path.string());
        EXPECT_TRUE(stage) << (stage ? "" : stage.error().message);
        return stage ? *stage : nullptr;
    }

    fs::path folder_;
};

/// Seconds of the pen pressed at rest on one place of the skin.
Performance press(const Stage& stage, glm::dvec3 place, glm::dvec3 normal, double seconds) {
    Performance performance;
    for (int i = 0; i < seconds * 120; ++i) {
        input::PenPose pose;
        pose.time = (i + 1) / 120.0;
        bool down = pose.time > 0.3 && pose.time < seconds - 0.3;
        pose.tip = place + normal * (down ? 0.0 : 3e-3);
        pose.axis = -normal;
        pose.force = down ? 0.8 : 0.0;
        pose.motor = true;
        performance.samples.push_back(*input::quantise(pose));
    }
    performance.events.push_back({0, "depth_mm", "0.5"});
    (void)stage;
    return performance;
}

CriterionScore no_go_of(const Score& result) {
    auto found = std::find_if(result.criteria.begin(), result.criteria.end(),
                              [](const CriterionScore& one) { return one.criterion.id == "no_go"; });
    CHECK(found != result.criteria.end());
    return *found;
}

Score score_of(const Stage& stage, const Recording& recording) {
    return score(recording, stage, *load_rubric(training_test::places(), "provisional"),
                 *load_scope(training_test::places(), "medical"));
}

TEST_F(SpottedCase, TheFaceCarriesWhatTheCaseAsksFor) {
    auto stage = load("pad-flat", "pad");
    ASSERT_TRUE(stage);
    EXPECT_EQ(stage->practice.conditions.size(), 2u);
    EXPECT_EQ(stage->face->lesions.size(), 6u);
    EXPECT_GT(stage->face->find_zone("lesion"), 0);
    EXPECT_NE(stage->face->hash, training_test::flat_pad()->hash);
    track::CellMap map = track::make_cell_map(*stage->face);
    for (size_t cell = 0; cell < map.cells.size(); ++cell)
        EXPECT_EQ(map.cells[cell].neighbourhood, stage->face->cells.neighbourhood[cell]) << "numbered as tracking wants it";
}

TEST_F(SpottedCase, ARecordingOfItLoadsAndReplaysToTheLastBit) {
    auto stage = load("pad-flat", "pad");
    ASSERT_TRUE(stage);
    glm::dvec3 mole = stage->face->lesions[0].place;
    Performance performance = press(*stage, mole + glm::dvec3(9e-3, 0, 0), {0, 0, 1}, 3);

    fs::path file = folder_ / "a.evh";
    auto recorder = Recorder::create(file, make_header(*stage, "test"));
    ASSERT_TRUE(recorder);
    {
        Session session(stage, std::move(*recorder));
        for (const auto& event : performance.events) session.event(event);
        ASSERT_TRUE(session.advance(performance.samples));
        ASSERT_TRUE(session.finish());
    }
    Recording recording = *load_recording(file);
    ASSERT_GT(recording.punctures.size(), 100u);
    auto again = load_stage(training_test::places(), recording.header);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ((*again)->face->hash, stage->face->hash);
    EXPECT_EQ(first_difference(recording, resimulate(recording, *again)), "");

    // The same case without its mole is another face, and is refused.
    RecordingHeader other = recording.header;
    other.case_text = other.case_text.substr(0, other.case_text.find("[[condition]]"));
    auto refused = load_stage(training_test::places(), other);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("no longer the one recorded"), std::string::npos);
}

TEST_F(SpottedCase, ThePenOnTheMoleIsACriticalFaultBesideItAWarningAndAwayFromItNone) {
    auto stage = load("pad-flat", "pad");
    ASSERT_TRUE(stage);
    glm::dvec3 mole = stage->face->lesions[0].place;
    auto at = [&](double off) {
        return no_go_of(score_of(*stage, training_test::record(*stage, press(*stage, mole + glm::dvec3(off, 0, 0), {0, 0, 1}, 2), "test")));
    };
    EXPECT_EQ(at(0).verdict, Verdict::critical);
    EXPECT_EQ(at(5e-3).verdict, Verdict::critical) << "the margin is part of it";
    double plate = stage->device.plate_radius;
    EXPECT_EQ(at(7e-3 + 0.8e-3 + plate).verdict, Verdict::warning) << "needles in the 2 mm ring round it";
    EXPECT_EQ(at(7e-3 + 3.5e-3 + plate).verdict, Verdict::target);
}

/// What the expert leaves behind in one zone.
struct Outcome {
    size_t inside = 0, near = 0, all = 0;  // punctures in no-go skin, nearer to it than 2 mm, all
    double covered = 0;                    // share of the zone's area farther than 5 mm from no-go skin
};
Outcome perform_on(const Stage& stage, const std::string& zone_id) {
    const face::FaceAsset& face = *stage.face;
    Recording recording = training_test::record(stage, perform_operator(stage, Skill::expert, 1), "test");
    Outcome outcome;
    std::vector<double> punctures(face.cells.neighbourhood_count(), 0);
    for (const shared::Puncture& puncture : recording.punctures) {
        if (puncture.cell == shared::kNoCell) continue;
        ++outcome.all;
        outcome.inside += face.zones[face.cells.zone[puncture.cell]].no_go;
        outcome.near += face.cells.no_go_distance_um[puncture.cell] < 2000;
        ++punctures[face.cells.neighbourhood[puncture.cell]];
    }
    auto zone = static_cast<uint8_t>(face.find_zone(zone_id));
    std::vector<bool> bare(punctures.size(), false);
    for (size_t cell = 0; cell < face.cells.size(); ++cell)
        if (face.cells.no_go_distance_um[cell] < 5000) bare[face.cells.neighbourhood[cell]] = true;
    double area = 0, covered = 0;
    for (size_t i = 0; i < punctures.size(); ++i) {
        if (face.cells.neighbourhood_zone[i] != zone || bare[i]) continue;
        double own = face.cells.neighbourhood_area_um2[i];
        area += own;
        covered += punctures[i] / own * 1e8 > 750 ? own : 0;  // per cm²: clinical.md 9 row 10
    }
    outcome.covered = covered / area;
    return outcome;
}

TEST_F(SpottedCase, AnExpertSparesTheMoleInTheCheekAndTreatsAllTheRest) {
    auto stage = load("demo-woman", "cheek_left");
    ASSERT_TRUE(stage);
    ASSERT_TRUE(face::check(*stage->face).empty());
    Outcome outcome = perform_on(*stage, "cheek_left");
    EXPECT_GT(outcome.all, 50'000u);
    EXPECT_EQ(outcome.inside, 0u);
    EXPECT_LT(outcome.near, outcome.all / 1000) << "this hand keeps 2.2 mm and trembles by 0.2 mm";
    EXPECT_GT(outcome.covered, 0.97);
}

}  // namespace
}  // namespace training

// Healing: curves against closed forms and against the figures that they are made to meet, bounds, and bad
// files.

#include "engine/base/deterministic_math.h"
#include "engine/track/healing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::HasSubstr;
using track::CellDose;
using track::CellSkin;
using track::HealedCell;
using track::HealingCurves;
using track::HealingPlan;

constexpr double kHour = 1.0 / 24;

const base::Places& places() {
    static const base::Places kPlaces{base::fs::path(EVENHAND_SOURCE_DIR) / "content", {}, {}};
    return kPlaces;
}

const HealingCurves& curves() {
    static const HealingCurves kCurves = [] {
        auto loaded = HealingCurves::load(places());
        if (!loaded) ADD_FAILURE() << loaded.error().message;
        return *loaded;
    }();
    return kCurves;
}

/// An even session by the book on one square millimetre.
CellDose gentle(uint32_t depth_um = 500) {
    return {.punctures = 25, .depth_um = depth_um, .force_mn = 800};
}
CellDose overdone() {
    return {.punctures = 150, .depth_um = 2300, .force_mn = 5000};
}
CellDose dragged() {
    CellDose dose = gentle();
    dose.scratch_um = 8000;
    return dose;
}

HealedCell after(const CellDose& dose, double days, uint8_t type = 2, uint32_t sessions = 1,
                 bool sun = false) {
    return heal(curves(), dose, {type, 1.2}, {.age_days = days, .sessions = sessions, .sun = sun});
}

TEST(Healing, RednessHalvesInTheHoursOfItsDepth) {
    const std::pair<uint32_t, double> told[] = {{250, 3}, {500, 8}, {1000, 14}, {1500, 20}};
    for (const auto& [depth_um, hours] : told) {
        const auto red = [&](double h) {
            return heal(curves(), gentle(depth_um), {2, 1.8}, {.age_days = h * kHour}).redness;
        };
        const double early = red(6), later = red(6 + hours);
        EXPECT_NEAR(later / early, 0.5, 1e-12) << depth_um;
    }
    const double between = curves().at_depth(0.75).redness_half_h;
    EXPECT_DOUBLE_EQ(between, 11);
}

TEST(Healing, SwellingRisesForHoursAndFallsWithinTwoDays) {
    double best = 0, at = 0;
    for (double hours = 0; hours <= 48; hours += 0.25)
        if (const double mm = after(gentle(), hours * kHour).swelling_mm; mm > best) best = mm, at = hours;
    // d/dt (1 - e^(-t/r)) 2^(-t/h) = 0 at t = r ln(1 + h / (r ln 2))
    const double expected = 2 * base::det::log(1 + 10 / (2 * 0.6931471805599453));
    EXPECT_NEAR(at, expected, 0.25);
    EXPECT_LT(after(gentle(), 2).swelling_mm, 0.1 * best);
}

TEST(Healing, DrynessLastsFromTheFirstToTheThirdDayAndPeelingFollows) {
    const double height = curves().at_depth(0.5).dryness;
    EXPECT_EQ(after(gentle(), 6 * kHour).dryness, 0);
    EXPECT_DOUBLE_EQ(after(gentle(), 1.5).dryness, height);
    EXPECT_DOUBLE_EQ(after(gentle(), 3).dryness, height);
    EXPECT_EQ(after(gentle(), 5).dryness, 0);
    EXPECT_EQ(after(gentle(), 1).peeling, 0);
    EXPECT_DOUBLE_EQ(after(gentle(), 3.5).peeling, curves().at_depth(0.5).peeling);
}

TEST(Healing, ChannelsCloseWithinADay) {
    for (uint32_t depth : {250u, 500u, 1000u, 1500u}) {
        EXPECT_DOUBLE_EQ(after(gentle(depth), 0).marks, 1);
        EXPECT_EQ(after(gentle(depth), 24 * kHour).marks, 0) << depth;
    }
    EXPECT_GT(after(gentle(1000), 15 * kHour).marks, 0);
}

TEST(Healing, GentleWorkLeavesNothingButCollagenAfterAWeek) {
    for (uint8_t type = 1; type <= 6; ++type)
        for (uint32_t depth : {250u, 500u, 1000u})
            for (double days : {7.0, 10.0, 28.0, 90.0, 400.0}) {
                const HealedCell cell = after(gentle(depth), days, type);
                EXPECT_EQ(cell.redness, 0);
                EXPECT_EQ(cell.swelling_mm, 0);
                EXPECT_EQ(cell.dryness + cell.peeling + cell.marks + cell.scabs, 0);
                EXPECT_EQ(cell.pigment + cell.tracks + cell.fresh_tracks + cell.vessels + cell.overdose, 0);
                EXPECT_GT(cell.collagen, 0);
            }
}

TEST(Healing, SkinThatWasNotNeedledStaysAsItWas) {
    const HealedCell cell = after({}, 1, 6, 4, true);
    EXPECT_EQ(cell.redness + cell.swelling_mm + cell.dryness + cell.peeling + cell.marks + cell.scabs, 0);
    EXPECT_EQ(cell.collagen + cell.pigment + cell.tracks + cell.vessels, 0);
    EXPECT_EQ(cell.scar_depth, 1);
    EXPECT_EQ(cell.scar_colour, 1);
}

TEST(Healing, DeeperAndDenserIsNeverLess) {
    for (double days : {0.02, 0.25, 1.0, 2.0, 4.0, 6.0, 12.0, 28.0, 90.0}) {
        for (uint32_t um = 0; um < 1400; um += 100) {
            const HealedCell less = after(gentle(um), days), more = after(gentle(um + 100), days);
            EXPECT_LE(less.redness, more.redness) << days << ' ' << um;
            EXPECT_LE(less.swelling_mm, more.swelling_mm);
            EXPECT_LE(less.dryness, more.dryness);
            EXPECT_LE(less.peeling, more.peeling);
            EXPECT_LE(less.collagen,
                      more.collagen + (um >= 1000 ? 1e9 : 0));  // from there on it may be too deep
        }
        for (uint32_t count = 1; count < 200; count += 7) {
            CellDose few = gentle(), many = gentle();
            few.punctures = count;
            many.punctures = count + 7;
            const HealedCell less = after(few, days, 5), more = after(many, days, 5);
            EXPECT_LE(less.redness, more.redness);
            EXPECT_LE(less.swelling_mm, more.swelling_mm);
            EXPECT_LE(less.overdose, more.overdose);
            EXPECT_LE(less.pigment, more.pigment);
        }
    }
}

TEST(Healing, OverdoneWorkLeavesPigmentInDarkSkinAndNotInFairSkin) {
    for (uint8_t type : {uint8_t{1}, uint8_t{2}}) EXPECT_EQ(after(overdone(), 60, type).pigment, 0);
    double before = 0;
    for (uint8_t type = 3; type <= 6; ++type) {
        const double pigment = after(overdone(), 60, type).pigment;
        EXPECT_GT(pigment, before) << int(type);
        before = pigment;
    }
    EXPECT_GT(after(overdone(), 28, 6).pigment, 1);
    EXPECT_NEAR(after(overdone(), 28 + 120, 6).pigment / after(overdone(), 28, 6).pigment, 0.5, 1e-12);
}

TEST(Healing, OverdoneWorkIsStillRedAndPeelingWhenTheWeekIsOver) {
    const HealedCell cell = after(overdone(), 8);
    EXPECT_GT(cell.redness, 0.3);
    EXPECT_EQ(cell.redness, cell.lasting_redness);
    EXPECT_GT(cell.peeling, 0.5);
    EXPECT_GT(cell.vessels, 0.9);
    EXPECT_GT(after(overdone(), 365).vessels, 0.9);
}

TEST(Healing, WithoutSunProtectionDarkSkinKeepsPigmentEvenFromGentleWork) {
    EXPECT_GT(after(gentle(), 60, 5, 1, true).pigment, 0.1);
    EXPECT_EQ(after(gentle(), 60, 2, 1, true).pigment, 0);
    EXPECT_GT(after(gentle(), 1, 2, 1, true).redness, after(gentle(), 1, 2).redness);
}

TEST(Healing, ScratchesLeaveLinesThatTurnFromRedToPale) {
    EXPECT_DOUBLE_EQ(after(dragged(), 0).fresh_tracks, 1);
    EXPECT_NEAR(after(dragged(), 3).fresh_tracks, 0.5, 1e-12);
    EXPECT_NEAR(after(dragged(), 365).tracks, curves().scratch_lasting, 1e-12);
    CellDose again = gentle();
    again.passes = 8;
    EXPECT_NEAR(after(again, 365).tracks, curves().scratch_lasting, 1e-12);
    again.passes = 3;
    EXPECT_EQ(after(again, 365).tracks, 0);
}

TEST(Healing, FourSessionsBringMoreThanOneAndLessThanFourTimesOne) {
    const HealedCell late_one = after(gentle(), 3000), late_four = after(gentle(), 3000, 2, 4);
    EXPECT_GT(after(gentle(), 60, 2, 4).collagen, after(gentle(), 60).collagen);
    EXPECT_GT(late_four.collagen, 2 * late_one.collagen);
    EXPECT_LT(late_four.collagen, 4 * late_one.collagen);
    EXPECT_LT(late_four.collagen, curves().collagen_most);
    EXPECT_LT(late_four.scar_depth, late_one.scar_depth);
}

TEST(Healing, FiveMonthlySessionsTakeScarsDownAsInTheRollerSeries) {
    // Dogra 2014: 11.73 to 6.5; 250 punctures per cm2 of a 1.5 mm roller, in skin thick enough for them.
    const CellDose roller{.punctures = 250, .area_um2 = 100'000'000, .depth_um = 1500, .force_mn = 1500};
    const CellSkin skin{5, 1.8};
    const HealedCell cell = heal(curves(), roller, skin, {.age_days = 365, .sessions = 5});
    EXPECT_NEAR(cell.scar_depth, 6.5 / 11.73, 0.002);
    const HealedCell once = heal(curves(), roller, skin, {.age_days = 365, .sessions = 1});
    EXPECT_NEAR(once.scar_depth, 1 - 0.1113, 0.001);
    EXPECT_EQ(cell.pigment, 0) << "at this density and depth nothing is overdone";
}

TEST(Healing, TheSameSeriesInThinnerSkinLeavesALittlePigment) {
    // 5 of its 30 had it, 2 tram tracks: harm that happens, far from that of overdone work.
    const CellDose roller{.punctures = 250, .area_um2 = 100'000'000, .depth_um = 1500, .force_mn = 1500};
    const double some = heal(curves(), roller, {5, 1.2}, {.age_days = 28, .sessions = 5}).pigment;
    EXPECT_GT(some, 0.02);
    EXPECT_LT(some, 0.35 * after(overdone(), 28, 5).pigment);
}

TEST(Healing, FourSessionsBringTheGradesOfThePenSeries) {
    // Ablon 2018: four sessions 30 days apart, day 150 after the first.
    const CellDose pen{.punctures = 25, .depth_um = 1500, .force_mn = 1000};
    const HealedCell cell =
        heal(curves(), pen, {2, 1.8}, {.age_days = 60, .sessions = 4, .spacing_days = 30});
    EXPECT_NEAR(cell.grades_texture, 1.54, 0.02);
    EXPECT_NEAR(cell.grades_wrinkles, 1.23, 0.02);
}

TEST(Healing, CollagenRisesFromTheFifthDayOverWeeks) {
    EXPECT_EQ(after(gentle(), 5).collagen, 0);
    double before = 0;
    for (double days : {7.0, 14.0, 28.0, 60.0, 120.0, 240.0}) {
        const double now = after(gentle(), days).collagen;
        EXPECT_GT(now, before);
        before = now;
    }
    // One time constant after its beginning, 1 - 1/e of the whole.
    EXPECT_NEAR(after(gentle(), 35).collagen / after(gentle(), 3000).collagen, 1 - 1 / 2.718281828459045,
                1e-9);
}

/// A row of cells with the neighbours that they touch.
std::shared_ptr<face::FaceAsset> row_of_cells(uint32_t count) {
    auto face = std::make_shared<face::FaceAsset>();
    face->fitzpatrick = 5;
    face->cells.area_um2.assign(count, 1'000'000);
    face->cells.seed.assign(count, glm::dvec3(0));
    face->cells.neighbour_begin.push_back(0);
    for (uint32_t c = 0; c < count; ++c) {
        if (c > 0) face->cells.neighbours.push_back(c - 1);
        if (c + 1 < count) face->cells.neighbours.push_back(c + 1);
        face->cells.neighbour_begin.push_back(static_cast<uint32_t>(face->cells.neighbours.size()));
    }
    return face;
}

shared::Puncture puncture(uint32_t time_us, uint32_t cell, uint32_t depth_um, bool scratch = false) {
    shared::Puncture p{};
    p.time_us = time_us;
    p.cell = cell;
    p.depth_tilt = depth_um;
    p.force_needle = 800u | (scratch ? shared::kFlagScratch << 28 : 0u);
    return p;
}
shared::ContactRecord contact(uint32_t time_us, uint32_t cell, uint32_t direction, uint32_t drag_um) {
    shared::ContactRecord r{};
    r.time_us = time_us;
    r.cell = cell;
    r.flags = direction | shared::kContactTouching | shared::kContactMotor | drag_um << 16;
    return r;
}

TEST(HealingDoses, SumPuncturesScratchesAndPassesPerCell) {
    const auto face = row_of_cells(3);
    const shared::Puncture punctures[] = {puncture(5000, 0, 400), puncture(8000, 0, 600, true),
                                          puncture(12000, 2, 500, true),
                                          puncture(13000, shared::kNoCell, 900)};
    const shared::ContactRecord contacts[] = {contact(8333, 0, 1, 650), contact(16667, 1, 1, 100),
                                              contact(25000, 0, 1, 0), contact(33333, 0, 2, 0),
                                              contact(41667, 0, 2, 0)};
    const std::vector<CellDose> doses = doses_of(face->cells, punctures, contacts, curves());
    ASSERT_EQ(doses.size(), 3u);
    EXPECT_EQ(doses[0], (CellDose{2, 1'000'000, 500, 800, 400, 2}));  // twice in direction 1, once in 2
    EXPECT_EQ(doses[1].punctures, 0u);
    EXPECT_EQ(doses[2].scratch_um, 0u);  // its step's drag stayed below a pin's width
}

TEST(HealingDoses, ALineIsAsLongAsItsPinSlidAndPointsBackAlongTheStroke) {
    auto face = row_of_cells(2);
    face->mesh.positions = {{0, 0, 0}, {0.02, 0, 0}, {0, 0.02, 0}};
    face->mesh.triangles = {{0, 1, 2}};
    std::vector<CellDose> doses = {dragged(), gentle()};
    auto at = [](uint32_t time_us, uint32_t cell, double x_mm, bool scratch) {
        shared::Puncture p = puncture(time_us, cell, 500, scratch);
        p.weights = static_cast<uint32_t>(x_mm / 20 * 65535 + 0.5);
        return p;
    };
    const shared::Puncture punctures[] = {at(1000, 0, 2, true), at(9000, 0, 4, true), at(17000, 1, 6, true),
                                          at(90000, 0, 8, true), at(98000, 0, 9, false)};
    const shared::ContactRecord contacts[] = {contact(8333, 0, 1, 600), contact(16667, 0, 1, 600),
                                              contact(25000, 1, 1, 600), contact(91667, 0, 1, 600),
                                              contact(100000, 0, 1, 600)};
    const std::vector<shared::Scratch> lines = scratches_of(*face, doses, punctures, contacts, curves());
    ASSERT_EQ(lines.size(),
              1u);  // the first has none before it, the third lies on sound skin, the fourth comes late
    EXPECT_NEAR(lines[0].back.x, -0.6e-3, 1e-8);
    EXPECT_NEAR(lines[0].back.y, 0, 1e-9);
    EXPECT_EQ(lines[0].strength, 1);
}

TEST(HealingDoses, OneCellTellsNothingOfAnother) {
    const auto face = row_of_cells(40);
    std::vector<shared::Puncture> one, both;
    for (uint32_t k = 0; k < 150; ++k)
        one.push_back(puncture(k, 3, 2300)), both.push_back(puncture(k, 3, 2300));
    for (uint32_t k = 0; k < 30; ++k) both.push_back(puncture(200 + k, 4, 500));
    const std::vector<CellDose> alone = doses_of(face->cells, one, {}, curves()),
                                together = doses_of(face->cells, both, {}, curves());
    EXPECT_EQ(alone[3], together[3]);
    EXPECT_EQ(after(alone[3], 1).redness, after(together[3], 1).redness);
    EXPECT_EQ(after(together[4], 20).pigment, 0);
}

class HealingFile : public testing::Test {
  protected:
    std::string text_ = *base::read_text(places().data / "skins" / "healing.toml");

    void replace(const std::string& what, const std::string& with) {
        const size_t at = text_.find(what);
        ASSERT_NE(at, std::string::npos) << what;
        text_.replace(at, what.size(), with);
    }
    std::string refusal() {
        const base::fs::path file =
            base::fs::path(testing::TempDir()) /
            (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".toml");
        EXPECT_TRUE(base::write_file(file, std::string_view(text_)));
        const auto curves = HealingCurves::read(file);
        base::fs::remove(file);
        return curves ? "" : curves.error().message;
    }
};

TEST_F(HealingFile, IsReadWithItsHash) {
    EXPECT_EQ(refusal(), "");
    EXPECT_EQ(curves().hash, base::sha256(text_));
}

TEST_F(HealingFile, ThatFallsWithDepthIsRefusedWithItsPlace) {
    replace("redness_half_h = 8", "redness_half_h = 2");
    EXPECT_THAT(refusal(), testing::AllOf(HasSubstr(":37:"), HasSubstr("deeper")));
}

TEST_F(HealingFile, WithARampThatFallsIsRefused) {
    replace("density_per_cm2 = [6500, 12000]", "density_per_cm2 = [6500, 6000]");
    EXPECT_THAT(refusal(), HasSubstr("must rise"));
}

TEST_F(HealingFile, WithAMisspeltKeyIsRefused) {
    replace("vessels_from", "vesels_from");
    EXPECT_THAT(refusal(), testing::AnyOf(HasSubstr("vessels_from"), HasSubstr("vesels_from")));
}

TEST_F(HealingFile, WithAFigureOutOfItsRangeIsRefused) {
    replace("scar_share = 0.1113", "scar_share = 11");
    EXPECT_THAT(refusal(), HasSubstr("scar_share"));
}

TEST_F(HealingFile, WithoutDepthsIsRefused) {
    for (size_t at; (at = text_.find("[[depth]]")) != std::string::npos;)
        text_.erase(at, text_.find('[', at + 9) - at);
    EXPECT_THAT(refusal(), HasSubstr("depth"));
}

}  // namespace

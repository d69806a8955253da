// The skin's response while one works: curves against closed forms, clinical.md 5.2 and 5.3 on planted pads,
// and that the answer depends on the evidence alone.

#include "engine/track/response.h"
#include "tests/scenarios/response.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <numeric>
#include <sstream>
#include <unistd.h>

using namespace scenarios;
using shared::kLevel;
using track::Response;
using track::ResponseModel;

namespace {

/// A cell of 1 mm² with so many needles of one depth at once.
shared::CellResponse pricked(uint32_t count, uint32_t depth_um, uint32_t tick = 0) {
    const ResponseModel& model = response_model();
    shared::CellDose dose{};
    dose.tick = tick;
    dose.count = count;
    dose.depth_um = count * depth_um;
    dose.redness = static_cast<uint32_t>(65536.0 * count * depth_um / model.half_dose_um);
    dose.seeping = count * model.bleeding.at(depth_um);
    dose.work = count * 256;
    return shared::respond({}, dose, model.curves);
}

double level(uint32_t value) {
    return double(value) / kLevel;
}

track::ZoneResponse pad_after(const track::Response& response) {
    return response.zones()[static_cast<size_t>(practice_pad()->find_zone("pad"))];
}

track::ZoneResponse planted_pad(uint32_t depth_um, uint32_t per_mm2 = 20, uint32_t then_us = 120'000'000) {
    Response response(*practice_pad(), response_model());
    response.add(
        planted(*practice_pad(), all_cells(*practice_pad()), {.depth_um = depth_um, .per_mm2 = per_mm2}), {});
    response.advance(then_us);
    return pad_after(response);
}

}  // namespace

// --- closed forms ---

TEST(Response, HalvingIsWithinAUnitOfTheExponentialAndNeverRises) {
    uint32_t before = shared::halved(0);
    EXPECT_EQ(before, 32768u);
    for (uint32_t x = 1; x < 17u << 16; ++x) {
        const uint32_t now = shared::halved(x);
        ASSERT_LE(now, before) << x;
        ASSERT_NEAR(now, 32768 * std::exp2(-double(x) / 65536), 1.1) << x;
        before = now;
    }
    EXPECT_EQ(shared::halved(1u << 16), 16384u);
    EXPECT_EQ(shared::halved(16u << 16), 0u);
}

TEST(Response, RednessReaches63PerCentAtTheOnsetTimeAndStaysOnItsPlateau) {
    const shared::ResponseCurves& k = response_model().curves;
    const shared::CellResponse cell = pricked(20, 500);
    const double aim = level(shared::redness_aim(cell, k));
    EXPECT_EQ(shared::redness_at(cell, 0, k), 0u) << "redness is never at once";
    EXPECT_NEAR(level(shared::redness_at(cell, 200, k)), aim * (1 - std::exp(-1.0)), 2e-3);  // onset_s = 20
    EXPECT_NEAR(level(shared::redness_at(cell, 100, k)), aim * (1 - std::exp(-0.5)), 2e-3);
    EXPECT_NEAR(level(shared::redness_at(cell, 3000, k)), aim, 1e-3);
    EXPECT_EQ(shared::redness_at(cell, 9000, k), shared::redness_at(cell, 8000, k));  // plateau_s = 900
}

TEST(Response, RednessThenHalvesInTheHoursOfItsDepth) {
    const shared::ResponseCurves& k = response_model().curves;
    const std::vector<std::pair<uint32_t, double>> hours{{250, 3},  {500, 8}, {1000, 14}, {1500, 20},
                                                         {750, 11}, {100, 3}, {2500, 20}};
    for (const auto& [depth, half] : hours) {
        const shared::CellResponse cell = pricked(20, depth);
        const uint32_t plateau = 9000, full = shared::redness_at(cell, plateau, k);
        for (const double halves : {0.5, 1.0, 2.0}) {
            const auto tick = plateau + static_cast<uint32_t>(halves * half * 36'000);
            EXPECT_NEAR(shared::redness_at(cell, tick, k), full * std::exp2(-halves), full * 1e-3)
                << depth << " " << halves;
        }
    }
}

TEST(Response, ASecondPassGoesOnFromWhatIsThere) {
    const shared::ResponseCurves& k = response_model().curves;
    const shared::CellResponse once = pricked(10, 500);
    shared::CellDose more{};
    more.tick = 300;
    more.count = 10;
    more.depth_um = 5000;
    more.redness = once.redness_dose;
    const shared::CellResponse twice = shared::respond(once, more, k);
    EXPECT_EQ(shared::redness_at(twice, 300, k), shared::redness_at(once, 300, k)) << "nothing jumps";
    const double from = level(shared::redness_at(once, 300, k)), aim = level(shared::redness_aim(twice, k));
    EXPECT_NEAR(level(shared::redness_at(twice, 500, k)), aim - (aim - from) * std::exp(-1.0), 2e-3);
}

TEST(Response, PressedBloodRefillsInAboutASecond) {
    const shared::ResponseCurves& k = response_model().curves;
    shared::CellDose dose{};
    dose.pale = kLevel;
    const shared::CellResponse cell = shared::respond({}, dose, k);
    EXPECT_NEAR(level(shared::pale_at(cell, 7, k)), std::exp(-1.0), 1e-3);  // refill_s = 0.7
    EXPECT_LT(shared::pale_at(cell, 30, k), kLevel / 50);
    EXPECT_EQ(shared::pale_at(cell, 200, k), 0u);
}

TEST(Response, RednessRisesWithDepthAndWithCount) {
    const shared::ResponseCurves& k = response_model().curves;
    for (uint32_t tick : {30u, 600u, 8000u, 100'000u}) {
        for (uint32_t count : {1u, 5u, 20u, 80u}) {
            uint32_t before = 0;
            for (uint32_t depth = 100; depth <= 2500; depth += 100) {
                const uint32_t now = shared::redness_at(pricked(count, depth), tick, k);
                EXPECT_GE(now, before) << tick << " " << count << " " << depth;
                before = now;
                EXPECT_GE(shared::redness_at(pricked(count + 1, depth), tick, k), now);
            }
            EXPECT_LE(before, k.redness_most);
        }
    }
}

// --- clinical.md 5.3 on planted pads, 2,000 per cm² ---

TEST(Response, SpotsPerCm2AreThoseOfTheClinicalTable) {
    EXPECT_EQ(planted_pad(200).spots_per_cm2_e2, 0u);
    EXPECT_EQ(planted_pad(299).spots_per_cm2_e2, 0u) << "nothing bleeds below 0.3 mm";
    const uint32_t shallow = planted_pad(400).spots_per_cm2_e2, middle = planted_pad(750).spots_per_cm2_e2,
                   deep = planted_pad(1250).spots_per_cm2_e2, beyond = planted_pad(2000).spots_per_cm2_e2;
    EXPECT_GT(shallow, 0u);
    EXPECT_LE(shallow, 100u);
    EXPECT_GE(middle, 100u);
    EXPECT_LE(middle, 500u);
    EXPECT_GE(deep, 500u);
    EXPECT_LE(deep, 2000u);
    EXPECT_GT(beyond, 2000u);
}

TEST(Response, ShallowWorkIsPinkDeepWorkStronglyRed) {
    const double pink = planted_pad(200).redness_e4 / 1e4, even = planted_pad(400).redness_e4 / 1e4,
                 strong = planted_pad(750).redness_e4 / 1e4;
    EXPECT_GT(pink, 0.2);
    EXPECT_LT(pink, 0.45);
    EXPECT_GT(even, 0.5);
    EXPECT_LT(even, 0.75);
    EXPECT_GT(strong, 0.8);
}

TEST(Response, BloodRunsTogetherAndSkinBruisesOnlyWhereItIsOverTreated) {
    for (const uint32_t depth : {200u, 400u, 750u, 1250u}) {
        const track::ZoneResponse zone = planted_pad(depth, 20, 900'000'000);
        EXPECT_EQ(zone.confluent_e4, 0u) << depth;
        EXPECT_EQ(zone.bruised_e4, 0u) << depth;
        EXPECT_EQ(zone.grey_e4, 0u) << depth;
    }
    const track::ZoneResponse deep = planted_pad(2000, 20, 900'000'000),
                              repeated = planted_pad(1250, 120, 900'000'000);
    EXPECT_GT(deep.confluent_e4, 8000u);
    EXPECT_GT(deep.bruised_e4, 3000u);
    EXPECT_GT(repeated.confluent_e4, 8000u);
    EXPECT_GT(planted_pad(500, 200).grey_e4, 9000u) << "an overworked patch turns grey";
}

TEST(Response, ThinSkinBleedsEarlier) {
    face::FaceAsset skin;
    const face::FaceAsset& pad = *practice_pad();
    skin.id = "thin";
    skin.kind = face::Kind::head;
    skin.mesh = pad.mesh;
    skin.tissue = pad.tissue;
    skin.look = pad.look;
    skin.uv = pad.uv;
    skin.zone = pad.zone;
    skin.zones = pad.zones;
    skin.cells = pad.cells;
    skin.cells.index();
    const auto spots = [&](double thickness_mm, uint32_t depth_um) {
        for (face::Tissue& t : skin.tissue) {
            t.epidermis_um = 80;
            t.dermis_um = static_cast<uint16_t>(thickness_mm * 1e3) - 80;
        }
        face::finish(skin);
        const track::ResponseDoses doses(skin, response_model());
        const auto log = planted(skin, all_cells(skin), {.depth_um = depth_um});
        return std::ranges::count_if(log, [&](const shared::Puncture& p) { return doses.bleeds(p); });
    };
    const auto lid = spots(0.75, 500), cheek = spots(1.06, 500), thick = spots(1.5, 500);
    EXPECT_GT(lid, 1.5 * double(cheek));
    EXPECT_GT(double(cheek), 1.5 * double(thick));
    EXPECT_EQ(spots(1.06, 290), 0);
    EXPECT_GT(spots(0.75, 290), 0) << "0.29 mm reaches as far into a lid's skin as 0.41 mm into a cheek's";
}

TEST(Response, HardPressureBruisesSoonerOverBone) {
    const auto bruised = [](double depth_mm, uint32_t force_mn) {
        face::FaceAsset skin;
        const face::FaceAsset& pad = *practice_pad();
        skin.kind = face::Kind::pad;
        skin.mesh = pad.mesh;
        skin.tissue = pad.tissue;
        skin.zone = pad.zone;
        skin.zones = pad.zones;
        skin.cells = pad.cells;
        skin.cells.index();
        for (face::Tissue& t : skin.tissue) t.depth_um = static_cast<uint16_t>(depth_mm * 1e3);
        face::finish(skin);
        Response response(skin, response_model());
        std::vector<shared::ContactRecord> contacts;
        for (uint32_t step = 1; step <= 240; ++step)
            contacts.push_back({step * 8333, skin.cells.find({0, 0, 0}, {0, 0, 1}), 1, force_mn, 0, 0, 0,
                                shared::kContactTouching});
        response.add({}, contacts);
        response.advance(1'800'000'000);
        uint32_t most = 0;
        for (uint32_t cell = 0; cell < skin.cells.size(); ++cell)
            most = std::max(most, response.signs(cell).bruise);
        return level(most);
    };
    EXPECT_EQ(bruised(3, 1500), 0.0);
    EXPECT_GT(bruised(3, 3000), 0.5);
    EXPECT_EQ(bruised(15, 3000), 0.0);
    EXPECT_GT(bruised(15, 6000), 0.5);
}

// --- wiping ---

TEST(Response, AWipeTakesBloodAwayAndOnlyFreshChannelsSeepAgain) {
    const auto wet = [](uint32_t wiped_s, uint32_t then_s) {
        Response response(*practice_pad(), response_model());
        response.add(planted(*practice_pad(), all_cells(*practice_pad()), {.depth_um = 2000}), {});
        if (wiped_s > 0)
            response.wipe(track::wipe_of_zone(*practice_pad(),
                                              static_cast<uint8_t>(practice_pad()->find_zone("pad")),
                                              wiped_s * 1'000'000));
        response.advance(then_s * 1'000'000);
        const auto cells = all_cells(*practice_pad());
        return std::accumulate(
                   cells.begin(), cells.end(), 0.0,
                   [&](double sum, uint32_t cell) { return sum + level(response.signs(cell).wet); }) /
               double(cells.size());
    };
    const double before = wet(0, 30);
    EXPECT_GT(before, 0.8);
    EXPECT_EQ(wet(30, 30), 0.0);
    EXPECT_LT(wet(30, 33), 0.2 * before) << "slowly";
    const double fresh = wet(30, 230), late = wet(600, 800);
    EXPECT_GT(fresh, 0.5 * before);
    EXPECT_LT(late, 0.1 * before) << "bleeding stops within minutes";
}

TEST(Response, DropletsComeSecondsAfterTheNeedleAndAgainOnlyWhereFreshOrDeep) {
    const track::ResponseDoses doses(*practice_pad(), response_model());
    uint32_t low = 0xffffffffu, high = 0;
    for (const shared::Puncture& p :
         planted(*practice_pad(), all_cells(*practice_pad()), {.depth_um = 600, .per_mm2 = 1})) {
        const uint32_t delay = doses.droplet_us(p) - p.time_us;
        low = std::min(low, delay);
        high = std::max(high, delay);
        EXPECT_EQ(doses.again_us(p, p.time_us + 60'000'000), 0u);
        EXPECT_GT(doses.again_us(p, p.time_us + 10'000'000), p.time_us + 13'000'000);
        shared::Puncture deep = p;
        deep.depth_tilt = 1400;
        EXPECT_GT(doses.again_us(deep, p.time_us + 60'000'000), p.time_us + 60'000'000);
    }
    EXPECT_GE(low, 1'000'000u);
    EXPECT_LE(high, 5'000'000u);
    EXPECT_GT(high - low, 3'500'000u);
}

// --- the evidence alone ---

TEST(Response, TheAnswerDoesNotDependOnBatchesNorOnHowOftenAnyoneLooks) {
    const face::FaceAsset& pad = *practice_pad();
    const RandomSession session = random_session(pad, 5, 90);
    Response whole(pad, response_model());
    whole.add(session.punctures, session.contacts);
    for (const track::CellWipe& wipe : session.wipes) whole.wipe(wipe);
    whole.advance(session.end_us);
    base::Random random(9);
    for (const uint32_t frame_us : {8'333u, 33'333u, 170'000u, 2'500'000u}) {
        Response pieces(pad, response_model());
        size_t puncture = 0, contact = 0, wipe = 0;
        for (uint64_t time = 0; time < session.end_us;) {
            time = std::min<uint64_t>(session.end_us, time + frame_us / 2 + random.below(frame_us));
            const auto until = [time](const auto& all, size_t from) {
                size_t end = from;
                while (end < all.size() && all[end].time_us <= time) ++end;
                return end;
            };
            const size_t punctures = until(session.punctures, puncture),
                         contacts = until(session.contacts, contact);
            pieces.add(std::span(session.punctures).subspan(puncture, punctures - puncture),
                       std::span(session.contacts).subspan(contact, contacts - contact));
            puncture = punctures;
            contact = contacts;
            for (; wipe < session.wipes.size() && session.wipes[wipe].time_us <= time; ++wipe)
                pieces.wipe(session.wipes[wipe]);
            pieces.advance(static_cast<uint32_t>(time));
            if (random.below(3) == 0) pieces.zones();
        }
        for (uint32_t cell = 0; cell < pad.cells.size(); ++cell) {
            const shared::CellSigns a = whole.signs(cell), b = pieces.signs(cell);
            ASSERT_EQ(std::memcmp(&a, &b, sizeof(a)), 0) << frame_us << " " << cell;
        }
        EXPECT_EQ(whole.seen_redness(), pieces.seen_redness());
        const track::ZoneResponse a = pad_after(whole), b = pad_after(pieces);
        EXPECT_EQ(std::memcmp(&a, &b, sizeof(a)), 0);
    }
}

TEST(Response, FlareReachesSkinThatWasNeverTouchedAndFallsOutwards) {
    const face::FaceAsset& pad = *practice_pad();
    std::vector<uint32_t> left;
    for (uint32_t cell = 0; cell < pad.cells.size(); ++cell)
        if (pad.cells.seed[cell].x < 0) left.push_back(cell);
    Response response(pad, response_model());
    response.add(planted(pad, left, {.depth_um = 700}), {});
    response.advance(120'000'000);
    const std::vector<uint32_t> seen = response.seen_redness();
    const auto mean = [&](double from_mm, double to_mm) {
        double sum = 0, count = 0;
        for (uint32_t cell = 0; cell < seen.size(); ++cell) {
            const double x = pad.cells.seed[cell].x * 1e3;
            if (x >= from_mm && x < to_mm && std::abs(pad.cells.seed[cell].y) < 0.04)
                sum += level(seen[cell]), ++count;
        }
        return sum / count;
    };
    EXPECT_GT(mean(0, 1), 0.35 * mean(-10, -5));
    EXPECT_LT(mean(0, 1), 0.95 * mean(-10, -5));
    EXPECT_GT(mean(1, 2), 0.05);
    EXPECT_GT(mean(0, 1), mean(1, 2));
    EXPECT_GT(mean(1, 2), mean(2, 3));
    EXPECT_EQ(mean(8, 12), 0.0);
}

// --- what measures ask ---

TEST(Response, AZoneComesToItsEndPointOnceAndCountsWhatFollows) {
    const face::FaceAsset& pad = *practice_pad();
    Response response(pad, response_model());
    response.add(planted(pad, all_cells(pad), {.depth_um = 750, .per_mm2 = 20, .last_us = 60'000'000}), {});
    response.advance(5'000'000);
    EXPECT_EQ(pad_after(response).end_second, track::ZoneResponse::kNever);
    response.advance(200'000'000);
    const track::ZoneResponse reached = pad_after(response);
    EXPECT_GT(reached.end_second, 30u);
    EXPECT_LT(reached.end_second, 120u);
    EXPECT_LT(reached.after_end_per_cm2, 300u);
    response.add(planted(pad, all_cells(pad),
                         {.depth_um = 750, .per_mm2 = 30, .first_us = 201'000'000, .last_us = 260'000'000}),
                 {});
    response.advance(300'000'000);
    EXPECT_EQ(pad_after(response).end_second, reached.end_second);
    EXPECT_NEAR(pad_after(response).after_end_per_cm2, reached.after_end_per_cm2 + 3000, 60);
}

TEST(Response, DeepWorkEndsWithPinpointBleedingNotWithRednessAlone) {
    const face::FaceAsset& pad = *practice_pad();
    Response few(pad, response_model()), enough(pad, response_model());
    few.add(planted(pad, all_cells(pad), {.depth_um = 1100, .per_mm2 = 10}), {});
    enough.add(planted(pad, all_cells(pad), {.depth_um = 1100, .per_mm2 = 20}), {});
    for (Response* response : {&few, &enough}) response->advance(300'000'000);
    EXPECT_GT(pad_after(few).redness_e4, 6500u);
    EXPECT_EQ(pad_after(few).end_second, track::ZoneResponse::kNever);
    EXPECT_NE(pad_after(enough).end_second, track::ZoneResponse::kNever);
}

TEST(Response, EvennessTellsHalfAZoneFromAWhole) {
    const face::FaceAsset& pad = *practice_pad();
    std::vector<uint32_t> half;
    for (uint32_t cell = 0; cell < pad.cells.size(); ++cell)
        if (pad.cells.seed[cell].x < 0) half.push_back(cell);
    Response even(pad, response_model()), uneven(pad, response_model());
    even.add(planted(pad, all_cells(pad), {}), {});
    uneven.add(planted(pad, half, {}), {});
    for (Response* response : {&even, &uneven}) response->advance(100'000'000);
    EXPECT_LT(pad_after(even).redness_cv_e4, 300u);
    EXPECT_NEAR(pad_after(uneven).redness_cv_e4, 10'000, 500) << "half at twice the mean, half at none";
    EXPECT_NEAR(2.0 * pad_after(uneven).redness_e4, pad_after(even).redness_e4, 150);
}

// --- bad files ---

namespace {

std::string refusal(const std::string& from, const std::string& to) {
    std::stringstream text;
    text << std::ifstream(source_places().data / "skins/response.toml").rdbuf();
    std::string changed = text.str();
    const size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    const base::fs::path folder =
        base::fs::path(EVENHAND_BINARY_DIR) / "scratch" / ("response-" + std::to_string(::getpid()));
    base::fs::create_directories(folder);
    std::ofstream(folder / "response.toml") << changed;
    auto model = ResponseModel::read(folder / "response.toml");
    return model ? "" : model.error().message;
}

}  // namespace

TEST(ResponseModel, RefusesMistakesWithTheirPlace) {
    EXPECT_EQ(refusal("onset_s = 20", "onset_s = 45"), "");
    EXPECT_NE(refusal("onset_s = 20", "onset_s = -1").find("onset_s"), std::string::npos);
    EXPECT_NE(refusal("onset_s = 20", "onset = 20").find("response.toml:"), std::string::npos);
    EXPECT_NE(refusal("onset_s = 20", "onset_s = nan").find("onset_s"), std::string::npos);
    EXPECT_NE(refusal("version = 1", "version = 2").find("version"), std::string::npos);
    EXPECT_NE(refusal("depth_mm = 0.5, hours = 8", "depth_mm = 0.2, hours = 8").find("rise"),
              std::string::npos);
    EXPECT_NE(refusal("{ depth_mm = 0.5, hours = 8 },", "").find("4 points"), std::string::npos);
    EXPECT_NE(refusal("bleed = 0.0025", "bleed = 0.00001").find("must not fall"), std::string::npos);
    EXPECT_NE(refusal("bleed = 0.0025", "blood = 0.0025").find("share"), std::string::npos);
    EXPECT_NE(refusal("delay_s = [1.0, 5.0]", "delay_s = [5.0, 1.0]").find("delay_s"), std::string::npos);
    EXPECT_NE(refusal("confluent_full_per_cm2 = 60", "confluent_full_per_cm2 = 10").find("confluent"),
              std::string::npos);
    EXPECT_NE(refusal("[bruise]", "[bruse]"), "");
    EXPECT_NE(refusal("soft_depth_mm = 12", "soft_depth_mm = 2").find("soft_depth_mm"), std::string::npos);
    EXPECT_NE(refusal("[overwork]", "[overwork"), "");
    EXPECT_NE(ResponseModel::read("/nowhere/response.toml").error().message, "");
}

TEST(ResponseModel, ItsHashIsThatOfTheText) {
    EXPECT_NE(response_model().hash, base::Hash{});
}

// Simulated operators as points of a population: skill, faults, side, manner.

#include "training/core/population.h"

#include "tests/unit/training_stage.h"
#include "training/core/hand.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <algorithm>
#include <set>

using namespace training;
using training_test::dome;
using training_test::flat_pad;
using training_test::stage_on;

namespace {

Operator with(Fault fault, double size) {
    Operator who;
    who.set(fault, size);
    return who;
}

Operator read(const std::string& skill, const std::vector<std::string>& faults = {}, bool left = false) {
    return *parse_operator(skill, faults, left);
}

/// Means over the samples that press.
struct Habit {
    double force = 0, speed = 0, speed_cv = 0;
    size_t pressing = 0, resting = 0;
};
Habit habit_of(const Performance& performance) {
    Habit habit;
    double squares = 0;
    size_t moving = 0;
    for (size_t i = 1; i < performance.samples.size(); ++i) {
        const input::PenSample &a = performance.samples[i - 1], &b = performance.samples[i];
        if (*a.force() <= 0 || *b.force() <= 0) continue;
        const double speed = glm::length(b.tip() - a.tip()) / (b.time() - a.time());
        habit.force += *b.force(), ++habit.pressing;
        if (speed < 5e-3)
            ++habit.resting;
        else
            habit.speed += speed, squares += speed * speed, ++moving;
    }
    const double n = static_cast<double>(moving);
    habit.force /= static_cast<double>(habit.pressing), habit.speed /= n;
    habit.speed_cv = std::sqrt(std::max(0.0, squares / n - habit.speed * habit.speed)) / habit.speed;
    return habit;
}

std::set<std::string> event_names(const Performance& performance) {
    std::set<std::string> names;
    for (const input::ProcedureEvent& event : performance.events) names.insert(event.name);
    return names;
}

std::set<std::string> depths_set(const Performance& performance) {
    std::set<std::string> depths;
    for (const input::ProcedureEvent& event : performance.events) {
        if (event.name == "depth_mm") depths.insert(event.value);
    }
    return depths;
}

const Stage& small_stage() {
    static const Stage stage = training_test::small_pad();
    return stage;
}

}  // namespace

TEST(Population, NamedSkillsArePointsOnTheContinuum) {
    for (Skill skill : {Skill::expert, Skill::intermediate, Skill::novice}) {
        const Performance named = perform_operator(small_stage(), skill, 3);
        EXPECT_TRUE(perform_operator(small_stage(), Operator{.skill = skill_value(skill)}, 3).samples ==
                    named.samples);
    }
    EXPECT_EQ(read("0.5").skill, read("intermediate").skill);
}

TEST(Population, EveryFigureOfAHandGoesOneWayWithSkill) {
    const auto figures = [](double skill) {
        const Hand h = make_hand(skill);
        return std::vector<double>{-h.plan.margin,
                                   -h.plan.evening,
                                   -double(h.plan.border_passes),
                                   -double(h.plan.fewest_passes),
                                   h.plan.spacing,
                                   h.plan.speed,
                                   h.plan.missed,
                                   h.force_bone,
                                   h.force_soft,
                                   h.force_cv,
                                   h.force_skew,
                                   h.speed_cv,
                                   h.tremor,
                                   h.tilt_bias,
                                   h.tilt_sd,
                                   -h.follow,
                                   h.dwell,
                                   h.same_depth,
                                   -h.traction,
                                   -h.glide_medium};
    };
    std::vector<double> before = figures(0);
    for (int i = 1; i <= 50; ++i) {
        const std::vector<double> now = figures(i / 50.0);
        for (size_t k = 0; k < now.size(); ++k)
            EXPECT_LE(now[k], before[k] + 1e-12) << "figure " << k << " at " << i / 50.0;
        before = now;
    }
}

TEST(Population, ReadsSkillFaultsAndSide) {
    const Operator who = read("0.62", {"heavy_hand=0.8", "dwell=1"}, true);
    EXPECT_EQ(who.skill, 0.62);
    EXPECT_EQ(who.fault(Fault::heavy_hand), 0.8);
    EXPECT_EQ(who.fault(Fault::dwell), 1);
    EXPECT_EQ(who.fault(Fault::no_go), 0);
    EXPECT_TRUE(who.left_handed);
    EXPECT_EQ(operator_words("0.62", who), "0.62 heavy_hand=0.8 dwell=1 left-handed");
    EXPECT_EQ(operator_words("expert", read("expert")), "expert");
    for (size_t i = 0; i < kFaults; ++i) {
        const Fault fault = static_cast<Fault>(i);
        EXPECT_EQ(read("expert", {std::string(fault_name(fault)) + "=0.25"}).fault(fault), 0.25);
    }
}

TEST(Population, RefusesWhatItCannotRead) {
    for (const char* skill : {"", "wizard", "1.01", "-0.1", "nan", "inf", "0,5", "0.5x"}) {
        EXPECT_FALSE(parse_operator(skill, {}, false)) << skill;
    }
    for (const char* fault : {"", "heavy", "heavy_hand", "heavy_hand=", "heavy_hand=2", "heavy_hand=-1",
                              "heavy_hand=nan", "=1"}) {
        const std::vector<std::string> faults = {fault};
        const auto refused = parse_operator("expert", faults, false);
        ASSERT_FALSE(refused) << fault;
        EXPECT_NE(refused.error().message.find("fault"), std::string::npos);
    }
}

TEST(Population, AMannerIsOnesOwnInAllSessionsAndOthersHaveAnother) {
    const Hand mean = make_hand(Operator{}), own = make_hand(Operator{.manner = 7}),
               again = make_hand(Operator{.manner = 7});
    const Hand other = make_hand(Operator{.manner = 8});
    EXPECT_EQ(own.force_soft, again.force_soft);
    EXPECT_EQ(*own.lean, *again.lean);
    EXPECT_NE(own.force_soft, mean.force_soft);
    EXPECT_NE(own.force_soft, other.force_soft);
    EXPECT_FALSE(mean.lean.has_value());
    double sum = 0;
    for (uint64_t manner = 1; manner <= 400; ++manner)
        sum += make_hand(Operator{.manner = manner}).tremor / mean.tremor;
    EXPECT_NEAR(sum / 400, 1, 0.03);  // nobody is steadier or shakier on the whole than their skill says
}

TEST(Population, AFaultOfSizeZeroIsNone) {
    for (size_t i = 0; i < kFaults; ++i) {
        const Performance plain = perform_operator(small_stage(), Operator{}, 5);
        EXPECT_TRUE(perform_operator(small_stage(), with(static_cast<Fault>(i), 0), 5).samples ==
                    plain.samples);
    }
}

TEST(Population, FaultsDoWhatTheirNamesSay) {
    const Habit plain = habit_of(perform_operator(small_stage(), Operator{}, 5));
    const Habit heavy = habit_of(perform_operator(small_stage(), with(Fault::heavy_hand, 1), 5));
    EXPECT_NEAR(heavy.force / plain.force, 2.6, 0.01);
    EXPECT_NEAR(heavy.speed / plain.speed, 1, 0.01);

    const Habit wavering = habit_of(perform_operator(small_stage(), with(Fault::unsteady_speed, 1), 5));
    EXPECT_GT(wavering.speed_cv, plain.speed_cv + 0.3);
    EXPECT_NEAR(wavering.force / plain.force, 1, 0.02);

    const Habit resting = habit_of(perform_operator(small_stage(), with(Fault::dwell, 1), 5));
    EXPECT_EQ(plain.resting, 0u);
    EXPECT_GT(resting.resting, resting.pressing / 10);
}

TEST(Population, FaultsOfPreparationShowInTheEvents) {
    const Stage stage = stage_on(dome(), {"cheek_left", "chin"});
    Operator careless = with(Fault::dry_glide, 1);
    careless.set(Fault::no_traction, 1);
    const std::set<std::string> plain = event_names(perform_operator(stage, Operator{}, 5));
    EXPECT_TRUE(plain.contains("glide_medium"));
    EXPECT_TRUE(plain.contains("traction_begin"));
    const std::set<std::string> lacking = event_names(perform_operator(stage, careless, 5));
    EXPECT_FALSE(lacking.contains("glide_medium"));
    EXPECT_FALSE(lacking.contains("traction_begin"));
    const Stage pad = stage_on(flat_pad(), {"pad"});
    EXPECT_EQ(depths_set(perform_operator(pad, Operator{}, 5)), std::set<std::string>{"0.5"});
    EXPECT_EQ(depths_set(perform_operator(pad, with(Fault::same_depth, 1), 5)),
              std::set<std::string>{"0.75"});
}

TEST(Population, FaultsOfThePlanShowInTheStrokes) {
    const auto face = dome();
    const auto plan_of = [&](const Operator& who) {
        base::Random random(1);
        return plan_strokes(*face, training_test::pen(), std::vector<uint8_t>{1}, make_hand(who).plan,
                            random);
    };
    // The island of no-go skin: how near the tips come to its rim, 12 mm round a place on the sphere.
    const auto nearest = [&](const Operator& who) {
        double least = 1;
        const std::vector<ZonePlan> plans = plan_of(who);
        for (const Stroke& stroke : plans[0].strokes) {
            for (const StrokePoint& p : stroke.points) {
                const uint32_t cell = face->cells.find(p.position, -p.inward);
                if (cell != face::kNoCell)
                    least = std::min(least, face->cells.no_go_distance_um[cell] * 1e-6);
            }
        }
        return least;
    };
    const double plate = training_test::pen().plate_radius;
    EXPECT_GT(nearest({}), plate + 2e-3);
    EXPECT_LT(nearest(with(Fault::no_go, 0.5)), plate + 1.5e-3);  // in the ring
    EXPECT_LT(nearest(with(Fault::no_go, 1)), plate - 1e-3);      // inside

    const auto most_treated = [&](const Operator& who) {
        const std::vector<ZonePlan> plans = plan_of(who);
        const std::vector<double> density = predicted_density(*face, training_test::pen(), plans);
        double area = 0, treated = 0;
        for (size_t cell = 0; cell < face->cells.size(); ++cell) {
            if (face->cells.zone[cell] != 1 || face->cells.no_go_distance_um[cell] < 5000) continue;
            area += face->cells.area_um2[cell];
            treated += density[cell] > 1000 ? face->cells.area_um2[cell] : 0;
        }
        return treated / area;
    };
    EXPECT_GT(most_treated({}), 0.9);
    EXPECT_LT(most_treated(with(Fault::missed_strips, 1)), most_treated({}) - 0.1);

    const std::vector<double> directions = make_hand(with(Fault::one_direction, 1)).plan.directions;
    EXPECT_EQ(directions, (std::vector<double>{0, 0, 0}));
}

TEST(Population, ALeftHandBeginsOnTheOtherSide) {
    Operator right, left;
    left.left_handed = true;
    const Stage stage = stage_on(flat_pad(), {"pad"});
    const auto first_touch = [&](const Operator& who) {
        const Performance performance = perform_operator(stage, who, 5);
        const auto pressing =
            std::find_if(performance.samples.begin(), performance.samples.end(),
                         [](const input::PenSample& sample) { return *sample.force() > 0; });
        return pressing->tip();
    };
    const glm::dvec3 a = first_touch(right), b = first_touch(left);
    EXPECT_LT(a.x, -40e-3);
    EXPECT_NEAR(a.x, -b.x, 2e-3);
    EXPECT_NEAR(a.y, b.y, 2e-3);
}

TEST(Population, ALeftHandTakesTheOtherSideOfEachPairFirst) {
    const std::vector<std::string> zones = {"nose_dorsum",   "cheek_left", "cheek_right",
                                            "jawline_right", "chin",       "neck_left"};
    EXPECT_EQ(in_order_of(false, zones), zones);
    EXPECT_EQ(in_order_of(true, zones), (std::vector<std::string>{"nose_dorsum", "cheek_right", "cheek_left",
                                                                  "jawline_right", "chin", "neck_left"}));
}

TEST(Population, ALeftHandTakesAsLongAndPressesAsARightOne) {
    Operator left;
    left.left_handed = true;
    const Performance a = perform_operator(small_stage(), Operator{}, 5),
                      b = perform_operator(small_stage(), left, 5);
    EXPECT_NEAR(static_cast<double>(a.samples.size()) / static_cast<double>(b.samples.size()), 1, 0.02);
    EXPECT_NEAR(habit_of(a).force, habit_of(b).force, 0.02);
}

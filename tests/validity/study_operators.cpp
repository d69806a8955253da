// 200 simulated operators, two sessions each, on a short case of one patient; the same hands on other
// patients, in the other hand, and with one fault at a time. What holds here holds for simulated operators:
// it shows that the score tells apart what these hands were given, not that it tells apart people. Tables
// stay in the build folder under validity/.

#include "tests/scenarios/places.h"
#include "tests/validity/sittings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace validity;
using training::Fault;
using training::Operator;

namespace {

/// Bone (temple, nose), soft and mobile (upper lip, round the eye), and lids, lips and nostrils next to them:
/// about three minutes of an expert's needling.
Setting short_case(const std::string& face) {
    return make_setting(
        scenarios::source_places(), face,
        {"temple_left", "temple_right", "nose_dorsum", "upper_lip", "periorbital_left", "periorbital_right"});
}

void keep(const std::string& name, const std::string& text) {
    const base::Status written =
        base::write_file(base::fs::path(EVENHAND_BINARY_DIR) / "validity" / name, std::string_view(text));
    CHECK(static_cast<bool>(written));
}

/// Whoever has little time asks for fewer: the bounds stay.
size_t operators_asked() {
    const char* asked = std::getenv("EVENHAND_STUDY_OPERATORS");
    return asked ? static_cast<size_t>(std::max(20, std::atoi(asked))) : 200;
}

std::vector<double> differences(const std::vector<Result>& a, const std::vector<Result>& b) {
    std::vector<double> all;
    for (size_t i = 0; i < a.size(); ++i) all.push_back(a[i].total - b[i].total);
    return all;
}

std::vector<Result> hold_and_keep(const std::string& name, const std::vector<Sitting>& sittings) {
    const std::vector<Result> results = hold(sittings);
    keep(name, csv(sittings, results));
    return results;
}

}  // namespace

TEST(Study, OfSimulatedOperatorsSkillOrdersTheTotalAndRepeatsItself) {
    const Setting patient = short_case("demo-woman");
    const std::vector<Operator> all = population(operators_asked());
    std::vector<Sitting> sittings;
    for (size_t i = 0; i < all.size(); ++i) {
        for (uint64_t repeat : {1, 2}) sittings.push_back({&patient, all[i], 1000 * repeat + i});
    }
    const std::vector<Result> results = hold_and_keep("sessions.csv", sittings);

    std::vector<double> skill, total, novices, experts;
    std::vector<std::vector<double>> twice, trained;
    for (size_t i = 0; i < all.size(); ++i) {
        skill.push_back(all[i].skill), total.push_back(results[2 * i].total);
        if (all[i].skill < 0.2) novices.push_back(total.back());
        if (all[i].skill > 0.8) experts.push_back(total.back());
        twice.push_back({results[2 * i].total, results[2 * i + 1].total});
        if (all[i].skill > 0.5) trained.push_back(twice.back());
    }
    // The pass mark is absolute, so agreement is asked for, not consistency: ICC(2,1).
    const double order = spearman(skill, total), area = area_under_curve(novices, experts);
    const Intraclass same = intraclass(twice), narrow = intraclass(trained);
    const std::string text = fmt::format(
        "{} simulated operators, 2 sessions each\nSpearman of skill and total {:.3f}\nAUC of skill over 0.8 "
        "against under 0.2 "
        "{:.4f}\nICC(2,1) {:.3f}, ICC(3,1) {:.3f}; among skill over 0.5 alone {:.3f}\nmean total: novices "
        "{:.1f}, experts {:.1f}\n",
        all.size(), order, area, same.agreement, same.consistency, narrow.agreement, mean_of(novices).value,
        mean_of(experts).value);
    fmt::print("{}", text);
    keep("summary-skill.txt", text);
    EXPECT_GT(order, 0.9);
    EXPECT_GT(area, 0.99);
    EXPECT_GT(same.agreement, 0.9);
}

TEST(Study, OfSimulatedOperatorsEachFaultLowersItsOwnLine) {
    const Setting patient = short_case("demo-woman");
    std::vector<Operator> experts(std::max<size_t>(2, operators_asked() / 50), Operator{.skill = 0.95});
    for (size_t i = 0; i < experts.size(); ++i)
        experts[i].manner = i + 1, experts[i].left_handed = i % 2 == 1;
    std::vector<Sitting> plain, faulty;
    for (size_t i = 0; i < experts.size(); ++i) plain.push_back({&patient, experts[i], i + 1});
    for (size_t fault = 0; fault < training::kFaults; ++fault) {
        for (Sitting sitting : plain) {
            sitting.who.set(static_cast<Fault>(fault), 1);
            faulty.push_back(sitting);
        }
    }
    const std::vector<Result> without = hold_and_keep("fault-none.csv", plain),
                              with = hold_and_keep("fault-each.csv", faulty);
    const FaultMatrix matrix = fault_matrix(patient.rubric, without, with);
    fmt::print(
        "Drop by one fault, % of each line's points ([own line]), total in points; {} simulated experts "
        "each\n{}",
        experts.size(), table(matrix));
    keep("faults.csv", csv(matrix));
    keep("faults.txt", table(matrix));
    for (size_t fault = 0; fault < training::kFaults; ++fault) {
        const std::vector<std::string> own = own_criteria(static_cast<Fault>(fault));
        double most = -1e9;
        for (size_t line = 0; line < matrix.lines.size(); ++line) {
            const bool is_own = std::find(own.begin(), own.end(), matrix.lines[line]) != own.end();
            if (is_own && matrix.assessed[fault][line]) most = std::max(most, matrix.drop[fault][line]);
        }
        if (most == -1e9) continue;  // this rubric has no line for it, or could not assess it
        EXPECT_GT(most, 10) << training::fault_name(static_cast<Fault>(fault));
    }
}

TEST(Study, OfSimulatedOperatorsNeitherHandIsFavoured) {
    const Setting patient = short_case("demo-woman");
    std::vector<Sitting> right, left;
    for (const Operator& who : population(operators_asked() / 5)) {
        right.push_back({&patient, who, 3000 + who.manner});
        right.back().who.left_handed = false;
        left.push_back(right.back());
        left.back().who.left_handed = true;
    }
    const Mean apart =
        mean_of(differences(hold_and_keep("hand-right.csv", right), hold_and_keep("hand-left.csv", left)));
    const std::string text = fmt::format(
        "right less left hand, {} simulated operators: {:+.2f} points, 95 % from {:+.2f} to {:+.2f}\n",
        right.size(), apart.value, apart.low, apart.high);
    fmt::print("{}", text);
    keep("summary-hands.txt", text);
    EXPECT_LT(apart.low, 1);
    EXPECT_GT(apart.high, -1);
    EXPECT_LT(apart.high, 3);
    EXPECT_GT(apart.low, -3);
}

TEST(Study, OfSimulatedOperatorsNoPatientIsFavoured) {
    const std::vector<std::string> faces = {"patient-aoife",  "demo-woman",    "patient-kenji",
                                            "patient-rafael", "patient-priya", "patient-ama"};
    std::vector<Setting> settings;
    for (const std::string& face : faces) settings.push_back(short_case(face));
    const std::vector<Operator> all = population(std::max<size_t>(4, operators_asked() / 12));
    std::vector<Sitting> sittings;
    for (const Setting& setting : settings) {
        for (const Operator& who : all) sittings.push_back({&setting, who, 4000 + who.manner});
    }
    const std::vector<Result> results = hold_and_keep("patients.csv", sittings);
    std::string text;
    for (size_t face = 0; face < faces.size(); ++face) {
        std::vector<double> apart;
        for (size_t i = 0; i < all.size(); ++i) {
            double mean = 0;
            for (size_t other = 0; other < faces.size(); ++other)
                mean += results[other * all.size() + i].total / static_cast<double>(faces.size());
            apart.push_back(results[face * all.size() + i].total - mean);
        }
        const Mean mean = mean_of(apart);
        text += fmt::format(
            "{} (type {}) against the mean of six patients, {} simulated operators: {:+.2f} points, 95 % "
            "from {:+.2f} to {:+.2f}\n",
            faces[face], settings[face].stage->face->fitzpatrick, all.size(), mean.value, mean.low,
            mean.high);
        EXPECT_LT(std::abs(mean.value), 3) << faces[face];
    }
    fmt::print("{}", text);
    keep("summary-patients.txt", text);
}

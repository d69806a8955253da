// 200 simulated operators on a short case of one patient, every fourth of them twice; some of them in the other
// hand and on other patients; and experts with one fault at a time. What holds here holds for simulated operators:
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

/// Hands and patients are alike when the whole 95 % interval of what parts them lies within so many points of 100
/// (A): what one of the lighter lines weighs. Not to be told apart would not do: a small study tells nothing apart.
constexpr double kMargin = 3;

/// Bone (temple, nose), soft and mobile (upper lip, round the eyes), and lids, lips and nostrils next to them:
/// about two minutes of an expert's needling.
Setting short_case(const std::string& face) {
    return make_setting(scenarios::source_places(), face,
                        {"temple_left", "nose_dorsum", "upper_lip", "periorbital_left", "periorbital_right"});
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

std::vector<Result> hold_and_keep(const std::string& name, const std::vector<Sitting>& sittings) {
    const std::vector<Result> results = hold(sittings);
    keep(name, csv(sittings, results));
    return results;
}

/// All operators, once, on the patient whom all of them see.
struct Everyone {
    Setting patient = short_case("demo-woman");
    std::vector<Sitting> sittings;
    std::vector<Result> results;

    Everyone() {
        for (const Operator& who : population(operators_asked())) sittings.push_back({&patient, who, 1000 + who.manner});
        results = hold_and_keep("sessions.csv", sittings);
    }
    Everyone(const Everyone&) = delete;  // sittings point into it
};
const Everyone& everyone() {
    static const Everyone all;
    return all;
}

/// `count` of them, of all skills.
std::vector<size_t> some(size_t count) {
    const size_t all = everyone().sittings.size();
    std::vector<size_t> chosen;
    for (size_t i = 0; i < std::min(count, all); ++i) chosen.push_back((2 * i + 1) * all / (2 * std::min(count, all)));
    return chosen;
}

std::string interval(const Mean& mean) {
    return fmt::format("{:+.2f} points, 95 % from {:+.2f} to {:+.2f}", mean.value, mean.low, mean.high);
}

void expect_alike(const Mean& apart, const std::string& who) {
    EXPECT_GT(apart.low, -kMargin) << who;
    EXPECT_LT(apart.high, kMargin) << who;
}

/// Lines on which `a` and `b` differ on average by a fiftieth of a point or more, as points of 100.
std::string lines_apart(const training::Rubric& rubric, const std::vector<Result>& a, const std::vector<Result>& b) {
    std::string text;
    for (const training::Criterion& line : rubric.criteria) {
        double sum = 0;
        for (size_t i = 0; i < a.size(); ++i) {
            if (a[i].lines.contains(line.id) && b[i].lines.contains(line.id))
                sum += a[i].lines.at(line.id) - b[i].lines.at(line.id);
        }
        const double points = sum / static_cast<double>(a.size()) * 0.01 * line.weight;
        if (std::abs(points) >= 0.02) text += fmt::format(" {} {:+.2f}", line.id, points);
    }
    return text;
}

}  // namespace

TEST(Study, OfSimulatedOperatorsSkillOrdersTheTotalAndRepeatsItself) {
    const Everyone& all = everyone();
    std::vector<double> skill, total, novices, experts;
    for (size_t i = 0; i < all.sittings.size(); ++i) {
        skill.push_back(all.sittings[i].who.skill), total.push_back(all.results[i].total);
        if (skill.back() < 0.2) novices.push_back(total.back());
        if (skill.back() > 0.8) experts.push_back(total.back());
    }
    const std::vector<size_t> chosen = some(std::max<size_t>(20, operators_asked() / 4));
    std::vector<Sitting> again;
    for (size_t i : chosen) {
        again.push_back(all.sittings[i]);
        again.back().seed += 1000;
    }
    const std::vector<Result> second = hold_and_keep("sessions-again.csv", again);
    std::vector<std::vector<double>> twice, trained;
    for (size_t k = 0; k < chosen.size(); ++k) {
        twice.push_back({total[chosen[k]], second[k].total});
        if (skill[chosen[k]] > 0.5) trained.push_back(twice.back());
    }
    // The pass mark is absolute, so agreement is asked for, not consistency: ICC(2,1).
    const double order = spearman(skill, total), area = area_under_curve(novices, experts);
    const Intraclass same = intraclass(twice), narrow = intraclass(trained);
    const std::string text = fmt::format(
        "{} simulated operators\nSpearman of skill and total {:.3f}\nAUC of skill over 0.8 against under 0.2 "
        "{:.4f}\n{} of them twice: ICC(2,1) {:.3f}, ICC(3,1) {:.3f}; among skill over 0.5 alone {:.3f}\nmean total: "
        "novices {:.1f}, experts {:.1f}\n",
        total.size(), order, area, twice.size(), same.agreement, same.consistency, narrow.agreement,
        mean_of(novices).value, mean_of(experts).value);
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
    const Everyone& all = everyone();
    std::vector<Result> right, left;
    std::vector<Sitting> other;
    const std::vector<size_t> chosen = some(std::max<size_t>(20, operators_asked() / 5));
    for (size_t i : chosen) {
        other.push_back(all.sittings[i]);
        other.back().who.left_handed = !other.back().who.left_handed;
    }
    const std::vector<Result> others = hold_and_keep("hand-other.csv", other);
    std::vector<double> apart;
    for (size_t k = 0; k < chosen.size(); ++k) {
        const bool now_left = other[k].who.left_handed;
        right.push_back(now_left ? all.results[chosen[k]] : others[k]);
        left.push_back(now_left ? others[k] : all.results[chosen[k]]);
        apart.push_back(right.back().total - left.back().total);
    }
    const Mean mean = mean_of(apart);
    const std::string text = fmt::format("right less left hand, {} simulated operators: {};{}\n", apart.size(),
                                         interval(mean), lines_apart(all.patient.rubric, right, left));
    fmt::print("{}", text);
    keep("summary-hands.txt", text);
    expect_alike(mean, "right and left");
}

TEST(Study, OfSimulatedOperatorsNoPatientIsFavoured) {
    const Everyone& all = everyone();
    const std::vector<std::string> faces = {"patient-aoife",  "patient-kenji", "patient-rafael",
                                            "patient-priya", "patient-ama",   "demo-woman"};
    std::vector<Setting> settings;
    for (const std::string& face : faces) settings.push_back(short_case(face));
    const std::vector<size_t> chosen = some(std::max<size_t>(16, operators_asked() / 12));
    std::vector<Sitting> sittings;
    for (size_t face = 0; face + 1 < faces.size(); ++face) {
        for (size_t i : chosen) {
            sittings.push_back(all.sittings[i]);
            sittings.back().setting = &settings[face];
        }
    }
    const std::vector<Result> held = hold_and_keep("patients.csv", sittings);
    std::vector<std::vector<Result>> results(faces.size());
    for (size_t i = 0; i < held.size(); ++i) results[i / chosen.size()].push_back(held[i]);
    for (size_t i : chosen) results.back().push_back(all.results[i]);

    std::string text;
    for (size_t face = 0; face < faces.size(); ++face) {
        std::vector<double> apart;
        std::vector<Result> own, others;
        for (size_t k = 0; k < chosen.size(); ++k) {
            double mean = 0;
            for (size_t other = 0; other < faces.size(); ++other) {
                mean += results[other][k].total / static_cast<double>(faces.size());
                own.push_back(results[face][k]), others.push_back(results[other][k]);
            }
            apart.push_back(results[face][k].total - mean);
        }
        const Mean mean = mean_of(apart);
        text += fmt::format("{} (type {}) against the mean of six patients, {} simulated operators: {};{}\n",
                            faces[face], settings[face].stage->face->fitzpatrick, chosen.size(), interval(mean),
                            lines_apart(all.patient.rubric, own, others));
        expect_alike(mean, faces[face]);
    }
    fmt::print("{}", text);
    keep("summary-patients.txt", text);
}

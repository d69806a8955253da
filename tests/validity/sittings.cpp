#include "tests/validity/sittings.h"

#include "engine/base/parallel.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace validity {

using training::Fault;
using training::Operator;

Setting make_setting(const base::Places& places, const std::string& face,
                     const std::vector<std::string>& zones) {
    const base::fs::path folder = base::fs::path(EVENHAND_BINARY_DIR) / "validity";
    base::fs::create_directories(folder);
    std::string list;
    for (const std::string& zone : zones) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", zone);
    const base::fs::path file = folder / ("short-" + base::fs::path(face).stem().string() + ".toml");
    const base::Status written = base::write_file(
        file, std::string_view(fmt::format(
                  "version = 1\nid = \"short\"\nname = \"Short case\"\nbrief = \"For the validity study.\"\n"
                  "source = \"tests/validity\"\nface = \"{}\"\nneedling_minutes = 3\nzones = [{}]\n",
                  face, list)));
    CHECK(static_cast<bool>(written));
    const auto stage = training::load_stage(places, file.string());
    CHECK(static_cast<bool>(stage), stage ? "" : stage.error().message);
    return {*stage, *training::load_rubric(places, (*stage)->practice.rubric),
            *training::load_scope(places, "medical")};
}

namespace {

Result hold_one(const Sitting& sitting) {
    const training::Stage& stage = *sitting.setting->stage;
    const training::Performance performance = training::perform_operator(stage, sitting.who, sitting.seed);
    training::Recording recording;
    recording.header =
        training::make_header(stage, fmt::format("operator {} {}", sitting.who.skill, sitting.seed));
    recording.samples = performance.samples;
    recording.events = performance.events;
    const training::Session session = training::resimulate(recording, sitting.setting->stage);
    recording.punctures = session.punctures();
    recording.contacts = session.contacts();
    recording.finished = true;

    const training::Score score =
        training::score(recording, stage, sitting.setting->rubric, sitting.setting->scope);
    Result result{0.01 * score.total, score.pass, {}, recording.duration()};
    for (const training::CriterionScore& line : score.criteria) {
        if (line.points && line.max > 0) result.lines[line.criterion.id] = 100.0 * *line.points / line.max;
    }
    return result;
}

}  // namespace

std::vector<Result> hold(const std::vector<Sitting>& sittings) {
    std::vector<Result> results(sittings.size());
    base::parallel_ranges(sittings.size(), 1, [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) results[i] = hold_one(sittings[i]);
    });
    return results;
}

std::vector<Operator> population(size_t count) {
    std::vector<Operator> all;
    for (size_t i = 0; i < count; ++i) {
        Operator who;
        who.skill = (static_cast<double>(i) + 0.5) / static_cast<double>(count);
        who.manner = i + 1;
        who.left_handed = i % 2 == 1;
        all.push_back(who);
    }
    return all;
}

FaultMatrix fault_matrix(const training::Rubric& rubric, const std::vector<Result>& without,
                         const std::vector<Result>& with) {
    FaultMatrix matrix;
    for (const training::Criterion& criterion : rubric.criteria) matrix.lines.push_back(criterion.id);
    for (size_t fault = 0; fault < training::kFaults; ++fault) {
        std::vector<double> drops;
        std::vector<bool> assessed;
        double total = 0;
        for (const std::string& line : matrix.lines) {
            double sum = 0;
            size_t count = 0;
            for (size_t i = 0; i < without.size(); ++i) {
                const Result& faulty = with[fault * without.size() + i];
                if (!without[i].lines.contains(line) || !faulty.lines.contains(line)) continue;
                sum += without[i].lines.at(line) - faulty.lines.at(line), ++count;
            }
            drops.push_back(count > 0 ? sum / static_cast<double>(count) : 0);
            assessed.push_back(count > 0);
        }
        for (size_t i = 0; i < without.size(); ++i)
            total += without[i].total - with[fault * without.size() + i].total;
        matrix.drop.push_back(std::move(drops));
        matrix.assessed.push_back(std::move(assessed));
        matrix.total.push_back(total / static_cast<double>(without.size()));
    }
    return matrix;
}

std::vector<std::string> own_criteria(Fault fault) {
    switch (fault) {
        case Fault::heavy_hand:
            return {"force"};
        case Fault::tilt_round_nose:
            return {"tilt_spread"};
        case Fault::one_direction:
            return {"directions"};
        case Fault::missed_strips:
            return {"coverage"};
        case Fault::same_depth:
            return {"depth"};
        case Fault::dwell:
            return {"idle", "evenness"};
        case Fault::dry_glide:
            return {"preparation"};
        case Fault::no_go:
            return {"no_go"};
        case Fault::unsteady_speed:
            return {"smoothness", "speed", "drag", "evenness"};  // who hurries drags; the median of the speed cannot show it
        case Fault::no_traction:
            return {"traction"};
    }
    return {};
}

std::string table(const FaultMatrix& matrix) {
    std::string text = fmt::format("{:<17}{:>7}", "fault of size 1", "total");
    for (const std::string& line : matrix.lines)
        text += fmt::format("{:>9.8}", line == "depth_steadiness"   ? "depth_cv"
                                       : line == "force_steadiness" ? "force_cv"
                                                                    : line);
    for (size_t fault = 0; fault < matrix.drop.size(); ++fault) {
        const std::vector<std::string> own = own_criteria(static_cast<Fault>(fault));
        text += fmt::format("\n{:<17}{:>7.2f}", training::fault_name(static_cast<Fault>(fault)),
                            matrix.total[fault]);
        for (size_t line = 0; line < matrix.lines.size(); ++line) {
            const bool is_own = std::find(own.begin(), own.end(), matrix.lines[line]) != own.end();
            const std::string drop =
                matrix.assessed[fault][line] ? fmt::format("{:.0f}", matrix.drop[fault][line] + 0.0) : "-";
            text += fmt::format("{:>9}", is_own ? "[" + drop + "]" : drop);
        }
    }
    return text + "\n";
}

std::string csv(const FaultMatrix& matrix) {
    std::string text = fmt::format("fault,total_points,{}\n", fmt::join(matrix.lines, ","));
    for (size_t fault = 0; fault < matrix.drop.size(); ++fault) {
        text +=
            fmt::format("{},{:.2f}", training::fault_name(static_cast<Fault>(fault)), matrix.total[fault]);
        for (size_t line = 0; line < matrix.lines.size(); ++line) {
            text += matrix.assessed[fault][line] ? fmt::format(",{:.1f}", matrix.drop[fault][line]) : ",";
        }
        text += "\n";
    }
    return text;
}

std::string csv(const std::vector<Sitting>& sittings, const std::vector<Result>& results) {
    std::string text = "face,skill,hand,manner,seed,total,pass,seconds,lines\n";
    for (size_t i = 0; i < sittings.size(); ++i) {
        const Operator& who = sittings[i].who;
        text += fmt::format("{},{:.4f},{},{},{},{:.2f},{},{:.1f}", sittings[i].setting->stage->face->id,
                            who.skill, who.left_handed ? "left" : "right", who.manner, sittings[i].seed,
                            results[i].total, results[i].pass ? 1 : 0, results[i].seconds);
        for (const auto& [line, share] : results[i].lines) text += fmt::format(",{}={:.1f}", line, share);
        text += "\n";
    }
    return text;
}

}  // namespace validity

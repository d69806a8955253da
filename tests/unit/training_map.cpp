// docs/training-map.md: each row of the source articles' table points at places that exist.

#include "engine/base/toml.h"
#include "engine/face/conditions.h"
#include "tests/scenarios/places.h"
#include "training/core/case.h"
#include "training/core/lesson.h"
#include "training/core/metrics.h"
#include "training/core/procedure.h"
#include "training/core/treatment.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <sstream>

namespace training {
namespace {

namespace fs = base::fs;
const fs::path kRoot = EVENHAND_SOURCE_DIR;

constexpr size_t kRows = 94;  // of clinical.md 10

struct Row {
    std::string kind, item;
    std::vector<std::string> places;
};

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, '|');) {
        const size_t from = cell.find_first_not_of(' '), to = cell.find_last_not_of(' ');
        cells.push_back(from == std::string::npos ? "" : cell.substr(from, to - from + 1));
    }
    return cells;
}

std::vector<Row> rows_of(const std::string& text) {
    std::vector<Row> rows;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        const std::vector<std::string> cells = cells_of(line);
        if (cells.size() < 5 || cells[1] == "Kind" || cells[1].starts_with("---")) continue;
        Row row{cells[1], cells[2], {}};
        std::istringstream places(cells[4]);
        for (std::string place; places >> place;) {
            EXPECT_TRUE(place.size() > 2 && place.front() == '`' && place.back() == '`') << line;
            row.places.push_back(place.substr(1, place.size() - 2));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string text_of(const fs::path& file) {
    base::Result<std::string> text = base::read_text(kRoot / file);
    EXPECT_TRUE(text) << file;
    return text ? *text : "";
}

/// All ids that a kind of place knows.
using Ids = std::map<std::string, std::set<std::string>>;

Ids ids() {
    Ids known;
    const base::Places places = scenarios::source_places();
    const std::vector<Case> cases = *list_cases(places);
    for (const Case& practice : cases)
        if (practice.consultation.decision) known["case"].insert(practice.id);
    const Procedure lists = *Procedure::load(places);
    auto add = [&](const char* kind, const auto& list, auto id) {
        for (const auto& one : list) known[kind].insert(id(one));
    };
    auto event = [](const ProcedureItem& item) { return item.event; };
    auto own_id = [](const auto& one) { return one.id; };
    add("preparation", lists.preparation, event);
    add("finish", lists.finish, event);
    add("aftercare", lists.aftercare, event);
    add("question", lists.questions, own_id);
    add("flag", lists.flags, own_id);
    add("indication", lists.indications, own_id);
    add("cartridge", lists.cartridges, own_id);
    add("measure", measure_names(), [](const std::string& name) { return name; });
    for (size_t step = 0; step < kSteps; ++step) known["step"].insert(step_name(static_cast<Step>(step)));
    for (const char* act : {kConsultAsk, kConsultLook, kConsultMark, kDecide, kDecideBecause, kDecideWait, kPlanIndication,
                            kPlanDevice, kPlanCartridge, kPlanDepth, kPlanPasses, kPlanSessions, kPlanWeeks, kWait, kNeedleZone,
                            kEndPoint, kFollowLook})
        known["act"].insert(act);
    for (const char* folder : {"device", "scope", "condition"})
        for (const auto& file : fs::directory_iterator(kRoot / "content" / (std::string(folder) + "s")))
            known[folder].insert(file.path().stem().string());
    const toml::table words = *base::read_toml(kRoot / "content/locale/en.toml");
    for (const auto& [key, node] : *words["healing_sign"].as_table()) known["healing"].insert(std::string(key.str()));
    std::vector<base::Error> problems;
    add("lesson", list_lessons(places, {}, problems), own_id);
    known["open"] = {"lesson"};
    return known;
}

TEST(TrainingMap, each_row_of_the_source_table_points_at_places_that_exist) {
    const std::string text = text_of("docs/training-map.md");
    const std::vector<Row> rows = rows_of(text);
    const Ids known = ids();
    EXPECT_EQ(rows.size(), kRows);
    std::set<std::string> once;
    size_t part = 0, open = 0;
    for (const Row& row : rows) {
        EXPECT_TRUE(once.insert(row.kind + row.item).second) << row.item;
        EXPECT_FALSE(row.places.empty()) << row.item;
        size_t waiting = 0;
        for (const std::string& place : row.places) {
            const size_t colon = place.find(':');
            ASSERT_NE(colon, std::string::npos) << place;
            auto kind = known.find(place.substr(0, colon));
            ASSERT_NE(kind, known.end()) << row.item << ": " << place;
            EXPECT_TRUE(kind->second.contains(place.substr(colon + 1))) << row.item << ": " << place;
            waiting += place.starts_with("open:");
        }
        part += waiting > 0 && waiting < row.places.size();
        open += waiting == row.places.size();
    }
    const std::string counted = fmt::format("{} rows: {} are trained, {} in part, {} are open.", kRows, kRows - part - open, part, open);
    EXPECT_NE(text.find(counted), std::string::npos) << counted;
}

TEST(TrainingMap, knows_every_trap_and_every_contraindication_has_a_patient) {
    const std::vector<Row> rows = rows_of(text_of("docs/training-map.md"));
    for (const Row& row : rows) {
        if (row.kind != "contraindication") continue;
        EXPECT_TRUE(std::any_of(row.places.begin(), row.places.end(), [](const std::string& p) { return p.starts_with("case:"); }))
            << row.item;
    }
}

}  // namespace
}  // namespace training

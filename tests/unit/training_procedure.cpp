#include "training/core/procedure.h"

#include "tests/unit/training_log.h"

#include <gtest/gtest.h>

namespace training {
namespace {

using training_test::flat_pad;
using training_test::Log;
using training_test::places;

Log pad_log() {
    return Log(flat_pad(), {"pad"});
}

TEST(Procedure, lists_are_sound_and_every_line_has_source_and_tag) {
    base::Result<Procedure> procedure = Procedure::load(places());
    ASSERT_TRUE(procedure) << procedure.error().message;
    EXPECT_GE(procedure->flags.size(), 25u);
    for (const ScreeningFlag& flag : procedure->flags) {
        EXPECT_FALSE(flag.source.empty() || flag.tag.empty()) << flag.id;
        bool goes_on = std::find(flag.actions.begin(), flag.actions.end(), "proceed") != flag.actions.end() ||
                       std::find(flag.actions.begin(), flag.actions.end(), "caution") != flag.actions.end();
        bool holds_off = flag.gravity == Gravity::absolute || flag.gravity == Gravity::relative;
        EXPECT_NE(goes_on && holds_off, true) << flag.id;
    }
    for (const auto* list : {&procedure->preparation, &procedure->aftercare})
        for (const ProcedureItem& item : *list) EXPECT_FALSE(item.source.empty() || item.tag.empty()) << item.event;
}

TEST(Procedure, mistakes_are_told_with_file_and_line) {
    std::string good = *base::read_text(places().data / "procedure.toml");
    auto refused = [&](const std::string& from, const std::string& to) {
        std::string text = good;
        size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        base::fs::path file = base::fs::path(EVENHAND_BINARY_DIR) / "test-procedure.toml";
        EXPECT_TRUE(base::write_file(file, std::string_view(text)));
        base::Result<Procedure> read = Procedure::read(file);
        EXPECT_FALSE(read) << to;
        return read ? std::string() : read.error().message;
    };
    EXPECT_NE(refused("gravity = \"absolute\"", "gravity = \"grave\"").find("test-procedure.toml:"), std::string::npos);
    EXPECT_NE(refused("actions = \"defer\"", "actions = \"postpone\"").find("no action 'postpone'"), std::string::npos);
    EXPECT_NE(refused("after = \"prep_gloves\"", "after = \"prep_glove\"").find("no step"), std::string::npos);
    EXPECT_NE(refused("id = \"eczema\"", "id = \"open_wound\"").find("taken"), std::string::npos);
    EXPECT_NE(refused("least = 20 ", "least = 200 ").find("must not be less than least"), std::string::npos);
    EXPECT_NE(refused("id = \"pregnancy\"", "id = \"session\"").find("session"), std::string::npos);
    EXPECT_NE(refused("tag = \"F2\"", "").find("tag"), std::string::npos);
    EXPECT_NE(refused("version = 1", "version = 1 1").find(":"), std::string::npos);
}

TEST(Procedure, is_not_assessed_where_a_session_has_none_of_it) {
    Log log = pad_log();
    log.fill(2000);
    log.event("cartridge_new");
    log.event("glide_medium", "pad");
    for (const char* name : {"screening", "preparation", "aftercare"}) {
        EXPECT_EQ(log(name).value, std::nullopt) << name;
        EXPECT_FALSE(log(name).critical) << name;
    }
}

TEST(Procedure, opened_and_left_undone_is_worth_nothing) {
    Log log = pad_log();
    log.fill(2000);
    for (const char* name : {"consult_begin", "prep_begin", "advise_begin"}) log.event(name);
    for (const char* name : {"screening", "preparation", "aftercare"}) EXPECT_EQ(log(name).value, 0) << name;
    EXPECT_FALSE(log("screening").critical) << "a healthy patient was treated";
    EXPECT_NE(log("preparation").critical_reason.find("cartridge"), std::string::npos);
    EXPECT_NE(log("aftercare").critical_reason.find("sun"), std::string::npos);
}

TEST(Screening, counts_right_answers_to_flags_and_to_the_whole) {
    Log log = pad_log();
    log.event("consult_begin");
    log.event("consult_flag", "pregnancy");
    log.event("consult_flag", "pigment_risk");
    log.event("consult_flag", "horoscope");  // no such flag: nobody is asked about it
    log.event("decide", "pregnancy proceed");
    log.event("decide", "pregnancy defer");  // the last answer counts
    log.event("decide", "pigment_risk refuse");
    log.event("decide", "session defer");
    EXPECT_EQ(log("screening").value, 66'667);
    EXPECT_EQ(log("screening").note, "wrong or open: pigment_risk");
    EXPECT_FALSE(log("screening").critical);
    log.event("decide", "pigment_risk caution");
    EXPECT_EQ(log("screening").value, 100'000);
    log.event("decide", "session proceed");
    EXPECT_EQ(log("screening").value, 66'667);
}

TEST(Screening, needling_against_an_absolute_contraindication_is_critical) {
    for (auto [flag, critical] : {std::pair{"pregnancy", true}, std::pair{"isotretinoin", false},
                                  std::pair{"local_lesion", false}, std::pair{"pigment_risk", false}}) {
        Log log = pad_log();
        log.event("consult_begin");
        log.event("consult_flag", flag);
        EXPECT_FALSE(log("screening").critical) << flag;
        log.puncture(3);
        EXPECT_EQ(log("screening").critical, critical) << flag;
    }
}

TEST(Screening, of_a_patient_without_flags_asks_to_go_on) {
    Log log = pad_log();
    log.event("consult_begin");
    log.event("decide", "session proceed");
    EXPECT_EQ(log("screening").value, 100'000);
    log.event("decide", "session refuse");
    EXPECT_EQ(log("screening").value, 0);
}

/// All that the list asks for, in order.
std::vector<std::pair<std::string, std::string>> good_preparation() {
    return {{"prep_begin", ""},          {"prep_consent", ""},           {"prep_photo", ""},
            {"prep_cleanse", ""},        {"prep_anaesthetic_on", ""},    {"prep_anaesthetic_off", "30"},
            {"prep_disinfect", ""},      {"prep_gloves", ""},            {"cartridge_new", ""},
            {"prep_medium", "hydrogel"}, {"glide_medium", "forehead"}};
}

Measurement prepared(const std::vector<std::pair<std::string, std::string>>& events, bool wet = true) {
    Log log = pad_log();
    for (uint32_t i = 0; i < events.size(); ++i) log.event(events[i].first, events[i].second, i * 1000);
    for (uint32_t i = 0; i < 50; ++i) log.punctures.push_back({1'000'000 + i * 1000, 3, 0, 0, 500, 700});
    log.contact(800, 100, training_test::kWorking | (wet ? shared::kContactMedium : 0));
    return log("preparation");
}

void take_out(std::vector<std::pair<std::string, std::string>>& events, const std::string& name) {
    std::erase_if(events, [&](const auto& event) { return event.first == name; });
}

TEST(Preparation, in_order_is_worth_full_marks_with_and_without_anaesthetic) {
    std::vector<std::pair<std::string, std::string>> events = good_preparation();
    EXPECT_EQ(prepared(events).value, 100'000) << prepared(events).note;
    EXPECT_FALSE(prepared(events).critical) << prepared(events).critical_reason;
    take_out(events, "prep_anaesthetic_on");
    take_out(events, "prep_anaesthetic_off");
    EXPECT_EQ(prepared(events).value, 100'000) << prepared(events).note;
}

TEST(Preparation, counts_each_step_left_out_or_out_of_order) {
    std::vector<std::pair<std::string, std::string>> events = good_preparation();
    take_out(events, "prep_photo");
    EXPECT_EQ(prepared(events).value, 90'000);
    EXPECT_EQ(prepared(events).note, "wrong or missing: Photographs before");
    events = good_preparation();
    std::swap(events[7], events[8]);  // the cartridge before the gloves
    EXPECT_EQ(prepared(events).value, 90'000);
    EXPECT_FALSE(prepared(events).critical);
    events = good_preparation();
    events[5].second = "90";
    EXPECT_EQ(prepared(events).value, 90'000) << "left on for an hour and a half";
    events[5].second = "thirty";
    EXPECT_EQ(prepared(events).value, 90'000);
    events = good_preparation();
    events[9].second = "vitamin_c";
    EXPECT_EQ(prepared(events).value, 90'000);
}

TEST(Preparation, after_the_first_needle_comes_too_late) {
    std::vector<std::pair<std::string, std::string>> events = good_preparation();
    Log log = pad_log();
    for (const auto& [name, value] : events) log.event(name, value, name == "prep_gloves" ? 2'000'000 : 0);
    log.punctures.push_back({1'000'000, 3, 0, 0, 500, 700});
    EXPECT_EQ(log("preparation").note, "wrong or missing: Gloves");
}

TEST(Preparation, is_critical_without_cartridge_with_anaesthetic_left_on_or_dry) {
    for (auto [name, reason] : {std::pair{"cartridge_new", "cartridge"}, std::pair{"prep_anaesthetic_off", "anaesthetic"},
                                std::pair{"glide_medium", "dry"}}) {
        std::vector<std::pair<std::string, std::string>> events = good_preparation();
        take_out(events, name);
        EXPECT_TRUE(prepared(events).critical) << name;
        EXPECT_NE(prepared(events).critical_reason.find(reason), std::string::npos) << prepared(events).critical_reason;
    }
    Measurement dry = prepared(good_preparation(), false);
    EXPECT_TRUE(dry.critical);
    EXPECT_NE(dry.critical_reason.find("100 %"), std::string::npos);
    EXPECT_FALSE(dry.evidence.spans.empty());
}

TEST(Aftercare, counts_items_and_fails_without_the_three_that_matter) {
    std::vector<std::pair<std::string, std::string>> given = {
        {"advise_sun", ""},      {"advise_makeup", "24"},   {"advise_heat", "48"}, {"advise_actives", "7"},
        {"advise_cleanser", ""}, {"advise_no_picking", ""}, {"advise_infection", ""}, {"advise_next", "28"},
        {"record_treatment", ""}, {"record_photo", ""}};
    auto advised = [&](const std::string& without, const std::string& next = "28") {
        Log log = pad_log();
        log.puncture(3);
        log.event("advise_begin");
        for (const auto& [name, value] : given)
            if (name != without) log.event(name, name == "advise_next" ? next : value);
        return log("aftercare");
    };
    EXPECT_EQ(advised("").value, 100'000) << advised("").note;
    EXPECT_EQ(advised("", "14").value, 90'000);
    for (const auto& [name, value] : given) {
        EXPECT_EQ(advised(name).value, 90'000) << name;
        bool matters = name == "advise_sun" || name == "advise_infection" || name == "advise_next";
        EXPECT_EQ(advised(name).critical, matters) << name;
    }
}

// --- End point ---

/// Even needling of the pad, so many punctures per cm² from one second to another.
void needle(Log& log, double per_cm2, double from_s, double to_s, uint32_t depth_um = 500) {
    std::vector<uint32_t> cells;
    double owed = 0;
    for (double target = 0; target < 1; target += 0.05)  // twenty rounds over all cells
        for (uint32_t cell = 0; cell < log.face->cells.size(); ++cell)
            for (owed += 0.05 * per_cm2 * log.face->cells.area_um2[cell] * 1e-8; owed >= 1; owed -= 1) cells.push_back(cell);
    for (size_t i = 0; i < cells.size(); ++i) {
        double t = from_s + (to_s - from_s) * static_cast<double>(i) / static_cast<double>(cells.size());
        log.punctures.push_back({static_cast<uint32_t>(t * 1e6), cells[i], 0, 0, depth_um, 700});
    }
}

TEST(EndPoint, is_met_by_enough_needling_and_missed_by_too_little) {
    Log log = pad_log();
    EXPECT_EQ(log("end_point").value, std::nullopt);
    needle(log, 300, 0, 20);
    EXPECT_EQ(log("end_point").value, 0);
    EXPECT_FALSE(log("end_point").critical);
    needle(log, 3000, 20, 40);
    EXPECT_EQ(log("end_point").value, 100'000) << log("end_point").note;
    EXPECT_TRUE(log("end_point").evidence.cells.empty());
}

TEST(EndPoint, lets_one_pass_go_and_fails_two) {
    // The end is reached before 100 s; what comes later is beyond it, 1,200 per cm2 for a pass of this device.
    for (auto [passes, value] : {std::pair{0.9, 100'000}, std::pair{1.5, 50'000}, std::pair{1.8, 20'000}, std::pair{2.2, 0}}) {
        Log log = pad_log();
        needle(log, 2500, 0, 30);
        needle(log, 1200 * passes, 200, 230);
        Measurement end = log("end_point");
        EXPECT_NEAR(static_cast<double>(*end.value), value, 200) << passes << " " << end.note;
        EXPECT_EQ(end.critical, passes > 2) << passes;
        EXPECT_EQ(end.evidence.cells.empty(), passes <= 1) << passes;
    }
}

TEST(EndPoint, counts_a_device_s_own_passes) {
    Log log = pad_log();
    log.device.rate_hz = 200;
    needle(log, 2500, 0, 30);
    needle(log, 1200 * 2.2, 200, 230);  // 1.1 of its passes
    EXPECT_FALSE(log("end_point").critical);
    EXPECT_NEAR(static_cast<double>(*log("end_point").value), 90'000, 300);
}

TEST(EndPoint, is_critical_where_blood_runs_together) {
    Log log = pad_log();
    needle(log, 2500, 0, 30, 2000);
    Measurement end = log("end_point");
    EXPECT_TRUE(end.critical);
    EXPECT_NE(end.critical_reason.find("blood runs together"), std::string::npos);
}

}  // namespace
}  // namespace training

#include "training/app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace {

namespace fs = base::fs;

class AppSettings : public testing::Test {
  protected:
    void SetUp() override { fs::remove_all(folder_); }
    void TearDown() override { fs::remove_all(folder_); }

    app::Settings load() {
        std::optional<base::Error> problem;
        const app::Settings settings = app::load_settings(file_, problem);
        problem_ = problem ? problem->message : "";
        return settings;
    }
    /// One per test: they run beside each other.
    const fs::path folder_ = fs::path(EVENHAND_BINARY_DIR) / "settings-test" /
                             testing::UnitTest::GetInstance()->current_test_info()->name();
    const fs::path file_ = folder_ / "deeper/settings.toml";
    std::string problem_;
};

TEST_F(AppSettings, without_a_file_all_is_as_delivered_and_nothing_is_wrong) {
    EXPECT_EQ(load(), app::Settings{});
    EXPECT_EQ(problem_, "");
}

TEST_F(AppSettings, what_is_chosen_is_found_again) {
    for (auto tier : {std::optional<render::Tier>(), std::optional(render::Tier::cpu), std::optional(render::Tier::low),
                      std::optional(render::Tier::high)}) {
        for (auto resolution : {std::optional<double>(), std::optional(0.7), std::optional(1.0)}) {
            app::Settings settings;
            settings.tier = tier;
            settings.resolution = resolution;
            settings.text_size = resolution ? 1.25 : 0;
            settings.reduced_motion = !tier;
            settings.left_handed = tier.has_value();
            settings.close_up = resolution.has_value();
            settings.note_author = tier ? "Dr. \"Ana\" Núñez" : "";
            settings.automatic_fingers = settings.left_handed != settings.close_up;
            settings.coach = settings.left_handed == settings.close_up;
            settings.sound = !settings.coach;
            settings.volume = resolution ? 0.25 : 1;
            settings.subtitles = settings.close_up;
            ASSERT_TRUE(app::save_settings(file_, settings));
            EXPECT_EQ(load(), settings);
            EXPECT_EQ(problem_, "");
        }
    }
}

TEST_F(AppSettings, who_practises_is_found_again_and_a_code_with_control_letters_is_refused) {
    app::Settings settings;
    settings.trainee = "B-\u00e9 \"7\"";
    ASSERT_TRUE(app::save_settings(file_, settings));
    EXPECT_EQ(load(), settings);
    ASSERT_TRUE(base::write_file(file_, std::string_view("version = 1\ntrainee = \"a\\tb\"\n")));
    EXPECT_EQ(load(), app::Settings{});
    EXPECT_THAT(problem_, testing::HasSubstr("control letters"));
}

TEST_F(AppSettings, how_pens_answer_to_the_hand_is_found_again) {
    app::Settings settings;
    settings.pens.stylus = {0.05, 2.5, -0.25};
    settings.pens.stylus_tilt = false;
    settings.pens.stylus_tilt_dead_zone_deg = 4.5;
    settings.pens.gamepad.dead_zone = 0.2;
    settings.pens.gamepad.speed = 0.6;
    settings.pens.gamepad.trigger.full_force = 2;
    settings.pens.osc = {"0.0.0.0", 9001};
    settings.pens.residual_mm = 0.4;
    settings.pens.head_from_tracker.rotation = glm::dmat3(glm::dvec3(0, 1, 0), glm::dvec3(0, 0, 1), glm::dvec3(1, 0, 0));
    settings.pens.head_from_tracker.translation = {0.1, -1.0 / 3, 2};
    ASSERT_TRUE(app::save_settings(file_, settings));
    EXPECT_EQ(load(), settings);
    EXPECT_EQ(problem_, "");
}

TEST_F(AppSettings, a_bad_figure_of_a_pen_is_told_with_its_line) {
    fs::create_directories(file_.parent_path());
    ASSERT_TRUE(base::write_file(file_, std::string_view("version = 1\n[stylus]\nfull_force_n = 60\n")));
    EXPECT_EQ(load(), app::Settings{});
    EXPECT_THAT(problem_, testing::HasSubstr("settings.toml:3:"));
    ASSERT_TRUE(base::write_file(file_, std::string_view("version = 1\n[tracked]\nport = 9000\nresidual_mm = 1\n"
                                                         "rotation = [1, 0, 0, 0, 1, 0, 0, 0, -1]\ntranslation_m = [0, 0, 0]\n")));
    EXPECT_EQ(load(), app::Settings{});
    EXPECT_THAT(problem_, testing::HasSubstr("no rotation")) << "a mirror is none";
}

TEST_F(AppSettings, a_bad_file_gives_the_defaults_and_a_sentence_that_names_it) {
    fs::create_directories(file_.parent_path());
    for (const char* text : {"version = 1\ntier = \"ultra\"\nleft_handed = true\n", "version = 2\n", "version = 1\nresolution = 0\n",
                             "version = 1\ncolour = \"red\"\n", "left_handed = \"yes\"\nversion = 1\n", "\x7f\x45\x4c\x46", "version = "}) {
        ASSERT_TRUE(base::write_file(file_, std::string_view(text)));
        EXPECT_EQ(load(), app::Settings{}) << text;
        EXPECT_THAT(problem_, testing::HasSubstr("settings.toml")) << text;
    }
}

TEST_F(AppSettings, a_folder_that_cannot_be_made_is_told) {
    fs::create_directories(folder_);
    ASSERT_TRUE(base::write_file(folder_ / "deeper", std::string_view("a file in the way")));
    const auto status = app::save_settings(file_, {});
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, testing::HasSubstr("EVENHAND_CONFIG"));
}

TEST_F(AppSettings, the_folder_is_the_one_asked_for) {
    setenv("EVENHAND_CONFIG", "/somewhere", 1);
    EXPECT_EQ(app::settings_file(), fs::path("/somewhere/settings.toml"));
    unsetenv("EVENHAND_CONFIG");
    setenv("XDG_CONFIG_HOME", "/config", 1);
    EXPECT_EQ(app::settings_file(), fs::path("/config/evenhand/settings.toml"));
    unsetenv("XDG_CONFIG_HOME");
}

}  // namespace

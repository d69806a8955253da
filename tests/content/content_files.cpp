// Everything that ships is sound: cases, devices, faces, rubrics, scopes and words.

#include "engine/base/toml.h"
#include "engine/face/face_store.h"
#include "engine/skin/device_profile.h"
#include "training/core/case.h"
#include "training/core/rubric.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

namespace {

namespace fs = base::fs;

const fs::path kContent = fs::path(EVENHAND_SOURCE_DIR) / "content";

base::Places places() { return *base::find_places(kContent); }

std::vector<fs::path> toml_files(const char* folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(kContent / folder))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    EXPECT_FALSE(files.empty()) << folder;
    return files;
}

TEST(Content, EveryCaseLoadsAndItsZonesDeviceRubricAndScopeExist) {
    base::Result<std::vector<training::Case>> cases = training::list_cases(places());
    ASSERT_TRUE(cases) << cases.error().message;
    std::set<std::string> ids;
    for (const training::Case& practice : *cases) {
        EXPECT_TRUE(ids.insert(practice.id).second);
        auto face = face::load(places(), practice.face, {}, 0, practice.conditions);
        ASSERT_TRUE(face) << face.error().message;
        for (const std::string& defect : face::check(**face)) ADD_FAILURE() << practice.id << ": " << defect;
        for (const std::string& zone : practice.zones) EXPECT_GT((*face)->find_zone(zone), 0) << practice.id << " " << zone;
        EXPECT_TRUE(skin::load_device(places(), practice.device)) << practice.id;
        EXPECT_TRUE(training::load_rubric(places(), practice.rubric)) << practice.id;
        EXPECT_TRUE(training::load_scope(places(), practice.scope)) << practice.id;
    }
    for (const char* always : {"demo", "pad-flat", "pad-cylinder"}) EXPECT_TRUE(ids.contains(always)) << always;
}

TEST(Content, EveryDeviceRubricAndScopeIsSound) {
    for (const fs::path& file : toml_files("devices")) {
        auto device = skin::load_device(places(), file.stem());
        EXPECT_TRUE(device) << device.error().message;
    }
    for (const fs::path& file : toml_files("rubrics"))
        for (const std::string& mistake : training::check_rubric(places(), file)) ADD_FAILURE() << mistake;
    for (const fs::path& file : toml_files("scopes")) {
        auto scope = training::load_scope(places(), file.stem());
        EXPECT_TRUE(scope) << scope.error().message;
    }
}

TEST(Content, EveryShippedFaceIsSound) {
    auto faces = face::list(places());
    ASSERT_TRUE(faces) << faces.error().message;
    for (const face::Listing& entry : *faces) {
        auto face = face::load(places(), entry.id);
        ASSERT_TRUE(face) << face.error().message;
        for (const std::string& defect : face::check(**face)) ADD_FAILURE() << entry.id << ": " << defect;
    }
}

TEST(Content, EveryConditionIsSoundAndAPatientOrACaseShowsIt) {
    auto kinds = face::load_condition_kinds(places());
    ASSERT_TRUE(kinds) << kinds.error().message;
    std::set<std::string> shown;
    base::Result<std::vector<training::Case>> cases = training::list_cases(places());
    ASSERT_TRUE(cases) << cases.error().message;
    for (const training::Case& practice : *cases) {
        auto face = face::load(places(), practice.face, {}, 0, practice.conditions);
        ASSERT_TRUE(face) << face.error().message;
        for (const face::Lesion& lesion : (*face)->lesions) shown.insert(lesion.condition);
    }
    for (const face::ConditionKind& kind : *kinds) EXPECT_TRUE(shown.contains(kind.id)) << kind.id;
}

TEST(Content, EveryFigureThatPeopleEditNamesItsVersionAndSource) {
    for (const char* folder : {"devices", "rubrics", "scopes", "conditions"})
        for (const fs::path& file : toml_files(folder)) {
            std::ifstream stream(file);
            std::string text((std::istreambuf_iterator<char>(stream)), {});
            EXPECT_NE(text.find("version"), std::string::npos) << file;
            EXPECT_NE(text.find("source"), std::string::npos) << file;
        }
}

// Words on screen live in content/locale: every key that the code asks for is there.
TEST(Content, NoWordOnScreenIsMissing) {
    base::Result<toml::table> words = base::read_toml(kContent / "locale/en.toml");
    ASSERT_TRUE(words) << words.error().message;
    std::regex call(R"re(\bwords\("([a-z_0-9]+\.[a-z_0-9]+)")re");
    size_t asked = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(EVENHAND_SOURCE_DIR) / "training/app")) {
        std::ifstream stream(entry.path());
        std::string text((std::istreambuf_iterator<char>(stream)), {});
        for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it, ++asked)
            EXPECT_TRUE(words->at_path((*it)[1].str()).is_string()) << entry.path() << ": " << (*it)[1];
    }
    EXPECT_GT(asked, 20u);
}

}  // namespace

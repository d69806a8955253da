#include "engine/skin/skin_model.h"

#include "engine/base/files.h"
#include "tests/unit/skin_places.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace {

/// Loads the shipped model with `from` replaced by `to` in its text; the sentence of the refusal, or "".
std::string refusal(const std::string& from, const std::string& to) {
    base::Places places = skin_test::places();
    std::stringstream text;
    text << std::ifstream(places.data / "skins/skin.toml").rdbuf();
    std::string changed = text.str();
    size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);

    base::fs::path folder = skin_test::scratch("model");
    base::fs::remove_all(folder);
    base::fs::create_directories(folder / "skins");
    base::fs::copy(places.data / "skins/layer_kernel.csv", folder / "skins");
    std::ofstream(folder / "skins/skin.toml") << changed;
    places.data = folder;
    auto model = skin::SkinModel::load(places);
    return model ? "" : model.error().message;
}

TEST(SkinModel, RefusesMistakesWithTheirPlace) {
    EXPECT_EQ(refusal("rise = 2.0", "rise = 2.5"), "");
    EXPECT_NE(refusal("rise = 2.0", "rise = -1").find("rise"), std::string::npos);
    EXPECT_NE(refusal("rise = 2.0", "rize = 2.0").find("skin.toml:"), std::string::npos);
    EXPECT_NE(refusal("share = 0.18", "share = 0.85").find("at once"), std::string::npos);
    const std::string more = "[[relaxation]]\nshare = 0.01\ntime_s = 1\n";
    EXPECT_EQ(refusal("[[relaxation]]", more + more + "[[relaxation]]"), "");
    EXPECT_NE(refusal("[[relaxation]]", more + more + more + "[[relaxation]]").find("at most 4"), std::string::npos);
    EXPECT_NE(refusal("version = 1", "version = 2").find("version"), std::string::npos);
    EXPECT_NE(refusal("[friction]", "[fricton]"), "");
}

TEST(SkinModel, TentingWeightsMakeOne) {
    EXPECT_NE(refusal("support = 0.25", "support = 0.20").find("must make 1"), std::string::npos);
    EXPECT_NE(refusal("half_stiffness_kpa = 60", "half_stiffness_kpa = 0").find("skin.toml:"), std::string::npos);
    EXPECT_NE(refusal("seat = 0.5", "seat = 1.5").find("seat"), std::string::npos);
    EXPECT_NE(refusal("[tenting]", "[tent]"), "");
}

TEST(SkinModel, EachThingThatHoldsSkinLetsAPinInDeeper) {
    skin::Tenting tenting;
    EXPECT_EQ(tenting.ease(0, 0, 0, 0), 0.0);
    EXPECT_EQ(tenting.ease(1, 100, 1, 0), 1.0);    // drawn taut, soft skin supports as well as any
    EXPECT_EQ(tenting.ease(1, 500, 1, 40e3), 1.0);  // and a motor faster than need be adds nothing
    EXPECT_DOUBLE_EQ(tenting.ease(1, 100, 0, 60e3), 0.75 + 0.25 * 0.5);
    EXPECT_DOUBLE_EQ(tenting.ease(0.4, 50, 0.5, 20e3), 0.5 * 0.4 + 0.25 * 0.5 + 0.25 * (1 - 0.5 * 0.75));
    double loose = tenting.ease(0.5, 50, 0.3, 15e3);
    EXPECT_GT(tenting.ease(0.6, 50, 0.3, 15e3), loose);
    EXPECT_GT(tenting.ease(0.5, 60, 0.3, 15e3), loose);
    EXPECT_GT(tenting.ease(0.5, 50, 0.4, 15e3), loose);
    EXPECT_GT(tenting.ease(0.5, 50, 0.3, 30e3), loose);
}

}  // namespace

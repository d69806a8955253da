// Conditions on a pad, where closed forms hold: places, lesions, what the cells know of them, and refusals. On a head:
// training_case.cpp.

#include "engine/base/toml.h"
#include "engine/face/condition_files.h"
#include "tests/unit/face_workshop.h"

#include <glm/geometric.hpp>

#include <set>

namespace {

using face::Condition;
using face::ConditionKind;
using face::FaceAsset;

const std::vector<ConditionKind>& kinds() {
    static const std::vector<ConditionKind> all = *face::load_condition_kinds(face_test::project_places());
    return all;
}

std::vector<Condition> wishes(const std::string& text) {
    toml::table table = toml::parse(text);
    auto conditions = face::take_conditions(table, "a.toml");
    EXPECT_TRUE(conditions) << (conditions ? "" : conditions.error().message);
    return conditions ? *conditions : std::vector<Condition>{};
}

base::Result<std::shared_ptr<const FaceAsset>> pad_with(const std::string& text, uint32_t vertices = 0) {
    return face::load(face_test::project_places(), "pad-flat", {}, vertices, wishes(text));
}

std::shared_ptr<const FaceAsset> must_have(const std::string& text, uint32_t vertices = 0) {
    auto pad = pad_with(text, vertices);
    EXPECT_TRUE(pad) << (pad ? "" : pad.error().message);
    return pad ? *pad : nullptr;
}

std::string refusal(const std::string& text) {
    toml::table table = toml::parse(text, std::string("a.toml"));
    auto conditions = face::take_conditions(table, "a.toml");
    if (!conditions) return conditions.error().message;
    auto pad = face::load(face_test::project_places(), "pad-flat", {}, 0, *conditions);
    return pad ? "loaded" : pad.error().message;
}

const char* const kMole = "[[condition]]\nkind = \"mole\"\nzone = \"pad\"\nat = [20, -10]\nsize = 4\n";

TEST(Conditions, AMoleIsOneNoGoLesionWhereItWasPut) {
    auto pad = must_have(kMole);
    ASSERT_EQ(pad->lesions.size(), 1u);
    const face::Lesion& mole = pad->lesions[0];
    EXPECT_EQ(mole.condition, "mole");
    EXPECT_EQ(mole.radius_um, 2000u);
    EXPECT_EQ(mole.margin_um, 5000u);
    EXPECT_TRUE(mole.no_go);
    // The pad's middle is the cell nearest to it; +x is the patient's left, +y up.
    EXPECT_LT(glm::length(mole.place - glm::dvec3(0.02, -0.01, 0)), 1e-3);
    EXPECT_FALSE(pad->details.empty());
    for (const face::SkinDetail& detail : pad->details)
        EXPECT_LT(glm::length(glm::dvec3(detail.from) - mole.place), 2.5e-3);
}

TEST(Conditions, TheMarginOfANoGoLesionIsAZoneThatNeedlesNeverEnter) {
    auto plain = must_have(""), pad = must_have(kMole);
    int zone = pad->find_zone("lesion");
    ASSERT_EQ(zone, static_cast<int>(plain->zones.size()));
    EXPECT_TRUE(pad->zones[zone].no_go);
    EXPECT_FALSE(pad->zones[zone].treatable);
    EXPECT_EQ(pad->zones[zone].kind, "lesion");

    constexpr double kReach = 7e-3;  // 2 mm of mole and 5 mm round it
    double disc = 3.14159265 * kReach * kReach * 1e12, triangle = 1.2e-3;
    EXPECT_NEAR(static_cast<double>(pad->zones[zone].area_um2), disc, 0.06 * disc);
    EXPECT_EQ(pad->zones[zone].area_um2 + pad->zones[1].area_um2, plain->zones[1].area_um2);
    ASSERT_EQ(pad->cells.size(), plain->cells.size());
    for (size_t cell = 0; cell < pad->cells.size(); ++cell) {
        double off = glm::length(pad->cells.seed[cell] - pad->lesions[0].place) - kReach;
        EXPECT_TRUE(std::fabs(off) <= triangle || (pad->cells.zone[cell] == zone) == (off < 0)) << off;
        if (pad->cells.zone[cell] == zone) {
            EXPECT_EQ(pad->cells.no_go_distance_um[cell], 0);
        } else {
            double told = 1e-6 * pad->cells.no_go_distance_um[cell];
            EXPECT_NEAR(told, std::clamp(off, 0.0, 65.535e-3), 1.1e-6);
            EXPECT_GT(told, 0);
        }
        EXPECT_TRUE(std::fabs(off) < 1e-6 || pad->cell_lesion[cell] == (off < 0 ? 1 : 0));
    }
}

TEST(Conditions, TheDivisionStaysSound) {
    auto pad = must_have(kMole);
    EXPECT_EQ(face::check(*pad), std::vector<std::string>{});
    const face::SurfaceCells& cells = pad->cells;
    std::vector<uint64_t> area(cells.neighbourhood_count(), 0);
    for (size_t cell = 0; cell < cells.size(); ++cell) {
        EXPECT_EQ(cells.neighbourhood_zone[cells.neighbourhood[cell]], cells.zone[cell]);
        area[cells.neighbourhood[cell]] += cells.area_um2[cell];
        EXPECT_LE(cells.neighbourhood[cell > 0 ? cell - 1 : 0], cells.neighbourhood[cell]);
        for (uint32_t k = cells.neighbour_begin[cell]; k < cells.neighbour_begin[cell + 1]; ++k)
            EXPECT_LT(glm::length(cells.seed[cells.neighbours[k]] - cells.seed[cell]), 4e-3);
    }
    for (size_t i = 0; i < area.size(); ++i) {
        EXPECT_EQ(area[i], cells.neighbourhood_area_um2[i]);
        EXPECT_GE(area[i], 8'000'000u);
    }
}

TEST(Conditions, ZonesWithoutALesionKeepTheirNeighbourhoods) {
    // A pad has one zone: its own neighbourhoods change, and taking none away changes nothing.
    auto plain = must_have(""), scarred = must_have("[[condition]]\nkind = \"boxcar_scars\"\nzone = \"pad\"\n");
    EXPECT_EQ(plain->cells.neighbourhood, scarred->cells.neighbourhood);
    EXPECT_EQ(plain->zones.size(), scarred->zones.size());
    EXPECT_EQ(plain->cells.no_go_distance_um, scarred->cells.no_go_distance_um);
    EXPECT_NE(plain->hash, scarred->hash);

    face::SurfaceCells cells = plain->cells;
    std::vector<uint32_t> order = face::rezone_cells(cells, plain->cells.zone);
    EXPECT_EQ(cells.seed, plain->cells.seed);
    EXPECT_EQ(cells.neighbours, plain->cells.neighbours);
    EXPECT_EQ(cells.neighbourhood_area_um2, plain->cells.neighbourhood_area_um2);
    for (uint32_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
}

TEST(Conditions, AreTheSameEveryTimeAndOthersWithAnotherSeed) {
    std::string text = "[[condition]]\nkind = \"ice_pick_scars\"\nzone = \"pad\"\ncount = 30\nseed = ";
    auto one = must_have(text + "1\n"), again = must_have(text + "1\n"), other = must_have(text + "2\n");
    EXPECT_EQ(one->hash, again->hash);
    ASSERT_EQ(one->details.size(), again->details.size());
    for (size_t i = 0; i < one->details.size(); ++i) {
        EXPECT_EQ(one->details[i].from, again->details[i].from);
        EXPECT_EQ(one->details[i].seed, again->details[i].seed);
        EXPECT_EQ(one->details[i].height, again->details[i].height);
    }
    EXPECT_NE(one->hash, other->hash);
}

TEST(Conditions, LieAtTheSamePlaceOnAFinerMesh) {
    std::string text = "[[condition]]\nkind = \"mole\"\nzone = \"pad\"\ncount = 3\n";
    auto coarse = must_have(text), fine = must_have(text, 40'000);
    ASSERT_EQ(coarse->lesions.size(), fine->lesions.size());
    for (size_t i = 0; i < fine->lesions.size(); ++i) {
        EXPECT_EQ(coarse->lesions[i].place, fine->lesions[i].place);
        EXPECT_EQ(coarse->lesions[i].radius_um, fine->lesions[i].radius_um);
    }
}

TEST(Conditions, SeverityMeansMoreAndLargerAndDeeper) {
    auto of = [](const char* severity) {
        return must_have(std::string("[[condition]]\nkind = \"ice_pick_scars\"\nzone = \"pad\"\nseverity = ") + severity + "\n");
    };
    auto mild = of("0"), severe = of("1");
    EXPECT_GT(severe->lesions.size(), 2 * mild->lesions.size());
    auto deepest = [](const FaceAsset& asset) {
        float least = 0;
        for (const face::SkinDetail& detail : asset.details) least = std::min(least, detail.height);
        return least;
    };
    EXPECT_LT(deepest(*severe), deepest(*mild) - 150e-6f);
}

TEST(Conditions, ScarsKeepApartAndMayBeNeedled) {
    auto pad = must_have("[[condition]]\nkind = \"ice_pick_scars\"\nzone = \"pad\"\ncount = 60\n");
    ASSERT_EQ(pad->lesions.size(), 60u);
    EXPECT_EQ(pad->find_zone("lesion"), -1);
    for (size_t i = 0; i < 60; ++i) {
        EXPECT_FALSE(pad->lesions[i].no_go);
        for (size_t j = 0; j < i; ++j)
            EXPECT_GE(glm::length(pad->lesions[i].place - pad->lesions[j].place),
                      1e-6 * (pad->lesions[i].radius_um + pad->lesions[j].radius_um) + 0.79e-3);
    }
    std::set<uint16_t> known(pad->cell_lesion.begin(), pad->cell_lesion.end());
    EXPECT_EQ(known.size(), 61u) << "every scar is known to a cell, and some cells to none";
}

TEST(Conditions, ANoGoLesionGoesBeforeAScarInTheSameCell) {
    auto pad = must_have("[[condition]]\nkind = \"rolling_scars\"\nzone = \"pad\"\nat = [0, 0]\nsize = 9\n"
                         "[[condition]]\nkind = \"mole\"\nzone = \"pad\"\nat = [3, 0]\nsize = 3\n"
                         "[[condition]]\nkind = \"rolling_scars\"\nzone = \"pad\"\nat = [6, 0]\nsize = 9\n");
    uint32_t under = pad->cells.find(pad->lesions[1].place, {0, 0, 1});
    EXPECT_EQ(pad->cell_lesion[under], 2);
    for (size_t cell = 0; cell < pad->cells.size(); ++cell)
        EXPECT_TRUE(glm::length(pad->cells.seed[cell] - pad->lesions[1].place) > 6.4e-3 || pad->cell_lesion[cell] == 2);
}

TEST(Conditions, LesionsThatTouchShareOneZone) {
    auto pad = must_have("[[condition]]\nkind = \"acne_papules\"\nzone = \"pad\"\ncount = 12\n");
    EXPECT_EQ(pad->lesions.size(), 12u);
    EXPECT_EQ(std::count_if(pad->zones.begin(), pad->zones.end(), [](const face::Zone& z) { return z.no_go; }), 1);
    EXPECT_EQ(face::check(*pad), std::vector<std::string>{});
}

TEST(Conditions, EveryKindGoesOnASkin) {
    for (const ConditionKind& kind : kinds()) {
        std::string text = "[[condition]]\nkind = \"" + kind.id + "\"\nzone = \"pad\"\n";
        if (kind.layout == face::Layout::lines) {
            EXPECT_NE(refusal(text).find("does not run on pad; give a zone of one of the kinds forehead"),
                      std::string::npos);
            continue;
        }
        auto pad = must_have(text);
        ASSERT_TRUE(pad);
        EXPECT_FALSE(pad->lesions.empty()) << kind.id;
        EXPECT_FALSE(pad->details.empty()) << kind.id;
        EXPECT_EQ(pad->find_zone("lesion") > 0, kind.no_go) << kind.id;
        for (const face::SkinDetail& detail : pad->details) {
            EXPECT_NEAR(detail.from.z, 0, 1e-6) << "on the skin";
            EXPECT_GT(detail.radius, 20e-6f);
            EXPECT_TRUE(detail.melanin >= -1 && detail.melanin <= 8 && detail.haemoglobin >= -1 && detail.haemoglobin <= 8);
        }
        EXPECT_EQ(face::check(*pad), std::vector<std::string>{}) << kind.id;
    }
}

TEST(Conditions, ThatMustBeSparedSayWhatToDo) {
    for (const ConditionKind& kind : kinds()) {
        EXPECT_EQ(kind.no_go, kind.margin > 0) << kind.id;
        EXPECT_EQ(kind.no_go, kind.action != "proceed" && kind.action != "caution") << kind.id;
        EXPECT_TRUE(kind.advice.ends_with(".")) << kind.id;
    }
    std::set<std::string> ids;
    for (const ConditionKind& kind : kinds()) ids.insert(kind.id);
    for (const char* asked : {"ice_pick_scars", "rolling_scars", "boxcar_scars", "fine_lines", "wrinkles", "melasma",
                              "sun_spots", "enlarged_pores", "mole", "acne_papules", "acne_pustules", "comedones",
                              "cold_sore", "keloid", "open_wound", "eczema", "telangiectasia"})
        EXPECT_TRUE(ids.contains(asked)) << asked;
}

TEST(Conditions, MistakesAreToldWithLineAndColumnAndWhatThereIs) {
    const std::string start = "[[condition]]\nkind = \"mole\"\n";
    EXPECT_EQ(refusal(start + "zone = \"pad\"\n"), "loaded");
    EXPECT_EQ(refusal("[[condition]]\nkind = \"wart\"\nzone = \"pad\"\n").find(
                  "a.toml:2:8: kind: no condition is called \"wart\"; give one of acne_papules, "),
              0u);
    EXPECT_EQ(refusal(start + "zone = \"cheek\"\n"),
              "a.toml:3:8: zone: the face 'pad-flat' has no zone \"cheek\"; give one of pad");
    EXPECT_EQ(refusal(start + "zone = \"outside\"\n").find("a.toml:3:8: zone: "), 0u);
    EXPECT_EQ(refusal(start + "zone = \"pad\"\nbeside = \"lip\"\n").find("a.toml:4:10: beside: "), 0u);
    EXPECT_EQ(refusal(start + "zone = \"pad\"\nbeside = \"pad\"\n"), "loaded") << "all of it lies beside itself";
    EXPECT_EQ(refusal(start + "zone = \"pad\"\nat = [180, 0]\n").find("a.toml:4:6: at: this place is beyond the skin's edge, not on pad"), 0u);
    EXPECT_EQ(refusal(start + "zone = \"pad\"\nat = [1]\n").find("a.toml:4:6: at: must be [2 numbers]"), 0u);
    EXPECT_EQ(refusal(start + "zone = \"pad\"\nat = [1, 2]\ncount = 2\n").find("a.toml:5:9: count: "), 0u);
    EXPECT_EQ(refusal(start + "zone = \"pad\"\ncount = 0\n").find("a.toml:4:9: count: "), 0u);
    EXPECT_EQ(refusal(start + "zone = \"pad\"\nseverity = 1.5\n").find("a.toml:4:12: severity: "), 0u);
    EXPECT_EQ(refusal(start + "zone = \"pad\"\ncuont = 2\n").find("a.toml:4:9: unknown key 'cuont'"), 0u);
    EXPECT_EQ(refusal(start), "a.toml:1:1: zone: missing; give a text");
    EXPECT_EQ(refusal("condition = 3\n").find("a.toml:1:13: condition: "), 0u);
    EXPECT_EQ(refusal("[condition]\nkind = \"mole\"\n").find("a.toml:1:1: condition: "), 0u);
    EXPECT_EQ(refusal(start + "zone = \"pad\"\ncount = 200\n").find("a.toml:4:9: count: there is room for "), 0u);
}

TEST(Conditions, ThatLeaveNothingOfAZoneAreRefused) {
    EXPECT_NE(refusal("[[condition]]\nkind = \"eczema\"\nzone = \"pad\"\nat = [0, 0]\nsize = 100\n"
                      "[[condition]]\nkind = \"eczema\"\nzone = \"pad\"\nat = [35, 35]\nsize = 100\n"
                      "[[condition]]\nkind = \"eczema\"\nzone = \"pad\"\nat = [-35, 35]\nsize = 100\n"
                      "[[condition]]\nkind = \"eczema\"\nzone = \"pad\"\nat = [35, -35]\nsize = 100\n"
                      "[[condition]]\nkind = \"eczema\"\nzone = \"pad\"\nat = [-35, -35]\nsize = 100\n")
                  .find("leave nothing of the zone pad"),
              std::string::npos);
}

TEST(Conditions, OfAPatientComeFromItsFileAndCostNoBake) {
    face_test::Workshop shop;
    shop.write("small.toml", face_test::kSmallPad);
    auto plain = face_test::must_load(shop.places, "small");
    face_test::fs::copy(face_test::project_places().data / "conditions", shop.places.data / "conditions");
    shop.write("small.toml", std::string(face_test::kSmallPad) + "[[condition]]\nkind = \"sun_spots\"\nzone = \"pad\"\ncount = 2\n");
    int steps = 0;
    auto spotted = face::load(shop.places, "small", [&](std::string_view, double) { ++steps; });
    ASSERT_TRUE(spotted) << spotted.error().message;
    EXPECT_EQ(steps, 0);
    EXPECT_EQ((*spotted)->lesions.size(), 2u);
    EXPECT_NE((*spotted)->hash, plain->hash);
    EXPECT_TRUE((*face::list(shop.places))[0].baked);
}

TEST(Conditions, WithoutTheirFolderAreRefusedWithItsName) {
    face_test::Workshop shop;
    shop.write("small.toml", std::string(face_test::kSmallPad) + "[[condition]]\nkind = \"mole\"\nzone = \"pad\"\n");
    auto none = face::load(shop.places, "small");
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("conditions: no such folder"), std::string::npos);
}

std::string kind_refusal(const std::string& text) {
    toml::table table = toml::parse(text, std::string("k.toml"));
    auto kind = face::read_condition_kind(table, "k.toml");
    return kind ? "read" : kind.error().message;
}

TEST(ConditionKinds, MistakesAreToldWithLineAndColumn) {
    const std::string start = "version = 1\nid = \"k\"\nsource = \"s (A)\"\nname = \"K\"\ntag = \"A\"\nadvice = \"Do.\"\n"
                              "action = \"avoid\"\n";
    const std::string spots = start + "layout = \"spots\"\nsize_mm = 2\n";
    EXPECT_EQ(kind_refusal(spots + "[[mark]]\nmelanin = 1\n"), "read");
    EXPECT_EQ(kind_refusal(spots).find("k.toml:1:1: mark: missing"), 0u);
    EXPECT_EQ(kind_refusal(start + "layout = \"dots\"\n").find("k.toml:8:10: layout: \"dots\" is not known; give one of \"spots\""), 0u);
    EXPECT_EQ(kind_refusal(spots + "[[mark]]\nmelanin = 9\n").find("k.toml:11:11: melanin: "), 0u);
    EXPECT_EQ(kind_refusal(spots + "[[mark]]\nmelanin = [0, 1, 2]\n").find("k.toml:11:11: melanin: must be [2 numbers]"), 0u);
    EXPECT_EQ(kind_refusal(spots + "[[mark]]\ncolour = 1\n").find("k.toml:11:10: unknown key 'colour'"), 0u);
    EXPECT_EQ(kind_refusal(start + "layout = \"lines\"\nsize_mm = 9\n[[mark]]\nblood = 1\n").find("k.toml:1:1: site: "), 0u);
    EXPECT_EQ(kind_refusal(start + "no_go = true\nlayout = \"field\"\nsize_mm = 9\n[[mark]]\nblood = 1\n").find("k.toml:8:9: no_go: "), 0u);
}

}  // namespace

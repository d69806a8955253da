#include "tests/unit/face_workshop.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <set>

namespace {

using face_test::kSmallPad;
using face_test::must_load;
using face_test::Workshop;
namespace fs = base::fs;

void expect_same(const face::FaceAsset& a, const face::FaceAsset& b) {
    EXPECT_EQ(a.hash, b.hash);
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.kind, b.kind);
    EXPECT_EQ(a.fitzpatrick, b.fitzpatrick);
    EXPECT_EQ(a.mesh.positions, b.mesh.positions);
    EXPECT_EQ(a.mesh.triangles, b.mesh.triangles);
    EXPECT_EQ(a.mesh.normals, b.mesh.normals);
    EXPECT_EQ(a.uv, b.uv);
    EXPECT_EQ(a.zone, b.zone);
    EXPECT_EQ(a.cells.seed, b.cells.seed);
    EXPECT_EQ(a.cells.normal, b.cells.normal);
    EXPECT_EQ(a.cells.neighbours, b.cells.neighbours);
    ASSERT_EQ(a.tissue.size(), b.tissue.size());
    EXPECT_EQ(std::memcmp(a.tissue.data(), b.tissue.data(), a.tissue.size() * sizeof(face::Tissue)), 0);
    ASSERT_EQ(a.look.size(), b.look.size());
    EXPECT_EQ(std::memcmp(a.look.data(), b.look.data(), a.look.size() * sizeof(face::Look)), 0);
    ASSERT_EQ(a.zones.size(), b.zones.size());
    for (size_t z = 0; z < a.zones.size(); ++z) {
        EXPECT_EQ(a.zones[z].id, b.zones[z].id);
        EXPECT_EQ(a.zones[z].area_um2, b.zones[z].area_um2);
    }
    EXPECT_EQ(&b.index->mesh(), &b.mesh) << "the index must refer to the mesh beside it";
    for (size_t i = 0; i < a.cells.size(); ++i)
        EXPECT_EQ(b.cells.find(a.cells.seed[i], a.cells.normal[i]), i);
}

std::vector<uint8_t> bytes_of(const fs::path& path) {
    auto bytes = base::read_file(path);
    EXPECT_TRUE(bytes);
    return bytes ? *bytes : std::vector<uint8_t>{};
}

TEST(FaceStore, TheCacheGivesBackWhatWasBaked) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    auto baked = must_load(shop.places, "small");
    int steps = 0;
    auto cached = face::load(shop.places, "small", [&](std::string_view, double) { ++steps; });
    ASSERT_TRUE(cached);
    EXPECT_EQ(steps, 0) << "nothing is baked the second time";
    expect_same(*baked, **cached);
}

TEST(FaceStore, ProgressRisesFromNothingToOne) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    std::vector<double> shares;
    ASSERT_TRUE(face::load(shop.places, "small", [&](std::string_view step, double share) {
        EXPECT_FALSE(step.empty());
        shares.push_back(share);
    }));
    ASSERT_GE(shares.size(), 2u);
    EXPECT_EQ(shares.front(), 0);
    EXPECT_EQ(shares.back(), 1);
    EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
}

TEST(FaceStore, TheProgressOfAHeadCountsTheWorkThatIsDone) {
    const Workshop fresh;
    base::Places places = face_test::project_places();
    places.cache = fresh.places.cache;
    std::vector<double> shares;
    std::set<int> percents;
    std::set<std::string, std::less<>> steps;
    ASSERT_TRUE(face::load(places, "demo-woman", [&](std::string_view step, double share) {
        steps.emplace(step);
        shares.push_back(share);
        percents.insert(static_cast<int>(100 * share));
    }));
    EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
    EXPECT_EQ(shares.back(), 1);
    EXPECT_GE(percents.size(), 70u);
    double stands = 0;
    for (size_t i = 1; i < shares.size(); ++i) stands = std::max(stands, shares[i] - shares[i - 1]);
    EXPECT_LE(stands, 0.13) << "no step passes without a word for longer than this share of the work";
    EXPECT_EQ(steps.size(), 6u);
}

TEST(FaceStore, WhoGivesUpABakeLeavesItInTheMidstOfAStep) {
    const Workshop fresh;
    base::Places places = face_test::project_places();
    places.cache = fresh.places.cache;
    struct GivenUp {};
    std::set<std::string, std::less<>> steps;
    for (const double from : {0.1, 0.5, 0.8}) {
        double left = 0;
        const auto until = [&](std::string_view step, double share) {
            left = share;
            if (share < from) return;
            steps.emplace(step);
            throw GivenUp{};
        };
        EXPECT_THROW((void)face::load(places, "demo-woman", until), GivenUp);
        EXPECT_LT(left, from + 0.1);
    }
    EXPECT_EQ(steps, (std::set<std::string, std::less<>>{"shape", "zones and tissue", "surface cells"}));
}

TEST(FaceStore, ACutCacheIsRebuilt) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    auto baked = must_load(shop.places, "small");
    fs::path file = shop.cached();
    std::vector<uint8_t> whole = bytes_of(file);
    for (size_t length : {size_t{0}, size_t{1}, size_t{11}, size_t{50}, size_t{60}, size_t{100},
                          whole.size() / 2, whole.size() - 33, whole.size() - 32, whole.size() - 1}) {
        fs::resize_file(file, length);
        auto again = must_load(shop.places, "small");
        EXPECT_EQ(again->hash, baked->hash) << length;
        EXPECT_EQ(bytes_of(file), whole) << "the entry is written anew, " << length;
    }
}

TEST(FaceStore, AnAlteredCacheIsRebuilt) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    auto baked = must_load(shop.places, "small");
    fs::path file = shop.cached();
    std::vector<uint8_t> whole = bytes_of(file);
    std::vector<size_t> places;
    for (size_t at = 0; at < 64; at += 3) places.push_back(at);
    for (size_t at = 64; at < whole.size(); at += whole.size() / 20) places.push_back(at);
    places.push_back(whole.size() - 1);
    for (size_t at : places) {
        std::vector<uint8_t> damaged = whole;
        damaged[at] ^= 0x80;
        ASSERT_TRUE(base::write_file(file, std::span<const uint8_t>(damaged)));
        EXPECT_EQ(must_load(shop.places, "small")->hash, baked->hash) << at;
        EXPECT_EQ(bytes_of(file), whole) << at;
    }
}

TEST(FaceStore, AForeignCacheIsRebuilt) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    base::Hash hash = must_load(shop.places, "small")->hash;
    fs::path file = shop.cached();
    std::vector<uint8_t> whole = bytes_of(file);

    Workshop other_shop;
    std::string other = kSmallPad;
    other.replace(other.find("12.5"), 4, "3.25");
    other_shop.write("small.toml", other);
    must_load(other_shop.places, "small");
    ASSERT_TRUE(base::write_file(file, std::span<const uint8_t>(bytes_of(other_shop.cached()))));
    EXPECT_EQ(must_load(shop.places, "small")->hash, hash) << "another pad's entry, sound in itself";
    EXPECT_EQ(bytes_of(file), whole);

    ASSERT_TRUE(base::write_file(file, std::string_view("version = 1\n")));
    EXPECT_EQ(must_load(shop.places, "small")->hash, hash);
    fs::remove(file);
    fs::create_directory(file);
    EXPECT_EQ(must_load(shop.places, "small")->hash, hash) << "even where the entry cannot be replaced";
}

TEST(FaceStore, AChangedDescriptionIsBakedAnew) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    base::Hash before = must_load(shop.places, "small")->hash;
    std::string changed = kSmallPad;
    changed.replace(changed.find("12.5"), 4, "3.25");
    shop.write("small.toml", changed);
    auto after = must_load(shop.places, "small");
    EXPECT_NE(after->hash, before);
    EXPECT_NEAR(after->tissue_at({0, {1, 0, 0}}).depth, 3.25e-3, 1e-12);
    EXPECT_FALSE(shop.cached().empty()) << "the old entry is replaced, not kept beside";
}

TEST(FaceStore, ResolutionsAreKeptApart) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    auto plain = must_load(shop.places, "small"), fine = must_load(shop.places, "small", 5000);
    EXPECT_EQ(plain->mesh.vertex_count(), 21u * 16u);
    EXPECT_GT(fine->mesh.vertex_count(), 4500u);
    EXPECT_EQ(must_load(shop.places, "small")->hash, plain->hash);
    EXPECT_EQ(must_load(shop.places, "small", 5000)->hash, fine->hash);
}

TEST(FaceStore, AFaceLoadsWhereNothingCanBeKept) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    ASSERT_TRUE(base::write_file(shop.root() / "file", std::string_view("not a folder")));
    base::Places places = shop.places;
    places.cache = shop.root() / "file" / "cache";
    EXPECT_TRUE(must_load(places, "small"));
}

TEST(FaceStore, ListsFacesByIdAndSaysWhichAreBaked) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    std::string other = kSmallPad;
    other.replace(other.find("\"small\""), 7, "\"another\"\nname = \"Another pad\"");
    shop.write("another.toml", other);
    shop.write("tissue.toml", "version = 1\nsource = \"a table, not a face\"\n");
    shop.write("notes.txt", "not a face");
    must_load(shop.places, "small");
    auto listing = face::list(shop.places);
    ASSERT_TRUE(listing) << listing.error().message;
    ASSERT_EQ(listing->size(), 2u);
    EXPECT_EQ((*listing)[0].id, "another");
    EXPECT_EQ((*listing)[0].name, "Another pad");
    EXPECT_FALSE((*listing)[0].baked);
    EXPECT_EQ((*listing)[1].id, "small");
    EXPECT_EQ((*listing)[1].kind, face::Kind::pad);
    EXPECT_TRUE((*listing)[1].baked);
    fs::resize_file(shop.cached(), 100);
    EXPECT_FALSE((*face::list(shop.places))[1].baked) << "a cut entry is no entry";
}

TEST(FaceStore, TheProjectHasBothPads) {
    auto listing = face::list(face_test::project_places());
    ASSERT_TRUE(listing) << listing.error().message;
    for (const char* id : {"pad-flat", "pad-cylinder"})
        EXPECT_TRUE(std::any_of(listing->begin(), listing->end(), [&](const face::Listing& l) {
            return l.id == id && l.kind == face::Kind::pad && l.name != l.id;
        })) << id;
}

std::string refusal(const base::Places& places, const std::string& id, uint32_t vertices = 0) {
    auto asset = face::load(places, id, {}, vertices);
    EXPECT_FALSE(asset) << id;
    return asset ? "" : asset.error().message;
}

TEST(FaceStore, AnUnknownIdNamesTheKnownOnes) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    std::string message = refusal(shop.places, "smal");
    EXPECT_NE(message.find("\"smal\""), std::string::npos) << message;
    EXPECT_NE(message.find("small"), std::string::npos) << message;
    for (const char* id : {"", "..", "../faces/small", "/etc/passwd"})
        EXPECT_FALSE(refusal(shop.places, id).empty());
}

TEST(FaceStore, AnIdMustBeTheFilesName) {
    Workshop shop;
    shop.write("other.toml", kSmallPad);
    EXPECT_NE(refusal(shop.places, "other").find("other"), std::string::npos);
}

TEST(FaceStore, UnusableFilesAreNamed) {
    Workshop shop;
    std::string missing = (shop.root() / "missing.toml").string();
    EXPECT_NE(refusal(shop.places, missing).find(missing), std::string::npos);
    std::string empty = shop.write("empty.toml", " ").string();
    EXPECT_NE(refusal(shop.places, empty).find(empty), std::string::npos);
    std::string binary = shop.write("binary.toml", "id = \"\xff\xfe\"").string();
    EXPECT_NE(refusal(shop.places, binary).find(binary), std::string::npos);
    std::string folder = (shop.root() / "folder.toml").string();
    fs::create_directory(folder);
    EXPECT_NE(refusal(shop.places, folder).find(folder), std::string::npos);
    base::Places nowhere = shop.places;
    nowhere.data = shop.root() / "nowhere";
    EXPECT_NE(refusal(nowhere, "small").find("nowhere"), std::string::npos);
    EXPECT_FALSE(face::list(nowhere));
}

TEST(FaceStore, AnAbsurdResolutionIsRefused) {
    Workshop shop;
    shop.write("small.toml", kSmallPad);
    EXPECT_NE(refusal(shop.places, "small", 4000000000u).find("4000000000"), std::string::npos);
}

}  // namespace

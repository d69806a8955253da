// What a browser gets to turn a session's face round: the bytes are what the recording holds, rounded as they say, and go to whoever
// may see the session's page.

#include "tests/scenarios/desk.h"
#include "tests/unit/training_stage.h"
#include "training/serve/scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace {

using desk_test::desk_result;
using desk_test::RunningDesk;
using desk_test::Visitor;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// --- the bytes, read as scene.js reads them ---

class Scene {
  public:
    explicit Scene(const std::string& bytes) : bytes_(bytes) {
        EXPECT_EQ(bytes.substr(0, 8), "EHSCENE1");
        size_t size = 0;
        for (size_t k = 0; k < 4; ++k) size |= size_t{static_cast<uint8_t>(bytes[8 + k])} << (8 * k);
        header = json::parse(bytes.substr(12, size));
        at_ = 12 + size;
    }
    std::vector<uint8_t> plane(size_t count) {
        EXPECT_LE(at_ + count, bytes_.size());
        at_ += count;
        return {bytes_.begin() + static_cast<ptrdiff_t>(at_ - count), bytes_.begin() + static_cast<ptrdiff_t>(at_)};
    }
    std::vector<uint16_t> words(size_t count) {
        const std::vector<uint8_t> low = plane(count), high = plane(count);
        std::vector<uint16_t> all(count);
        for (size_t i = 0; i < count; ++i) all[i] = static_cast<uint16_t>(low[i] | high[i] << 8);
        return all;
    }
    std::vector<glm::dvec3> places(size_t count) {
        std::vector<glm::dvec3> all(count);
        for (int k = 0; k < 3; ++k) {
            uint16_t sum = 0;
            const std::vector<uint16_t> steps = words(count);
            for (size_t i = 0; i < count; ++i) {
                sum = static_cast<uint16_t>(sum + steps[i]);
                all[i][k] = (header["origin_um"][static_cast<size_t>(k)].get<double>() + sum * header["step_um"].get<double>()) * 1e-6;
            }
        }
        return all;
    }
    mesh::SurfaceMesh mesh(const json& told) {
        mesh::SurfaceMesh read;
        const size_t vertices = told["vertices"], corners = 3 * told["triangles"].get<size_t>();
        read.positions = places(vertices);
        (void)plane(told["painted"].get<bool>() ? vertices * 5 : vertices * 2);
        std::vector<uint32_t> all;
        uint32_t next = 0;
        for (const uint16_t code : words(corners)) {
            all.push_back(next - code);
            next += code == 0;
        }
        for (size_t i = 0; i < corners; i += 3) read.triangles.emplace_back(all[i], all[i + 1], all[i + 2]);
        return read;
    }
    size_t left() const { return bytes_.size() - at_; }

    json header;

  private:
    const std::string& bytes_;
    size_t at_ = 0;
};

struct Played {
    training::Stage stage;
    training::Recording recording;
    training::Rubric rubric = *training::load_rubric(training_test::places(), "provisional");
    training::Score score;

    std::string scene() const { return serve::scene({recording, stage, rubric, score, training::Phrases::english(), {}}); }
    void judge() { score = training::score(recording, stage, rubric, *training::load_scope(training_test::places(), "medical")); }
};

Played played() {
    Played one{training_test::small_pad(), {}, *training::load_rubric(training_test::places(), "provisional"), {}};
    one.recording = training_test::record(one.stage, training::perform_operator(one.stage, training::Skill::novice, 3), "operator novice 3");
    one.judge();
    return one;
}

double area(const mesh::SurfaceMesh& mesh) {
    double sum = 0;
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t) sum += mesh::triangle_area(mesh, t);
    return sum;
}

TEST(Scene, HasTheSkinAndEachPunctureWhereItWas) {
    const Played one = played();
    const std::string bytes = one.scene();
    Scene read(bytes);
    const mesh::SurfaceMesh skin = read.mesh(read.header["meshes"][0]);
    for (const glm::uvec3& triangle : skin.triangles)
        for (int k = 0; k < 3; ++k) ASSERT_LT(triangle[k], skin.vertex_count());
    EXPECT_NEAR(area(skin) / area(one.stage.face->mesh), 1, 0.01);
    const size_t shown = read.header["punctures"]["shown"];
    ASSERT_EQ(shown, one.recording.punctures.size());
    ASSERT_LT(shown, serve::kMostScenePunctures);
    const std::vector<glm::dvec3> sent = read.places(shown);
    const std::vector<uint8_t> kinds = read.plane(shown);
    std::vector<shared::Puncture> in_order = one.recording.punctures;
    std::stable_sort(in_order.begin(), in_order.end(), [](const auto& a, const auto& b) { return a.cell < b.cell; });
    const training::DepthBand& band = one.rubric.depth.at("pad");
    std::array<int64_t, 4> counts{};
    for (size_t i = 0; i < shown; ++i) {
        const glm::dvec3 place = skin::puncture_position(*one.stage.face, in_order[i]);
        for (int k = 0; k < 3; ++k) ASSERT_NEAR(sent[i][k], place[k], serve::kSceneStep_um * 0.5e-6 + 1e-9);
        const uint32_t depth = shared::puncture_depth_um(in_order[i]), tolerance = one.rubric.depth_tolerance_um;
        const size_t kind = in_order[i].cell >= one.stage.face->cells.size() ? 3 : depth + tolerance < band.low_um ? 0 : depth > band.high_um + tolerance ? 2 : 1;
        ASSERT_EQ(kinds[i], kind);
        ++counts[kind];
    }
    EXPECT_EQ(read.header["punctures"]["counts"], json(counts));
    EXPECT_GT(counts[1], 0);
}

TEST(Scene, LocatesEachFaultAndHasNothingLeftOver) {
    const Played one = played();
    const std::string bytes = one.scene();
    Scene read(bytes);
    (void)read.mesh(read.header["meshes"][0]);
    (void)read.places(read.header["punctures"]["shown"]);
    (void)read.plane(read.header["punctures"]["shown"]);
    std::set<std::string> located;
    for (const json& fault : read.header["faults"]) {
        located.insert(fault["id"]);
        for (const glm::dvec3& place : read.places(fault["shown"])) {
            double nearest = 1;
            for (const glm::dvec3& seed : one.stage.face->cells.seed) nearest = std::min(nearest, glm::distance(seed, place));
            EXPECT_LT(nearest, serve::kSceneStep_um * 1e-6);
        }
    }
    EXPECT_EQ(read.left(), 0u);
    for (const training::CriterionScore& line : one.score.criteria)
        EXPECT_EQ(located.contains(line.criterion.id), training::is_fault(line) && !line.evidence.cells.empty()) << line.criterion.id;
    EXPECT_FALSE(located.empty());
}

TEST(Scene, OfManyPuncturesShowsSomeOfEveryStretchAndCountsAll) {
    Played one = played();
    const std::vector<shared::Puncture> once = one.recording.punctures;
    while (one.recording.punctures.size() < 2 * serve::kMostScenePunctures) one.recording.punctures.insert(one.recording.punctures.end(), once.begin(), once.end());
    one.recording.punctures.push_back(once.front());
    one.recording.punctures.back().triangle = 0xffffff;  // of a damaged file
    const std::string bytes = one.scene();
    Scene read(bytes);
    EXPECT_EQ(read.header["punctures"]["shown"], serve::kMostScenePunctures);
    EXPECT_EQ(read.header["punctures"]["all"], one.recording.punctures.size() - 1);
    EXPECT_LT(serve::gzipped(bytes, 6).size(), 500'000u);
    one.recording.punctures.clear();
    const std::string bare = one.scene();
    EXPECT_EQ(Scene(bare).header["punctures"]["all"], 0);
}

// --- over the desk ---

class SceneOfADesk : public testing::Test {
  protected:
    SceneOfADesk() {
        records::Store store = record_test::set_up(kind_.text);
        for (int number : {0, 1}) record_test::expect_done(store.add(desk_result(number, "A-1")));
        scratch_.write(evidence(0) + ".evh", "a recording");
        scratch_.write("three.min.js", std::string(5000, ' ') + "/* the library */");
    }
    static std::string evidence(int number) { return desk_result(number, "A-1").session.evidence; }
    RunningDesk::Wish wish(const std::string& three) const {
        RunningDesk::Wish all{scratch_.folder(), [](const serve::ReportWish&) { return base::Result<std::string>("<p>report"); }, {}, {}};
        all.scene = [](const serve::ReportWish& of) {
            return of.language == "fr" ? base::Result<std::string>(base::error("no")) : base::Result<std::string>(std::string(4000, 'x') + of.recording.filename().string());
        };
        all.three = scratch_ / three;
        return all;
    }

    record_test::Sqlite kind_;
    scenario::Scratch scratch_;
};

TEST_F(SceneOfADesk, GoesToWhoeverMaySeeTheSession) {
    RunningDesk desk(kind_.text, wish("three.min.js"));
    const std::string address = "/scene?id=" + evidence(0);
    for (const char* name : {"ines", "emil", "ada"}) {
        const Visitor::Page page = Visitor(desk, name, "en").get(address);
        EXPECT_EQ(page.status, 200) << name;
        EXPECT_THAT(page.body, AllOf(HasSubstr(evidence(0)), testing::SizeIs(4000 + evidence(0).size() + 4)));
        EXPECT_EQ(page.header("Content-Type"), "application/octet-stream");
        EXPECT_EQ(page.header("Cache-Control"), "no-store");
    }
    EXPECT_EQ(Visitor(desk).get(address).status, 303);
    Visitor ines(desk, "ines", "en");
    EXPECT_EQ(ines.get("/scene?id=" + evidence(1)).status, 404) << "its recording is not here";
    EXPECT_EQ(ines.get("/scene?id=../" + evidence(0)).status, 404);
    EXPECT_EQ(Visitor(desk, "ines", "fr").get(address).status, 503);
}

TEST_F(SceneOfADesk, IsPackedForWhoTakesIt) {
    RunningDesk desk(kind_.text, wish("three.min.js"));
    Visitor ines(desk, "ines", "en");
    ines.more = {{"Accept-Encoding", "br, gzip"}};
    const Visitor::Page packed = ines.get("/three.js");
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
    EXPECT_LT(std::stoi(packed.header("Content-Length")), 200);
    ines.more = {{"Accept-Encoding", "identity"}};
    const Visitor::Page plain = ines.get("/three.js");
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(plain.body, packed.body);
    EXPECT_EQ(plain.body, scenario::read(scratch_ / "three.min.js"));
    EXPECT_THAT(plain.header("Content-Type"), HasSubstr("text/javascript"));
    EXPECT_EQ(ines.head("/three.js").status, 200);
}

TEST_F(SceneOfADesk, RunsOurScriptsOnItsOwnPageAlone) {
    RunningDesk desk(kind_.text, wish("three.min.js"));
    Visitor ines(desk, "ines", "en");
    const Visitor::Page page = ines.get("/session?id=" + evidence(0)), other = ines.get("/session?id=" + evidence(1)), cohorts = ines.get("/");
    EXPECT_THAT(page.header("Content-Security-Policy"), AllOf(HasSubstr("script-src 'self'; connect-src 'self';"), HasSubstr("default-src 'none'"), Not(HasSubstr("unsafe"))));
    EXPECT_THAT(page.body, AllOf(HasSubstr("data-scene=\"/scene?id=" + evidence(0) + "\""), HasSubstr("src=\"/scene.js\" defer")));
    for (const Visitor::Page* quiet : {&other, &cohorts}) {
        EXPECT_THAT(quiet->header("Content-Security-Policy"), Not(HasSubstr("script-src")));
        EXPECT_THAT(quiet->body, Not(HasSubstr("<script")));
    }
}

TEST_F(SceneOfADesk, IsLeftOutWhereTheLibraryIsNotInstalled) {
    RunningDesk desk(kind_.text, wish("none.js"));
    Visitor ines(desk, "ines", "en");
    const Visitor::Page page = ines.get("/session?id=" + evidence(0));
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, AllOf(HasSubstr("/report?id="), Not(HasSubstr("<script"))));
    EXPECT_THAT(page.header("Content-Security-Policy"), Not(HasSubstr("script-src")));
    for (const std::string& address : {"/scene?id=" + evidence(0), std::string("/three.js"), std::string("/scene.js")}) EXPECT_EQ(ines.get(address).status, 404) << address;
}

}  // namespace

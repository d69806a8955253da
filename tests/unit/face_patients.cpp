// Every patient that the program ships: one generated head, many faces, each held to its own measures.

#include "engine/base/toml.h"
#include "engine/face/curve.h"
#include "engine/face/head_mesh.h"
#include "engine/face/head_patient.h"
#include "engine/mesh/self_intersection.h"
#include "engine/mesh/surface_index.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <future>
#include <map>
#include <set>

namespace face {
namespace {

const base::fs::path kContent = EVENHAND_SOURCE_DIR "/content";

const HeadNumbers& numbers() {
    static const HeadNumbers all = *load_head_numbers({kContent, {}, {}});
    return all;
}

std::vector<HeadPatient> patients() {
    std::vector<HeadPatient> all;
    for (const auto& entry : base::fs::directory_iterator(kContent / "faces")) {
        if (entry.path().extension() != ".toml") continue;
        auto table = base::read_toml(entry.path());
        EXPECT_TRUE(table) << (table ? "" : table.error().message);
        if (!table || (*table)["kind"].value_or(std::string()) != "head") continue;
        table->erase("condition");  // what the skin carries is read by the store
        auto patient = read_patient(*table, entry.path().string());
        EXPECT_TRUE(patient) << (patient ? "" : patient.error().message);
        if (patient) all.push_back(*patient);
    }
    std::ranges::sort(all, {}, &HeadPatient::id);
    return all;
}

// A patient's skin without what lies under and on it.
struct Skin {
    HeadPatient patient;
    mesh::SurfaceMesh mesh;             // m
    std::vector<glm::dvec3> landmarks;  // mm from the middle of the tragions, both sides
};

Skin skin_of(const HeadPatient& patient, size_t vertices) {
    Skin skin{patient, {}, {}};
    HeadShape shape(numbers(), patient.form);
    HeadMesh sample = sample_head(shape, vertices, {});
    PatientPlacement placement(numbers(), shape, patient);
    skin.mesh.triangles = sample.triangles;
    for (const HeadPoint& point : sample.points) skin.mesh.positions.push_back(placement(point.place));
    mesh::compute_normals(skin.mesh);
    for (glm::dvec3 place : placement.landmarks()) skin.landmarks.push_back(place - placement.origin());
    return skin;
}

// All patients at once, on as many threads as there are patients; each is deterministic by itself.
std::vector<Skin> skins(size_t vertices) {
    numbers();
    std::vector<std::future<Skin>> waiting;
    for (const HeadPatient& patient : patients())
        waiting.push_back(std::async(std::launch::async, skin_of, patient, vertices));
    std::vector<Skin> done;
    for (auto& one : waiting) done.push_back(one.get());
    return done;
}

// The landmarks as a caliper finds them on the mesh, mm.
class Caliper {
  public:
    explicit Caliper(const Skin& skin) {
        mesh::SurfaceIndex index(skin.mesh);
        size_t right = numbers().landmarks.size();
        for (size_t i = 0; i < numbers().landmarks.size(); ++i) {
            const Landmark& landmark = numbers().landmarks[i];
            touch(index, landmark.name, skin.landmarks[i]);
            if (landmark.paired) touch(index, landmark.name + "_right", skin.landmarks[right++]);
        }
    }

    glm::dvec3 at(const std::string& name) const { return places_.at(name); }
    double apart(const std::string& a, const std::string& b) const { return glm::length(at(a) - at(b)); }
    double width(const std::string& name) const { return std::fabs(at(name).x - at(name + "_right").x); }
    double height(const std::string& name) const { return at(name).y - at("menton").y; }

  private:
    void touch(const mesh::SurfaceIndex& index, const std::string& name, glm::dvec3 place) {
        auto hit = index.closest(1e-3 * place, 2e-3);
        ASSERT_TRUE(hit) << name;
        EXPECT_LT(hit->distance, 0.6e-3) << name << " lies off the skin";
        places_[name] = 1e3 * hit->position;
    }

    std::map<std::string, glm::dvec3> places_;
};

TEST(Patients, AreOfBothSexesOfAllAgesAndOfAllSkinTypes) {
    std::set<bool> sexes;
    std::set<int> types;
    std::set<std::string> names;
    double youngest = 200, oldest = 0;
    for (const HeadPatient& patient : patients()) {
        sexes.insert(patient.male);
        types.insert(patient.fitzpatrick);
        names.insert(patient.name);
        youngest = std::min(youngest, patient.age);
        oldest = std::max(oldest, patient.age);
    }
    EXPECT_GE(names.size(), 8u);
    EXPECT_EQ(sexes.size(), 2u);
    EXPECT_EQ(types, (std::set<int>{1, 2, 3, 4, 5, 6}));
    EXPECT_LE(youngest, 22);
    EXPECT_GE(oldest, 70);
}

TEST(Patients, EachHasACaseToTreat) {
    std::set<std::string> treated;
    for (const auto& entry : base::fs::directory_iterator(kContent / "cases")) {
        auto table = base::read_toml(entry.path());
        ASSERT_TRUE(table) << entry.path();
        treated.insert((*table)["face"].value_or(std::string()));
    }
    for (const HeadPatient& patient : patients()) EXPECT_TRUE(treated.contains(patient.id)) << patient.id;
}

TEST(Patients, DistancesBetweenLandmarksOnTheSkinAreThoseOfTheTable) {
    double worst = 0;
    std::string where;
    for (const Skin& skin : skins(16000)) {
        const HeadMeasures& m = skin.patient.measures;
        Caliper on(skin);
        auto expect = [&](const char* what, double measured, double wanted) {
            double off = std::fabs(measured - wanted);
            EXPECT_LT(off, 1.0) << skin.patient.id << " " << what << " " << measured << ", not " << wanted;
            if (off > worst) worst = off, where = skin.patient.id + " " + what;
        };
        expect("head height", on.height("vertex"), m.head_height);
        expect("head length", on.at("glabella").z - on.at("opisthocranion").z, m.head_length);
        expect("face height", on.height("nasion"), m.nasion);
        expect("tip of the nose", on.height("pronasale"), m.pronasale);
        expect("lower face", on.height("subnasale"), m.subnasale);
        expect("red of the upper lip", on.height("labiale_superius"), m.labiale_superius);
        expect("stomion", on.height("stomion"), m.stomion);
        expect("red of the lower lip", on.height("labiale_inferius"), m.labiale_inferius);
        expect("fold under the lip", on.height("sublabiale"), m.sublabiale);
        expect("chin", on.height("pogonion"), m.pogonion);
        expect("nose protrusion", on.apart("subnasale", "pronasale"), m.nose_protrusion);
        for (auto [name, half] : {std::pair<const char*, double>{"alare", m.alare},
                                  {"cheilion", m.cheilion},
                                  {"endocanthion", m.endocanthion},
                                  {"exocanthion", m.exocanthion},
                                  {"zygion", m.zygion},
                                  {"gonion", m.gonion},
                                  {"frontotemporale", m.frontotemporale},
                                  {"eurion", m.eurion},
                                  {"tragion", m.tragion}})
            expect(name, on.width(name), 2 * half);
        // What needs no landmark: the ends of the head itself.
        auto top = std::ranges::max(skin.mesh.positions, {}, &glm::dvec3::y);
        EXPECT_NEAR(1e3 * top.y - on.at("menton").y, m.head_height, 1.5) << skin.patient.id;
        auto foremost = std::ranges::max(skin.mesh.positions, {}, &glm::dvec3::z);
        EXPECT_LT(1e3 * foremost.z - on.at("pronasale").z, 1) << skin.patient.id;
        EXPECT_LT(glm::length(1e3 * foremost - on.at("pronasale")), 4) << skin.patient.id;
    }
    RecordProperty("worst_mm", fmt::format("{:.3f} ({})", worst, where));
}

TEST(Patients, SidesOfAFaceDifferNaturally) {
    for (const HeadPatient& patient : patients()) {
        HeadShape shape(numbers(), patient.form);
        PatientPlacement placement(numbers(), shape, patient);
        auto differ = [&](glm::dvec3 p) {
            glm::dvec3 left = placement.millimetres(p), right = placement.millimetres({-p.x, p.y, p.z});
            return std::fabs(left.y - right.y);
        };
        double brow = differ({33, 129, 98}), mouth = differ(numbers().landmark("cheilion"));
        double eye = differ(numbers().landmark("exocanthion"));
        EXPECT_TRUE(brow > 0.3 && brow < 3) << patient.id << " " << brow;
        EXPECT_TRUE(mouth > 0.3 && mouth < 2.5) << patient.id << " " << mouth;
        EXPECT_LT(eye, 2) << patient.id;
        double nose = std::fabs(placement.millimetres(numbers().landmark("pronasale")).x);
        EXPECT_TRUE(nose > 0.2 && nose < 3) << patient.id << " " << nose;
    }
}

TEST(Patients, AreEachTheirOwn) {
    std::vector<HeadPatient> all = patients();
    auto places = [](const HeadPatient& p) { return landmark_targets(numbers(), p.measures, p.form); };
    for (size_t i = 0; i < all.size(); ++i)
        for (size_t j = 0; j < i; ++j) {
            std::vector<glm::dvec3> a = places(all[i]), b = places(all[j]);
            double squares = 0;
            for (size_t k = 0; k < a.size(); ++k) squares += glm::dot(a[k] - b[k], a[k] - b[k]);
            EXPECT_GT(std::sqrt(squares / static_cast<double>(a.size())), 1.5)
                << all[i].id << " and " << all[j].id;
        }
}

struct Quality {
    double shortest, median, p95, worst_angle_deg;
};

Quality quality_of(const mesh::SurfaceMesh& mesh) {
    std::vector<double> edges;
    double worst = 180;
    for (glm::uvec3 t : mesh.triangles)
        for (int i = 0; i < 3; ++i) {
            glm::dvec3 a = mesh.positions[t[i]], b = mesh.positions[t[(i + 1) % 3]] - a,
                       c = mesh.positions[t[(i + 2) % 3]] - a;
            edges.push_back(1e3 * glm::length(b));
            double cosine = glm::dot(b, c) / (glm::length(b) * glm::length(c));
            worst = std::min(worst, std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / M_PI);
        }
    std::ranges::sort(edges);
    return {edges.front(), edges[edges.size() / 2], edges[edges.size() * 95 / 100], worst};
}

TEST(Patients, SkinNeverCrossesItselfAndTrianglesStayWellShaped) {
    struct Checked {
        std::string id;
        size_t crossings;
        Quality quality;
    };
    numbers();
    std::vector<std::future<Checked>> waiting;
    for (const HeadPatient& patient : patients())
        waiting.push_back(std::async(std::launch::async, [patient] {
            Skin skin = skin_of(patient, patient.vertices);
            return Checked{patient.id, mesh::self_intersections(skin.mesh, 100).size(),
                           quality_of(skin.mesh)};
        }));
    for (auto& one : waiting) {
        auto [id, crossings, quality] = one.get();
        EXPECT_EQ(crossings, 0u) << id;
        EXPECT_GT(quality.shortest, 0.08) << id;
        EXPECT_TRUE(quality.median > 0.9 && quality.median < 1.5) << id << " " << quality.median;
        EXPECT_LT(quality.p95, 3.4) << id;
        EXPECT_GT(quality.worst_angle_deg, 4) << id;
        RecordProperty("quality_" + id,
                       fmt::format("edges {:.2f} {:.2f} {:.2f} mm, worst angle {:.1f}", quality.shortest,
                                   quality.median, quality.p95, quality.worst_angle_deg));
    }
}

TEST(Patients, TheirFormsHaveBounds) {
    auto refusal = [](const std::string& form) {
        std::string text = *base::read_text(kContent / "faces/demo-woman.toml");
        toml::table table = toml::parse(text);
        table.erase("condition");
        table.insert_or_assign("form", toml::parse(form));
        auto patient = read_patient(table, "patient.toml");
        return patient ? std::string("accepted") : patient.error().message;
    };
    EXPECT_EQ(refusal("chin = 1.0\n"), "accepted");
    EXPECT_NE(refusal("chin = 60.0\n").find("chin"), std::string::npos);
    EXPECT_NE(refusal("chinn = 1.0\n").find("chinn"), std::string::npos);
    EXPECT_NE(refusal("ageing = 1.5\n").find("ageing"), std::string::npos);
    EXPECT_NE(refusal("orbit_fullness = 9.0\n").find("orbit_fullness"), std::string::npos);
}

TEST(Patients, TheirBrowsHaveBounds) {
    auto refusal = [](const std::string& brow) {
        toml::table table = toml::parse(*base::read_text(kContent / "faces/demo-woman.toml"));
        table.erase("condition");
        table.insert_or_assign("brow", toml::parse(brow));
        auto patient = read_patient(table, "patient.toml");
        return patient ? std::string("accepted") : patient.error().message;
    };
    EXPECT_EQ(refusal("arch = 2.0\n"), "accepted");
    EXPECT_NE(refusal("arch = 20.0\n").find("arch"), std::string::npos);
    EXPECT_NE(refusal("archh = 2.0\n").find("archh"), std::string::npos);
    EXPECT_NE(refusal("bare_tail = 2.0\n").find("bare_tail"), std::string::npos);
}

TEST(Patients, NoTwoHaveTheSameBrows) {
    std::vector<HeadPatient> all = patients();
    for (size_t i = 0; i < all.size(); ++i)
        for (size_t j = 0; j < i; ++j) {
            HeadShape one(numbers(), all[i].form), other(numbers(), all[j].form);
            double apart = 0;  // mm between their edges, at the most
            for (double x = 12; x < 50; x += 2)
                for (auto edge : {&HeadShape::brow_top, &HeadShape::brow_bottom})
                    apart = std::max(apart, std::fabs(monotone_cubic((one.*edge)(), x) -
                                                      monotone_cubic((other.*edge)(), x)));
            EXPECT_GT(apart, 0.5) << all[i].id << " and " << all[j].id;
        }
}

}  // namespace
}  // namespace face

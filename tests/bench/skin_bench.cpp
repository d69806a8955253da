// The skin's step beside Bullet's soft bodies: one dent, a flat disc of 5 mm pressed 1 mm into a pad 12.5 mm thick
// (E = 20 kPa, ν = 0.45), on about 50,000 vertices, in steps of 1/120 s. Each line says what a step costs (processor time)
// and what it leaves beside theory (Hayes et al. 1972): `force_error` as a share of the force, `dent_error` as the greatest
// difference beside the disc, 6 to 20 mm from its middle, as a share of the dent.
//
// Bullet (3.24, single precision as Debian has it) is tried in both ways that it offers, without collision detection and with
// the disc as vertices that are simply moved, which spares it the contact problem:
//   volume  tetrahedra, corotated linear elasticity, implicit steps by conjugate gradients (btDeformable…), fixed below and
//           round the border, finest under the disc. It knows E and ν; the argument is the iterations in a step.
//   sheet   position-based links (btSoftBody), stretched and pinned at the border, on a foundation of weak links. It knows
//           no E and gives no force; its decay length is fitted to theory. The argument is piterations.

#include "engine/face/face_store.h"
#include "engine/skin/simulation.h"
#include "tests/scenarios/layer_theory.h"
#include "tests/scenarios/pen_paths.h"

#include <BulletSoftBody/btDeformableBodySolver.h>
#include <BulletSoftBody/btDeformableLinearElasticityForce.h>
#include <BulletSoftBody/btDeformableMultiBodyConstraintSolver.h>
#include <BulletSoftBody/btDeformableMultiBodyDynamicsWorld.h>
#include <BulletSoftBody/btSoftBodyRigidBodyCollisionConfiguration.h>
#include <BulletSoftBody/btSoftRigidDynamicsWorld.h>
#include <benchmark/benchmark.h>
#include <btBulletDynamicsCommon.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

namespace {

constexpr double kRadius = 5, kThickness = 12.5, kDent = 1;  // mm
constexpr double kStiffness = 20e3, kPoisson = 0.45;         // Pa
constexpr double kHalf = 50;                                 // mm, half the pad's side
constexpr float kStep = 1.0f / 120;
constexpr int kRamp = 12, kSteps = 36;  // of a run: going down, and all

/// What theory says of this dent.
struct Theory {
    static constexpr double kSlender = kRadius / kThickness;
    std::vector<scenarios::DiscNode> disc = scenarios::flat_disc(kSlender, kPoisson);
    double force = 2 * kStiffness * kRadius * 1e-3 * scenarios::flat_disc_kappa(kSlender, kPoisson) * kDent * 1e-3 /
                   (1 - kPoisson * kPoisson);

    /// `dent`: mm at so many mm from the middle.
    double dent_error(const std::function<double(double)>& dent) const {
        double greatest = 0;
        for (double r = 6; r <= 20; r += 0.5)
            greatest = std::max(greatest, std::fabs(dent(r) / kDent - scenarios::flat_disc_dent(disc, kSlender, kPoisson,
                                                                                                r / kRadius)));
        return greatest;
    }
};

const Theory& theory() {
    static const Theory made;
    return made;
}

// --- ours ---

struct Pad {
    std::shared_ptr<const face::FaceAsset> face;
    skin::SkinModel skin;
    skin::DeviceProfile device;

    Pad() {
        const auto places = base::find_places();
        CHECK(places, places.error().message);
        auto loaded = face::load(*places, "pad-flat", {}, 50'000);
        auto model = skin::SkinModel::load(*places);
        CHECK(loaded && model);
        face = *loaded;
        skin = *model;
        device.opening_radius = 0;
        device.tip_radius = kRadius * 1e-3;
        device.pins = skin::ring_layout(12, device.plate_radius);
    }
};

const Pad& pad() {
    static const Pad made;
    return made;
}

std::vector<input::PenSample> pressed(double seconds, double speed) {
    return scenarios::sample_pen(seconds, 120, [speed](double t) {
        return input::PenPose{0, {speed * t - 20e-3, 0, -kDent * 1e-3}, {0, 0, -1}, std::nullopt, true, 0.5e-3, 110};
    });
}

/// Skin that neither creeps nor stiffens, as theory and Bullet's volume have it.
void say_errors(benchmark::State& state) {
    skin::SkinModel elastic = pad().skin;
    elastic.relaxation.clear();
    elastic.stiffening_rise = elastic.friction_dry = elastic.friction_medium = 0;
    skin::Simulation simulation(*pad().face, pad().device, elastic);
    simulation.advance(pressed(0.1, 200e-3));
    const glm::dvec3 middle = simulation.contact().tip;
    state.counters["force_error"] = simulation.contact().force / theory().force - 1;
    state.counters["dent_error"] = theory().dent_error(
        [&](double r) { return 1e3 * simulation.dent_at({middle.x + r * 1e-3, middle.y, 0}); });
    state.counters["vertices"] = static_cast<double>(pad().face->mesh.vertex_count());
}

/// With memory, stiffening, friction and needles, as a session runs; at `speed` m/s.
void ours(benchmark::State& state, double speed) {
    const std::vector<input::PenSample> samples = pressed(2, speed);
    for (auto _ : state) {
        state.PauseTiming();
        skin::Simulation simulation(*pad().face, pad().device, pad().skin);
        simulation.advance(std::span(samples).first(25));
        state.ResumeTiming();
        simulation.advance(std::span(samples).subspan(25));
    }
    state.counters["step"] = benchmark::Counter(static_cast<double>(samples.size() - 25) * static_cast<double>(state.iterations()),
                                                benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    say_errors(state);
}

/// And the dent at every vertex within 20 mm, which a picture takes from the GPU.
void ours_and_window(benchmark::State& state) {
    const std::vector<input::PenSample> samples = pressed(2, 20e-3);
    skin::Simulation simulation(*pad().face, pad().device, pad().skin);
    simulation.advance(std::span(samples).first(100));
    size_t at = 100;
    for (auto _ : state) {
        if (at < samples.size()) simulation.advance(std::span(samples).subspan(at++, 1));
        const glm::dvec3 middle = simulation.contact().position;
        double sum = 0;
        for (const glm::dvec3& vertex : pad().face->mesh.positions)
            if (glm::dot(vertex - middle, vertex - middle) < 20e-3 * 20e-3) sum += simulation.dent_at(vertex);
        benchmark::DoNotOptimize(sum);
    }
    state.counters["step"] = benchmark::Counter(static_cast<double>(state.iterations()),
                                                benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    say_errors(state);
}

// --- Bullet: millimetres, grams, seconds; a unit of force is 1e-6 N ---

/// What both kinds of world are made of.
struct Services {
    btSoftBodyRigidBodyCollisionConfiguration configuration;
    btCollisionDispatcher dispatcher{&configuration};
    btDbvtBroadphase broadphase;
};

/// The disc's vertices are moved, not pushed.
void lower(btSoftBody& body, const std::vector<int>& disc, int step) {
    if (step >= kRamp) return;
    for (int i : disc) {
        btSoftBody::Node& node = body.m_nodes[i];
        node.m_x.setZ(node.m_x.z() - btScalar(kDent / kRamp));
        node.m_q = node.m_x;
    }
}

/// Runs whole presses of kSteps steps each; `say` sees the last.
template <typename World>
void press(benchmark::State& state, const std::function<std::unique_ptr<World>()>& make) {
    std::unique_ptr<World> pressed;
    for (auto _ : state) {
        state.PauseTiming();
        pressed = make();
        state.ResumeTiming();
        for (int step = 0; step < kSteps; ++step) {
            lower(*pressed->body, pressed->disc, step);
            pressed->world.stepSimulation(kStep, 1, kStep);
        }
    }
    state.counters["step"] = benchmark::Counter(static_cast<double>(kSteps * state.iterations()),
                                                benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["vertices"] = pressed->body->m_nodes.size();
    state.counters["dent_error"] = theory().dent_error([&](double r) { return pressed->dent(r); });
    if (double force = pressed->force()) state.counters["force_error"] = force / theory().force - 1;
}

/// Dent of a row of vertices along +x, between the two nearest.
double dent_between(const btSoftBody& body, const std::vector<int>& row, double r) {
    for (size_t i = 1; i < row.size(); ++i) {
        const btVector3 &from = body.m_nodes[row[i - 1]].m_x, &to = body.m_nodes[row[i]].m_x;
        if (r > to.x()) continue;
        return -(from.z() + (to.z() - from.z()) * (r - from.x()) / (to.x() - from.x()));
    }
    return 0;
}

struct TunedSolver : btDeformableBodySolver {
    void set_iterations(int iterations) { m_cg.m_maxIterations = iterations; }
};

/// `count` places from 0: `first` apart while below `even`, then each step longer than the last, to `end`.
std::vector<double> graded(size_t count, double first, double even, double end) {
    std::vector<double> places = {0};
    while (places.back() + first < even + 1e-9) places.push_back(places.back() + first);
    const size_t left = count - places.size();
    auto reach = [&](double growth) {
        double at = places.back(), step = first;
        for (size_t i = 0; i < left; ++i) at += step *= growth;
        return at;
    };
    double low = 1, high = 3;
    for (int i = 0; i < 60; ++i) (reach((low + high) / 2) < end ? low : high) = (low + high) / 2;
    double step = first;
    for (size_t i = 0; i < left; ++i) places.push_back(places.back() + (step *= low));
    return places;
}

struct Volume {
    Services services;
    TunedSolver solver;
    btDeformableMultiBodyConstraintSolver constraints;
    btDeformableMultiBodyDynamicsWorld world{&services.dispatcher, &services.broadphase, &constraints,
                                             &services.configuration, &solver};
    std::vector<double> across, down = graded(13, 0.5, 0, kThickness);
    std::unique_ptr<btSoftBody> body;
    std::unique_ptr<btDeformableLinearElasticityForce> elasticity;
    std::vector<int> disc, base, row;

    explicit Volume(int iterations) {
        constraints.setDeformableSolver(&solver);
        solver.set_iterations(iterations);
        world.setGravity({0, 0, 0});
        world.setImplicit(true);
        world.setUseProjection(true);
        const std::vector<double> half = graded(32, 0.625, 8, kHalf);
        for (size_t i = half.size(); i-- > 1;) across.push_back(-half[i]);
        across.insert(across.end(), half.begin(), half.end());
        make_body();
        hold_vertices();
        world.addSoftBody(body.get());
        const double shear = kStiffness / (2 * (1 + kPoisson));
        const double lame = kStiffness * kPoisson / ((1 + kPoisson) * (1 - 2 * kPoisson));
        elasticity = std::make_unique<btDeformableLinearElasticityForce>(btScalar(shear), btScalar(lame), btScalar(0),
                                                                         btScalar(0.01));
        world.addForce(body.get(), elasticity.get());
    }
    ~Volume() { world.removeSoftBody(body.get()); }

    int index(size_t i, size_t j, size_t k) const {
        return static_cast<int>((k * across.size() + j) * across.size() + i);
    }

    void make_body() {
        std::vector<btVector3> places;
        for (double z : down)
            for (double y : across)
                for (double x : across) places.emplace_back(btScalar(x), btScalar(y), btScalar(-z));
        body = std::make_unique<btSoftBody>(&world.getWorldInfo(), static_cast<int>(places.size()), places.data(), nullptr);
        std::vector<double> mass(places.size(), 0);
        for (size_t k = 0; k + 1 < down.size(); ++k)
            for (size_t j = 0; j + 1 < across.size(); ++j)
                for (size_t i = 0; i + 1 < across.size(); ++i) fill_box(places, i, j, k, mass);
        for (size_t i = 0; i < mass.size(); ++i) body->setMass(static_cast<int>(i), btScalar(mass[i]));
        body->initializeDmInverse();
        body->m_tetraScratches.resize(body->m_tetras.size());
        body->m_tetraScratchesTn.resize(body->m_tetras.size());
        body->m_cfg.collisions = 0;
        body->m_sleepingThreshold = 0;
        body->setActivationState(DISABLE_DEACTIVATION);
    }

    /// Five tetrahedra, mirrored from box to box so that faces meet; a quarter of its mass to each corner.
    void fill_box(const std::vector<btVector3>& places, size_t i, size_t j, size_t k, std::vector<double>& mass) {
        static constexpr int kParts[2][5][4] = {{{0, 1, 2, 5}, {0, 2, 3, 7}, {0, 5, 7, 4}, {2, 5, 7, 6}, {0, 2, 5, 7}},
                                                {{0, 1, 3, 4}, {1, 2, 3, 6}, {1, 4, 6, 5}, {3, 4, 6, 7}, {1, 3, 4, 6}}};
        constexpr double kDensity = 1e-3;
        const int corner[8] = {index(i, j, k),         index(i + 1, j, k),         index(i + 1, j + 1, k),
                               index(i, j + 1, k),     index(i, j, k + 1),         index(i + 1, j, k + 1),
                               index(i + 1, j + 1, k + 1), index(i, j + 1, k + 1)};
        for (const auto& part : kParts[(i + j + k) % 2]) {
            int at[4];
            for (int n = 0; n < 4; ++n) at[n] = corner[part[n]];
            auto edge = [&](int n) { return places[static_cast<size_t>(at[n])] - places[static_cast<size_t>(at[0])]; };
            double volume = edge(1).cross(edge(2)).dot(edge(3)) / 6;
            if (volume < 0) std::swap(at[2], at[3]);
            body->appendTetra(at[0], at[1], at[2], at[3]);
            for (int n : at) mass[static_cast<size_t>(n)] += kDensity * std::fabs(volume) / 4;
        }
    }

    /// Fixed below and round the border. The disc takes the vertices up to a radius at which the squares between them add
    /// up to its area.
    void hold_vertices() {
        const size_t n = across.size();
        for (size_t k = 0; k < down.size(); ++k)
            for (size_t j = 0; j < n; ++j)
                for (size_t i = 0; i < n; ++i)
                    if (k + 1 == down.size() || i == 0 || j == 0 || i + 1 == n || j + 1 == n)
                        body->setMass(index(i, j, k), 0);
        auto covered = [&](double reach) {
            double area = 0;
            for (size_t j = 0; j + 1 < n; ++j)
                for (size_t i = 0; i + 1 < n; ++i) {
                    int inside = 0;
                    for (size_t c = 0; c < 4; ++c) inside += std::hypot(across[i + c % 2], across[j + c / 2]) <= reach;
                    if (inside > 2) area += (inside == 4 ? 1 : 0.5) * (across[i + 1] - across[i]) * (across[j + 1] - across[j]);
                }
            return area;
        };
        double reach = kRadius;
        for (double tried = kRadius - 1; tried < kRadius + 1; tried += 0.01)
            if (std::fabs(covered(tried) - SIMD_PI * kRadius * kRadius) < std::fabs(covered(reach) - SIMD_PI * kRadius * kRadius))
                reach = tried;
        for (size_t j = 0; j < n; ++j)
            for (size_t i = 0; i < n; ++i) {
                base.push_back(index(i, j, down.size() - 1));
                if (std::hypot(across[i], across[j]) <= reach) disc.push_back(index(i, j, 0));
                if (j == n / 2 && i >= n / 2) row.push_back(index(i, j, 0));
            }
        for (int i : disc) body->setMass(i, 0);
    }

    double dent(double r) const { return dent_between(*body, row, r); }

    /// N that the base bears.
    double force() const {
        btAlignedObjectArray<btVector3> forces;
        forces.resize(body->m_nodes.size(), btVector3(0, 0, 0));
        elasticity->addScaledElasticForce(1, forces);
        double sum = 0;
        for (int i : base) sum -= forces[body->m_nodes[i].index].z();
        return sum * 1e-6;
    }
};

struct Sheet {
    static constexpr int kSide = 224;
    static constexpr double kStretched = 0.1;
    static constexpr double kDeep = 1000;  ///< mm to the one vertex that all links of the foundation hang on

    Services services;
    btSequentialImpulseConstraintSolver solver;
    btSoftRigidDynamicsWorld world{&services.dispatcher, &services.broadphase, &solver, &services.configuration};
    std::unique_ptr<btSoftBody> body;
    std::vector<int> disc, row;

    Sheet(int iterations, double foundation) {
        world.setGravity({0, 0, 0});
        world.getWorldInfo().m_gravity.setZero();
        std::vector<btVector3> places;
        for (int j = 0; j < kSide; ++j)
            for (int i = 0; i < kSide; ++i) places.emplace_back(place(i), place(j), btScalar(0));
        places.emplace_back(btScalar(0), btScalar(0), btScalar(-kDeep));
        body = std::make_unique<btSoftBody>(&world.getWorldInfo(), static_cast<int>(places.size()), places.data(), nullptr);
        body->setMass(kSide * kSide, 0);
        add_links(foundation);
        for (int j = 0; j < kSide; ++j)
            for (int i = 0; i < kSide; ++i) {
                if (std::hypot(place(i), place(j)) <= kRadius) disc.push_back(j * kSide + i);
                if (i == 0 || j == 0 || i + 1 == kSide || j + 1 == kSide) body->setMass(j * kSide + i, 0);
            }
        for (int i = kSide / 2; i < kSide; ++i) row.push_back(kSide / 2 * kSide + i);
        for (int i : disc) body->setMass(i, 0);
        body->updateLinkConstants();
        body->m_cfg.piterations = iterations;
        body->m_cfg.kDP = btScalar(0.2);
        body->m_cfg.collisions = 0;
        body->setActivationState(DISABLE_DEACTIVATION);
        world.addSoftBody(body.get());
    }
    ~Sheet() { world.removeSoftBody(body.get()); }

    static btScalar place(int i) { return btScalar(2 * kHalf / (kSide - 1) * (i - (kSide - 1) / 2.0)); }

    void add_links(double foundation) {
        btSoftBody::Material* weak = body->appendMaterial();
        weak->m_kLST = btScalar(foundation);
        for (int j = 0; j < kSide; ++j)
            for (int i = 0; i < kSide; ++i) {
                const int here = j * kSide + i;
                if (i + 1 < kSide) stretch(here, here + 1);
                if (j + 1 < kSide) stretch(here, here + kSide);
                if (i + 1 < kSide && j + 1 < kSide) stretch(here, here + kSide + 1), stretch(here + 1, here + kSide);
            }
        for (int i = 0; i < kSide * kSide; ++i) body->appendLink(i, kSide * kSide, weak);
    }

    void stretch(int from, int to) {
        body->appendLink(from, to);
        body->m_links[body->m_links.size() - 1].m_rl *= btScalar(1 - kStretched);
    }

    double dent(double r) const { return dent_between(*body, row, r); }
    double force() const { return 0; }  ///< positions alone
};

void register_all() {
    using benchmark::RegisterBenchmark;
    RegisterBenchmark("evenhand/still", ours, 0.0)->Unit(benchmark::kMillisecond);
    RegisterBenchmark("evenhand/gliding", ours, 20e-3)->Unit(benchmark::kMillisecond);
    RegisterBenchmark("evenhand/gliding_and_window", ours_and_window)->Unit(benchmark::kMillisecond);
    for (int iterations : {4, 10, 50}) {
        // Weak enough that the dent dies out as theory says, as nearly as this model can (found by trial).
        RegisterBenchmark("bullet/sheet",
                          [iterations](benchmark::State& state) {
                              press<Sheet>(state, [&] { return std::make_unique<Sheet>(iterations, 0.0012); });
                          })
            ->Arg(iterations)
            ->Iterations(1)
            ->Unit(benchmark::kMillisecond);
    }
    for (int iterations : {3, 10, 30, 100})
        RegisterBenchmark("bullet/volume",
                          [iterations](benchmark::State& state) {
                              press<Volume>(state, [&] { return std::make_unique<Volume>(iterations); });
                          })
            ->Arg(iterations)
            ->Iterations(1)
            ->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int count, char** words) {
    benchmark::Initialize(&count, words);
    register_all();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}

// The hashes of a scripted session with every device on every face asked for: `log_hash DATA CACHE THREADS FACE…`.
// Links the evidence libraries alone, so that it is quickly built by another compiler or at another level, and says the
// same there: test_bits builds it so. Each of the THREADS runs all sessions side by side with the others, begun
// elsewhere in the list.

#include "engine/face/face_store.h"
#include "engine/skin/simulation.h"
#include "engine/track/tracker.h"

#include <glm/geometric.hpp>

#include <cstdio>
#include <thread>

namespace {

using Faces = std::vector<std::shared_ptr<const face::FaceAsset>>;

/// Where the pen is at a time; between two of them everything but the switches changes evenly.
struct Key {
    double time;         // s
    glm::dvec2 place;    // m, along and across the skin from the middle
    double height;       // m over the skin
    glm::dvec3 axis;     // along, across, out of the skin; any length
    double force;        // N; below 0 = the hand leads and force follows
    bool motor;
    double depth, rate;  // m, Hz
};

// Down by the hand's own way, a tilted glide with fingers and medium, harder and deeper back, lifted, pressed with the
// motor off, a fast glide, a leap, the tip deep inside and lying on its side, and away.
constexpr double kNoForce = -1;
const Key kScript[] = {
    {0.0, {-20e-3, -4e-3}, 4e-3, {0, 0, -1}, kNoForce, true, 0.5e-3, 110},
    {0.7, {-20e-3, -4e-3}, -1.5e-3, {0.05, 0, -1}, kNoForce, true, 0.5e-3, 110},
    {1.0, {-19e-3, -4e-3}, 0, {0.05, 0.02, -1}, 0.4, true, 0.5e-3, 110},
    {3.5, {22e-3, 5e-3}, 0, {0.18, -0.1, -1}, 0.9, true, 0.5e-3, 110},
    {3.8, {22e-3, 7e-3}, 0, {-0.1, 0.05, -1}, 2.5, true, 1.2e-3, 93.3},
    {5.0, {-5e-3, 9e-3}, 0, {-0.12, 0, -1}, 1.1, true, 1.2e-3, 93.3},
    {5.3, {-5e-3, 9e-3}, 3e-3, {0, 0, -1}, 0, true, 0.5e-3, 110},
    {6.0, {6e-3, -9e-3}, 3e-3, {0, 0, -1}, 0, false, 0.5e-3, 110},
    {6.2, {6e-3, -9e-3}, 0, {0.02, 0.01, -1}, 1.3, false, 0.5e-3, 110},
    {7.0, {10e-3, -9e-3}, 0, {0.02, 0.01, -1}, 1.3, true, 1e-3, 147},
    {7.6, {-30e-3, 12e-3}, 0, {0, 0.2, -1}, 0.7, true, 1e-3, 147},
    {7.61, {30e-3, -20e-3}, -2e-3, {0, 0, -1}, kNoForce, true, 1e-3, 147},
    {8.0, {30e-3, -20e-3}, -9e-3, {1.5, 0.4, -1}, kNoForce, true, 2e-3, 60},
    {8.3, {28e-3, -22e-3}, -3e-3, {1, 0, 0.2}, 8, true, 2e-3, 60},
    {8.6, {28e-3, -22e-3}, 20e-3, {0, 0, -1}, kNoForce, false, 0.5e-3, 110},
    {10.0, {28e-3, -22e-3}, 20e-3, {0, 0, -1}, kNoForce, false, 0.5e-3, 110},
};

/// The skin's plane at the middle of what is treated.
struct Ground {
    const face::FaceAsset& face;
    glm::dvec3 middle, normal, along{}, across{};

    explicit Ground(const face::FaceAsset& asset) : face(asset) {
        const int cheek = std::max(asset.find_zone("cheek_left"), asset.find_zone("pad"));
        glm::dvec3 sum(0);
        double count = 0;
        for (size_t i = 0; i < asset.zone.size(); ++i) {
            if (asset.zone[i] != cheek) continue;
            sum += mesh::position_at(asset.mesh, {static_cast<uint32_t>(i), glm::dvec3(1.0 / 3)});
            ++count;
        }
        const auto hit = asset.index->closest(sum / count, 50e-3);
        CHECK(hit, asset.id);
        middle = hit->position;
        normal = mesh::normal_at(asset.mesh, hit->point);
        face::FaceAsset::tangent_frame(normal, along, across);
    }

    glm::dvec3 turned(glm::dvec3 v) const { return v.x * along + v.y * across + v.z * normal; }
    glm::dvec3 at(glm::dvec2 place, double height) const {
        const glm::dvec3 over = middle + turned({place, 0});
        const auto hit = face.index->closest(over, 60e-3);
        return (hit ? hit->position : over) + height * normal;
    }
};

input::PenSample pen_at(const Ground& ground, double time) {
    size_t k = 1;
    while (kScript[k].time < time) ++k;
    const Key &from = kScript[k - 1], &to = kScript[k];
    const double share = (time - from.time) / (to.time - from.time);
    auto blend = [share](auto a, auto b) { return a + share * (b - a); };
    input::PenPose pose;
    pose.time = time;
    pose.tip = ground.at(blend(from.place, to.place), blend(from.height, to.height));
    pose.axis = ground.turned(blend(from.axis, to.axis));
    if (from.force >= 0 && to.force >= 0) pose.force = blend(from.force, to.force);
    pose.motor = from.motor;
    pose.depth = from.depth;
    pose.rate_hz = from.rate;
    return *input::quantise(pose);
}

std::vector<input::ProcedureEvent> script_events(const Ground& ground) {
    const std::string zone = ground.face.kind == face::Kind::pad ? "pad" : "cheek_left";
    auto hold = [&](glm::dvec2 place, glm::dvec2 pull) {
        const glm::dvec3 at = ground.at(place, 0), way = ground.turned({pull, 0});
        std::string text;
        for (const glm::dvec3& v : {at, way})
            for (int i = 0; i < 3; ++i) text += fmt::format("{:.6f} ", v[i]);
        return text;
    };
    return {{1'500'000, "traction_begin", hold({0, 0}, {5e-3, 2e-3})},
            {2'200'000, "glide_medium", zone},
            {4'000'000, "traction_begin", hold({-10e-3, 5e-3}, {-3e-3, 6e-3})},
            {5'600'000, "traction_end", ""},
            {6'500'000, "wipe", zone},
            {7'000'000, "traction_begin", ""},
            {8'400'000, "traction_end", ""}};
}

/// 125 samples a second, so that steps fall between them.
std::string session(const face::FaceAsset& asset, const skin::DeviceProfile& device, const skin::SkinModel& skin) {
    const Ground ground(asset);
    skin::Simulation simulation(asset, device, skin);
    for (const input::ProcedureEvent& event : script_events(ground)) simulation.event(event);
    std::vector<input::PenSample> samples;
    for (int i = 0; i <= 1250; ++i) samples.push_back(pen_at(ground, i * 0.008));
    base::Hasher steps;
    for (const input::PenSample& sample : samples) {
        simulation.advance({&sample, 1});
        steps.bytes(simulation.state_hash().bytes);
    }
    track::Tracker tracker(asset);
    tracker.add(simulation.punctures());
    tracker.add(simulation.contacts());
    const std::vector<shared::ZoneStats> statistics = tracker.statistics(750);
    base::Hasher log;
    log.values(std::span(simulation.punctures())).values(std::span(simulation.contacts()));
    log.values(std::span(statistics));
    return fmt::format("{0} {1} log {2}\n{0} {1} states {3}\n{0} {1} punctures {4}\n", asset.id, device.id,
                       log.finish().hex(), steps.finish().hex(), simulation.punctures().size());
}

int run(const base::Places& places, size_t threads, std::span<char*> ids) {
    const auto skin = skin::SkinModel::load(places);
    const auto devices = skin::list_devices(places);
    if (!skin || !devices) return std::fprintf(stderr, "log_hash: no skin or devices\n"), 2;
    std::string said;
    Faces faces;
    for (const char* id : ids) {
        const auto loaded = face::load(places, id);
        if (!loaded) return std::fprintf(stderr, "log_hash: %s\n", loaded.error().message.c_str()), 2;
        faces.push_back(*loaded);
        said += (*loaded)->id + " face " + (*loaded)->hash.hex() + "\n";
    }
    std::vector<skin::DeviceProfile> profiles;
    for (const std::string& id : *devices) profiles.push_back(*skin::load_device(places, id));

    const size_t sessions = faces.size() * profiles.size();
    std::vector<std::vector<std::string>> found(threads, std::vector<std::string>(sessions));
    std::vector<std::thread> others;
    for (size_t thread = 0; thread < threads; ++thread)
        others.emplace_back([&, thread] {
            for (size_t i = 0; i < sessions; ++i) {
                const size_t which = (i + thread) % sessions;
                found[thread][which] =
                    session(*faces[which / profiles.size()], profiles[which % profiles.size()], *skin);
            }
        });
    for (std::thread& other : others) other.join();
    for (const auto& one : found)
        if (one != found[0]) return std::fprintf(stderr, "log_hash: sessions side by side differ\n"), 1;
    for (const std::string& text : found[0]) said += text;
    std::printf("%sall %s\n", said.c_str(), base::sha256(said).hex().c_str());
    return 0;
}

}  // namespace

int main(int count, char** words) {
    if (count < 5) return std::fprintf(stderr, "usage: log_hash DATA CACHE THREADS FACE...\n"), 2;
    base::Places places;
    places.data = words[1];
    places.cache = words[2];
    base::fs::create_directories(places.cache);
    const auto threads = base::parse_integer(words[3]);
    if (!threads || *threads < 1) return std::fprintf(stderr, "log_hash: THREADS is a number above 0\n"), 2;
    return run(places, static_cast<size_t>(*threads), std::span(words + 4, words + count));
}

#include "engine/render/tier_probe.h"

#include <algorithm>
#include <chrono>

namespace render {

namespace {

constexpr double kSuits = 11;          // ms
constexpr double kPerTier = 0.9;       // s of drawing
constexpr size_t kEnough = 30;         // pictures
constexpr const char* kTierNames[] = {"cpu", "low", "high"};

base::fs::path file_of(const base::fs::path& cache) {
    return cache / "tier.txt";
}

/// One line: what was measured. Megapixels, because a window's edge moves by a few pixels.
std::string described(const gpu::DeviceInfo& device, uint32_t width, uint32_t height) {
    const uint64_t megapixels = (uint64_t{width} * height + 500'000) / 1'000'000;
    return fmt::format("{} | {} | {} Mpx", device.name, device.driver, megapixels);
}

/// Median of pictures drawn one after another, each waited for; the first, which compiles programs, is left out.
base::Result<double> time_of(Renderer& renderer, gpu::Device& device, const SceneView& scene, uint32_t width,
                             uint32_t height) {
    using Clock = std::chrono::steady_clock;
    std::vector<double> milliseconds;
    auto done = gpu::guarded("measuring this device", [&] {
        const auto draw = [&] { device.run([&](vk::CommandBuffer commands) { renderer.draw(commands, scene, width, height); }); };
        draw();
        const auto begin = Clock::now();
        while (milliseconds.size() < kEnough) {
            const auto at = Clock::now();
            draw();
            milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - at).count());
            if (Clock::now() - begin > std::chrono::duration<double>(kPerTier)) break;
        }
    });
    if (!done) return done.error();
    const auto middle = milliseconds.begin() + static_cast<long>(milliseconds.size() / 2);
    std::nth_element(milliseconds.begin(), middle, milliseconds.end());
    return *middle;
}

}  // namespace

Tier choose_tier(std::span<const TierTime> times) {
    Tier best = Tier::cpu;
    for (const TierTime& time : times)
        if (time.milliseconds <= kSuits) best = std::max(best, time.tier);
    return best;
}

base::Result<Tier> probe_tier(gpu::Device& device, Renderer& renderer, SceneView scene, uint32_t width,
                              uint32_t height) {
    if (device.is_cpu()) return Tier::cpu;
    std::vector<TierTime> times;
    for (const Tier tier : {Tier::high, Tier::low}) {
        scene.tier = tier;
        base::Result<double> milliseconds = time_of(renderer, device, scene, width, height);
        if (!milliseconds) return milliseconds.error();
        times.push_back({tier, *milliseconds});
        if (choose_tier(times) == tier) break;
    }
    return choose_tier(times);
}

std::optional<Tier> remembered_tier(const base::fs::path& cache, const gpu::DeviceInfo& device, uint32_t width,
                                    uint32_t height) {
    const base::Result<std::string> text = base::read_text(file_of(cache), 4096);
    if (!text) return std::nullopt;
    const std::string wanted = described(device, width, height) + "\n";
    if (!text->starts_with(wanted)) return std::nullopt;
    std::string_view tier = std::string_view(*text).substr(wanted.size());
    if (tier.ends_with('\n')) tier.remove_suffix(1);
    return parse_tier(tier);
}

base::Status remember_tier(const base::fs::path& cache, const gpu::DeviceInfo& device, uint32_t width,
                           uint32_t height, Tier tier) {
    return base::write_file(file_of(cache), std::string_view(fmt::format("{}\n{}\n", described(device, width, height),
                                                                         kTierNames[size_t(tier)])));
}

}  // namespace render

#pragma once

// What a program gave to OpenAL Soft, as its wave driver wrote it to a file, and what frequencies that holds.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <numbers>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace scenario {

constexpr int kWaveRate = 44100;  // Hz

/// Has OpenAL Soft write to `wave` in 16 bits and stereo instead of playing; `set` takes the two variables of the environment.
inline void set_wave_device(const std::filesystem::path& wave, const std::function<void(const char*, const std::string&)>& set) {
    const std::string settings = wave.string() + ".conf";
    std::ofstream(settings) << "[general]\nfrequency = " << kWaveRate << "\nchannels = stereo\nsample-type = int16\n[wave]\nfile = "
                            << wave.string() << "\n";
    set("ALSOFT_CONF", settings);
    set("ALSOFT_DRIVERS", "wave");
}

/// One channel of it.
struct Wave {
    std::vector<double> samples;  ///< [-1, 1]

    double seconds() const { return static_cast<double>(samples.size()) / kWaveRate; }
    /// Of one frequency between two times (Goertzel 1958).
    double amplitude(double from_s, double to_s, double hz) const {
        const size_t from = std::min(samples.size(), static_cast<size_t>(from_s * kWaveRate)),
                     to = std::min(samples.size(), static_cast<size_t>(to_s * kWaveRate));
        const double turn = 2 * std::numbers::pi * hz / kWaveRate, twice = 2 * std::cos(turn);
        double before = 0, last = 0;
        for (size_t i = from; i < to; ++i) {
            const double now = samples[i] + twice * last - before;
            before = last;
            last = now;
        }
        const double power = last * last + before * before - twice * last * before;
        return to > from ? 2 * std::sqrt(std::max(0.0, power)) / static_cast<double>(to - from) : 0;
    }
    /// The strongest of the frequencies between two, to a quarter of a hertz.
    double strongest(double from_s, double to_s, double low_hz, double high_hz) const {
        double best = 0, found = 0;
        for (double hz = low_hz; hz <= high_hz; hz += 0.25)
            if (const double here = amplitude(from_s, to_s, hz); here > best) best = here, found = hz;
        return found;
    }
};

/// What has been written so far; the header's lengths are only right once the device was closed, so the rest of the file is taken.
inline Wave read_wave(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    const size_t data = bytes.find("data");
    Wave wave;
    if (data == std::string::npos) return wave;
    for (size_t at = data + 8; at + 4 <= bytes.size(); at += 4) {
        int16_t left = 0;
        std::memcpy(&left, bytes.data() + at, 2);
        wave.samples.push_back(left / 32768.0);
    }
    return wave;
}

/// Waits until so many seconds were written; false after the patience of a slow machine.
inline bool wave_grows_to(const std::filesystem::path& file, double seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    const auto bytes = static_cast<uintmax_t>(seconds * kWaveRate * 4);
    std::error_code none;
    while (std::chrono::steady_clock::now() < end) {
        if (std::filesystem::exists(file, none) && std::filesystem::file_size(file, none) > bytes) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

}  // namespace scenario

// What the motor and the tones sound like, measured from the samples.

#include "engine/sound/synth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>

namespace {

namespace fs = base::fs;
using sound::Motor;

constexpr double kRate = 44100;

const sound::Figures& figures() {
    static const sound::Figures shipped = [] {
        auto read = sound::Figures::read(fs::path(EVENHAND_SOURCE_DIR) / "content/sounds.toml");
        if (!read) throw std::runtime_error(read.error().message);
        return *read;
    }();
    return shipped;
}

std::vector<float> samples_of(sound::Synth& synth, double seconds) {
    std::vector<float> samples(static_cast<size_t>(std::lround(seconds * kRate)));
    synth.render(samples);
    return samples;
}

/// Amplitude of one frequency (Goertzel 1958).
double amplitude(std::span<const float> samples, double hz) {
    const double turn = 2 * std::numbers::pi * hz / kRate, twice = 2 * std::cos(turn);
    double before = 0, last = 0;
    for (const float sample : samples) {
        const double now = sample + twice * last - before;
        before = last;
        last = now;
    }
    const double power = last * last + before * before - twice * last * before;
    return 2 * std::sqrt(std::max(0.0, power)) / static_cast<double>(samples.size());
}

/// The strongest of the frequencies around, to a tenth of a hertz.
double strongest(std::span<const float> samples, double from, double to) {
    double best = 0, found = 0;
    for (double hz = from; hz <= to; hz += 0.1)
        if (const double here = amplitude(samples, hz); here > best) best = here, found = hz;
    return found;
}

double greatest_step(std::span<const float> samples) {
    double most = 0;
    for (size_t i = 1; i < samples.size(); ++i) most = std::max(most, std::abs(double(samples[i]) - samples[i - 1]));
    return most;
}

double loudest(std::span<const float> samples) {
    double most = 0;
    for (const float sample : samples) most = std::max(most, std::abs(double(sample)));
    return most;
}

sound::Synth running(const Motor& motor) {
    sound::Synth synth(figures(), kRate);
    synth.set_volume(1);
    synth.set(motor);
    samples_of(synth, 2);
    return synth;
}

TEST(Synth, TheMotorsPitchIsTheRateOfItsStrokes) {
    for (const double rate : {60.0, 110.0, 150.0}) {
        sound::Synth synth = running({true, rate, 0, 0});
        EXPECT_NEAR(strongest(samples_of(synth, 1), 40, 170), rate, 0.5);
    }
}

TEST(Synth, ThePitchFallsWithTheLoadAsTheFiguresSay) {
    double before = 1e9;
    for (const double force : {0.0, 0.5, 1.0, 2.0}) {
        const Motor motor{true, 110, force, 0};
        sound::Synth synth = running(motor);
        const double hz = strongest(samples_of(synth, 1), 40, 130);
        EXPECT_NEAR(hz, 110 * (1 - figures().motor.droop_per_n * force), 0.5) << force;
        EXPECT_LT(hz, before - (force > 0 ? 3 : 0));
        before = hz;
    }
    const Motor still{true, 110, 1, 0}, gliding{true, 110, 1, 0.05};
    EXPECT_GT(figures().motor.droop(gliding), figures().motor.droop(still)) << "dragging loads it too";
    EXPECT_EQ(figures().motor.droop({true, 110, 0, 0.05}), 0) << "in the air nothing does";
    EXPECT_EQ(figures().motor.droop({true, 110, 50, 1}), figures().motor.droop_most);
}

TEST(Synth, IsSilentBeforeItRunsAndSomeTimeAfter) {
    sound::Synth synth(figures(), kRate);
    synth.set_volume(1);
    EXPECT_EQ(loudest(samples_of(synth, 0.2)), 0);
    synth.set({true, 110, 0, 0});
    EXPECT_GT(loudest(samples_of(synth, 1)), 0.1);
    synth.set({false, 110, 0, 0});
    samples_of(synth, 2);
    EXPECT_EQ(loudest(samples_of(synth, 0.2)), 0);
    EXPECT_EQ(synth.motor_hz(), 0);
}

TEST(Synth, IsSilentAtNoVolumeAndNeverBeyondFullScale) {
    sound::Synth silent(figures(), kRate);
    silent.set({true, 110, 1, 0});
    silent.play(*figures().tone("urgent"));
    EXPECT_EQ(loudest(samples_of(silent, 1)), 0);
    sound::Synth synth = running({true, 110, 30, 1});
    synth.play(*figures().tone("urgent"));
    EXPECT_LE(loudest(samples_of(synth, 1)), 1);
}

/// Whatever is done, no step between samples is greater than those that the sounds are made of.
TEST(Synth, NothingClicks) {
    sound::Synth steady = running({true, 150, 30, 1});
    const double of_motor = greatest_step(samples_of(steady, 0.5));
    double of_tones = 0;
    for (const sound::Tone& tone : figures().tones)
        for (const sound::Note& note : tone.notes) of_tones = std::max(of_tones, tone.loud * 2 * std::numbers::pi * note.hz / kRate);
    // A slide of the loudness adds its own step.
    const double of_slides = 2 / (figures().motor.follow * kRate);
    const double bound = of_motor + of_tones + of_slides;
    EXPECT_LT(bound, 0.25);

    sound::Synth synth(figures(), kRate);
    std::vector<float> all;
    const auto after = [&](double seconds) {
        const std::vector<float> more = samples_of(synth, seconds);
        all.insert(all.end(), more.begin(), more.end());
    };
    for (int i = 0; i < 40; ++i) {
        synth.set({i % 3 != 0, i % 2 ? 150.0 : 60.0, i % 4 * 5.0, i % 5 * 0.2});
        synth.set_volume(i % 7 == 0 ? 0 : 1);
        synth.play(figures().tones[static_cast<size_t>(i) % figures().tones.size()]);
        after(0.013 * (i % 6 + 1));
    }
    EXPECT_LE(greatest_step(all), bound);
    EXPECT_GT(loudest(all), 0.1);
}

TEST(Synth, SaysTheSameEachTimeInWhateverPieces) {
    const auto play = [](std::initializer_list<size_t> pieces) {
        sound::Synth synth(figures(), kRate);
        synth.set_volume(0.7);
        synth.set({true, 110, 0.8, 0.03});
        synth.play(*figures().tone("less"));
        std::vector<float> all;
        for (const size_t piece : pieces) {
            std::vector<float> samples(piece);
            synth.render(samples);
            all.insert(all.end(), samples.begin(), samples.end());
        }
        return all;
    };
    EXPECT_EQ(play({4096}), play({1, 511, 512, 1024, 2048}));
}

TEST(Synth, AToneSoundsItsNotesInTurn) {
    for (const sound::Tone& tone : figures().tones) {
        sound::Synth synth(figures(), kRate);
        synth.set_volume(1);
        samples_of(synth, 0.5);  // the volume has come
        synth.play(tone);
        for (const sound::Note& note : tone.notes) {
            const std::vector<float> samples = samples_of(synth, note.seconds);
            if (note.hz == 0)
                EXPECT_EQ(loudest(samples), 0) << tone.id;
            else
                EXPECT_NEAR(strongest(samples, note.hz - 40, note.hz + 40), note.hz, 4) << tone.id;
        }
        samples_of(synth, 0.001);  // notes end on whole samples
        EXPECT_EQ(loudest(samples_of(synth, 0.1)), 0) << tone.id;
    }
}

TEST(Synth, ALaterToneTakesThePlaceOfOneThatSounds) {
    sound::Synth synth(figures(), kRate);
    synth.set_volume(1);
    samples_of(synth, 0.5);
    synth.play(*figures().tone("done"));
    samples_of(synth, 0.05);
    synth.play(*figures().tone("less"));
    samples_of(synth, 0.02);
    EXPECT_NEAR(strongest(samples_of(synth, 0.08), 400, 900), figures().tone("less")->notes[0].hz, 8);
}

TEST(SoundFigures, MistakesNameLineAndColumn) {
    const fs::path file = fs::path(EVENHAND_BINARY_DIR) / "test_sounds.toml";
    const std::string good = *base::read_text(fs::path(EVENHAND_SOURCE_DIR) / "content/sounds.toml");
    const auto refused = [&](const std::string& what, const std::string& by) {
        std::string text = good;
        text.replace(text.find(what), what.size(), by);
        std::ofstream(file) << text;
        const auto read = sound::Figures::read(file);
        return read ? std::string("accepted") : read.error().message;
    };
    EXPECT_THAT(refused("droop_per_n = 0.10", "droop_per_n = 7"), testing::HasSubstr("test_sounds.toml:10:"));
    EXPECT_THAT(refused("eases = 0.12", "eases = 0.20"), testing::HasSubstr("eases"));
    EXPECT_THAT(refused("id = \"less\"", "name = \"less\""), testing::HasSubstr("test_sounds.toml:"));
    EXPECT_THAT(refused("{ hz = 740, ms = 110 }", "{ hz = 740 }"), testing::HasSubstr("notes"));
    EXPECT_THAT(refused("{ hz = 740, ms = 110 }", "{ hz = -1, ms = 110 }"), testing::HasSubstr("notes"));
    EXPECT_EQ(refused("version = 1", "version = 1"), "accepted");
}

}  // namespace

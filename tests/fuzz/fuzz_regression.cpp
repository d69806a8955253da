#include "engine/base/random.h"
#include "tests/fuzz/fuzz_target.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace fuzz {
namespace {

constexpr size_t kLongest = 1 << 16;

struct Range {
    size_t begin, size;
};

/// A stretch of at most 64 bytes, now and then of any length.
Range stretch(const Bytes& bytes, base::Random& random) {
    uint32_t size = static_cast<uint32_t>(bytes.size());
    uint32_t begin = random.below(size);
    uint32_t most = random.below(8) == 0 ? size - begin : std::min(size - begin, 64u);
    return {begin, 1 + random.below(most)};
}

void flip(Bytes& bytes, base::Random& random) {
    bytes[random.below(static_cast<uint32_t>(bytes.size()))] ^= static_cast<uint8_t>(1u << random.below(8));
}

/// Bytes that parsers treat specially, and the ends of the number ranges.
void overwrite(Bytes& bytes, base::Random& random) {
    static constexpr std::array<uint8_t, 20> kTelling = {0,    1,    0x7f, 0x80, 0xff, 0xfe, ',',
                                                         '\n', '\r', '"',  '[',  ']',  '=',  '.',
                                                         '-',  'e',  '0',  '9',  '#',  '\\'};
    Range range = stretch(bytes, random);
    size_t count = std::min<size_t>(range.size, 1 + random.below(8));
    std::fill_n(bytes.begin() + static_cast<ptrdiff_t>(range.begin), count,
                kTelling[random.below(static_cast<uint32_t>(kTelling.size()))]);
}

void cut(Bytes& bytes, base::Random& random) {
    Range range = stretch(bytes, random);
    auto begin = bytes.begin() + static_cast<ptrdiff_t>(range.begin);
    bytes.erase(begin, begin + static_cast<ptrdiff_t>(range.size));
}

/// Puts a stretch of `from` somewhere into `bytes`.
void splice(Bytes& bytes, const Bytes& from, base::Random& random) {
    if (from.empty() || bytes.size() > kLongest) return;
    Range range = stretch(from, random);
    auto begin = from.begin() + static_cast<ptrdiff_t>(range.begin);
    Bytes piece(begin, begin + static_cast<ptrdiff_t>(range.size));
    size_t at = random.below(static_cast<uint32_t>(bytes.size()) + 1);
    bytes.insert(bytes.begin() + static_cast<ptrdiff_t>(at), piece.begin(), piece.end());
}

Bytes mutate(const std::vector<Bytes>& seeds, base::Random& random) {
    auto any = [&]() -> const Bytes& { return seeds[random.below(static_cast<uint32_t>(seeds.size()))]; };
    Bytes bytes = any();
    for (uint32_t left = 1 + random.below(4); left > 0 && !bytes.empty(); --left) {
        switch (random.below(5)) {
            case 0:
                flip(bytes, random);
                break;
            case 1:
                overwrite(bytes, random);
                break;
            case 2:
                cut(bytes, random);
                break;
            case 3:
                splice(bytes, Bytes(bytes), random);
                break;
            default:
                splice(bytes, any(), random);
                break;
        }
    }
    return bytes;
}

class ForeignBytes : public testing::TestWithParam<Target (*)()> {};

TEST_P(ForeignBytes, AreReadSoundlyOrRefused) {
    Target target = GetParam()();
    for (const Bytes& seed : target.seeds) EXPECT_TRUE(target.accepts(seed)) << target.name;
    base::Random random(1);
    int accepted = target.accepts({});
    for (int i = 0; i < target.mutations; ++i) accepted += target.accepts(mutate(target.seeds, random));
    EXPECT_GE(accepted, target.some_are_sound ? 1 : 0) << target.name << ": no mutation got past the checks";
    EXPECT_LE(accepted, target.mutations) << target.name << ": nothing was refused";
}

INSTANTIATE_TEST_SUITE_P(Parsers, ForeignBytes,
                         testing::Values(pen_csv, events_csv, roster_csv, record_json, badge, time_stamp, osc_packet, case_toml, device_toml, rubric_toml, pad_toml,
                                         condition_toml, healing_toml, response_toml, procedure_toml, recording, recording_rows, notes, typed_notes, key_file,
                                         closing_document, exam_journal, exam_package, sealed_recording, face_cache,
                                         light_cache, import,
                                         scan_face, png, desk_fields, desk_accounts, desk_request, score_document,
                                         lesson_toml, exam_plan, pem, settings_toml, locale_toml, figures_toml, procedure_events, record_store,
                                         session_index, http_answer, habits_toml, verify_results),
                         [](const auto& info) { return info.param().name; });

}  // namespace
}  // namespace fuzz

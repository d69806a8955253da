#pragma once

// Times as files keep them: UTC, ISO 8601, whole seconds, "2026-11-21T22:05:09Z".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace training {

std::string utc_now();
/// Whether a text has that form, of whatever day; two such texts are in order of time as texts.
bool is_utc(std::string_view text);
/// Seconds from the beginning of 1970; none where there is no such time (30 February, 24:00).
std::optional<int64_t> seconds_of(std::string_view utc);
std::string utc_of(int64_t seconds);

}  // namespace training

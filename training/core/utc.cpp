#include "training/core/utc.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace training {

using namespace std::chrono;

std::string utc_now() {
    // Not time(): that one is some milliseconds behind, and a file written just now would be from the second to come.
    return utc_of(floor<seconds>(system_clock::now()).time_since_epoch().count());
}

bool is_utc(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
    return std::ranges::equal(text, kForm, [](char c, char f) { return f == '0' ? c >= '0' && c <= '9' : c == f; });
}

std::optional<int64_t> seconds_of(std::string_view utc) {
    if (!is_utc(utc)) return std::nullopt;
    const auto number = [&](size_t first, size_t digits) {
        int value = 0;
        for (const char c : utc.substr(first, digits)) value = 10 * value + (c - '0');
        return value;
    };
    const year_month_day date{year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))), day(static_cast<unsigned>(number(8, 2)))};
    const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return int64_t{sys_days(date).time_since_epoch().count()} * 86'400 + 3600 * hour + 60 * minute + second;
}

std::string utc_of(int64_t since_1970) {
    const sys_seconds time{seconds(since_1970)};
    const sys_days date = floor<days>(time);
    const year_month_day ymd(date);
    const hh_mm_ss clock(time - date);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                       static_cast<unsigned>(ymd.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace training

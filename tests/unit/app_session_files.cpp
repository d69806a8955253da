#include "training/app/session_files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <optional>

namespace {

/// The clock on the wall of another place.
class AbroadFor {
  public:
    explicit AbroadFor(const char* zone) {
        if (const char* kept = std::getenv("TZ")) kept_ = kept;
        set(zone);
    }
    ~AbroadFor() { set(kept_ ? kept_->c_str() : nullptr); }
    AbroadFor(const AbroadFor&) = delete;

  private:
    static void set(const char* zone) {
        zone ? ::setenv("TZ", zone, 1) : ::unsetenv("TZ");
        ::tzset();
    }
    std::optional<std::string> kept_;
};

TEST(SessionFiles, begin_by_the_clock_on_the_wall_as_their_names_do) {
    const AbroadFor away("Asia/Kathmandu");
    EXPECT_EQ(app::local_minutes("2026-11-21T20:30:05Z"), "2026-11-22 02:15");
    EXPECT_EQ(app::short_name("", "2026-11-21T20:30:05Z"), "2026-11-22");
    EXPECT_EQ(app::short_name("K-17", "2026-12-31T20:30:05Z"), "K-17 · 01-01");
}

TEST(SessionFiles, are_named_whatever_a_recording_says_of_its_beginning) {
    for (const std::string started : {"", "x", "2026", "2026-02-30T00:00:00Z", "2026-11-21 09:30"}) {
        EXPECT_EQ(app::local_minutes(started), started.substr(0, 16));
        EXPECT_EQ(app::short_name("", started), started.substr(0, 10));
        EXPECT_EQ(app::short_name("K-17", started), "K-17 · " + started.substr(0, 10));
    }
}

}  // namespace

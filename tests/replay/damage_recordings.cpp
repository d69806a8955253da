// The long form of training_damage.cpp: every 1,000th byte, 10,000 files with changed bytes. Meant for a sanitized build too.

#include "tests/scenarios/abroad.h"
#include "tests/scenarios/damage.h"

#include <gtest/gtest.h>

namespace {

const damage::Whole& whole() {
    static const damage::Whole made;
    return made;
}

TEST(DamagedRecordings, CutAtEveryThousandthByteAreRefused) {
    damage::expect_cuts_refused(whole(), 1000);
}

TEST(DamagedRecordings, TenThousandWithChangedBytesAreRefusedOrScoreRight) {
    damage::expect_flips_right_or_refused(whole(), 10'000, 2);
}

TEST(DamagedRecordings, OfAKilledSessionTooTenThousandAreRefusedOrScoreRight) {
    const damage::Whole killed(damage::Whole::Ending::killed);
    EXPECT_NE(killed.right(), whole().right());
    damage::expect_cuts_refused(killed, 1000);
    damage::expect_flips_right_or_refused(killed, 10'000, 3);
}

using Abroad = damage::Abroad;

TEST_F(Abroad, OneScoreIsToldInGermanTurkishAndArabicLocales) {
    expect_all_the_same(whole(), {"de_DE", "tr_TR", "ar_EG"});
}

}  // namespace

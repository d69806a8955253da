// The long form of the forgeries of training_seal.cpp.

#include "tests/scenarios/sealed.h"

namespace {

TEST(Forgeries, TenThousandOfASealedSessionAreAllCaught) {
    sealed::expect_all_caught(10'000, 2);
}

}  // namespace

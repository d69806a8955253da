#include "tests/scenarios/record_kills.h"

namespace {

using namespace record_test;

template <typename Kind>
class RecordsKilled : public testing::Test {};
using Kinds = testing::Types<Sqlite, Postgres>;
TYPED_TEST_SUITE(RecordsKilled, Kinds, KindNames);

TYPED_TEST(RecordsKilled, AtAnyMomentLoseNothingAndSendNothingTwice) {
    TypeParam school;
    expect_nothing_lost(school.text, 24, 1);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// Places of the time zone database as zones of times and moments.
#include <gtest/gtest.h>

#include "tests/unit/feel/feel_fixture.h"

namespace kstati::eligibility::feel {
namespace {

struct Case {
  const char* expression;
  const char* printed;
};

class Zones : public testing::TestWithParam<Case> {};

TEST_P(Zones, Give) {
  EXPECT_EQ(LenientAnswer(GetParam().expression), GetParam().printed) << GetParam().expression;
}

constexpr Case kCases[] = {
    {R"(@"2026-07-01T12:00:00@Asia/Almaty".time offset)", R"(@"PT5H")"},
    {R"(@"2026-07-01T12:00:00@America/Mexico_City".time offset)", R"(@"-PT6H")"},
    {R"(@"2026-07-01T12:00:00@Europe/Paris".time offset)", R"(@"PT2H")"},
    {R"(@"2026-01-01T12:00:00@Europe/Paris".time offset)", R"(@"PT1H")"},
    {R"(@"2026-07-01T12:00:00@Europe/Paris".timezone)", R"("Europe/Paris")"},
    {R"(@"2026-07-01T12:00:00+02:00".timezone)", "null"},
    {R"(@"2026-07-01T12:00:00@Europe/Paris" = @"2026-07-01T10:00:00Z")", "true"},
    {R"(@"2026-07-01T12:00:00@Europe/Paris" < @"2026-07-01T12:00:00@Asia/Dhaka")", "false"},
    // The zone's offset follows the moment: a month later the clocks have changed.
    {R"((@"2026-03-15T12:00:00@Europe/Paris" + @"P1M").time offset)", R"(@"PT2H")"},
    {R"(@"2026-03-29T12:00:00@Europe/Paris" - @"2026-03-28T12:00:00@Europe/Paris")", R"(@"PT23H")"},
    // A time that the change of clocks skips counts as before it, one that occurs twice as the
    // earlier one.
    {R"(@"2026-03-29T02:30:00@Europe/Paris".time offset)", R"(@"PT1H")"},
    {R"(@"2026-10-25T02:30:00@Europe/Paris".time offset)", R"(@"PT2H")"},
    // Beyond the database: the same rules.
    {R"(@"2050-07-01T12:00:00@Europe/Paris".time offset)", R"(@"PT2H")"},
    {R"(@"999999999-12-31T12:00:00@Europe/Paris".time offset)", R"(@"PT1H")"},
    {R"(string(@"-999999999-01-01T00:00:00@Europe/Paris"))",
     R"("-999999999-01-01T00:00:00@Europe/Paris")"},
    {R"(date and time("2026-07-01T12:00:00@Mars/Olympus"))", "null"},
    {R"(time("12:00:00+02:00@Europe/Paris"))", "null"},
    {R"(is(@"10:00:00@Australia/Melbourne", @"10:00:00@Australia/Sydney"))", "false"},
    {R"(is(@"10:00:00@Europe/Paris", @"10:00:00@Europe/Paris"))", "true"},
};

INSTANTIATE_TEST_SUITE_P(Named, Zones, testing::ValuesIn(kCases));

}  // namespace
}  // namespace kstati::eligibility::feel

// SPDX-License-Identifier: Apache-2.0
#include "delivery/schedule.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace kstati::delivery {
namespace {

constexpr int64_t kMicrosOfMinute = 60'000'000;

std::string EndOf(const char* from, const char* to, const std::string& now,
                  const std::string& zone = "Europe/Moscow") {
  const auto quiet = QuietHours::Parse(from, to, zone);
  EXPECT_TRUE(quiet);
  const auto end = quiet->EndAfter(*Instant::Parse(now));
  return end ? end->ToString() : "not quiet";
}

TEST(RetriesTest, PausesDoubleUpToTheLongest) {
  const Retries retries;
  EXPECT_EQ(retries.After(1).count(), 30);
  EXPECT_EQ(retries.After(2).count(), 60);
  EXPECT_EQ(retries.After(5).count(), 480);
  EXPECT_EQ(retries.After(11).count(), 21'600);
  EXPECT_EQ(retries.After(1'000'000).count(), 21'600);
}

TEST(QuietHoursTest, LastOverMidnight) {
  EXPECT_EQ(EndOf("22:00", "08:00", "2026-11-29T18:59:59Z"), "not quiet");
  EXPECT_EQ(EndOf("22:00", "08:00", "2026-11-29T19:00:00Z"), "2026-11-30T05:00:00Z");
  EXPECT_EQ(EndOf("22:00", "08:00", "2026-11-30T02:00:00Z"), "2026-11-30T05:00:00Z");
  EXPECT_EQ(EndOf("22:00", "08:00", "2026-11-30T05:00:00Z"), "not quiet");
}

TEST(QuietHoursTest, LieWithinADay) {
  EXPECT_EQ(EndOf("13:00", "14:30", "2026-11-29T10:00:00Z"), "2026-11-29T11:30:00Z");
  EXPECT_EQ(EndOf("13:00", "14:30", "2026-11-29T11:30:00Z"), "not quiet");
  EXPECT_EQ(EndOf("13:00", "14:30", "2026-11-29T09:59:00Z"), "not quiet");
}

// Clocks in Berlin went from 02:00 to 03:00 on 29 March and back on 25 October 2026.
TEST(QuietHoursTest, GoByTheClockOnTheWall) {
  EXPECT_EQ(EndOf("22:00", "08:00", "2026-03-28T22:00:00Z", "Europe/Berlin"),
            "2026-03-29T06:00:00Z");
  EXPECT_EQ(EndOf("22:00", "08:00", "2026-10-24T21:00:00Z", "Europe/Berlin"),
            "2026-10-25T07:00:00Z");
  EXPECT_EQ(EndOf("22:00", "02:30", "2026-03-29T00:30:00Z", "Europe/Berlin"),
            "2026-03-29T01:00:00Z");  // 02:30 does not come; 03:00 does
}

TEST(QuietHoursTest, NobodyNeedHaveThem) {
  EXPECT_EQ(EndOf("", "", "2026-11-29T23:00:00Z"), "not quiet");
  EXPECT_FALSE(QuietHours().EndAfter(*Instant::Parse("2026-11-29T23:00:00Z")));
}

TEST(QuietHoursTest, SaysWhatItCannotRead) {
  for (const auto& [from, to] : {std::pair("22:00", ""),
                                 {"", "08:00"},
                                 {"24:00", "08:00"},
                                 {"22:60", "08:00"},
                                 {"8:00", "9:00"},
                                 {"22.00", "08:00"},
                                 {"08:00", "08:00"},
                                 {"aa:bb", "08:00"}}) {
    EXPECT_FALSE(QuietHours::Parse(from, to, "UTC")) << from << " " << to;
  }
}

// Against walking on minute by minute until it is no longer quiet.
TEST(QuietHoursTest, TheEndIsTheFirstMinuteThatIsNotQuiet) {
  for (const char* zone : {"Europe/Moscow", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"}) {
    const auto quiet = *QuietHours::Parse("21:15", "06:45", zone);
    Instant now = *Instant::Parse("2026-03-28T00:00:00Z");
    for (int minute = 0; minute < 3 * 24 * 60; minute += 7) {
      now.micros += 7 * kMicrosOfMinute;
      const auto end = quiet.EndAfter(now);
      if (!end) continue;
      Instant walked = now;
      while (quiet.EndAfter(walked)) walked.micros += kMicrosOfMinute;
      EXPECT_EQ(*end, walked) << zone << " " << now.ToString();
    }
  }
}

}  // namespace
}  // namespace kstati::delivery

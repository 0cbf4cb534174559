// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace kstati::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MetricsTest, ACounterCounts) {
  Counter& counter = CounterOf("kstati_test_plain_total", "Plain.");
  counter.Add();
  counter.Add(2.5);
  counter.Add(-7);
  EXPECT_THAT(Exposition(), HasSubstr("# HELP kstati_test_plain_total Plain.\n"
                                      "# TYPE kstati_test_plain_total counter\n"
                                      "kstati_test_plain_total 3.5\n"));
}

TEST(MetricsTest, OneNameAndLabelIsOneCounter) {
  Counter& first = CounterOf("kstati_test_codes_total", "By code.", "code", "conflict");
  Counter& same = CounterOf("kstati_test_codes_total", "By code.", "code", "conflict");
  Counter& other = CounterOf("kstati_test_codes_total", "By code.", "code", "denied");
  EXPECT_EQ(&first, &same);
  EXPECT_NE(&first, &other);
  first.Add();
  EXPECT_THAT(Exposition(), HasSubstr("kstati_test_codes_total{code=\"conflict\"} 1\n"));
  EXPECT_THAT(Exposition(), HasSubstr("kstati_test_codes_total{code=\"denied\"} 0\n"));
}

TEST(MetricsTest, AHistogramHasBucketsFromTenMicrosecondsToTenSeconds) {
  Histogram& seconds = SecondsOf("kstati_test_wait_seconds", "Waiting.");
  seconds.Observe(0.000009);
  seconds.Observe(0.3);
  seconds.Observe(60);
  const std::string text = Exposition();
  EXPECT_THAT(text, HasSubstr("kstati_test_wait_seconds_count 3\n"));
  EXPECT_THAT(text, HasSubstr("kstati_test_wait_seconds_bucket{le=\"0.5\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("kstati_test_wait_seconds_bucket{le=\"10\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("kstati_test_wait_seconds_bucket{le=\"+Inf\"} 3\n"));
}

TEST(MetricsTest, CountersAreSafeFromAnyThread) {
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 500; ++i) CounterOf("kstati_test_threads_total", "Threads.").Add();
      });
    }
  }
  EXPECT_THAT(Exposition(), HasSubstr("kstati_test_threads_total 2000\n"));
}

TEST(MetricsDeathTest, ANameOutsideTheSchemeIsOurBug) {
  EXPECT_DEATH(CounterOf("Requests", "No prefix."), "check failed");
  EXPECT_DEATH(CounterOf("kstati_bad-name", "A dash."), "check failed");
}

TEST(MetricsDeathTest, TwoKindsCannotShareAName) {
  SecondsOf("kstati_test_shared_seconds", "Shared.");
  EXPECT_DEATH(CounterOf("kstati_test_shared_seconds", "Shared."), "check failed");
  EXPECT_THAT(Exposition(), Not(HasSubstr("kstati_test_shared_seconds counter")));
}

}  // namespace
}  // namespace kstati::metrics

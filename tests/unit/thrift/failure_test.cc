// SPDX-License-Identifier: Apache-2.0
#include "thrift/failure.h"

#include <gtest/gtest.h>

namespace kstati::thrift {
namespace {

TEST(FailureTest, EveryErrorSurvivesTheWayThereAndBack) {
  for (const ErrorKind& kind : kErrorKinds) {
    const Error back = FromFailure(ToFailure({kind.code, "message", "place", "remedy"}));
    EXPECT_EQ(back.code, kind.code) << kind.name;
    EXPECT_EQ(back.message, "message");
    EXPECT_EQ(back.place, "place");
    EXPECT_EQ(back.remedy, "remedy");
  }
}

TEST(FailureTest, CodeOfANewerServerIsInternal) {
  rpc::Failure failure;
  failure.code = static_cast<rpc::ErrorCode::type>(99);
  EXPECT_EQ(FromFailure(failure).code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace kstati::thrift

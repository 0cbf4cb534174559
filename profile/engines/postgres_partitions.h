// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace kstati::profile {

// The hash of PostgreSQL's hashint8, by which PL/Proxy chooses the partition.
int32_t HashOfBigint(int64_t number);

// The citizen's number in the database; kInvalidArgument when a bigint cannot hold it.
Result<int64_t> NumberOf(CitizenId citizen);

// Where citizens live among so many partitions, a power of two.
class PostgresPartitions {
 public:
  explicit PostgresPartitions(size_t count);

  size_t count() const { return homes_.size(); }
  size_t Of(int64_t number) const {
    return static_cast<uint32_t>(HashOfBigint(number)) & (count() - 1);
  }
  // The smallest number that lives in the partition: what is not a citizen's is found by it.
  int64_t HomeOf(size_t partition) const { return homes_.at(partition); }

 private:
  std::vector<int64_t> homes_;
};

}  // namespace kstati::profile

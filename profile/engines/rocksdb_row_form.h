// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/merge_operator.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "profile/stamp.h"

namespace kstati::profile {

// What a commit does to a citizen's row. A stored row has the same form: it is what all changes
// did, one after the other. Views are of the decoded bytes.
struct RowChange {
  Stamp stamp;
  std::optional<std::string_view> sealed_key;  // in place of the old one
  bool replaces_profile = false;               // else `profile` is put at the end of the old one
  std::string_view profile;
};

std::string Encode(const RowChange& change);
// nullopt when the bytes have another form.
std::optional<RowChange> DecodeRowChange(std::string_view bytes);

// Puts changes that RocksDB merges into a row together.
std::shared_ptr<rocksdb::MergeOperator> RowMerge();

}  // namespace kstati::profile

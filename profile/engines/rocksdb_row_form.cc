// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/rocksdb_row_form.h"

#include "base/bytes.h"

namespace kstati::profile {
namespace {

constexpr char kHasKey = 1;
constexpr char kReplacesProfile = 2;

std::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

std::string HeadOf(const RowChange& change) {
  std::string bytes = EncodeStamp(change.stamp);
  bytes.push_back(static_cast<char>((change.sealed_key ? kHasKey : 0) |
                                    (change.replaces_profile ? kReplacesProfile : 0)));
  if (change.sealed_key) bytes.append(ByteWriter().Text(*change.sealed_key).Take());
  return bytes;
}

class RowMergeOperator final : public rocksdb::AssociativeMergeOperator {
 public:
  // False when the bytes are no changes of rows: RocksDB takes it as damage.
  bool Merge(const rocksdb::Slice&, const rocksdb::Slice* existing, const rocksdb::Slice& addition,
             std::string* value, rocksdb::Logger*) const override {
    const std::optional<RowChange> later = DecodeRowChange(ViewOf(addition));
    const std::optional<RowChange> earlier =
        existing == nullptr ? RowChange() : DecodeRowChange(ViewOf(*existing));
    if (!later || !earlier) return false;
    RowChange both = *later;
    if (!both.sealed_key) both.sealed_key = earlier->sealed_key;
    both.replaces_profile = both.replaces_profile || earlier->replaces_profile;
    *value = HeadOf(both);
    if (!later->replaces_profile) value->append(earlier->profile);
    value->append(later->profile);
    return true;
  }
  const char* Name() const override { return "kstati.row"; }
};

}  // namespace

std::string Encode(const RowChange& change) { return HeadOf(change).append(change.profile); }

std::optional<RowChange> DecodeRowChange(std::string_view bytes) {
  RowChange change;
  const std::optional<Stamp> stamp = TakeStamp(bytes);
  if (!stamp || bytes.empty()) return std::nullopt;
  change.stamp = *stamp;
  const char flags = bytes.front();
  if ((flags & ~(kHasKey | kReplacesProfile)) != 0) return std::nullopt;
  bytes.remove_prefix(1);
  if ((flags & kHasKey) != 0) {
    change.sealed_key = TakeText(bytes);
    if (!change.sealed_key) return std::nullopt;
  }
  change.replaces_profile = (flags & kReplacesProfile) != 0;
  change.profile = bytes;
  return change;
}

std::shared_ptr<rocksdb::MergeOperator> RowMerge() { return std::make_shared<RowMergeOperator>(); }

}  // namespace kstati::profile

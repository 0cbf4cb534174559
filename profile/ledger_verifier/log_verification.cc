// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger_verifier/log_verification.h"

#include <algorithm>
#include <utility>

#include "profile/ledger_verifier/json_reader.h"

namespace kstati::ledger_verifier {
namespace {

constexpr std::string_view kCheckpointLine = "{\"checkpoint\":";

tl::unexpected<Error> Refused(std::string problem) {
  return Fail(ErrorCode::kCorrupt, std::move(problem));
}

std::string Numbered(uint64_t index) { return "entry " + std::to_string(index); }

}  // namespace

std::string LogVerification::Next() const { return Numbered(tree_.size()); }

Result<void> LogVerification::Add(std::string_view line) {
  return line.starts_with(kCheckpointLine) ? AddCheckpoint(line) : AddEntry(line);
}

Result<void> LogVerification::AddEntry(std::string_view line) {
  JsonReader json(line);
  const std::string bytes = json.Bytes("{\"entry\":");
  const uint64_t index = json.Number(",\"index\":");
  const std::string leaf_hash = json.Bytes(",\"leaf\":", sizeof(Digest));
  json.Literal("}");
  if (const Result<void> read = json.Finish("line"); !read) {
    return Refused(Next() + " was altered: " + read.error().message);
  }
  KSTATI_TRY_VOID(CheckPlace(index));
  const Digest leaf = LeafDigest(bytes);
  if (!std::equal(leaf.begin(), leaf.end(), leaf_hash.begin(),
                  [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); })) {
    return Refused(Next() + " was altered: it does not have the hash beside it");
  }
  const Result<Entry> entry = ReadEntry(bytes);
  if (!entry) return Refused(Next() + " was altered: " + entry.error().message);
  KSTATI_TRY_VOID(CheckCitizen(*entry));
  tree_.Add(leaf);
  return CheckSeen();
}

Result<void> LogVerification::CheckPlace(uint64_t index) const {
  if (index == tree_.size()) return {};
  if (index > tree_.size()) {
    return Refused(Next() + " is missing: " + Numbered(index) + " stands in its place");
  }
  return Refused(Next() + " is out of order: " + Numbered(index) + " stands in its place again");
}

Result<void> LogVerification::CheckCitizen(const Entry& entry) {
  LastOfCitizen& last = citizens_[entry.citizen];
  if (entry.number != last.number + 1) {
    return Refused(Next() + " is number " + std::to_string(entry.number) + " of its citizen, but " +
                   "number " + std::to_string(last.number + 1) +
                   " is due: an entry before it was dropped, altered or moved");
  }
  if (entry.at < last.at) {
    return Refused(Next() + " is earlier than the entry of its citizen before it");
  }
  last = {entry.number, entry.at};
  return {};
}

Result<void> LogVerification::CheckSeen() const {
  if (!seen_ || seen_->size != tree_.size() || seen_->root == tree_.Root()) return {};
  return Refused("the first " + std::to_string(tree_.size()) +
                 " entries are not those of the checkpoint that was kept: one of them was altered, "
                 "dropped or moved");
}

Result<void> LogVerification::AddCheckpoint(std::string_view line) {
  JsonReader json(line);
  const std::string note = json.Text(kCheckpointLine);
  json.Literal("}");
  KSTATI_TRY_VOID(json.Finish("line"));
  KSTATI_TRY(const Checkpoint checkpoint, OpenCheckpoint(note, key_));
  if (checkpoint.size > tree_.size()) {
    return Refused(Next() + " is missing: a checkpoint of " + std::to_string(checkpoint.size) +
                   " entries stands in its place");
  }
  if (checkpoint.size < tree_.size() || (last_ && last_->size == checkpoint.size)) {
    return Refused("a checkpoint of " + std::to_string(checkpoint.size) +
                   " entries stands behind " + std::to_string(tree_.size()) + " entries");
  }
  if (checkpoint.root != tree_.Root()) {
    const uint64_t sound = last_ ? last_->size : 0;
    return Refused(Numbered(sound) + " or one up to " + Numbered(checkpoint.size - 1) +
                   " was altered, dropped or moved: together they do not give the root that was "
                   "signed");
  }
  last_ = checkpoint;
  ++checkpoints_;
  return {};
}

Result<LogVerification::Summary> LogVerification::Finish() const {
  if (!last_ || last_->size != tree_.size()) {
    return Refused(Numbered(last_ ? last_->size : 0) +
                   " and what follows are not signed: " + "the log does not end with a checkpoint");
  }
  if (seen_ && seen_->size > tree_.size()) {
    return Refused(Next() + " is missing: the log ends there, but a checkpoint that was kept has " +
                   std::to_string(seen_->size) + " entries");
  }
  return Summary{*last_, checkpoints_, citizens_.size()};
}

}  // namespace kstati::ledger_verifier

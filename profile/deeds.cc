// SPDX-License-Identifier: Apache-2.0
#include "profile/deeds.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "profile/ledger/checkpoint.h"
#include "profile/ledger/merkle_tree.h"

namespace kstati::profile {
namespace {

struct Opening {
  ledger::Salt salt{};
  std::string content;
};

std::string PlaceOf(CitizenId citizen) {
  return ByteWriter().Text("deed").Number(citizen.number()).Take();
}

// JSON with the names in order and no blanks; what is not UTF-8 is replaced.
std::string CanonicalText(const DeedContent& content) {
  return nlohmann::json(content).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The salt of all entries of a citizen follows from the citizen's key and goes with it.
ledger::Salt CitizenSalt(const DataKey& key) {
  static constexpr std::string_view kPurpose = "kstati ledger citizen salt";
  ledger::Salt salt{};
  const int failed = crypto_generichash(
      salt.data(), salt.size(), reinterpret_cast<const unsigned char*>(kPurpose.data()),
      kPurpose.size(), reinterpret_cast<const unsigned char*>(key.bytes().data()), DataKey::kBytes);
  KSTATI_CHECK(failed == 0);
  return salt;
}

std::string_view TextOf(const ledger::Salt& salt) {
  return {reinterpret_cast<const char*>(salt.data()), salt.size()};
}

tl::unexpected<Error> CorruptDeed() {
  return Fail(ErrorCode::kCorrupt, "a deed does not open its entry of the ledger", {},
              "restore the store from a backup");
}

Result<Opening> Open(const DataKey& key, CitizenId citizen, std::string_view sealed) {
  KSTATI_TRY(const std::string bytes, Unseal(key, PlaceOf(citizen), sealed));
  Opening opening;
  if (bytes.size() < opening.salt.size()) return CorruptDeed();
  std::copy_n(bytes.begin(), opening.salt.size(), opening.salt.begin());
  opening.content = bytes.substr(opening.salt.size());
  return opening;
}

// Of a checkpoint that somebody gives us.
Result<uint64_t> SizeOfForeign(const std::string& checkpoint, const char* place) {
  const Result<uint64_t> size = SizeOfCheckpoint(checkpoint);
  const bool fits = checkpoint.size() <= ledger::kNoteBytesMax && IsUtf8(checkpoint);
  if (size && fits && !checkpoint.empty()) return *size;
  return Fail(ErrorCode::kInvalidArgument, "this is no checkpoint of a ledger", place,
              "give the signed note as the ledger gave it");
}

class PartitionNodes final : public ledger::NodeReader {
 public:
  PartitionNodes(const Engine& engine, size_t partition) : engine_(engine), partition_(partition) {}
  Result<ledger::Hash> Read(ledger::NodeAddress address) const override {
    return engine_.ReadLedgerNode(partition_, address);
  }

 private:
  const Engine& engine_;
  const size_t partition_;
};

}  // namespace

Deed MakeDeed(const DataKey& key, CitizenId citizen, ledger::EntryKind kind,
              const DeedContent& said) {
  const std::string content = CanonicalText(said);
  const ledger::Salt salt = ledger::FreshSalt();
  Deed deed;
  deed.citizen = citizen;
  deed.kind = kind;
  deed.citizen_commitment = ledger::CitizenCommitment(citizen, CitizenSalt(key));
  deed.content_commitment = ledger::ContentCommitment(content, salt);
  deed.opening = Seal(key, PlaceOf(citizen), std::string(TextOf(salt)) + content);
  return deed;
}

Result<DeedOfCitizen> OpenDeed(const DataKey& key, CitizenId citizen, const RecordedDeed& recorded,
                               std::string_view entry_bytes) {
  KSTATI_TRY(Opening opening, Open(key, citizen, recorded.opening));
  KSTATI_TRY(const ledger::Entry entry, ledger::DecodeEntry(entry_bytes));
  const bool opens = entry.number == recorded.number &&
                     entry.citizen == ledger::CitizenCommitment(citizen, CitizenSalt(key)) &&
                     entry.content == ledger::ContentCommitment(opening.content, opening.salt);
  if (!opens) return CorruptDeed();
  const auto said = nlohmann::json::parse(opening.content, nullptr, false);
  if (!said.is_object()) return CorruptDeed();
  DeedOfCitizen deed{recorded.number, entry.kind, entry.at, {}};
  for (const auto& [name, text] : said.items()) {
    if (!text.is_string()) return CorruptDeed();
    deed.content.emplace(name, text.get<std::string>());
  }
  return deed;
}

Result<ledger::Receipt> MakeReceipt(const Engine& engine, const DataKey& key, CitizenId citizen,
                                    const RecordedDeed& recorded) {
  const size_t partition = engine.PartitionOf(citizen);
  KSTATI_TRY(Opening opening, Open(key, citizen, recorded.opening));
  ledger::Receipt receipt;
  receipt.citizen = citizen;
  receipt.citizen_salt = CitizenSalt(key);
  receipt.content = std::move(opening.content);
  receipt.content_salt = opening.salt;
  receipt.index = recorded.index;
  KSTATI_TRY(receipt.checkpoint, engine.ReadCheckpoint(partition));
  KSTATI_TRY(const uint64_t size, SizeOfCheckpoint(receipt.checkpoint));
  KSTATI_TRY(const std::vector<std::string> entries,
             engine.ReadLedger(partition, recorded.index, 1));
  if (entries.empty()) return CorruptDeed();
  receipt.entry = entries.front();
  KSTATI_TRY(receipt.path,
             ledger::InclusionProof(recorded.index, size, PartitionNodes(engine, partition)));
  return receipt;
}

// Its second line is the size.
Result<uint64_t> SizeOfCheckpoint(std::string_view checkpoint) {
  if (checkpoint.empty()) return uint64_t{0};
  const size_t line = checkpoint.find('\n');
  const char* const first = checkpoint.data() + (line == checkpoint.npos ? 0 : line + 1);
  const char* const last = checkpoint.data() + checkpoint.size();
  uint64_t size = 0;
  const auto [end, problem] = std::from_chars(first, last, size);
  if (problem != std::errc() || end == last || *end != '\n') return CorruptDeed();
  return size;
}

Result<std::string> ConsistencyBetween(const Engine& engine, size_t partition,
                                       const std::string& first, const std::string& second) {
  KSTATI_TRY(const uint64_t first_size, SizeOfForeign(first, "first"));
  KSTATI_TRY(const uint64_t second_size, SizeOfForeign(second, "second"));
  if (first_size == 0 || first_size > second_size) {
    return Fail(ErrorCode::kInvalidArgument, "the ledger does not grow from the one to the other",
                "second", "name the earlier checkpoint first, and the later one second");
  }
  KSTATI_TRY(const std::string current, engine.ReadCheckpoint(partition));
  KSTATI_TRY(const uint64_t size, SizeOfCheckpoint(current));
  if (second_size > size) {
    return Fail(ErrorCode::kNotFound,
                "the ledger has " + std::to_string(size) + " entries, fewer than the checkpoint",
                "second", "keep both checkpoints: a ledger that this one is of has lost entries");
  }
  KSTATI_TRY(const std::vector<ledger::Hash> path,
             ledger::ConsistencyProof(first_size, second_size, PartitionNodes(engine, partition)));
  return ledger::ConsistencyJson(first, second, path);
}

}  // namespace kstati::profile

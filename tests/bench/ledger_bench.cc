// SPDX-License-Identifier: Apache-2.0
// What the ledger costs a commit, a receipt and an auditor, in CPU time of one thread:
//   ledger_bench [--check]
// Growth stands beside bare hashing of the same bytes, which is the least it can cost. With --check
// few entries are used; in both ways everything that is written is verified.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "profile/ledger/appender.h"
#include "profile/ledger/documents.h"
#include "profile/ledger/entry.h"
#include "profile/ledger/merkle_tree.h"
#include "profile/ledger_verifier/documents.h"
#include "profile/ledger_verifier/log_verification.h"
#include "tests/bench/thread_clock.h"

namespace kstati::bench {
namespace {

namespace ledger = profile::ledger;

constexpr size_t kGroup = 64;  // entries of one commit
constexpr uint64_t kCitizens = 1000;

// Nodes by level, as an array each: what a store's reader finds, without a store.
class Nodes final : public ledger::NodeReader {
 public:
  void Add(const std::vector<ledger::Node>& made) {
    for (const ledger::Node& node : made) levels_[node.address.level].push_back(node.hash);
  }
  Result<ledger::Hash> Read(ledger::NodeAddress address) const override {
    return levels_.at(address.level).at(address.index);
  }

 private:
  std::map<int, std::vector<ledger::Hash>> levels_;
};

struct Log {
  std::vector<std::string> entries;
  Nodes nodes;
  ledger::Appender appender;
  std::string lines;
};

ledger::Salt SaltOf(uint64_t number) { return ledger::Sha256(std::to_string(number)).bytes; }

std::string ContentOf(uint64_t index) { return "{\"access\":\"" + std::to_string(index) + "\"}"; }

std::string EntryOf(uint64_t index) {
  const uint64_t citizen = 1 + index % kCitizens;
  return ledger::Encode({ledger::EntryKind::kAccess, Instant{static_cast<int64_t>(index)},
                         ledger::CitizenCommitment(CitizenId(citizen), SaltOf(citizen)),
                         1 + index / kCitizens,
                         ledger::ContentCommitment(ContentOf(index), SaltOf(index))});
}

// Microseconds for each of `count`.
template <class Work>
double Each(size_t count, const Work& work) {
  const double start = ThreadMicros();
  work();
  return (ThreadMicros() - start) / static_cast<double>(count);
}

void Grow(Log& log) {
  for (size_t from = 0; from < log.entries.size(); from += kGroup) {
    std::vector<ledger::Hash> leaves;
    for (size_t i = from; i < std::min(from + kGroup, log.entries.size()); ++i) {
      leaves.push_back(ledger::LeafHash(log.entries[i]));
    }
    log.nodes.Add(log.appender.Append(leaves));
  }
}

// As many hashes of as many bytes as the tree needs.
void HashBare(const std::vector<std::string>& entries) {
  ledger::Hash hash;
  for (const std::string& entry : entries) {
    hash = ledger::NodeHash(hash, ledger::LeafHash(entry));
  }
  KSTATI_CHECK(hash != ledger::Hash());
}

std::string ReceiptOf(const Log& log, uint64_t index, const std::string& checkpoint) {
  const uint64_t citizen = 1 + index % kCitizens;
  return *ledger::ToJson(
      {log.entries[index], CitizenId(citizen), SaltOf(citizen), ContentOf(index), SaltOf(index),
       index, *ledger::InclusionProof(index, log.appender.size(), log.nodes), checkpoint});
}

void VerifyLines(const std::string& text, const ledger_verifier::LogKey& key) {
  ledger_verifier::LogVerification verification(key);
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start);
    KSTATI_CHECK(verification.Add(std::string_view(text).substr(start, end - start)).has_value());
    start = end + 1;
  }
  KSTATI_CHECK(verification.Finish().has_value());
}

int Run(size_t count) {
  const auto key = ledger::SigningKey::Generate("bench");
  const auto log_key = ledger_verifier::ParseLogKey(key->public_key().ToString());
  Log log;
  for (uint64_t i = 0; i < count; ++i) log.entries.push_back(EntryOf(i));
  const double growing = Each(count, [&] { Grow(log); });
  const double bare = Each(count, [&] { HashBare(log.entries); });
  std::printf("growth, groups of %zu         %7.3f us an entry, bare hashing %.3f us: %.2f of it\n",
              kGroup, growing, bare, growing / bare);

  constexpr size_t kSamples = 1000;
  std::string checkpoint;
  const double signing = Each(kSamples, [&] {
    for (size_t i = 0; i < kSamples; ++i) checkpoint = log.appender.SignedBy(*key);
  });
  std::printf("signed checkpoint            %7.1f us, once a commit\n", signing);

  std::vector<std::string> receipts;
  const double receipt = Each(kSamples, [&] {
    for (size_t i = 0; i < kSamples; ++i) {
      receipts.push_back(ReceiptOf(log, i * (count / kSamples), checkpoint));
    }
  });
  const double verifying = Each(kSamples, [&] {
    for (const std::string& text : receipts) {
      KSTATI_CHECK(ledger_verifier::VerifyReceipt(text, *log_key).has_value());
    }
  });
  std::printf("receipt, nodes in memory     %7.1f us, %zu bytes; verified in %.1f us\n", receipt,
              receipts.front().size(), verifying);

  for (uint64_t i = 0; i < count; ++i) log.lines += ledger::EntryLine(i, log.entries[i]);
  log.lines += ledger::CheckpointLine(checkpoint);
  const double auditing = Each(count, [&] { VerifyLines(log.lines, *log_key); });
  std::printf("exported ledger              %7.3f us an entry, %.0f bytes a line\n", auditing,
              static_cast<double>(log.lines.size()) / static_cast<double>(count));
  return 0;
}

}  // namespace
}  // namespace kstati::bench

int main(int count, char** arguments) {
  const bool check = count == 2 && std::strcmp(arguments[1], "--check") == 0;
  return kstati::bench::Run(check ? 10'000 : 1'000'000);
}

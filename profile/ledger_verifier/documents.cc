// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger_verifier/documents.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "profile/ledger_verifier/json_reader.h"
#include "profile/ledger_verifier/text.h"

namespace kstati::ledger_verifier {
namespace {

constexpr size_t kReceiptBytesMax = 1 << 20;
constexpr std::string_view kReceiptFormat = "\"format\":\"kstati-ledger-receipt/1\"";
constexpr std::string_view kConsistencyFormat = "\"format\":\"kstati-ledger-consistency/1\"";

tl::unexpected<Error> Refused(std::string problem) {
  return Fail(ErrorCode::kCorrupt, std::move(problem));
}

struct Receipt {
  std::string checkpoint;
  std::string citizen;
  std::string citizen_salt;
  std::string content;
  std::string content_salt;
  std::string entry;
  uint64_t index = 0;
  std::vector<Digest> path;
};

Result<Receipt> ReadReceipt(std::string_view text) {
  if (text.size() > kReceiptBytesMax) return Refused("the receipt is too long");
  JsonReader json(text);
  Receipt receipt;
  receipt.checkpoint = json.Text("{\"checkpoint\":");
  receipt.citizen = json.Text(",\"citizen\":");
  receipt.citizen_salt = json.Bytes(",\"citizen_salt\":", sizeof(Digest));
  receipt.content = json.Text(",\"content\":");
  receipt.content_salt = json.Bytes(",\"content_salt\":", sizeof(Digest));
  receipt.entry = json.Bytes(",\"entry\":");
  json.Literal("," + std::string(kReceiptFormat));
  receipt.index = json.Number(",\"index\":");
  receipt.path = json.Digests(",\"path\":");
  json.Literal("}");
  KSTATI_TRY_VOID(json.Finish("receipt"));
  return receipt;
}

}  // namespace

bool IsReceipt(std::string_view document) { return document.find(kReceiptFormat) != document.npos; }

bool IsConsistency(std::string_view document) {
  return document.find(kConsistencyFormat) != document.npos;
}

Result<VerifiedReceipt> VerifyReceipt(std::string_view receipt_text, const LogKey& key) {
  KSTATI_TRY(const Receipt receipt, ReadReceipt(receipt_text));
  KSTATI_TRY(const Checkpoint checkpoint, OpenCheckpoint(receipt.checkpoint, key));
  KSTATI_TRY(const Entry entry, ReadEntry(receipt.entry));
  const Result<CitizenId> citizen = CitizenId::Parse(receipt.citizen);
  if (!citizen || citizen->ToString() != receipt.citizen) {
    return Refused("the receipt names no citizen");
  }
  if (Sha256(receipt.citizen_salt + receipt.citizen) != entry.citizen) {
    return Refused("the entry is not about the citizen that the receipt names");
  }
  if (Sha256(receipt.content_salt + receipt.content) != entry.content) {
    return Refused("the entry is not about the content of the receipt");
  }
  if (!ProvesInclusion(receipt.index, checkpoint.size, LeafDigest(receipt.entry), receipt.path,
                       checkpoint.root)) {
    return Refused(
        "the path does not lead from the entry to the root of the checkpoint: the "
        "entry is not in the ledger that was signed");
  }
  return VerifiedReceipt{entry, *citizen, receipt.content, receipt.index, checkpoint};
}

Result<VerifiedConsistency> VerifyConsistency(std::string_view document, const LogKey& key) {
  if (document.size() > kReceiptBytesMax) return Refused("the proof is too long");
  JsonReader json(document);
  const std::string first_note = json.Text("{\"first\":");
  json.Literal("," + std::string(kConsistencyFormat));
  const std::vector<Digest> path = json.Digests(",\"path\":");
  const std::string second_note = json.Text(",\"second\":");
  json.Literal("}");
  KSTATI_TRY_VOID(json.Finish("proof of consistency"));
  KSTATI_TRY(const Checkpoint first, OpenCheckpoint(first_note, key));
  KSTATI_TRY(const Checkpoint second, OpenCheckpoint(second_note, key));
  if (!ProvesConsistency(first.size, first.root, second.size, second.root, path)) {
    return Refused("the ledger of " + std::to_string(second.size) +
                   " entries is not proved to begin with the ledger of " +
                   std::to_string(first.size) + " entries");
  }
  return VerifiedConsistency{first, second};
}

}  // namespace kstati::ledger_verifier

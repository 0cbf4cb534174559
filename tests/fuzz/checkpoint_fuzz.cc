// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "profile/ledger/checkpoint.h"
#include "profile/ledger/encoding.h"
#include "profile/ledger_verifier/checkpoint.h"

namespace {

namespace ledger = kstati::profile::ledger;
namespace verifier = kstati::ledger_verifier;

const ledger::SigningKey& Key() {
  static const auto key = ledger::SigningKey::FromSeed("ledger.example/1", {});
  return *key;
}

// The signature that the text of a note would need, so that what is behind it is reached.
std::string Signed(const std::string& text) {
  const ledger::Signature signature = Key().Sign(text);
  return text + "\n\u2014 ledger.example/1 " +
         ledger::ToBase64(std::string(Key().public_key().key_id()) +
                          std::string(signature.begin(), signature.end())) +
         "\n";
}

// The two readers agree, and what is read is the checkpoint that gives the note's text.
void ReadWithBoth(const std::string& note) {
  static const auto log_key = verifier::ParseLogKey(Key().public_key().ToString());
  const auto own = ledger::ReadCheckpoint(note, Key().public_key());
  const auto opened = verifier::OpenCheckpoint(note, *log_key);
  KSTATI_CHECK(own.has_value() == opened.has_value());
  if (!own) return;
  KSTATI_CHECK(own->size == opened->size && own->root.bytes == opened->root);
  const std::string written = ledger::SignCheckpoint(*own, Key());
  KSTATI_CHECK(note.starts_with(written.substr(0, written.find("\n\n"))));
}

void ReadKeysWithBoth(const std::string& text) {
  const auto own = ledger::PublicKey::Parse(text);
  const auto opened = verifier::ParseLogKey(text);
  KSTATI_CHECK(own.has_value() == opened.has_value());
  KSTATI_CHECK(!own || own->ToString() == text);
  (void)ledger::SigningKey::Parse(text);
}

}  // namespace

// Any bytes are read or refused, and by both readers alike.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  ReadWithBoth(bytes);
  ReadWithBoth(Signed(bytes));
  ReadKeysWithBoth(bytes);
  return 0;
}

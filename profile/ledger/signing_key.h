// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace kstati::profile::ledger {

using Signature = std::array<uint8_t, 64>;

// Whether a log or witness can be called so: one to three hundred printable ASCII characters
// without space and plus sign.
bool IsKeyName(std::string_view name);

// What anybody needs to check a log's checkpoints: an Ed25519 key and the name of the log, which is
// also the origin of its checkpoints. Its text is the "vkey" of C2SP signed notes:
// NAME+KEYID+BASE64, for example
// ledger.example/1+c4d1f9d6+AROHXlmRh3J1wMCdWvkkVsD1SWKUo3OqlzhxVsGGRuTZ
class PublicKey {
 public:
  PublicKey(std::string name, const std::array<uint8_t, 32>& key);
  PublicKey Named(std::string name) const { return PublicKey(std::move(name), key_); }
  // kInvalidArgument with what is wrong.
  static Result<PublicKey> Parse(std::string_view text);

  const std::string& name() const { return name_; }
  // The first four bytes of SHA-256(name || "\n" || 0x01 || key), which a signature bears.
  std::string_view key_id() const { return key_id_; }
  std::string ToString() const;
  bool Verifies(std::string_view text, const Signature& signature) const;
  bool operator==(const PublicKey&) const = default;

 private:
  std::string name_;
  std::array<uint8_t, 32> key_;
  std::string key_id_;
};

// The secret that signs a log's checkpoints; wiped from memory when it goes. There is no way to
// print it but Secret().
class SigningKey {
 public:
  // A fresh random key. kInvalidArgument when `name` is no name for a key.
  static Result<SigningKey> Generate(std::string name);
  // From 32 random bytes that the caller vouches for; the same bytes always give the same key.
  static Result<SigningKey> FromSeed(std::string name, const std::array<uint8_t, 32>& seed);
  // From the text of Secret(); kInvalidArgument with what is wrong, which never quotes the text.
  static Result<SigningKey> Parse(std::string_view secret);

  // PRIVATE+KEY+NAME+KEYID+BASE64: for a file that only the log's owner can read.
  std::string Secret() const;
  const PublicKey& public_key() const { return public_key_; }
  Signature Sign(std::string_view text) const;
  // The same key as that of another log. kInvalidArgument when `name` is no name for a key.
  Result<SigningKey> Named(std::string name) const;

 private:
  struct Expanded {
    std::array<uint8_t, 64> bytes;
    ~Expanded();
  };

  SigningKey(PublicKey public_key, std::unique_ptr<Expanded> expanded)
      : public_key_(std::move(public_key)), expanded_(std::move(expanded)) {}

  PublicKey public_key_;
  std::unique_ptr<Expanded> expanded_;
};

}  // namespace kstati::profile::ledger

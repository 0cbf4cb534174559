// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "eligibility/certificate_verifier/verifier.h"

namespace {

// Puts the right hash on any content, so that what is behind the hash is reached.
std::string Sealed(const nlohmann::json& content) {
  const std::string bytes = content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  std::string text(2 * digest.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  text.pop_back();
  return R"({"certificate":)" + bytes + R"(,"sha256":")" + text + "\"}";
}

}  // namespace

// Any bytes are accepted or rejected with a reason.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  (void)kstati::certificate_verifier::WhyRejected(bytes);
  const auto content = nlohmann::json::parse(bytes, nullptr, false);
  if (!content.is_discarded()) {
    (void)kstati::certificate_verifier::WhyRejected(Sealed(content));
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/verifier.h"

#include <exception>

#include "eligibility/certificate_verifier/completion_verification.h"
#include "eligibility/certificate_verifier/verification.h"

namespace kstati::certificate_verifier {
namespace {

using nlohmann::json;

// A certificate of a large family takes some 100 kB and nests 20 deep, of a decision model some
// hundred; a decision by completion may be one of a thousand.
constexpr size_t kBytesMax = 64 << 20;
constexpr int kDepthMax = 512;

json Parse(std::string_view text) {
  Require(text.size() <= kBytesMax, "the certificate is too long");
  const auto shallow = [](int depth, json::parse_event_t, json&) {
    Require(depth <= kDepthMax, "the certificate nests too deeply");
    return true;
  };
  return json::parse(text, shallow);
}

}  // namespace

std::optional<std::string> WhyRejected(std::string_view certificate) {
  try {
    const json whole = Parse(certificate);
    Require(whole.dump() == certificate, "the bytes are not in canonical form");
    Require(whole.is_object() && whole.size() == 2, "there must be a certificate and its hash");
    const json& content = whole.at("certificate");
    Require(whole.at("sha256") == Sha256(content.dump()), "the hash of the certificate is wrong");
    if (content.contains("ways")) {
      VerifyCompletion(content);
    } else {
      Verification(content).Run();
    }
  } catch (const Rejected& rejected) {
    return rejected.what();
  } catch (const std::exception&) {  // of the JSON library, and of what it holds
    return "a part is missing or has a wrong form";
  }
  return std::nullopt;
}

}  // namespace kstati::certificate_verifier

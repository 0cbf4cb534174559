// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/ids.h"

namespace kstati::eligibility {

// What a certificate needs beside the decision.
struct CertificateTerms {
  // How the certificate names a citizen: the same text for the same citizen, another for another.
  std::function<std::string(CitizenId)> pseudonym;
  // Goes before every hashed record, so that a hash published alone cannot be guessed open. Fresh
  // random text for every certificate; a fixed one only where bytes must repeat.
  std::string salt;
};

// Terms for one certificate that names nobody: people are "p1", "p2", ... in the order they occur,
// under a fresh salt of 128 random bits.
CertificateTerms AnonymousTerms();

}  // namespace kstati::eligibility

// SPDX-License-Identifier: Apache-2.0
// verify_certificate FILE: 0 when it is accepted, 1 when rejected, 2 for wrong use, 4 unreadable.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "eligibility/certificate_verifier/verifier.h"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: verify_certificate FILE\n", stderr);
    return 2;
  }
  std::ifstream file(arguments[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    std::fprintf(stderr, "%s cannot be read\n", arguments[1]);
    return 4;
  }
  if (const auto reason = kstati::certificate_verifier::WhyRejected(text)) {
    std::printf("rejected: %s\n", reason->c_str());
    return 1;
  }
  std::puts("accepted");
  return 0;
}

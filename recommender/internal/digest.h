// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace kstati::recommender::internal {

// FNV-1a: the same on every machine and in every release, since stored models rest on it. Tells
// versions apart and catches damage; not a defence against forgery.
inline uint64_t Digest(std::string_view bytes, uint64_t state = 0xcbf29ce484222325ULL) {
  for (const char byte : bytes) {
    state = (state ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
  }
  return state;
}

// Spreads neighbouring numbers over all 64 bits (the finaliser of SplitMix64).
inline uint64_t Spread(uint64_t number) {
  number += 0x9e3779b97f4a7c15ULL;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebULL;
  return number ^ (number >> 31);
}

// Sixteen hexadecimal digits.
inline std::string Hexadecimal(uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

// Of stored models: a name that is a digest cannot lead out of the folder.
inline bool IsVersion(std::string_view version) {
  return version.size() == 16 && version.find_first_not_of("0123456789abcdef") == version.npos;
}

}  // namespace kstati::recommender::internal

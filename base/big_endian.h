// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kstati {

// Whole numbers as bytes with the highest first, so that unsigned ones sort like their bytes.

template <class Number>
void AppendBigEndian(Number number, std::string& bytes) {
  for (size_t i = sizeof(Number); i-- > 0;) bytes.push_back(static_cast<char>(number >> (8 * i)));
}

// The number in bytes of its size; of fewer, as if zeros stood before them.
template <class Number>
Number BigEndianIn(std::string_view bytes) {
  Number number = 0;
  for (const char c : bytes) {
    number = static_cast<Number>((number << 8) | static_cast<unsigned char>(c));
  }
  return number;
}

}  // namespace kstati

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <utility>

namespace kstati {

// Data about a person. It has no formatter and no stream operator, so writing it into a log or an
// error message does not compile; code that must show it calls reveal() and can be found by name.
template <class T>
class Pii {
 public:
  Pii() = default;
  explicit Pii(T value) : value_(std::move(value)) {}

  const T& reveal() const { return value_; }
  bool operator==(const Pii&) const = default;

 private:
  T value_;
};

template <class T>
std::ostream& operator<<(std::ostream&, const Pii<T>&) = delete;

}  // namespace kstati

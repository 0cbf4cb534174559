// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace kstati {

// A name that cannot be confused with a name of another kind: ServiceId is not AttributeId.
template <class Tag>
class Name {
 public:
  Name() = default;
  explicit Name(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Name&) const = default;

 private:
  std::string text_;
};

}  // namespace kstati

template <class Tag>
struct std::hash<kstati::Name<Tag>> {
  size_t operator()(const kstati::Name<Tag>& name) const noexcept {
    return std::hash<std::string>()(name.text());
  }
};

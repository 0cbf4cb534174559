// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kstati::scenarios {

// A copy of the real catalogue that a story may change; gone with the object.
class AmendedCatalogue {
 public:
  AmendedCatalogue();
  ~AmendedCatalogue();
  AmendedCatalogue(const AmendedCatalogue&) = delete;
  AmendedCatalogue& operator=(const AmendedCatalogue&) = delete;

  const std::string& folder() const { return folder_; }
  // The text of a file of the catalogue: "courses.yaml".
  std::string Read(const std::string& file) const;
  void Write(const std::string& file, const std::string& text) const;
  // Puts something else in the place of the first such part; expects that there is one.
  void Amend(const std::string& file, const std::string& part, const std::string& instead) const;

 private:
  std::string folder_;
};

// The text with something else in the place of the first such part; expects that there is one.
std::string With(std::string text, const std::string& part, const std::string& instead);

}  // namespace kstati::scenarios

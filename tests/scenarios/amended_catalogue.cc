// SPDX-License-Identifier: Apache-2.0
#include "tests/scenarios/amended_catalogue.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/scenarios/town.h"

namespace kstati::scenarios {

namespace fs = std::filesystem;

AmendedCatalogue::AmendedCatalogue() {
  static int catalogues = 0;
  folder_ = fs::temp_directory_path() /
            ("kstati-catalogue-" + std::to_string(getpid()) + "-" + std::to_string(++catalogues));
  fs::remove_all(folder_);
  fs::copy(Town::RealCatalogue(), folder_, fs::copy_options::recursive);
}

AmendedCatalogue::~AmendedCatalogue() { fs::remove_all(folder_); }

std::string AmendedCatalogue::Read(const std::string& file) const {
  std::ifstream stream(folder_ + "/" + file);
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>(stream), {}};
}

void AmendedCatalogue::Write(const std::string& file, const std::string& text) const {
  std::ofstream(folder_ + "/" + file) << text;
}

void AmendedCatalogue::Amend(const std::string& file, const std::string& part,
                             const std::string& instead) const {
  Write(file, With(Read(file), part, instead));
}

std::string With(std::string text, const std::string& part, const std::string& instead) {
  const size_t place = text.find(part);
  if (place == std::string::npos) {
    ADD_FAILURE() << "nowhere: " << part;
    return text;
  }
  return text.replace(place, part.size(), instead);
}

}  // namespace kstati::scenarios

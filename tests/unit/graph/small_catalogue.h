// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/courses.h"

namespace kstati::graph {

// A catalogue folder of one service and one situation that has no problems, in memory until it is
// loaded. Tests change one thing and look at what the loader says.
class SmallCatalogue {
 public:
  SmallCatalogue();
  ~SmallCatalogue();
  SmallCatalogue(const SmallCatalogue&) = delete;
  SmallCatalogue& operator=(const SmallCatalogue&) = delete;

  void Write(const std::string& file, const std::string& text) { files_[file] = text; }
  void Remove(const std::string& file) { files_.erase(file); }
  // Replaces the first `old_text` of a file, which must be there.
  void Replace(const std::string& file, const std::string& old_text, const std::string& new_text);
  void Append(const std::string& file, const std::string& text) { files_[file] += text; }

  // Writes the folder and loads it. Every attribute that starts with "doc.", "pay." or "person."
  // exists, but for those that end in "_unknown"; the registry is "zags".
  Catalogue Load();
  // "file:line text" of every issue of the last Load; warnings start with "warning ".
  std::vector<std::string> Problems() const;
  const std::vector<Issue>& issues() const { return issues_; }
  // Of the last Load.
  const Courses& courses() const { return courses_; }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  std::map<std::string, std::string> files_;
  std::vector<Issue> issues_;
  Courses courses_;
};

}  // namespace kstati::graph

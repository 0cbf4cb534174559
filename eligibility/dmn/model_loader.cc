// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/model_loader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "eligibility/dmn/model_reader.h"

namespace kstati::eligibility::dmn {
namespace {

namespace fs = std::filesystem;

std::optional<Model> ReadFile(const fs::path& path, std::vector<Issue>& issues) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return ReadModel(bytes, path.string(), issues);
}

// The other model files of the folder, in the order of their names.
std::vector<fs::path> Neighbours(const fs::path& path) {
  std::vector<fs::path> files;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder)) {
    const bool other = entry.path().filename() != path.filename();
    if (other && entry.path().extension() == ".dmn") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

class Imports {
 public:
  Imports(const fs::path& path, std::vector<Issue>& issues)
      : files_(Neighbours(path)), issues_(issues) {}

  std::optional<Model> Find(const std::string& name_space) const {
    for (const fs::path& file : files_) {
      std::vector<Issue> found;
      auto model = ReadFile(file, found);
      if (!model || model->name_space != name_space) continue;
      issues_.insert(issues_.end(), found.begin(), found.end());
      return model;
    }
    return std::nullopt;
  }

 private:
  const std::vector<fs::path> files_;
  std::vector<Issue>& issues_;
};

}  // namespace

std::vector<Model> LoadModels(const std::string& path, std::vector<Issue>& issues) {
  std::vector<Model> models;
  if (auto model = ReadFile(path, issues)) models.push_back(*std::move(model));
  if (models.empty() || models.front().imports.empty()) return models;
  const Imports imports(path, issues);
  for (size_t i = 0; i < models.size(); ++i) {
    for (size_t k = 0; k < models[i].imports.size(); ++k) {
      const std::string wanted = models[i].imports[k].name_space;
      const auto same = [&](const Model& model) { return model.name_space == wanted; };
      if (std::ranges::any_of(models, same)) continue;
      if (auto imported = imports.Find(wanted)) models.push_back(*std::move(imported));
    }
  }
  return models;
}

}  // namespace kstati::eligibility::dmn

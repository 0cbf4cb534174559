// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/issue.h"
#include "eligibility/dmn/model.h"

namespace kstati::eligibility::dmn {

// Reads the model of a file and those it imports, also through others: they are looked for by their
// namespaces among the .dmn files of the same folder. The file's own model is the first; the list
// is empty when the file is no model. An import that is not found is left to DecisionModel.
std::vector<Model> LoadModels(const std::string& path, std::vector<Issue>& issues);

}  // namespace kstati::eligibility::dmn

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/issue.h"
#include "eligibility/dmn/model.h"

namespace kstati::eligibility::dmn {

// Reads one DMN file (the namespaces of 1.2, 1.3, 1.4 and 1.5) and checks its structure: elements
// where the standard has them, required names and parts, known hit policies. Layout, documentation
// and elements of other namespaces are passed over. Functions in Java or PMML are an error.
//
// nullopt when the bytes are no DMN at all; otherwise what could be read, whatever the issues.
std::optional<Model> ReadModel(std::string_view bytes, const std::string& file,
                               std::vector<Issue>& issues);

}  // namespace kstati::eligibility::dmn

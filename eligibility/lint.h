// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/issue.h"
#include "base/time.h"
#include "eligibility/program.h"
#include "graph/service.h"
#include "graph/standard.h"

namespace kstati::eligibility {

// One flaw of a catalogue that compiles: something in it can never make a difference, or speaks
// against the standard it is held to.
struct Finding {
  std::string check;  // its name in docs/reference/catalogue.md: "never-decides"
  ServiceId service;  // empty for the attribute dictionary and situations
  std::string of;     // what is flawed: a criterion, a ground, an attribute, a service
  Location where;
  std::string text;
  std::string remedy;
  // A made-up person who shows it, checked by the engine. Its facts are all that it needs; nullopt
  // for what no person can show, which `text` says.
  std::optional<graph::Example> witness;
};

struct LintReport {
  std::vector<Finding> findings;
  // How many questions about a service stayed open: its rules have more combinations of facts than
  // are tried. A flaw may hide there, and none is claimed.
  std::map<ServiceId, size_t> open;
};

// Everything the linter finds, regulation by regulation as in force on `today` (or the nearest day
// to it), of categories and regions what they have otherwise; and what goes beyond `standards`.
// What is called impossible is proven: every combination of facts that the rules tell apart was
// tried. Findings that the catalogue accepts with a reason are left out. Requires a program without
// errors.
LintReport Lint(const Program& program, Date today,
                const std::vector<graph::ApprovedStandard>& standards = {});

// The witness as an example of a service, to be put into its file.
std::string ToYaml(const graph::Example& witness);

// A finding as an issue of `kstati check`: a warning, with the witness in its hint.
Issue ToIssue(const Finding& finding);

}  // namespace kstati::eligibility

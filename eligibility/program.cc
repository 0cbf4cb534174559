// SPDX-License-Identifier: Apache-2.0
#include "eligibility/program.h"

#include <utility>

#include "base/check.h"
#include "eligibility/internal/event_ties.h"
#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility {

Program::Program(const graph::Catalogue& catalogue, const profile::Dictionary& dictionary,
                 std::vector<Issue>& issues)
    : book_(std::make_unique<const Rulebook>(CompileRulebook(catalogue, dictionary, issues))) {
  CheckTies(catalogue, dictionary, issues);
}

Program::~Program() = default;

Decision Program::Decide(const graph::Service& service, const Subject& subject,
                         bool explain) const {
  return Inquiry(*this, subject).Decide(service, explain);
}

std::optional<profile::FactValue> Program::Evaluate(const AttributeId& attribute,
                                                    const Subject& subject) const {
  return Inquiry(*this, subject).Evaluate(attribute);
}

const graph::Catalogue& Program::catalogue() const { return book_->catalogue; }

const profile::Dictionary& Program::dictionary() const { return book_->dictionary; }

}  // namespace kstati::eligibility

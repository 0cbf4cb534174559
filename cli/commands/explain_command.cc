// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

std::string Source(const rpc::LegalSource& source) {
  return source.act_title + ", " + source.article + " (" + source.verification + ")";
}

// Who reported the fact and since when it is true; no day where a complete register has no record.
std::string Origin(const rpc::UsedFact& fact) {
  return fact.source + (fact.valid_from.empty() ? "" : ", from " + fact.valid_from);
}

std::string Readable(const rpc::Explanation& e) {
  std::string text = e.name + " [" + e.service_id + "]: " + NameOf(e.verdict) + "\n";
  for (const rpc::Sentence& sentence : e.summary) {
    text += "  " + sentence.text + "\n";
    if (sentence.__isset.source) text += "    " + Source(sentence.source) + "\n";
  }
  for (const rpc::Sentence& sentence : e.changes) text += "  " + sentence.text + "\n";
  text += "criteria:\n";
  for (const rpc::CriterionOutcome& criterion : e.criteria) {
    text += "  [" + NameOf(criterion.outcome) + "] " + criterion.text + "\n    " + criterion.rule +
            "\n    " + Source(criterion.source) + "\n";
    for (const rpc::UsedFact& fact : criterion.facts) {
      text += "    " + fact.name + ": " + fact.value + " (" + Origin(fact) + ")\n";
    }
    for (const rpc::MissingFact& fact : criterion.missing) {
      text += "    missing: " + fact.name + (fact.source.empty() ? "" : " (" + fact.source + ")") +
              "\n";
    }
    for (const std::string& parameter : criterion.parameters) text += "    " + parameter + "\n";
  }
  text += cli::Readable(e.sources);
  if (e.rests_on_unconfirmed) text += "rests on values of law that are not confirmed\n";
  return text + "regulation of " + e.regulation_from + ", catalogue " + e.catalogue_version +
         ", valid at " + e.valid_at + ", known at " + e.known_at + "\n";
}

class ExplainCommand final : public ServiceCommand {
 public:
  ExplainCommand()
      : ServiceCommand({.valid_at = true, .known_at = true, .values = true, .sources = true}) {}

  std::string_view path() const override { return "explain"; }
  std::string_view summary() const override {
    return "Shows every requirement of a service for a citizen: what holds, why, and by which "
           "article.";
  }
  std::string_view examples() const override {
    return "kstati explain 17 snils_newborn --data var/store\n"
           "kstati explain 17 birth_lump_sum --about 18 --reveal \"request 4711\" --server "
           "127.0.0.1:9090";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Explanation explanation;
    kstati.explain(explanation, context, citizen(), service(), about());
    output().Print(terminal, ToJson(explanation), Readable(explanation));
    return kExitFine;
  }
};

}  // namespace

void AddExplain(CommandList& commands) { commands.push_back(std::make_unique<ExplainCommand>()); }

}  // namespace kstati::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

std::string Readable(const rpc::Passport& passport, bool compared) {
  std::string text = passport.name + " [" + passport.service_id + "]\n";
  for (const rpc::PassportSection& section : passport.sections) {
    text += section.title + ":\n";
    for (const rpc::PassportEntry& entry : section.entries) {
      text += "  " + entry.sentence.text + "\n";
      if (!entry.sentence.__isset.source) continue;
      const rpc::LegalSource& source = entry.sentence.source;
      text +=
          "    " + source.act_title + ", " + source.article + " (" + source.verification + ")\n";
    }
  }
  text += "regulation of " + passport.regulation_from +
          (passport.region.empty() ? "" : " of region " + passport.region) +
          (passport.variant.empty() ? "" : ", variant " + passport.variant) + ", valid at " +
          passport.valid_at + "\n";
  if (!compared) return text;
  text += passport.changes.empty() ? "nothing is otherwise\n" : "otherwise than on that day:\n";
  for (const rpc::PassportChange& change : passport.changes) {
    text += "  " + change.section + ": " + (change.before.empty() ? "-" : change.before) + " -> " +
            (change.after.empty() ? "-" : change.after) + "\n";
  }
  return text;
}

class PassportCommand final : public ServiceCommand {
 public:
  std::string_view path() const override { return "passport"; }
  std::string_view summary() const override {
    return "Shows everything a service's regulation says to a citizen: documents, term, cost, "
           "channels, criteria, grounds of refusal.";
  }
  std::string_view examples() const override {
    return "kstati passport 17 snils_newborn --data var/store\n"
           "kstati passport 17 old_age_pension --compare 2025-12-31";
  }

 private:
  void DeclareOwn(Options& options) override {
    ServiceCommand::DeclareOwn(options);
    options.Text("--compare", "DAY", compare_,
                 "also shows what is otherwise than on that day (YYYY-MM-DD)");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Passport passport;
    kstati.passport(passport, context, citizen(), service(), about(), compare_);
    output().Print(terminal, ToJson(passport), Readable(passport, !compare_.empty()));
    return kExitFine;
  }

  std::string compare_;
};

}  // namespace

void AddPassport(CommandList& commands) { commands.push_back(std::make_unique<PassportCommand>()); }

}  // namespace kstati::cli

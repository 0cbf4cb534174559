// SPDX-License-Identifier: Apache-2.0
#include <iomanip>
#include <sstream>

#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

std::string Joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : std::string(separator)) + word;
  }
  return text;
}

std::string Readable(const rpc::Question& question) {
  std::string text = question.name + " [" + question.attribute + "]\n";
  if (!question.citizen.empty()) text += "  about " + question.citizen + "\n";
  text += "  answer: " + question.type;
  if (!question.values.empty()) text += ", one of " + Joined(question.values, ", ");
  return text + "\n  " + question.why + "\n";
}

std::string Remaining(const rpc::NextQuestion& next) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << "questions left: " << next.expected << " expected, "
       << next.at_most << " at most; ";
  if (next.exact) {
    text << "no order needs fewer\n";
  } else {
    text << "every order needs at least " << next.at_least << "\n";
  }
  return text.str();
}

std::string Readable(const rpc::NextQuestion& next) {
  std::string text = next.__isset.question ? Readable(next.question) + Remaining(next)
                                           : std::string("nothing is left to ask\n");
  for (const rpc::SettledService& settled : next.settled) {
    text +=
        "  " + settled.name + " [" + settled.service_id + "]: " + NameOf(settled.verdict) + "\n";
  }
  text += cli::Readable(next.sources);
  return text;
}

class AskCommand final : public CitizenCommand {
 public:
  AskCommand() : CitizenCommand({.valid_at = true, .known_at = true, .sources = true}) {}

  std::string_view path() const override { return "ask"; }
  std::string_view summary() const override {
    return "Shows the next question to a citizen, so that services are decided after the fewest.";
  }
  std::string_view examples() const override {
    return "kstati ask 17 --situation job_loss --data var/store\n"
           "kstati ask 17 --service job_seeker_registration --answer person.ready_to_work=true "
           "--server 127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Texts("--service", "SERVICE", services_,
                  "a service to decide; may be given again; without it all", Names::kService);
    options.Text("--situation", "SITUATION", situation_, "decide the services of a life situation",
                 Names::kSituation);
    options.Text("--about", "NUMBER", about_,
                 "the child or the deceased; without it whom the services are about");
    options.Texts("--dont-know", "ATTRIBUTE", not_known_,
                  "what the citizen does not know; may be given again");
    options.Texts("--answer", "ATTRIBUTE=VALUE", answers_,
                  "what the citizen answered, in the order of the questions; nothing is recorded");
  }

  Result<std::vector<rpc::Answer>> Answers() const {
    std::vector<rpc::Answer> answers;
    for (const std::string& attribute : not_known_) answers.emplace_back().attribute = attribute;
    for (const std::string& given : answers_) {
      const size_t equals = given.find('=');
      if (equals == std::string::npos) {
        return Fail(ErrorCode::kInvalidArgument, "the answer has no value", "--answer",
                    "write ATTRIBUTE=VALUE, or --dont-know ATTRIBUTE");
      }
      rpc::Answer& answer = answers.emplace_back();
      answer.attribute = given.substr(0, equals);
      answer.__set_value(given.substr(equals + 1));
    }
    return answers;
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    KSTATI_TRY(const std::vector<rpc::Answer> answers, Answers());
    rpc::NextQuestion next;
    kstati.nextQuestion(next, context, citizen(), services_, situation_, about_, answers);
    output().Print(terminal, ToJson(next), Readable(next));
    return kExitFine;
  }

  std::vector<std::string> services_;
  std::string situation_;
  std::string about_;
  std::vector<std::string> not_known_;
  std::vector<std::string> answers_;
};

}  // namespace

void AddAsk(CommandList& commands) { commands.push_back(std::make_unique<AskCommand>()); }

}  // namespace kstati::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string StartOf(const rpc::ChainStep& step) {
  return step.start_known ? step.start : "after " + step.start;
}

std::string Dates(const rpc::ChainStep& step) {
  std::string text = StartOf(step) + " - " + (step.__isset.finish ? step.finish : "?");
  if (step.critical) return text + "  critical";
  if (step.__isset.latest_start) text += "  start no later than " + step.latest_start;
  return text;
}

std::string Readable(const rpc::Chain& chain) {
  std::string text = chain.name + " [" + chain.situation + "]\n";
  size_t number = 0;
  for (const rpc::ChainStep& step : chain.steps) {
    text += std::to_string(++number) + ". " + Dates(step) + "  " + step.name + " [" +
            step.service_id + "], " + NameOf(step.verdict) + ", about " + step.about + "\n";
    if (!step.after.empty()) text += "     after " + Joined(step.after) + "\n";
    if (!step.how.empty()) text += "     " + step.how + "\n";
    if (!step.bring.empty()) text += "     bring " + Joined(step.bring) + "\n";
    if (!step.waits_for.empty()) text += "     waits for " + step.waits_for + "\n";
    for (const rpc::MissingFact& missing : step.missing) {
      text += "     to be decided by " + missing.name;
      text += missing.source.empty() ? "\n" : " (" + missing.source + ")\n";
    }
  }
  for (const rpc::ChainTrip& trip : chain.trips) {
    text += "trip " + trip.day + ": " + trip.place + ", for " + Joined(trip.services) + "\n";
  }
  for (const std::string& note : chain.notes) text += note + "\n";
  if (!chain.reached.empty()) text += "reached: " + Joined(chain.reached) + "\n";
  if (!chain.unreachable.empty()) text += "not reachable: " + Joined(chain.unreachable) + "\n";
  for (const rpc::ChainObstacles& obstacles : chain.obstacles) text += obstacles.text + "\n";
  if (!chain.gap.empty()) text += chain.gap + "\n";
  if (chain.steps.empty()) return text;
  return text + "done by " + (chain.__isset.finish ? chain.finish : "an unknown day") + "\n";
}

std::string Readable(const std::vector<rpc::ChainOption>& options) {
  std::string text = options.empty() ? "nothing to choose: there are no steps\n" : "";
  for (const rpc::ChainOption& option : options) {
    text += option.name + (option.proven ? "" : " (not proven)") + ": done by " +
            (option.chain.__isset.finish ? option.chain.finish : "an unknown day") + ", trips " +
            std::to_string(option.trips) + ", fee " + (option.fee_known ? "" : "more than ") +
            option.fee + ", documents " + std::to_string(option.documents) + "\n";
    if (!option.trade.empty()) text += "     " + option.trade + "\n";
    for (const rpc::ChainStep& step : option.chain.steps) {
      text += "     " + StartOf(step) + "  " + step.name + " [" + step.service_id + "]";
      text += step.scenario.empty() ? "\n" : ", " + step.how + "\n";
    }
  }
  return text;
}

// "passport_replace (accelerated)".
std::vector<std::string> StepsOf(const rpc::ChainPoint& point) {
  std::vector<std::string> steps = point.service_ids;
  for (size_t step = 0; step < steps.size(); ++step) {
    if (!point.scenarios[step].empty()) steps[step] += " (" + point.scenarios[step] + ")";
  }
  return steps;
}

std::string Readable(const rpc::ChainFront& front) {
  std::string text = front.points.empty() ? "nothing to choose: there are no steps\n" : "";
  for (const rpc::ChainPoint& point : front.points) {
    text += "weight " + point.cost + ", days " + std::to_string(point.days) + ": done by " +
            (point.__isset.finish ? point.finish : "an unknown day") + ", visits " +
            std::to_string(point.visits) + ", fee " + (point.fee_known ? "" : "more than ") +
            point.fee + ", documents " + std::to_string(point.documents) + "\n     " +
            Joined(StepsOf(point)) + "\n";
  }
  if (!front.unreachable.empty()) text += "not reachable: " + Joined(front.unreachable) + "\n";
  if (!front.gap.empty()) return text + front.gap + "\n";
  return text + (front.proven ? "proven: no way is cheaper and sooner\n" : "not proven\n");
}

std::string Readable(const rpc::ChainRepair& repair) {
  std::string text = repair.changes.empty() ? "nothing has changed\n" : "";
  for (const std::string& change : repair.changes) text += change + "\n";
  return text + Readable(repair.chain);
}

// A command about one life situation of a citizen.
class SituationCommand : public CitizenCommand {
 public:
  using CitizenCommand::CitizenCommand;

 protected:
  void DeclareOwn(Options& options) override {
    options.Argument("SITUATION", situation_, "id of the life situation", Names::kSituation);
    options.Text("--about", "NUMBER", about_, "whom it is about; without it the latest one");
    options.Texts("--channel", "NAME", channels_,
                  "through which the person can apply, such as mfc; may be repeated; without it "
                  "all");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) final {
    rpc::CallContext own = context;
    if (!channels_.empty()) own.__set_channels(channels_);
    return AnswerAbout(kstati, own, terminal);
  }

  virtual Result<int> AnswerAbout(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                                  const Terminal& terminal) = 0;

  const std::string& situation() const { return situation_; }
  const std::string& about() const { return about_; }

 private:
  std::string situation_;
  std::string about_;
  std::vector<std::string> channels_;
};

class ChainCommand final : public SituationCommand {
 public:
  ChainCommand() : SituationCommand({.valid_at = true, .known_at = true}) {}

  std::string_view path() const override { return "chain"; }
  std::string_view summary() const override {
    return "Shows the ordered steps of a life situation for a citizen, with dates.";
  }
  std::string_view examples() const override {
    return "kstati chain 17 child_birth --data var/store\n"
           "kstati chain 17 child_birth --channel mfc --channel office --data var/store\n"
           "kstati chain 17 child_birth --server 127.0.0.1:9090 --format json";
  }

 private:
  Result<int> AnswerAbout(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                          const Terminal& terminal) override {
    rpc::Chain chain;
    kstati.chain(chain, context, citizen(), situation(), about());
    output().Print(terminal, ToJson(chain), Readable(chain));
    return kExitFine;
  }
};

class ChainOptionsCommand final : public SituationCommand {
 public:
  ChainOptionsCommand() : SituationCommand({.valid_at = true, .known_at = true}) {}

  std::string_view path() const override { return "chain options"; }
  std::string_view summary() const override {
    return "Shows a few ways through a life situation, and what each gains for what.";
  }
  std::string_view examples() const override {
    return "kstati chain options 17 child_birth --data var/store\n"
           "kstati chain options 17 child_birth --front --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override {
    SituationCommand::DeclareOwn(options);
    options.Flag("--front", front_, "every way that is the cheapest for the days it takes");
  }

  Result<int> AnswerAbout(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                          const Terminal& terminal) override {
    if (front_) {
      rpc::ChainFront front;
      kstati.chainFront(front, context, citizen(), situation(), about());
      output().Print(terminal, ToJson(front), Readable(front));
      return kExitFine;
    }
    std::vector<rpc::ChainOption> options;
    kstati.chainOptions(options, context, citizen(), situation(), about());
    Json list = Json::array();
    for (const rpc::ChainOption& option : options) list.push_back(ToJson(option));
    output().Print(terminal, list, Readable(options));
    return kExitFine;
  }

  bool front_ = false;
};

class ChainRepairCommand final : public SituationCommand {
 public:
  std::string_view path() const override { return "chain repair"; }
  std::string_view summary() const override {
    return "Shows how a chain that a citizen was told of goes on, and what has changed.";
  }
  std::string_view examples() const override {
    return "kstati chain repair 17 child_birth --told-at 2026-03-16T09:00:00Z --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override {
    SituationCommand::DeclareOwn(options);
    options.RequiredText("--told-at", "TIME", told_at_,
                         "when the citizen was told, as 2026-03-16T09:00:00Z");
  }

  Result<int> AnswerAbout(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                          const Terminal& terminal) override {
    rpc::ChainRepair repair;
    kstati.repairChain(repair, context, citizen(), situation(), about(), told_at_);
    output().Print(terminal, ToJson(repair), Readable(repair));
    return kExitFine;
  }

  std::string told_at_;
};

}  // namespace

void AddChain(CommandList& commands) {
  commands.push_back(std::make_unique<ChainCommand>());
  commands.push_back(std::make_unique<ChainOptionsCommand>());
  commands.push_back(std::make_unique<ChainRepairCommand>());
}

}  // namespace kstati::cli

// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/model_data.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/who_acts.h"
#include "profile/access_log.h"
#include "recommender/inference/infer.h"

namespace kstati::cli {
namespace {

namespace inference = recommender::inference;

class ModelInfer final : public Command {
 public:
  std::string_view path() const override { return "model infer"; }
  std::string_view summary() const override {
    return "Tells whether a citizen would be asked if something has changed that nobody "
           "announced, and how. The estimate is entered among the uses of the citizen's data.";
  }
  std::string_view examples() const override {
    return "kstati model infer 000000000017 --from inference.json\n"
           "kstati model infer 17 --from inference.json --reveal \"complaint 12 of the citizen\"";
  }

  void Declare(Options& options) override {
    options.Argument("CITIZEN", citizen_, "number in the population register");
    connection_.DeclareLocal(options);
    options.RequiredText("--from", "FILE", file_,
                         "a model that `kstati model evaluate --simulated --keep FILE` wrote");
    options.Text("--reveal", "REASON", reason_,
                 "show the estimates of each kind too; the reason is kept for the citizen to see");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const CitizenId citizen, CitizenId::Parse(citizen_));
    KSTATI_TRY(const inference::InferenceModel model, inference::InferenceModel::Read(file_));
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    inference::InferenceRequest request;
    request.on = system->world().Today();
    KSTATI_TRY(const profile::Household household,
               HouseholdsOf (*system)(citizen, request.on, std::nullopt));
    request.person = household.person.get();
    KSTATI_TRY(request.consents, system->store().Consents(citizen));
    const auto& dictionary = system->world().program->dictionary();
    // Nothing is shown before the citizen can see that it was.
    KSTATI_TRY_VOID(EnterUse(*system, citizen));
    const auto inferred = inference::Infer(request, model, dictionary);
    Print(terminal, *system, inferred, inference::QuestionFor(request, inferred));
    return kExitFine;
  }

 private:
  Result<void> EnterUse(const System& system, CitizenId citizen) const {
    profile::DeedContent content{
        {"call", "infer_events"}, {"caller", "loopback"}, {"actor", WhoActs()}};
    if (!reason_.empty()) content.emplace("reason", reason_);
    profile::AccessLog uses(system.store(), *system.world().clock);
    return uses.Enter({{citizen, profile::ledger::EntryKind::kEvaluation, std::move(content)}});
  }

  void Print(const Terminal& terminal, const System& system,
             const std::vector<inference::InferredEvent>& inferred,
             const std::optional<inference::Question>& question) const {
    const auto text = [&](Language language) {
      return question ? system.messages().Format(language, std::string(question->message)) : "";
    };
    Json estimates = Json::array();
    std::string readable = question
                               ? text(Language::kRussian) + "\n" + text(Language::kEnglish) + "\n"
                               : std::string("nothing is asked\n");
    for (const inference::InferredEvent& event : inferred) {
      if (reason_.empty()) break;
      estimates.push_back({{"event", NameOf(event.kind())},
                           {"inferred", event.kInferred},
                           {"probability", event.probability()},
                           {"zone", NameOf(event.zone())}});
      readable += "  inferred: " + std::string(NameOf(event.kind())) + "  " +
                  std::to_string(event.probability()) + "  " + std::string(NameOf(event.zone())) +
                  "\n";
    }
    Json shown = {{"asks", question.has_value()}};
    if (question) {
      shown["question"] = {{"ru", text(Language::kRussian)}, {"en", text(Language::kEnglish)}};
    }
    if (!reason_.empty()) shown["estimates"] = std::move(estimates);
    output_.Print(terminal, shown, readable);
  }

  Connection connection_;
  Output output_;
  std::string citizen_;
  std::string file_;
  std::string reason_;
};

}  // namespace

void AddModelInfer(CommandList& commands) { commands.push_back(std::make_unique<ModelInfer>()); }

}  // namespace kstati::cli

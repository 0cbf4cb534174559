// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/model_off_policy.h"

#include <charconv>
#include <map>

#include "cli/command_line.h"
#include "cli/commands/model_data.h"
#include "recommender/evaluation/csv.h"
#include "recommender/evaluation/exposure_evaluation.h"
#include "recommender/stored_models.h"

namespace kstati::cli {
namespace {

namespace evaluation = recommender::evaluation;
using evaluation::LoggedChoice;

// Columns of the file beside person; those that may be missing are 0 then.
struct ColumnOfFile {
  const char* name;
  double LoggedChoice::* value;
  bool required;
};
constexpr ColumnOfFile kColumns[] = {
    {"propensity", &LoggedChoice::propensity, true},
    {"new_propensity", &LoggedChoice::new_propensity, true},
    {"outcome", &LoggedChoice::outcome, true},
    {"expected", &LoggedChoice::expected, false},
    {"new_expected", &LoggedChoice::new_expected, false},
};

Result<std::vector<LoggedChoice>> ReadChoices(const std::string& path) {
  KSTATI_TRY(const evaluation::Csv csv, evaluation::ReadCsv(path));
  std::vector<LoggedChoice> choices(csv.rows.size());
  for (const ColumnOfFile& column : kColumns) {
    const auto found = csv.Find(column.name);
    if (!found && !column.required) continue;
    if (!found) {
      return Fail(ErrorCode::kInvalidArgument, std::string("there is no column ") + column.name,
                  path,
                  "give propensity, new_propensity and outcome; person, expected and new_expected "
                  "where they are known");
    }
    for (size_t row = 0; row < csv.rows.size(); ++row) {
      const std::string& field = csv.rows[row].fields[*found];
      double& value = choices[row].*column.value;
      const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
      if (problem == std::errc() && end == field.data() + field.size()) continue;
      return Fail(ErrorCode::kInvalidArgument, std::string(column.name) + " is not a number",
                  path + ":" + std::to_string(csv.rows[row].line), "write it like 0.25");
    }
  }
  std::map<std::string, uint32_t> people;
  const auto person = csv.Find("person");
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    const std::string name =
        person ? csv.rows[row].fields[*person] : std::to_string(csv.rows[row].line);
    choices[row].person = people.emplace(name, static_cast<uint32_t>(people.size())).first->second;
  }
  return choices;
}

// By person and when the list was shown.
using Backgrounds = std::map<std::pair<CitizenId, Instant>, recommender::Background>;

Result<Backgrounds> ReadBackgrounds(const System& system) {
  KSTATI_TRY(auto interactions, ReadInteractions(system));
  Backgrounds backgrounds;
  for (recommender::Interaction& interaction : interactions) {
    if (!interaction.known_at) continue;
    backgrounds.emplace(std::pair(interaction.citizen, *interaction.known_at),
                        std::move(interaction.background));
  }
  return backgrounds;
}

// Scores what was shown by a stored model, for people as they were known when it was shown.
evaluation::ScoreOffers ScoresBy(const recommender::Ranker& ranker, const System& system,
                                 const Backgrounds& backgrounds) {
  return [&ranker, &system, &backgrounds, load = HouseholdsOf(system)](
             const recommender::Exposure& exposure) -> Result<std::vector<double>> {
    const auto household = load(exposure.citizen, exposure.on, exposure.at);
    if (!household && household.error().code == ErrorCode::kNotFound) return std::vector<double>();
    if (!household) return Fail(household.error());
    const graph::Catalogue& catalogue = system.world().catalogue();
    std::vector<recommender::Candidate> candidates;
    for (const recommender::Exposure::Offer& offer : exposure.offers) {
      const graph::Service* service = catalogue.FindService(offer.service);
      if (service == nullptr) return std::vector<double>();  // no longer in the catalogue
      candidates.push_back(
          {service, offer.about, offer.verdict, offer.situation, offer.situation_since});
    }
    const auto background = backgrounds.find({exposure.citizen, exposure.at});
    if (background == backgrounds.end()) return std::vector<double>();
    return ranker.Rate(*household, candidates, exposure.on, catalogue, background->second).order;
  };
}

struct Judged {
  Json object = Json::object();
  std::string readable;
};

void Tell(const evaluation::OffPolicyEstimates& found, size_t choices, Judged& judged) {
  judged.object["choices"] = choices;
  judged.object["effective_choices"] = found.effective_choices;
  judged.readable += std::to_string(choices) + " choices, as good as " +
                     std::to_string(static_cast<size_t>(found.effective_choices)) +
                     " of the judged order's own\n";
  const std::pair<const char*, const evaluation::Estimate*> rows[] = {
      {"logged", &found.logged},
      {"inverse", &found.inverse},
      {"self_normalised", &found.self_normalised},
      {"doubly_robust", &found.doubly_robust}};
  for (const auto& [name, estimate] : rows) {
    judged.object[name] = ToJson(*estimate);
    std::string padded = name;
    padded.resize(16, ' ');
    judged.readable += padded + Readable(*estimate) + "\n";
  }
}

void Tell(const evaluation::SameAgainstSame& same, Judged& judged) {
  judged.object["same_against_same"] = {{"people", same.people},
                                        {"halves", ToJson(same.halves)},
                                        {"drawing_error", same.drawing_error},
                                        {"drawn_place", ToJson(same.drawn_place)}};
  judged.readable += "A/A: halves differ by " + Readable(same.halves) +
                     (evaluation::RequireSound(same) ? "" : ": the log is not to be trusted") +
                     "; drawn at " + Readable(same.drawn_place) +
                     " of what was left, 0.5 when drawn evenly\n";
}

void Tell(const evaluation::ShadowReport& shadow, Judged& judged) {
  if (shadow.exposures == 0) return;
  judged.object["shadow"] = {{"exposures", shadow.exposures},
                             {"same_first", shadow.same_first},
                             {"overlap_at_5", shadow.overlap_at_5},
                             {"log_loss", shadow.log_loss},
                             {"shadow_log_loss", shadow.shadow_log_loss}};
  judged.readable += "shadow: looked on at " + std::to_string(shadow.exposures) +
                     " lists; the same first " + std::to_string(shadow.same_first) +
                     ", of the best five in common " + std::to_string(shadow.overlap_at_5) + "\n";
}

Result<Judged> JudgeFile(const OffPolicyQuestion& question) {
  Judged judged;
  KSTATI_TRY(const auto choices, ReadChoices(question.source));
  KSTATI_TRY(const auto found, evaluation::EstimateOffPolicy(choices, question.bootstrap));
  Tell(found, choices.size(), judged);
  return judged;
}

Result<Judged> JudgeStore(const OffPolicyQuestion& question, Connection& connection) {
  KSTATI_TRY(const Config config, connection.ReadConfig());
  KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
  KSTATI_TRY(const auto outcomes, ReadOutcomes(system->store()));
  Judged judged;
  KSTATI_TRY(const auto same, evaluation::CheckSameAgainstSame(outcomes, question.bootstrap));
  Tell(same, judged);
  Tell(evaluation::ReportOnShadow(outcomes), judged);
  if (question.version.empty()) return judged;
  KSTATI_TRY_VOID(evaluation::RequireSound(same));
  const recommender::StoredModels models(question.folder.empty() ? config.Text("model.folder")
                                                                 : question.folder);
  KSTATI_TRY_VOID(models.Find(question.version));
  KSTATI_TRY(const auto ranker, recommender::Ranker::Load(models.FolderOf(question.version)));
  KSTATI_TRY(const Backgrounds backgrounds, ReadBackgrounds(*system));
  KSTATI_TRY(const auto choices,
             evaluation::ChoicesOf(outcomes, ScoresBy(ranker, *system, backgrounds)));
  KSTATI_TRY(const auto found, evaluation::EstimateOffPolicy(choices, question.bootstrap));
  judged.object["version"] = question.version;
  Tell(found, choices.size(), judged);
  return judged;
}

}  // namespace

Result<int> JudgeOffPolicy(const OffPolicyQuestion& question, Connection& connection,
                           const Output& output, const Terminal& terminal) {
  KSTATI_TRY(const Judged judged,
             question.source == "store" ? JudgeStore(question, connection) : JudgeFile(question));
  output.Print(terminal, judged.object, judged.readable);
  return kExitFine;
}

}  // namespace kstati::cli

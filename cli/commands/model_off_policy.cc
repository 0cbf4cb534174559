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

// Columns of the file beside person. What a model expects is in both of its columns or in neither.
struct ColumnOfFile {
  const char* name;
  double LoggedChoice::* value;
  bool is_expected;
};
constexpr ColumnOfFile kColumns[] = {
    {"propensity", &LoggedChoice::propensity, false},
    {"new_propensity", &LoggedChoice::new_propensity, false},
    {"outcome", &LoggedChoice::outcome, false},
    {"expected", &LoggedChoice::expected, true},
    {"new_expected", &LoggedChoice::new_expected, true},
};

struct ChoicesOfFile {
  std::vector<LoggedChoice> choices;
  bool has_expected = false;  // without it nothing is doubly robust
  std::vector<evaluation::RefusedRow> refused;
};

Result<bool> HasExpected(const evaluation::Csv& csv, const std::string& path) {
  for (const ColumnOfFile& column : kColumns) {
    if (column.is_expected || csv.Find(column.name)) continue;
    return Fail(ErrorCode::kInvalidArgument, std::string("there is no column ") + column.name, path,
                "give propensity, new_propensity and outcome; person, expected and new_expected "
                "where they are known");
  }
  const bool has_expected = csv.Find("expected").has_value();
  if (has_expected == csv.Find("new_expected").has_value()) return has_expected;
  return Fail(ErrorCode::kInvalidArgument,
              has_expected ? "there is a column expected and none new_expected"
                           : "there is a column new_expected and none expected",
              path, "give both, of the same model, or neither");
}

Result<LoggedChoice> ReadChoice(const evaluation::Csv& csv, const evaluation::CsvRow& row,
                                const std::string& path) {
  LoggedChoice choice;
  for (const ColumnOfFile& column : kColumns) {
    const auto found = csv.Find(column.name);
    if (!found) continue;
    const std::string& field = row.fields[*found];
    double& value = choice.*column.value;
    const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (problem == std::errc() && end == field.data() + field.size()) continue;
    return Fail(ErrorCode::kInvalidArgument, std::string(column.name) + " is not a number",
                path + ":" + std::to_string(row.line), "write it like 0.25");
  }
  return choice;
}

Result<ChoicesOfFile> ReadChoices(const std::string& path) {
  KSTATI_TRY(const evaluation::Csv csv, evaluation::ReadCsv(path));
  ChoicesOfFile file;
  file.refused = csv.refused;
  KSTATI_TRY(file.has_expected, HasExpected(csv, path));
  std::map<std::string, uint32_t> people;
  const auto person = csv.Find("person");
  for (const evaluation::CsvRow& row : csv.rows) {
    const std::string name = person ? row.fields[*person] : std::to_string(row.line);
    if (name.find_first_not_of(" \t") == std::string::npos) {
      file.refused.push_back({row.line, "the person is empty"});
      continue;
    }
    KSTATI_TRY(LoggedChoice choice, ReadChoice(csv, row, path));
    choice.person = people.emplace(name, static_cast<uint32_t>(people.size())).first->second;
    file.choices.push_back(choice);
  }
  return file;
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

void Tell(const evaluation::OffPolicyEstimates& found, size_t choices, bool has_expected,
          Judged& judged) {
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
    if (estimate == &found.doubly_robust && !has_expected) continue;
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

Result<Judged> JudgeFile(const OffPolicyQuestion& question, const Terminal& terminal) {
  Judged judged;
  KSTATI_TRY(const ChoicesOfFile file, ReadChoices(question.source));
  PrintRefused(terminal, question.source, file.refused);
  KSTATI_TRY(const auto found, evaluation::EstimateOffPolicy(file.choices, question.bootstrap));
  Tell(found, file.choices.size(), file.has_expected, judged);
  judged.object["refused"] = ToJson(file.refused);
  return judged;
}

void TellUnseen(size_t unseen, size_t all, Judged& judged) {
  judged.object["lists"] = unseen;
  judged.readable += "judged on " + std::to_string(unseen) + " of " + std::to_string(all) +
                     " lists: those of people whom the model has not seen\n";
}

Result<Judged> JudgeStore(const OffPolicyQuestion& question, Connection& connection) {
  KSTATI_TRY(const Config config, connection.ReadConfig());
  KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
  KSTATI_TRY(auto outcomes, ReadOutcomes(system->store()));
  const size_t unsettled = RemoveUnsettled(outcomes, system->world().Today());
  Judged judged;
  judged.object["unsettled_lists"] = unsettled;
  if (unsettled > 0) {
    judged.readable += std::to_string(unsettled) + " lists are left out: of the last " +
                       std::to_string(recommender::kOutcomeDays) +
                       " days, something of them may still be taken up\n";
  }
  KSTATI_TRY(const auto same, evaluation::CheckSameAgainstSame(outcomes, question.bootstrap));
  Tell(same, judged);
  Tell(evaluation::ReportOnShadow(outcomes), judged);
  if (question.version.empty()) return judged;
  KSTATI_TRY_VOID(evaluation::RequireSound(same));
  const recommender::StoredModels models(question.folder.empty() ? config.Text("model.folder")
                                                                 : question.folder);
  KSTATI_TRY(const auto stored, models.Find(question.version));
  const auto unseen = evaluation::OfUnseen(stored, outcomes);
  if (unseen.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "nothing was shown to people whom the model has not seen", "exposures",
                "collect lists of more people");
  }
  TellUnseen(unseen.size(), outcomes.size(), judged);
  KSTATI_TRY(const auto ranker, recommender::Ranker::Load(models.FolderOf(question.version)));
  KSTATI_TRY(const Backgrounds backgrounds, ReadBackgrounds(*system));
  KSTATI_TRY(const auto choices,
             evaluation::ChoicesOf(unseen, ScoresBy(ranker, *system, backgrounds)));
  KSTATI_TRY(const auto found, evaluation::EstimateOffPolicy(choices, question.bootstrap));
  judged.object["version"] = question.version;
  Tell(found, choices.size(), true, judged);
  return judged;
}

}  // namespace

Result<int> JudgeOffPolicy(const OffPolicyQuestion& question, Connection& connection,
                           const Output& output, const Terminal& terminal) {
  KSTATI_TRY(const Judged judged, question.source == "store" ? JudgeStore(question, connection)
                                                             : JudgeFile(question, terminal));
  output.Print(terminal, judged.object, judged.readable);
  return kExitFine;
}

}  // namespace kstati::cli

// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/model_comparison.h"

#include <map>

#include "recommender/evaluation/shown_list.h"

namespace kstati::recommender::evaluation {
Result<ModelComparison> CompareModels(const StoredModels& models, const std::string& one,
                                      const std::string& other,
                                      const std::vector<Interaction>& interactions,
                                      const LoadHouseholdOn& load,
                                      const graph::Catalogue& catalogue,
                                      const BootstrapOptions& bootstrap) {
  KSTATI_TRY(const StoredModel first, models.Find(one));
  KSTATI_TRY(const StoredModel second, models.Find(other));
  KSTATI_TRY(const Ranker first_ranker, Ranker::Load(models.FolderOf(one)));
  KSTATI_TRY(const Ranker second_ranker, Ranker::Load(models.FolderOf(other)));
  OrderRecord first_record;
  OrderRecord second_record;
  std::map<CitizenId, uint32_t> people;
  for (const Interaction& interaction : interactions) {
    const CitizenId citizen = interaction.citizen;
    if (PartOf(citizen, first.seed, first.held_out_share) != Part::kJudged) continue;
    if (PartOf(citizen, second.seed, second.held_out_share) != Part::kJudged) continue;
    const ShownList shown = ListOf(interaction, catalogue);
    if (shown.candidates.empty()) continue;
    const auto household = load(citizen, interaction.on, interaction.known_at);
    if (!household && household.error().code == ErrorCode::kNotFound) continue;
    if (!household) return Fail(household.error());
    const uint32_t person =
        people.emplace(citizen, static_cast<uint32_t>(people.size())).first->second;
    const auto add = [&](const Ranker& ranker, OrderRecord& record) {
      const Ratings ratings = ranker.Rate(*household, shown.candidates, interaction.on, catalogue,
                                          interaction.background);
      record.Add(person, ratings.order, ratings.needed, shown.fresh, shown.taken);
    };
    add(first_ranker, first_record);
    add(second_ranker, second_record);
  }
  if (first_record.lists() == 0) {
    return Fail(ErrorCode::kInvalidArgument,
                "there is nobody whom neither model has seen and who took something up",
                "interactions", "train both with the same seed, or collect more");
  }
  ModelComparison comparison;
  comparison.people = people.size();
  comparison.lists = first_record.lists();
  comparison.one = {one, first_record.Judge(bootstrap)};
  comparison.other = {other, second_record.Judge(bootstrap)};
  comparison.gain = GainOver(first_record, second_record, bootstrap);
  return comparison;
}

}  // namespace kstati::recommender::evaluation

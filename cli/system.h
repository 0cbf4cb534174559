// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/issue.h"
#include "base/messages.h"
#include "cases/desk.h"
#include "cases/inquiries.h"
#include "cli/config.h"
#include "eligibility/program.h"
#include "graph/calendars.h"
#include "graph/catalogue.h"
#include "graph/courses.h"
#include "graph/exclusion.h"
#include "graph/validity.h"
#include "profile/access_log.h"
#include "profile/dictionary.h"
#include "profile/store.h"
#include "recommender/inference/inference_model.h"
#include "recommender/model_watch.h"
#include "recommender/serving_ranker.h"
#include "sources/gatherer.h"
#include "thrift/server/access.h"
#include "thrift/server/handler.h"

namespace kstati::cli {

// A catalogue folder, read and compiled. Its parts point to each other: it never moves.
struct LoadedCatalogue {
  profile::Dictionary dictionary;
  graph::Catalogue catalogue;
  graph::Courses courses;  // of the catalogue
  std::shared_ptr<const graph::Validities> validities;
  std::shared_ptr<const graph::Calendars> calendars;
  std::shared_ptr<const std::vector<graph::Exclusion>> exclusions;
  std::unique_ptr<eligibility::Program> program;

  // Problems are appended to `issues`; what could be read is there all the same.
  static std::unique_ptr<LoadedCatalogue> Load(const std::string& folder,
                                               std::vector<Issue>& issues);
};

enum class StoreUse { kExisting, kMakeIfMissing };

// Everything a running Kstati consists of, opened in order and closed in reverse.
class System {
 public:
  // An error names what could not be opened; for authored text it says how to see all problems.
  // `clock` null: the system clock.
  static Result<std::unique_ptr<System>> Open(const Config& config, StoreUse use,
                                              const Clock* clock = nullptr);

  const cases::World& world() const { return world_; }
  const cases::Desk& desk() const { return *desk_; }
  const recommender::ServingRanker& ranker() const { return ranker_; }
  // For whoever takes up another model meanwhile.
  recommender::ServingRanker& ranker() { return ranker_; }
  // Of the folder of models, as far as they are taken up.
  const recommender::TrialTakeUp& trials() const { return *trials_; }
  const Messages& messages() const { return messages_; }
  const LoadedCatalogue& catalogue() const { return *loaded_; }
  profile::Store& store() const { return *store_; }
  profile::AccessLog& uses() const { return *uses_; }
  cases::Inquiries& inquiries() const { return *inquiries_; }
  // Of events that nobody announced; null: none is configured, or it was refused.
  const recommender::inference::InferenceModel* inference() const {
    return inference_ ? &*inference_ : nullptr;
  }
  const profile::ledger::SigningKey& ledger_key() const { return *ledger_key_; }
  // The contract for local commands: whoever may read the store's files may do everything.
  std::shared_ptr<rpc::KstatiIf> handler() const { return handler_; }
  // The contract for callers who show tokens of `access`, which must outlive the handler. Operators
  // among them have backups made in the folder `backups`; empty: nowhere.
  std::shared_ptr<rpc::KstatiIf> HandlerFor(const thrift::AccessList& access,
                                            const std::string& backups = {}) const;

 private:
  System() = default;
  Result<void> OpenModels(const Config& config);
  void TellOfOtherEstimates(const std::string& folder) const;
  void OpenTrials(const Config& config);
  Result<void> OpenStore(const Config& config, StoreUse use);
  void Assemble(const Config& config, const Clock* clock,
                std::vector<std::unique_ptr<sources::FactSource>> sources);

  std::unique_ptr<LoadedCatalogue> loaded_;
  Messages messages_;
  recommender::ServingRanker ranker_;
  std::optional<recommender::TrialTakeUp> trials_;  // serve by ranker_
  std::optional<recommender::Ranker> shadow_;
  std::optional<recommender::inference::InferenceModel> inference_;
  std::unique_ptr<profile::ledger::SigningKey> ledger_key_;
  std::unique_ptr<profile::Store> store_;
  SystemClock system_clock_;
  cases::World world_;
  std::unique_ptr<profile::AccessLog> uses_;
  std::unique_ptr<sources::Gatherer> gatherer_;
  std::unique_ptr<cases::Inquiries> inquiries_;
  std::chrono::milliseconds wait_for_sources_{0};
  std::unique_ptr<cases::Desk> desk_;
  thrift::AccessList everybody_;
  std::shared_ptr<rpc::KstatiIf> handler_;
};

std::string_view ProgramVersion();

}  // namespace kstati::cli

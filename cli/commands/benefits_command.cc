// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/command_line.h"
#include "cli/commands/graph_commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "graph/exclusion.h"
#include "recommender/household_bundle.h"

namespace kstati::cli {
namespace {

using recommender::HouseholdBundle;
using recommender::HouseholdOffer;
using recommender::OfferLeftOut;

constexpr size_t kOffersMax = 1'000;  // of one person

// Roubles, as text.
std::string Roubles(int64_t kopecks) {
  const std::string rest = std::to_string(kopecks % 100);
  return std::to_string(kopecks / 100) +
         (rest == "0" ? "" : "." + std::string(rest.size() < 2, '0') + rest);
}

class BenefitsCommand final : public Command {
 public:
  std::string_view path() const override { return "benefits"; }
  std::string_view summary() const override {
    return "Shows which benefits that exclude each other a household should choose, and why.";
  }
  std::string_view examples() const override {
    return "kstati benefits 17 --data var/store\n"
           "kstati benefits 17 --language en --format json";
  }

  void Declare(Options& options) override {
    options.Argument("CITIZEN", citizen_, "number of the citizen; the spouse counts too");
    options.Choice("--language", language_, {"ru", "en"}, "language of the texts");
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const CitizenId citizen, CitizenId::Parse(citizen_));
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    std::vector<Issue> issues;
    const std::vector<graph::Exclusion> exclusions = graph::LoadExclusions(
        config.Text("catalogue.folder"), system->catalogue().catalogue, issues);
    if (HasErrors(issues)) {
      return Fail(ErrorCode::kInvalidArgument, "the exclusions have errors",
                  config.Text("catalogue.folder"), "`kstati check` shows each with its line");
    }
    KSTATI_TRY(const std::vector<CitizenId> adults, AdultsOf(*system, citizen));
    std::vector<HouseholdOffer> offers;
    for (const CitizenId adult : adults) {
      KSTATI_TRY_VOID(Gather(*system, exclusions, adult, offers));
    }
    const HouseholdBundle bundle = recommender::BundleOf(std::move(offers), exclusions);
    output_.Print(terminal, Written(bundle, *system), Readable(bundle, *system));
    return kExitFine;
  }

 private:
  Language language() const { return language_ == "en" ? Language::kEnglish : Language::kRussian; }

  // The citizen and the spouse.
  static Result<std::vector<CitizenId>> AdultsOf(const System& system, CitizenId citizen) {
    const cases::World& world = system.world();
    KSTATI_TRY(const profile::Household household,
               profile::LoadHouseholdNow(citizen, {world.Today(), world.Now()},
                                         [&](CitizenId who) { return world.store->Load(who); }));
    std::vector<CitizenId> adults{citizen};
    for (const auto& spouse : household.spouses) adults.push_back(spouse->citizen());
    return adults;
  }

  // What pays something, or excludes something.
  static bool IsBenefit(const eligibility::Decision& decision,
                        const std::vector<graph::Exclusion>& exclusions) {
    if (decision.regulation != nullptr && decision.regulation->benefit) return true;
    return std::ranges::any_of(exclusions, [&](const graph::Exclusion& exclusion) {
      const auto& services = exclusion.services;
      return std::ranges::find(services, decision.service) != services.end();
    });
  }

  Result<void> Gather(const System& system, const std::vector<graph::Exclusion>& exclusions,
                      CitizenId adult, std::vector<HouseholdOffer>& offers) const {
    // By the contract first, so that the use of the data is entered for whom it is about. As a look
    // at a given moment: nothing is offered.
    rpc::SuggestResult entered;
    rpc::CallContext context;
    context.__set_language(language_ == "en" ? rpc::Language::EN : rpc::Language::RU);
    context.__set_as_of(rpc::AsOf());
    system.handler()->suggest(entered, context, adult.ToString(), 1);
    KSTATI_TRY(const recommender::Suggestions suggestions,
               system.desk().Suggest(adult, kOffersMax));
    std::vector<const eligibility::Decision*> decisions;
    for (const auto& suggested : suggestions.items) decisions.push_back(&suggested.decision);
    for (const eligibility::Decision& yielded : suggestions.yielded) decisions.push_back(&yielded);
    for (const eligibility::Decision* decision : decisions) {
      if (!IsBenefit(*decision, exclusions)) continue;
      const auto offer = recommender::OfferOf(*decision, system.catalogue().catalogue);
      if (offer) offers.push_back(*offer);
    }
    return {};
  }

  std::string NameOfOffer(const HouseholdOffer& offer, const System& system) const {
    const graph::Service* service = system.catalogue().catalogue.FindService(offer.service);
    std::string text = service->name.in(language()) + " (" + offer.applicant.ToString();
    if (offer.about != offer.applicant) text += " -> " + offer.about.ToString();
    return text + ")";
  }

  std::string Sentence(const HouseholdBundle& bundle, const OfferLeftOut& left_out,
                       const System& system) const {
    std::string instead;
    int64_t yearly = 0;
    bool known = bundle.offers[left_out.offer].yearly.has_value();
    for (const uint32_t offer : left_out.instead) {
      instead += (instead.empty() ? "" : ", ") + NameOfOffer(bundle.offers[offer], system);
      yearly += bundle.offers[offer].yearly.value_or(0);
      known = known && bundle.offers[offer].yearly.has_value();
    }
    const int64_t more = yearly - bundle.offers[left_out.offer].yearly.value_or(0);
    const Messages& messages = system.messages();
    const std::string why = left_out.exclusion->text.in(language());
    const char* const key = !known      ? "benefits.no_figure"
                            : more > 0  ? "benefits.worth_more"
                            : more == 0 ? "benefits.worth_the_same"
                                        : "benefits.worth_more_together";
    return messages.Format(language(), key,
                           {{"why", why},
                            {"service", NameOfOffer(bundle.offers[left_out.offer], system)},
                            {"instead", instead},
                            {"more", Roubles(std::max<int64_t>(more, 0))}});
  }

  Json Written(const HouseholdBundle& bundle, const System& system) const {
    const auto written = [&](uint32_t number) {
      const HouseholdOffer& offer = bundle.offers[number];
      return Json{{"service", offer.service.text()},
                  {"applicant", offer.applicant.ToString()},
                  {"about", offer.about.ToString()},
                  {"yearly", offer.yearly ? Json(Roubles(*offer.yearly)) : Json()}};
    };
    Json taken = Json::array();
    for (const uint32_t offer : bundle.taken) taken.push_back(written(offer));
    Json left_out = Json::array();
    for (const OfferLeftOut& one : bundle.left_out) {
      Json entry = written(one.offer);
      Json instead = Json::array();
      for (const uint32_t offer : one.instead) instead.push_back(written(offer));
      entry["exclusion"] = one.exclusion->id;
      entry["act"] = one.exclusion->source.act.text();
      entry["article"] = one.exclusion->source.article;
      entry["instead"] = std::move(instead);
      entry["reason"] = Sentence(bundle, one, system);
      left_out.push_back(std::move(entry));
    }
    return {{"yearly", Roubles(bundle.yearly)},
            {"taken", std::move(taken)},
            {"left_out", std::move(left_out)}};
  }

  std::string Readable(const HouseholdBundle& bundle, const System& system) const {
    std::string text = system.messages().Format(language(), "benefits.together",
                                                {{"amount", Roubles(bundle.yearly)}}) +
                       "\n";
    for (const uint32_t number : bundle.taken) {
      const HouseholdOffer& offer = bundle.offers[number];
      text += "  " + NameOfOffer(offer, system);
      if (offer.yearly && *offer.yearly > 0) text += ": " + Roubles(*offer.yearly);
      text += "\n";
    }
    for (const OfferLeftOut& one : bundle.left_out) {
      text += "- " + Sentence(bundle, one, system) + " [" + one.exclusion->source.act.text() +
              ", " + one.exclusion->source.article + "]\n";
    }
    return text;
  }

  std::string citizen_;
  std::string language_ = "ru";
  Connection connection_;
  Output output_;
};

}  // namespace

void AddBenefits(CommandList& commands) { commands.push_back(std::make_unique<BenefitsCommand>()); }

}  // namespace kstati::cli

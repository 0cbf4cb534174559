// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <vector>

#include "thrift/server/to_rpc.h"

namespace kstati::thrift {
namespace {

using kstati::cases::ChainChange;
using kstati::cases::ChangeKind;
using kstati::cases::Weighed;

constexpr int64_t kKopecks = 100;  // in a rouble

// What one way gains over another, and what it costs.
struct Trade {
  std::vector<std::string> gains;
  std::vector<std::string> costs;
  bool costs_a_fee_alone = true;
};

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

void Count(const Wording& wording, int64_t more, const char* key_less, const char* key_more,
           Trade& trade) {
  if (more == 0) return;
  const std::string text =
      wording.Message(more < 0 ? key_less : key_more, {{"count", more < 0 ? -more : more}});
  if (more > 0) trade.costs_a_fee_alone = false;
  (more < 0 ? trade.gains : trade.costs).push_back(text);
}

void CountDays(const Wording& wording, const Weighed& first, const Weighed& other, Trade& trade) {
  if (first.finish == other.finish) return;
  if (!first.finish || !other.finish) {
    if (!other.finish) trade.costs_a_fee_alone = false;
    const char* key = other.finish ? "chain.trade.finish_known" : "chain.trade.finish_unknown";
    (other.finish ? trade.gains : trade.costs).push_back(wording.Message(key));
    return;
  }
  const auto days = wording.catalogue().calendar().WorkingDaysBetween(*first.finish, *other.finish);
  if (days) Count(wording, *days, "chain.trade.days_sooner", "chain.trade.days_later", trade);
}

void CountFee(const Wording& wording, const Weighed& first, const Weighed& other, Trade& trade) {
  if (!first.fee_known || !other.fee_known) {
    if (first.fee_known == other.fee_known) return;
    if (!other.fee_known) trade.costs_a_fee_alone = false;
    const char* key = other.fee_known ? "chain.trade.fee_known" : "chain.trade.fee_unknown";
    (other.fee_known ? trade.gains : trade.costs).push_back(wording.Message(key));
    return;
  }
  if (first.fee == other.fee) return;
  const bool less = other.fee < first.fee;
  const int64_t amount = less ? first.fee - other.fee : other.fee - first.fee;
  const std::string text = wording.Message(less ? "chain.trade.fee_less" : "chain.trade.fee_more",
                                           {{"amount", RoublesOf(amount)}});
  (less ? trade.gains : trade.costs).push_back(text);
}

std::string KeyOf(const ChainChange& change) {
  switch (change.kind) {
    case ChangeKind::kDone: return "chain.change.done";
    case ChangeKind::kDropped: return "chain.change.dropped";
    case ChangeKind::kRefused: return "chain.change.refused";
    case ChangeKind::kAdded: return "chain.change.added";
    case ChangeKind::kScenario:
      return change.scenario ? "chain.change.scenario" : "chain.change.no_scenario";
    case ChangeKind::kBring: return "chain.change.bring";
    case ChangeKind::kLeave: return "chain.change.leave";
    case ChangeKind::kBegins: return "chain.change.begins";
    case ChangeKind::kFee: return change.fee ? "chain.change.fee" : "chain.change.fee_unknown";
    case ChangeKind::kVisits: return "chain.change.visits";
    case ChangeKind::kLater:
    case ChangeKind::kSooner:
    case ChangeKind::kFinish: break;
  }
  std::string key =
      change.kind == ChangeKind::kFinish ? "chain.change.finish" : "chain.change.moved";
  if (!change.now) return key + "_unknown";
  return change.before ? key : key + "_known";
}

}  // namespace

std::string RoublesOf(int64_t kopecks) {
  std::string text = std::to_string(kopecks / kKopecks);
  const int64_t rest = kopecks % kKopecks;
  if (rest == 0) return text;
  return text + (rest < 10 ? ".0" : ".") + std::to_string(rest);
}

std::string TradeInWords(const Wording& wording, const Weighed& first, const Weighed& other) {
  Trade trade;
  CountDays(wording, first, other, trade);
  Count(wording, other.trips - first.trips, "chain.trade.trips_fewer", "chain.trade.trips_more",
        trade);
  CountFee(wording, first, other, trade);
  Count(wording, other.documents - first.documents, "chain.trade.documents_fewer",
        "chain.trade.documents_more", trade);
  const std::string gains = Joined(trade.gains);
  const std::string costs = Joined(trade.costs);
  if (costs.empty()) return gains;
  if (gains.empty()) return costs;
  return wording.Message(trade.costs_a_fee_alone ? "chain.trade.for" : "chain.trade.but",
                         {{"gains", gains}, {"costs", costs}});
}

std::vector<std::string> WriteChanges(const Wording& wording,
                                      const std::vector<ChainChange>& changes) {
  std::vector<std::string> sentences;
  for (const ChainChange& change : changes) {
    std::map<std::string, Messages::Argument> words;
    if (!change.service.empty()) words["step"] = ServiceName(wording, change.service);
    if (!change.document.empty()) words["document"] = AttributeName(wording, change.document);
    if (change.before) words["before"] = *change.before;
    if (change.now) words["now"] = *change.now;
    if (change.fee) words["fee"] = RoublesOf(*change.fee);
    words["visits"] = static_cast<int64_t>(change.visits);
    if (change.scenario) words["scenario"] = ScenarioName(wording, *change.scenario);
    sentences.push_back(wording.Message(KeyOf(change), words));
  }
  return sentences;
}

}  // namespace kstati::thrift

// SPDX-License-Identifier: Apache-2.0
#include "graph/search/instance.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace kstati::graph::search {
namespace {

using Json = nlohmann::json;

tl::unexpected<Error> Wrong(std::string message, std::string place, std::string remedy) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message), std::move(place), std::move(remedy));
}

std::string Item(const std::string& place, size_t number) {
  return place + "[" + std::to_string(number) + "]";
}

// "file: services[2]" for what a file holds, "file: services[2].cost" for what that holds.
std::string Below(const std::string& place, const char* key) {
  return place + (place.ends_with("]") ? "." : ": ") + key;
}

// The library's text without its number: "parse error at line 2, column 7: syntax error ...".
std::string Spoken(const Json::exception& error) {
  const std::string text = error.what();
  const size_t end = text.find("] ");
  return end == std::string::npos ? text : text.substr(end + 2);
}

Result<Json> ParseJson(const std::string& text, const std::string& file) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    return Wrong("not JSON: " + Spoken(error), file, "correct it there");
  }
}

Result<const Json*> Member(const Json& object, const char* key, const std::string& place) {
  if (!object.is_object()) return Wrong("must be a JSON object", place, "write {...}");
  const auto found = object.find(key);
  if (found == object.end()) {
    return Wrong("the key \"" + std::string(key) + "\" is missing", place, "add it");
  }
  return &*found;
}

Result<int64_t> ReadWhole(const Json& value, const std::string& place) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<uint64_t>();
    if (number <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      return static_cast<int64_t>(number);
    }
    return Fail(ErrorCode::kLimitExceeded, "the number is 2^63 or more", place,
                "use a larger unit");
  }
  if (!value.is_number_integer()) {
    return Wrong("must be a whole number below 2^63", place, "write 0 or more, in digits alone");
  }
  return value.get<int64_t>();
}

Result<int64_t> WholeOrZero(const Json& object, const char* key, const std::string& place) {
  const auto found = object.find(key);
  if (found == object.end()) return 0;
  return ReadWhole(*found, Below(place, key));
}

Result<std::vector<uint32_t>> ReadFacts(const Json& object, const char* key,
                                        const std::string& place, uint32_t fact_count) {
  KSTATI_TRY(const Json* const list, Member(object, key, place));
  const std::string list_place = Below(place, key);
  if (!list->is_array()) return Wrong("must be a list of facts", list_place, "write [...]");
  std::vector<uint32_t> facts;
  facts.reserve(list->size());
  for (const Json& item : *list) {
    KSTATI_TRY(const int64_t fact, ReadWhole(item, Item(list_place, facts.size())));
    if (fact < 0 || fact >= fact_count) {
      return Wrong("there is no fact " + std::to_string(fact), Item(list_place, facts.size()),
                   "facts are numbered from 0 to below \"facts\", " + std::to_string(fact_count));
    }
    facts.push_back(static_cast<uint32_t>(fact));
  }
  return facts;
}

Result<ServiceForm> ReadService(const Json& object, const std::string& place, uint32_t fact_count) {
  ServiceForm service;
  KSTATI_TRY(const Json* const id, Member(object, "id", place));
  if (!id->is_string()) return Wrong("must be text", Below(place, "id"), "put it in quotes");
  service.id = id->get<std::string>();
  KSTATI_TRY(service.needs, ReadFacts(object, "needs", place, fact_count));
  KSTATI_TRY(service.gives, ReadFacts(object, "gives", place, fact_count));
  KSTATI_TRY(const Json* const cost, Member(object, "cost", place));
  KSTATI_TRY(service.cost, ReadWhole(*cost, Below(place, "cost")));
  KSTATI_TRY(service.days, WholeOrZero(object, "days", place));
  KSTATI_TRY(service.visits, WholeOrZero(object, "visits", place));
  KSTATI_TRY(service.fee, WholeOrZero(object, "fee", place));
  return service;
}

Result<std::vector<uint32_t>> ReadForbidden(const Json& object, const std::string& place,
                                            const Problem& problem) {
  std::vector<uint32_t> services;
  const auto list = object.find("forbidden");
  if (list == object.end()) return services;
  const std::string list_place = Below(place, "forbidden");
  if (!list->is_array()) return Wrong("must be a list of ids", list_place, "write [...]");
  for (const Json& item : *list) {
    const std::string item_place = Item(list_place, services.size());
    if (!item.is_string()) return Wrong("must be text", item_place, "put it in quotes");
    const auto service = problem.Find(item.get<std::string>());
    if (!service) {
      return Wrong("no service has this id", item_place, "take an id from the list of services");
    }
    services.push_back(*service);
  }
  return services;
}

Result<QueryForm> ReadQuery(const Json& object, const std::string& place, const Problem& problem) {
  QueryForm query;
  KSTATI_TRY(query.initial, ReadFacts(object, "initial", place, problem.fact_count()));
  KSTATI_TRY(query.goals, ReadFacts(object, "goals", place, problem.fact_count()));
  KSTATI_TRY(query.forbidden, ReadForbidden(object, place, problem));
  const auto optimum = object.find("optimum");
  if (optimum == object.end()) return query;
  query.has_no_chain = optimum->is_null();
  if (query.has_no_chain) return query;
  KSTATI_TRY(query.optimum, ReadWhole(*optimum, Below(place, "optimum")));
  return query;
}

}  // namespace

Result<Instance> ParseInstance(const std::string& text, const std::string& file) {
  KSTATI_TRY(const Json json, ParseJson(text, file));
  KSTATI_TRY(const Json* const facts, Member(json, "facts", file));
  KSTATI_TRY(const int64_t fact_count, ReadWhole(*facts, Below(file, "facts")));
  if (fact_count < 0 || fact_count > kMaxFacts) {
    return Fail(ErrorCode::kLimitExceeded, "there cannot be so many facts", Below(file, "facts"),
                "write a number from 0 to " + std::to_string(kMaxFacts));
  }
  KSTATI_TRY(const Json* const list, Member(json, "services", file));
  if (!list->is_array()) return Wrong("must be a list", Below(file, "services"), "write [...]");
  std::vector<ServiceForm> services;
  for (const Json& item : *list) {
    KSTATI_TRY(ServiceForm service,
               ReadService(item, Item(Below(file, "services"), services.size()),
                           static_cast<uint32_t>(fact_count)));
    services.push_back(std::move(service));
  }
  auto problem = Problem::Make(static_cast<uint32_t>(fact_count), std::move(services));
  if (!problem) return Fail(AtPlace(std::move(problem).error(), file));
  Instance instance{std::move(*problem), std::nullopt};
  if (json.contains("initial") || json.contains("goals")) {
    KSTATI_TRY(instance.query, ReadQuery(json, file, instance.problem));
  }
  return instance;
}

Result<std::vector<QueryForm>> ParseQueries(const std::string& text, const std::string& file,
                                            const Problem& problem) {
  KSTATI_TRY(const Json json, ParseJson(text, file));
  if (!json.is_array()) return Wrong("must be a list of queries", file, "write [{...}, ...]");
  std::vector<QueryForm> queries;
  for (const Json& item : json) {
    KSTATI_TRY(QueryForm query,
               ReadQuery(item, Item(Below(file, "query"), queries.size()), problem));
    queries.push_back(std::move(query));
  }
  return queries;
}

}  // namespace kstati::graph::search

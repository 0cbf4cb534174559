// SPDX-License-Identifier: Apache-2.0
#include "sources/http_source.h"

#include <httplib.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/outgoing_call.h"

namespace kstati::sources {
namespace {

using Json = nlohmann::json;
using Steady = std::chrono::steady_clock;

constexpr int kDenied = 403;
constexpr int kUnauthorised = 401;
constexpr int kTooMany = 429;
constexpr int kServerErrors = 500;

tl::unexpected<Error> NoAnswer(std::string what) {
  return Fail(ErrorCode::kInvalidArgument, "what the source said is no answer: " + std::move(what),
              {}, "tell whoever runs the source; docs/reference/sources.md describes answers");
}

tl::unexpected<Error> Silent(std::string what) {
  return Fail(ErrorCode::kUnavailable, "the source did not answer: " + std::move(what), {},
              "ask again later; what it did not say stays unknown");
}

Result<DateInterval> ReadInterval(const Json& fact) {
  DateInterval valid{Date(), std::nullopt};
  const auto day = [&](const char* name) -> Result<std::optional<Date>> {
    if (!fact.contains(name)) return std::nullopt;
    if (!fact[name].is_string()) return NoAnswer(std::string(name) + " is no day");
    const Result<Date> read = Date::Parse(fact[name].get<std::string>());
    if (!read) return NoAnswer(std::string(name) + " is no day");
    return *read;
  };
  KSTATI_TRY(const std::optional<Date> from, day("valid_from"));
  KSTATI_TRY(valid.to, day("valid_to"));
  if (!from) return NoAnswer("valid_from is missing");
  valid.from = *from;
  if (valid.to && *valid.to < valid.from) return NoAnswer("valid_to lies before valid_from");
  return valid;
}

Result<AnsweredFact> ReadFact(const Json& item, const Question& question,
                              const profile::Dictionary& dictionary) {
  if (!item.is_object() || !item.contains("attribute") || !item.contains("value") ||
      !item["attribute"].is_string() || !item["value"].is_string()) {
    return NoAnswer("a fact needs attribute and value, both texts");
  }
  AnsweredFact fact;
  fact.attribute = AttributeId(item["attribute"].get<std::string>());
  const profile::Attribute* attribute = dictionary.Find(fact.attribute);
  const bool asked =
      std::ranges::find(question.attributes, fact.attribute) != question.attributes.end();
  if (!asked || attribute == nullptr) return NoAnswer("it tells what was not asked");
  KSTATI_TRY(fact.valid, ReadInterval(item));
  const std::string text = item["value"].get<std::string>();
  const Result<profile::FactValue> value = profile::ParseFactValue(attribute->type, text);
  if (!value) return NoAnswer("a value is not of the type of " + fact.attribute.text());
  if (attribute->type == profile::ValueType::kCode && !text.empty() &&
      attribute->FindCode(text) == nullptr) {
    return NoAnswer("a code is not in the list of " + fact.attribute.text());
  }
  fact.value = *value;
  return fact;
}

// Null: the answer says nothing of it.
Result<profile::SharedEvidence> ReadAnswersEvidence(const Json& said) {
  if (!said.contains("evidence")) return nullptr;
  const Json& evidence = said["evidence"];
  const bool texts = evidence.is_object() && std::ranges::all_of(evidence, [](const Json& each) {
                       return each.is_string();
                     });
  if (!texts) return NoAnswer("its evidence is no object of texts");
  const auto text = [&evidence](const char* name) { return evidence.value(name, std::string()); };
  Result<profile::Evidence> read = profile::ReadEvidence(
      {text("kind"), text("assurance"), text("reference"), text("issuer"), text("certifier")});
  if (!read) return NoAnswer("its evidence has an unknown " + read.error().place);
  return std::make_shared<const profile::Evidence>(std::move(*read));
}

class HttpSource final : public FactSource {
 public:
  HttpSource(HttpSourceOptions options, const profile::Dictionary& dictionary)
      : options_(std::move(options)), dictionary_(dictionary) {}

  const SourceTerms& terms() const override { return options_.terms; }

  Result<Answer> Ask(const Question& question, Steady::time_point until) const override {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now());
    if (left.count() <= 0) return Silent("there was no time left");
    httplib::Client client(options_.origin);
    Prepare(client, left);
    std::string body;
    bool too_long = false;
    const httplib::Request request = RequestFor(question, body, too_long);
    const httplib::Result reply = [&] {
      const CallDeadline deadline(until, [&client] { client.stop(); });
      return client.send(request);
    }();
    if (too_long) {
      return Fail(ErrorCode::kLimitExceeded, "the answer of the source is too long", {},
                  "tell whoever runs the source");
    }
    if (!reply) return Silent(httplib::to_string(reply.error()));
    KSTATI_TRY_VOID(CheckStatus(reply->status));
    return ReadAnswer(body, question, dictionary_);
  }

  Result<void> Reach(std::chrono::milliseconds patience) const override {
    httplib::Client client(options_.origin);
    Prepare(client, patience);
    const CallDeadline deadline(Steady::now() + patience, [&client] { client.stop(); });
    const httplib::Result reply = client.Head(options_.path);
    if (!reply) return Silent(httplib::to_string(reply.error()));
    return {};
  }

 private:
  void Prepare(httplib::Client& client, std::chrono::milliseconds patience) const {
    client.set_connection_timeout(patience);
    client.set_read_timeout(patience);
    client.set_write_timeout(patience);
    client.set_follow_location(false);
    if (!options_.authority.empty()) client.set_ca_cert_path(options_.authority);
    client.enable_server_certificate_verification(true);
  }

  httplib::Request RequestFor(const Question& question, std::string& body, bool& too_long) const {
    Json asked{{"citizen", question.citizen.ToString()}, {"attributes", Json::array()}};
    for (const AttributeId& attribute : question.attributes) {
      asked["attributes"].push_back(attribute.text());
    }
    httplib::Request request;
    request.method = "POST";
    request.path = options_.path;
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    if (!options_.token.empty()) {
      request.headers.emplace("Authorization", "Bearer " + options_.token);
    }
    request.body = asked.dump();
    request.content_receiver = [this, &body, &too_long](const char* bytes, size_t count, uint64_t,
                                                        uint64_t) {
      too_long = body.size() + count > options_.answer_bytes_max;
      if (!too_long) body.append(bytes, count);
      return !too_long;
    };
    return request;
  }

  static Result<void> CheckStatus(int status) {
    if (status == 200) return {};
    const std::string said = "it answers with HTTP " + std::to_string(status);
    if (status >= kServerErrors || status == kTooMany) return Silent(said);
    if (status == kDenied || status == kUnauthorised) {
      return Fail(ErrorCode::kDenied, "the source refuses us: " + said, {},
                  "check the token that is configured for it");
    }
    return NoAnswer(said);
  }

  const HttpSourceOptions options_;
  const profile::Dictionary& dictionary_;
};

}  // namespace

Result<std::unique_ptr<FactSource>> MakeHttpSource(HttpSourceOptions options,
                                                   const profile::Dictionary& dictionary) {
  const bool plain = options.origin.starts_with(kPlainHttp);
  const bool known = plain || options.origin.starts_with("https://");
  if (!known || !httplib::Client(options.origin).is_valid() || !options.path.starts_with("/")) {
    return Fail(ErrorCode::kInvalidArgument, "the address of a source cannot be read",
                "source " + options.terms.name, "write https://HOST:PORT/PATH");
  }
  if (plain && !StaysOnThisMachine(options.origin)) {
    return Fail(ErrorCode::kInvalidArgument,
                "a source on another machine would be asked in plain text",
                "source " + options.terms.name,
                "write https://; http:// is for 127.0.0.1, [::1] and localhost");
  }
  return std::make_unique<HttpSource>(std::move(options), dictionary);
}

Result<Answer> ReadAnswer(const std::string& body, const Question& question,
                          const profile::Dictionary& dictionary) {
  const Json said = Json::parse(body, nullptr, false);
  if (!said.is_object() || !said.contains("facts") || !said["facts"].is_array()) {
    return NoAnswer("it is no object with a list of facts");
  }
  if (!said.contains("citizen") || said["citizen"] != question.citizen.ToString()) {
    return NoAnswer("it is not about the person asked about");
  }
  KSTATI_TRY(const profile::SharedEvidence evidence, ReadAnswersEvidence(said));
  Answer answer;
  for (const Json& item : said["facts"]) {
    KSTATI_TRY(AnsweredFact fact, ReadFact(item, question, dictionary));
    // A source with an empty field does not say that the attribute applies to nothing.
    if (std::holds_alternative<profile::NotApplicable>(fact.value)) continue;
    fact.evidence = evidence;
    answer.push_back(std::move(fact));
  }
  return answer;
}

}  // namespace kstati::sources

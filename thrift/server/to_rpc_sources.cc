// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/to_rpc_sources.h"

#include <algorithm>
#include <limits>

namespace kstati::thrift {
namespace {

using kstati::cases::AskedSource;
using State = AskedSource::State;

rpc::Named WriteAttribute(const Wording& wording, const AttributeId& id) {
  rpc::Named named;
  named.id = id.text();
  named.name = AttributeName(wording, id);
  return named;
}

rpc::SourceState::type WriteState(State state) {
  switch (state) {
    case State::kBeingAsked: return rpc::SourceState::BEING_ASKED;
    case State::kAnswered: return rpc::SourceState::ANSWERED;
    case State::kNoRecord: return rpc::SourceState::NO_RECORD;
    case State::kSilent: return rpc::SourceState::NO_ANSWER;
    case State::kNotAllowed: return rpc::SourceState::NOT_ALLOWED;
  }
  return rpc::SourceState::NO_ANSWER;
}

const char* KeyOf(State state) {
  switch (state) {
    case State::kBeingAsked: return "source.being_asked";
    case State::kAnswered: return "source.answered";
    case State::kNoRecord: return "source.no_record";
    case State::kSilent: return "source.no_answer";
    case State::kNotAllowed: return "source.not_allowed";
  }
  return "source.no_answer";
}

std::string NameOf(sources::Way way) {
  switch (way) {
    case sources::Way::kPull: return "pull";
    case sources::Way::kDataMart: return "data_mart";
    case sources::Way::kPush: return "push";
  }
  return "pull";
}

template <class Count>
int32_t Clamped(Count count) {
  return static_cast<int32_t>(std::min<int64_t>(count, std::numeric_limits<int32_t>::max()));
}

}  // namespace

bool SomeAnswered(const std::vector<AskedSource>& asked) {
  return std::ranges::find(asked, State::kAnswered, &AskedSource::state) != asked.end();
}

std::vector<rpc::AskedSource> WriteAsked(const Wording& wording,
                                         const std::vector<AskedSource>& asked) {
  std::vector<rpc::AskedSource> written;
  for (const AskedSource& each : asked) {
    rpc::AskedSource& one = written.emplace_back();
    one.source = each.source;
    one.registry = each.registry.empty() ? "" : RegistryName(wording, each.registry);
    one.state = WriteState(each.state);
    one.citizen = each.citizen.ToString();
    std::string facts;
    for (const AttributeId& attribute : each.attributes) {
      one.facts.push_back(WriteAttribute(wording, attribute));
      facts += (facts.empty() ? "" : ", ") + one.facts.back().name;
    }
    one.text = wording.Message(KeyOf(each.state), {{"registry", one.registry}, {"facts", facts}});
  }
  return written;
}

rpc::SourceSummary WriteSource(const Wording& wording, const sources::SourceTerms& terms) {
  rpc::SourceSummary written;
  written.source = terms.name;
  written.registry.id = terms.registry.text();
  written.registry.name = RegistryName(wording, terms.registry);
  written.way = NameOf(terms.way);
  for (const AttributeId& attribute : terms.attributes) {
    written.facts.push_back(WriteAttribute(wording, attribute));
  }
  written.latency_ms = Clamped(terms.latency.count());
  written.cache_seconds = Clamped(terms.cache_life.count());
  return written;
}

}  // namespace kstati::thrift

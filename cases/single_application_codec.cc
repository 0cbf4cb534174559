// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"
#include "cases/single_application.h"

namespace kstati::cases {
namespace {

void WriteApplicationStep(const ApplicationStep& step, ByteWriter& writer) {
  writer.Text(step.service.text()).Number(step.about.number()).Text(step.case_id.text());
  writer.Number(step.awaits.size());
  for (const AttributeId& attribute : step.awaits) writer.Text(attribute.text());
  writer.Number(step.behind.size());
  for (const graph::Ahead& ahead : step.behind) {
    writer.Text(ahead.service.text()).Flag(ahead.finished);
  }
  writer.Text(step.not_started ? Encode({*step.not_started}) : std::string());
}

Result<ApplicationStep> ReadApplicationStep(ByteReader& reader) {
  ApplicationStep step;
  step.service = ServiceId(reader.Text());
  step.about = CitizenId(reader.Number());
  step.case_id = CaseId(reader.Text());
  for (size_t left = reader.Count(); left > 0; --left) step.awaits.emplace(reader.Text());
  for (size_t left = reader.Count(); left > 0; --left) {
    graph::Ahead ahead;
    ahead.service = ServiceId(reader.Text());
    ahead.finished = reader.Flag();
    step.behind.push_back(std::move(ahead));
  }
  const std::string not_started = reader.Text();
  if (not_started.empty()) return step;
  KSTATI_TRY(const std::vector<TriggerDecision> reasons, DecodeTriggers(not_started));
  if (!reasons.empty()) step.not_started = reasons.front();
  return step;
}

}  // namespace

std::string Encode(const SingleApplication& application) {
  ByteWriter writer;
  writer.Text(application.id).Number(application.citizen.number());
  writer.Number(application.about.number()).Text(application.situation.text());
  writer.Moment(application.made_at).Text(application.offer).Text(application.consent.text());
  writer.Number(application.told.size());
  for (const auto& [asked, value] : application.told) {
    writer.Number(asked.first.number()).Text(asked.second.text()).Text(value);
  }
  writer.Number(application.steps.size());
  for (const ApplicationStep& step : application.steps) WriteApplicationStep(step, writer);
  return writer.Number(application.confirmed_by.number()).Take();
}

Result<SingleApplication> DecodeSingleApplication(std::string_view bytes) {
  ByteReader reader(bytes);
  SingleApplication application;
  application.id = reader.Text();
  application.citizen = CitizenId(reader.Number());
  application.about = CitizenId(reader.Number());
  application.situation = SituationId(reader.Text());
  application.made_at = reader.Moment();
  application.offer = reader.Text();
  application.consent = ConsentId(reader.Text());
  for (size_t left = reader.Count(); left > 0; --left) {
    const CitizenId citizen(reader.Number());
    AttributeId attribute(reader.Text());
    application.told[{citizen, std::move(attribute)}] = reader.Text();
  }
  for (size_t left = reader.Count(); left > 0; --left) {
    KSTATI_TRY(ApplicationStep step, ReadApplicationStep(reader));
    application.steps.push_back(std::move(step));
  }
  // Records from before representatives could confirm end here.
  const bool says_who = !reader.rest().empty();
  application.confirmed_by = says_who ? CitizenId(reader.Number()) : application.citizen;
  KSTATI_TRY_VOID(reader.Finish("application for a situation"));
  return application;
}

}  // namespace kstati::cases

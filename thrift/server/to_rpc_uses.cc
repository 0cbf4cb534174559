// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/to_rpc_uses.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <sstream>

#include "thrift/server/to_rpc_consents.h"

namespace kstati::thrift {
namespace {

using profile::DeedOfCitizen;
using profile::ledger::EntryKind;

std::string Said(const DeedOfCitizen& deed, const char* name) {
  const auto found = deed.content.find(name);
  return found == deed.content.end() ? std::string() : found->second;
}

// As keys of messages are written: "nextQuestion" -> "next_question".
std::string KeyOf(const std::string& name) {
  std::string key;
  for (const char c : name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) key += '_';
    key += c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return key;
}

std::string NameOfSuppression(const std::string& why) {
  if (why == "too_late") return "message_too_late";
  if (why == "budget") return "message_over_budget";
  if (why == "declined" || why == "overtaken" || why == "too_old") return "message_" + why;
  return "message_suppressed";
}

// The act, where it is not a call: what the entry says tells which.
std::string NameOfAct(const DeedOfCitizen& deed) {
  if (deed.content.contains("refused")) {
    return deed.content.contains("more") ? "refused_more" : "refused";
  }
  if (deed.content.contains("call")) {
    return KeyOf(Said(deed, "call")) + (deed.content.contains("estimated") ? "_estimated" : "");
  }
  const bool proxy = deed.content.contains("proxy") && !deed.content.contains("consent");
  switch (deed.kind) {
    case EntryKind::kConsentGiven: return proxy ? "proxy_given" : "consent_given";
    case EntryKind::kConsentRevoked: return proxy ? "proxy_revoked" : "consent_revoked";
    case EntryKind::kErasure: return deed.content.contains("consent") ? "erased_part" : "erased";
    case EntryKind::kMessageSuppressed: return NameOfSuppression(Said(deed, "why"));
    default: return std::string(NameOf(deed.kind));
  }
}

std::string GroundsIn(const Wording& wording, const DeedOfCitizen& deed) {
  std::istringstream ids(Said(deed, "grounds"));
  std::string grounds;
  for (std::string id; ids >> id;) {
    const graph::RefusalGround* ground = wording.catalogue().FindGround(GroundId(id));
    grounds += (grounds.empty() ? "" : "; ") + (ground == nullptr ? id : wording.of(ground->text));
  }
  return grounds;
}

std::string What(const Wording& wording, const DeedOfCitizen& deed) {
  std::string key = "use.what." + NameOfAct(deed);
  if (!wording.messages.Has(wording.language, key)) key = "use.what.other";
  const auto status = Said(deed, "status");
  const std::string more = Said(deed, "more");
  int64_t count = 0;
  std::from_chars(more.data(), more.data() + more.size(), count);
  return wording.Message(
      key, {{"service", ServiceName(wording, ServiceId(Said(deed, "service")))},
            {"situation", SituationName(wording, SituationId(Said(deed, "situation")))},
            {"consent", Said(deed, "consent")},
            {"count", count},
            {"grounds", GroundsIn(wording, deed)},
            {"case", Said(deed, "case")},
            {"source", RegistryName(wording, RegistryId(Said(deed, "registry")))},
            {"recipient", WriteRecipient(wording, Said(deed, "recipient")).name},
            {"status", status.empty() ? status : wording.Message("case.status." + status)}});
}

std::string Who(const Wording& wording, const DeedOfCitizen& deed) {
  const std::string caller = Said(deed, "caller");
  const std::string actor = Said(deed, "actor");
  const std::string by = Said(deed, "as");
  if (caller.empty()) return wording.Message(by.empty() ? "use.who.state" : "use.who." + KeyOf(by));
  if (by == "self") return wording.Message("use.who.self");
  if (!actor.empty()) return wording.Message("use.who.actor", {{"actor", actor}, {"name", caller}});
  return caller == "loopback" ? wording.Message("use.who.loopback") : caller;
}

const graph::LegalBasis* FindLegalBasis(const Wording& wording, const std::string& id) {
  const auto bases = wording.catalogue().legal_bases();
  const auto found = std::ranges::find(bases, id, &graph::LegalBasis::id);
  return found == bases.end() ? nullptr : &*found;
}

// For what, as whoever is not the person had to say; empty when nobody had to.
std::string PurposeInWords(const Wording& wording, const std::string& id) {
  if (id.empty()) return {};
  if (const auto* basis = FindLegalBasis(wording, id)) return wording.of(basis->purpose);
  const std::string key = "use.purpose." + KeyOf(id);
  return wording.messages.Has(wording.language, key) ? wording.Message(key) : id;
}

std::string Basis(const Wording& wording, const DeedOfCitizen& deed) {
  const std::string consent = Said(deed, "consent");
  if (!consent.empty()) return wording.Message("use.basis.consent", {{"consent", consent}});
  const std::string named = Said(deed, "basis");
  if (const graph::LegalBasis* const basis = FindLegalBasis(wording, named)) {
    const rpc::LegalBasis written = WriteLegalBasis(wording, *basis);
    return wording.Message("use.basis.law", {{"purpose", written.purpose},
                                             {"act", written.source.act_title},
                                             {"article", written.source.article}});
  }
  if (Said(deed, "as") == "self") return wording.Message("use.basis.own");
  return wording.Message("use.basis.unknown");
}

}  // namespace

rpc::UseOfData WriteUse(const Wording& wording, const DeedOfCitizen& deed) {
  rpc::UseOfData written;
  written.number = static_cast<int64_t>(deed.number);
  written.at = deed.at.ToString();
  written.kind = NameOf(deed.kind);
  written.who = Who(wording, deed);
  written.what = What(wording, deed);
  std::istringstream categories(Said(deed, "categories"));
  for (std::string id; categories >> id;) written.categories.push_back(WriteCategory(wording, id));
  written.basis = Basis(wording, deed);
  const std::string reason = Said(deed, "reason");
  if (!reason.empty()) written.__set_reason(reason);
  written.own = Said(deed, "as") == "self";
  const std::string purpose = PurposeInWords(wording, Said(deed, "purpose"));
  if (!purpose.empty()) written.__set_purpose(purpose);
  written.text = wording.Message(purpose.empty() ? "use.text" : "use.text_for",
                                 {{"who", written.who}, {"what", written.what}, {"for", purpose}});
  return written;
}

}  // namespace kstati::thrift

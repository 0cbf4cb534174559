// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/profile_codec.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "profile/formats/fact_codec.h"
#include "profile/registry_event.h"

namespace kstati::profile {
namespace {

// What a part says of its moments: those of a whole profile stand in it, an addition has one. The
// forms with origins say on what evidence events rest and by which they were superseded; where all
// of it is the sources' own nothing is said.
enum PartForm : uint64_t {
  kWhole = 1,
  kAddition = 2,
  kWholeWithOrigins = 3,
  kAdditionWithOrigins = 4,
};

bool HasOrigins(const History& history) {
  const auto says = [](const auto& record) { return record.evidence != nullptr; };
  return std::ranges::any_of(history.facts, says) || std::ranges::any_of(history.relations, says) ||
         std::ranges::any_of(history.supersessions,
                             [](const Supersession& each) { return !each.by.empty(); });
}

std::string PlaceOf(CitizenId citizen) {
  return ByteWriter().Text("profile").Number(citizen.number()).Take();
}

// Texts that begin like the one before them: the number of shared bytes, then the rest.
class FrontWriter {
 public:
  void Write(std::string_view text, ByteWriter& writer) {
    const auto same = std::mismatch(text.begin(), text.end(), last_.begin(), last_.end()).first;
    const auto shared = static_cast<size_t>(same - text.begin());
    writer.Number(shared).Text(text.substr(shared));
    last_.assign(text);
  }

 private:
  std::string last_;
};

bool Joins(std::string_view text, std::string_view head, std::string_view tail) {
  return text.size() == head.size() + tail.size() && text.substr(head.size()) == tail &&
         text.starts_with(head);
}

// Puts what FrontWriter wrote after `before` in place of `name`, which mostly holds it already when
// profiles of one kind are read one after another.
template <class Name>
void ReadFront(ByteReader& reader, std::string_view before, Name& name) {
  const std::string_view head =
      before.substr(0, std::min<uint64_t>(reader.Number(), before.size()));
  const std::string_view tail = reader.TextView();
  if (Joins(name.text(), head, tail)) return;
  std::string text;
  text.reserve(head.size() + tail.size());
  name = Name(std::move(text.append(head).append(tail)));
}

void EncodeValidity(const DateInterval& valid, ByteWriter& writer) {
  writer.Day(valid.from);
  writer.Number(valid.to ? static_cast<uint64_t>(valid.to->days - valid.from.days) + 1 : 0);
}

void DecodeValidity(ByteReader& reader, DateInterval& valid) {
  valid.from = reader.Day();
  if (const uint64_t days = reader.Number(); days > 0) {
    // Unsigned: bytes that may be anything must not overflow.
    valid.to = Date{static_cast<int64_t>(static_cast<uint64_t>(valid.from.days) + days - 1)};
  } else {
    valid.to.reset();
  }
}

class PartEncoder {
 public:
  // `form` without origins: they are written where there are any.
  PartEncoder(const History& history, PartForm form)
      : history_(history), whole_(form == kWhole), origins_(HasOrigins(history)) {}

  std::string Encode() {
    for (const Fact& fact : history_.facts) Number(fact);
    for (const Relation& relation : history_.relations) Number(relation);
    for (const Supersession& each : history_.supersessions) NumberOf(each.event);
    for (const Supersession& each : history_.supersessions) {
      if (!each.by.empty()) NumberOf(superseding_.emplace_back(each.event.source, each.by));
    }
    writer_.Number(Form());
    WriteEvents();
    if (origins_) WriteEvidence();
    WriteRuns(history_.facts);
    WriteRuns(history_.relations);
    writer_.Number(history_.supersessions.size());
    for (const Supersession& each : history_.supersessions) {
      writer_.Number(NumberOf(each.event));
      WriteMoment(each.known_at);
      if (origins_) WriteSuperseding(each);
    }
    return writer_.Take();
  }

 private:
  PartForm Form() const {
    if (origins_) return whole_ ? kWholeWithOrigins : kAdditionWithOrigins;
    return whole_ ? kWhole : kAddition;
  }

  // Events in order of appearance. Histories name few, and mostly the last one again. An event that
  // has no number yet lives as long as the encoder.
  size_t NumberOf(const EventKey& event) {
    for (size_t i = events_.size(); i > 0; --i) {
      if (*events_[i - 1] == event) return i - 1;
    }
    events_.push_back(&event);
    return events_.size() - 1;
  }

  template <class Record>
  void Number(const Record& record) {
    const size_t event = NumberOf(record.reported_by);
    if (record.evidence) evidence_.try_emplace(event, record.evidence.get());
  }

  void WriteEvents() {
    FrontWriter sources;
    FrontWriter ids;
    writer_.Number(events_.size());
    for (const EventKey* event : events_) {
      sources.Write(event->source.text(), writer_);
      ids.Write(event->id.text(), writer_);
    }
  }

  void WriteEvidence() {
    writer_.Number(evidence_.size());
    for (const auto& [event, evidence] : evidence_) {
      writer_.Number(event);
      EncodeEvidence(*evidence, writer_);
    }
  }

  // 0: nobody noted it.
  void WriteSuperseding(const Supersession& each) {
    writer_.Number(each.by.empty() ? 0 : NumberOf({each.event.source, each.by}) + 1);
  }

  void WriteMoment(Instant moment) {
    if (!whole_) return;
    writer_.Signed(moment.micros - last_moment_.micros);
    last_moment_ = moment;
  }

  // Records that one event reported at one moment, one after another, share what says so.
  template <class Record>
  void WriteRuns(const std::vector<Record>& records) {
    writer_.Number(records.size());
    for (auto begin = records.begin(); begin != records.end();) {
      const auto end = std::find_if(begin, records.end(), [&begin](const Record& each) {
        return each.known_at != begin->known_at || !(each.reported_by == begin->reported_by);
      });
      writer_.Number(NumberOf(begin->reported_by)).Number(static_cast<uint64_t>(end - begin));
      WriteMoment(begin->known_at);
      for (; begin != end; ++begin) Write(*begin);
    }
  }

  void Write(const Fact& fact) {
    attributes_.Write(fact.attribute.text(), writer_);
    EncodeValue(fact.value, writer_);
    EncodeValidity(fact.valid, writer_);
  }

  void Write(const Relation& relation) {
    writer_.Number(relation.from.number()).Number(static_cast<uint64_t>(relation.kind));
    writer_.Number(relation.to.number());
    EncodeValidity(relation.valid, writer_);
  }

  const History& history_;
  const bool whole_;
  const bool origins_;
  std::vector<const EventKey*> events_;
  std::deque<EventKey> superseding_;
  std::map<size_t, const Evidence*> evidence_;  // by number of the event
  Instant last_moment_;
  FrontWriter attributes_;
  ByteWriter writer_;
};

// Puts records one after another in place of those that are there, and of what they hold.
template <class Record>
class RecordSink {
 public:
  explicit RecordSink(std::vector<Record>& records) : records_(records) {}

  void Reserve(size_t more) { records_.reserve(count_ + more); }
  Record& Next() {
    return count_ < records_.size() ? records_[count_++] : (++count_, records_.emplace_back());
  }
  void Finish() { records_.resize(count_); }

 private:
  std::vector<Record>& records_;
  size_t count_ = 0;
};

// Where the parts of a profile go.
struct HistorySink {
  explicit HistorySink(History& filled)
      : history(filled), facts(filled.facts), relations(filled.relations) {
    history.supersessions.clear();
  }
  void Finish() {
    facts.Finish();
    relations.Finish();
  }

  History& history;
  RecordSink<Fact> facts;
  RecordSink<Relation> relations;
};

// Takes a part out of bytes that may be anything.
class PartDecoder {
 public:
  // `known_at`: the moment of an addition's records.
  PartDecoder(std::string_view bytes, Instant known_at, HistorySink& sink)
      : reader_(bytes), known_at_(known_at), sink_(sink) {}

  Result<void> Decode() {
    const uint64_t form = reader_.Number();
    good_ = form >= kWhole && form <= kAdditionWithOrigins;
    whole_ = form == kWhole || form == kWholeWithOrigins;
    origins_ = form == kWholeWithOrigins || form == kAdditionWithOrigins;
    ReadEvents();
    if (origins_) ReadEvidence();
    ReadRuns(sink_.facts);
    ReadRuns(sink_.relations);
    for (size_t count = reader_.Count(); count > 0 && good(); --count) {
      const EventKey event = ReadEvent();
      const Instant known_at = ReadMoment();
      AppendSupersession({event, known_at, origins_ ? ReadSuperseding() : EventId()},
                         sink_.history);
    }
    KSTATI_TRY_VOID(reader_.Finish("profile"));
    if (good_) return {};
    return Fail(ErrorCode::kCorrupt, "a stored profile cannot be read", {},
                "restore the store from a backup");
  }

 private:
  bool good() const { return good_ && reader_.ok(); }

  void ReadEvents() {
    const size_t count = reader_.Count();
    events_.reserve(count);
    for (size_t i = 0; i < count && good(); ++i) {
      const SharedEventKey before = i == 0 ? SharedEventKey() : events_.back();
      EventKey event;
      ReadFront(reader_, before->source.text(), event.source);
      ReadFront(reader_, before->id.text(), event.id);
      events_.emplace_back(std::move(event));
    }
  }

  size_t ReadNumber() {
    const uint64_t number = reader_.Number();
    good_ = good_ && number < events_.size();
    return number;
  }

  EventKey ReadEvent() {
    const size_t number = ReadNumber();
    return good() ? *events_[number] : EventKey{};
  }

  void ReadEvidence() {
    evidence_.resize(events_.size());
    for (size_t count = reader_.Count(); count > 0 && good(); --count) {
      const size_t event = ReadNumber();
      std::optional<Evidence> evidence = DecodeEvidence(reader_);
      good_ = good_ && evidence.has_value();
      if (good()) evidence_[event] = std::make_shared<const Evidence>(std::move(*evidence));
    }
  }

  EventId ReadSuperseding() {
    const uint64_t number = reader_.Number();
    good_ = good_ && number <= events_.size();
    return good() && number > 0 ? events_[number - 1]->id : EventId();
  }

  Instant ReadMoment() {
    if (!whole_) return known_at_;
    const auto difference = static_cast<uint64_t>(reader_.Signed());
    last_moment_.micros =
        static_cast<int64_t>(static_cast<uint64_t>(last_moment_.micros) + difference);
    return last_moment_;
  }

  template <class Record>
  void ReadRuns(RecordSink<Record>& records) {
    size_t left = reader_.Count();
    records.Reserve(left);
    while (left > 0 && good()) {
      const size_t event = ReadNumber();
      const uint64_t length = reader_.Number();
      good_ = good_ && length > 0 && length <= left;
      const Instant known_at = ReadMoment();
      for (uint64_t i = 0; i < length && good(); ++i) {
        Record& record = records.Next();
        record.known_at = known_at;
        record.reported_by = events_[event];
        if (evidence_.empty()) {
          record.evidence.reset();
        } else {
          record.evidence = evidence_[event];
        }
        Read(record);
      }
      left -= good() ? length : left;
    }
  }

  void Read(Fact& fact) {
    ReadFront(reader_, attribute_before_, fact.attribute);
    attribute_before_ = fact.attribute.text();
    good_ = good_ && DecodeValue(reader_, fact.value);
    DecodeValidity(reader_, fact.valid);
  }

  void Read(Relation& relation) {
    relation.from = CitizenId(reader_.Number());
    const uint64_t kind = reader_.Number();
    good_ = good_ && kind <= static_cast<uint64_t>(RelationKind::kHousehold);
    relation.kind = static_cast<RelationKind>(kind);
    relation.to = CitizenId(reader_.Number());
    DecodeValidity(reader_, relation.valid);
  }

  ByteReader reader_;
  const Instant known_at_;
  HistorySink& sink_;
  bool good_ = true;
  bool whole_ = false;
  bool origins_ = false;
  std::vector<SharedEventKey> events_;
  std::vector<SharedEvidence> evidence_;  // by number of the event; empty: none is said
  Instant last_moment_;
  std::string_view attribute_before_;  // of the fact before, which stays where it is
};

std::string Framed(std::string_view sealed) { return ByteWriter().Text(sealed).Take(); }

tl::unexpected<Error> CutProfile() {
  return Fail(ErrorCode::kCorrupt, "a stored profile is cut short", {},
              "restore the store from a backup");
}

}  // namespace

std::string EncodeWholeProfile(const History& history, const DataKey& key) {
  const std::string part = PartEncoder(history, kWhole).Encode();
  return EncodeStamp({history.version, history.last_known_at}) +
         Framed(Seal(key, PlaceOf(history.citizen), part));
}

std::string EncodeAddition(const History& added, const DataKey& key) {
  return Framed(Seal(key, PlaceOf(added.citizen), PartEncoder(added, kAddition).Encode()));
}

Result<void> DecodeProfile(std::string_view profile, const DataKey& key, History& history) {
  const std::string place = PlaceOf(history.citizen);
  HistorySink sink(history);
  for (history.parts = 0; !profile.empty(); ++history.parts) {
    const std::optional<Stamp> stamp = TakeStamp(profile);
    if (!stamp) return CutProfile();
    const std::optional<std::string_view> sealed = TakeText(profile);
    if (!sealed) return CutProfile();
    KSTATI_TRY(const std::string part, Unseal(key, place, *sealed));
    KSTATI_TRY_VOID(PartDecoder(part, stamp->recorded_at, sink).Decode());
  }
  sink.Finish();
  return {};
}

}  // namespace kstati::profile

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "eligibility/decision.h"
#include "eligibility/feel/environment.h"
#include "eligibility/feel/rule_set.h"
#include "eligibility/internal/rulebook.h"
#include "eligibility/internal/stable_table.h"
#include "eligibility/program.h"

namespace kstati::eligibility {

// A slot in somebody's frame: frame number times the number of slots, plus the slot. Also the
// InputId by which an unknown names what is missing, unless kParameterInput is set.
using Place = uint32_t;
inline constexpr uint32_t kParameterInput = 0x8000'0000;  // the rest is a parameter's position

// The applicant alone, and the applicant before whoever else a service is about. What does not
// depend on the other is kept in the first.
inline constexpr uint32_t kApplicantFrame = 0;
inline constexpr uint32_t kAboutAnotherFrame = 1;
inline uint32_t FrameFor(graph::About about) {
  return about == graph::About::kPerson ? kApplicantFrame : kAboutAnotherFrame;
}

// When and by whom the latest of the facts behind a value was reported.
struct Mark {
  Instant known_at{std::numeric_limits<int64_t>::min()};
  const profile::EventKey* reported_by = nullptr;  // null: no fact is behind it
  bool unconfirmed = false;                        // a value of law behind it is not confirmed

  void Add(const Mark& other) {
    unconfirmed |= other.unconfirmed;
    if (other.reported_by != nullptr && other.known_at >= known_at) {
      known_at = other.known_at;
      reported_by = other.reported_by;
    }
  }
};

// What a value was made from; kept only when recording.
struct Reads {
  std::vector<Place> facts;               // recorded or known to be absent; each once
  std::vector<UsedParameter> parameters;  // each once
  std::vector<MatchedRule> matched;       // likewise

  void AddFact(Place place);
  void AddParameter(const UsedParameter& parameter);
  void Add(const Reads& other);
};

// A value once computed.
struct Cell {
  enum class State : uint8_t { kEmpty, kComputing, kReady };
  feel::Value value;
  Mark mark;
  State state = State::kEmpty;
  bool absent = false;  // no record in a complete registry
};

struct RuleCell {
  Cell cell;
  Truth truth = Truth::kUnknown;  // also when the evaluation was cut short; the value is null then
};

// What an evaluation asked of the world: kept with each part of rules that is kept, so that whoever
// reuses the part can be said to have asked it too.
struct Touch {
  uint32_t slot = kNone;                         // kNone: it was a value of law
  uint32_t parameter = kNone;                    // by position in the catalogue
  const graph::ParameterValue* value = nullptr;  // null: the region that chooses it was asked
  bool operator==(const Touch&) const = default;
};

class FrameEnvironment;

// The values of one subject, each computed once and shared by all rules. Frames say whose profile
// the names of an expression mean: the applicant's, the child's (or deceased's), a relative's.
// For one thread.
class Evaluation {
 public:
  // With `record`, what each value was made from can be told afterwards.
  Evaluation(const Rulebook& book, const Subject& subject, bool record);
  // The subject is another one from now on. Keeps the memory.
  void Restart();

  // For one of the applicant's two frames.
  const RuleCell& RuleAt(uint32_t frame, uint32_t rule);
  const Cell& Load(uint32_t frame, uint32_t slot);
  // The value of a rule that need not be the book's own; nullopt when a limit cut it short.
  std::optional<feel::Value> ValueOf(const Rule& rule, uint32_t frame);

  // Only when recording, for what was evaluated.
  const Reads& ReadsOf(uint32_t frame, uint32_t rule) const;
  // What the rule's own text names, in the order met; facts of relatives by their own places.
  std::span<const Place> DirectOf(uint32_t frame, uint32_t rule) const;

  uint32_t FrameOf(Place place) const { return place / slot_count(); }
  uint32_t SlotOf(Place place) const { return place % slot_count(); }
  // The fact at a place, with the "no" of a complete registry; nullopt for builtins.
  std::optional<UsedFact> FactAt(Place place) const;
  // The assumption about the fact at a place; null when there is none.
  const profile::FactValue* AssumedAt(uint32_t frame, uint32_t slot) const;
  // Whose profile the fact at a place stands in; 0 when nobody is known.
  CitizenId HolderOf(Place place) const;
  Missing MissingAt(feel::InputId input, graph::About about) const;
  // Whether the frame is that of the child or deceased.
  bool IsAbout(uint32_t frame) const;
  bool IsMember(Builtin list, uint32_t frame) const;

  // The frame that keeps the value of a slot for `frame`.
  uint32_t Keeper(uint32_t frame, uint8_t needs) const {
    return frame == kAboutAnotherFrame && needs == 0 ? kApplicantFrame : frame;
  }
  Place PlaceOf(uint32_t frame, uint32_t slot) const { return frame * slot_count() + slot; }
  // Whether the value was computed: what no rule read was not.
  bool IsLoaded(uint32_t frame, uint32_t slot) const;
  CitizenId CitizenOf(uint32_t frame) const { return frames_[frame].citizen; }
  // The frames of the members of a list that was loaded in `frame`.
  std::span<const uint32_t> MembersOf(uint32_t frame, Builtin list) const {
    return frames_[frame].members[static_cast<size_t>(list)];
  }
  // The frame in which an alias is read; nullopt when it is somebody's whom nobody named.
  std::optional<uint32_t> SourceOf(uint32_t frame, uint32_t alias);
  bool KnowsWhom(graph::About about) const {
    return about == graph::About::kPerson || subject_.about != nullptr;
  }
  Date today() const { return today_; }
  // Whose version of the regulation counts.
  Date law_day() const { return subject_.law_day(); }
  bool records() const { return record_; }
  // Of all rules so far, those of derived attributes included.
  const feel::Work& work() const { return work_; }
  // The relations that make the members of a list. Requires that relations are known.
  std::vector<const profile::Relation*> RelationsOf(uint32_t frame, Builtin list) const;
  // The relation that makes a builtin true; null when there is none. Requires somebody it is about.
  const profile::Relation* RelationOf(uint32_t frame, Builtin relation) const;

 private:
  friend class FrameEnvironment;

  // A part that several rules have.
  struct PartCell {
    feel::PartValues::Kept kept;
    uint32_t first_touch = 0;  // of kept_touches_
    uint32_t touch_count = 0;
    bool ready = false;
  };

  struct Frame {
    CitizenId citizen;
    const profile::FactView* person = nullptr;  // null: related, but no profile at hand
    bool about_another = false;
    const profile::FactView* about = nullptr;      // null though about_another: nobody said who
    StableTable<Cell> cells;                       // without size until the first is needed
    StableTable<Reads> reads;                      // when recording
    StableTable<PartCell> parts;                   // likewise without size until one is needed
    std::array<std::vector<uint32_t>, 3> members;  // frames of children, parents, spouses
  };

  struct RuleMemo {
    StableTable<RuleCell> cells;
    StableTable<Reads> reads;  // when recording
    StableTable<std::vector<Place>> direct;
  };

  uint32_t slot_count() const { return static_cast<uint32_t>(book_.slots.size()); }
  void AddApplicant();
  Frame& AddFrame(CitizenId citizen, const profile::FactView* person);
  // The frame of a citizen alone.
  uint32_t FrameOfCitizen(CitizenId citizen);

  void Compute(uint32_t frame, uint32_t slot, Cell& cell);
  void LoadFact(uint32_t frame, uint32_t slot, Cell& cell);
  void LoadAlias(uint32_t frame, uint32_t slot, Cell& cell);
  void LoadDerived(uint32_t frame, uint32_t slot, Cell& cell);
  void LoadBuiltin(uint32_t frame, uint32_t slot, Cell& cell);
  void LoadModel(uint32_t frame, uint32_t slot, Cell& cell);
  void LoadDecision(uint32_t frame, uint32_t slot, Cell& cell);
  // The value that an example states for an attribute that is computed; false when it states none.
  bool LoadStated(uint32_t frame, uint32_t slot, Cell& cell);
  void LoadMembers(uint32_t frame, Builtin list, Cell& cell);
  void LoadRelation(uint32_t frame, Builtin relation, Cell& cell);
  void TakeFact(const profile::Fact& fact, uint32_t frame, uint32_t slot, Cell& cell);
  const profile::FactView* HolderView(uint32_t frame, uint32_t slot) const;

  // Evaluates for a frame; `direct` as DirectOf, both only when recording (else null). nullopt when
  // a limit cut the evaluation short, so that nothing is known.
  std::optional<feel::Value> Evaluate(const Rule& rule, uint32_t frame, Mark& mark, Reads* reads,
                                      std::vector<Place>* direct);
  feel::Value EvaluateIn(FrameEnvironment& environment, const Rule& rule);
  // Of what was cut short, to whom it concerns.
  void Tell(const std::string& rule, const feel::Diagnostics& diagnostics) const;
  feel::Value CallParameter(std::span<const feel::Value> arguments, FrameEnvironment& environment);
  feel::Value LawValue(uint32_t index, const feel::Value* dimensions, std::string_view region,
                       FrameEnvironment& environment) const;

  const Rulebook& book_;
  const Subject& subject_;
  const bool record_;
  Date today_;
  // Of each citizen, by slot; a fact seen in another role is under its own attribute's slot.
  std::map<std::pair<CitizenId, uint32_t>, profile::FactValue> assumed_;
  std::deque<Frame> frames_;         // a deque: frames stay in place while others are added
  uint32_t frame_count_ = 0;         // those after it are kept for their memory
  std::array<RuleMemo, 2> memos_;    // of the applicant's two frames
  std::vector<feel::Value> locals_;  // of the rules that share parts
  std::vector<Touch> open_touches_;  // of parts that are being computed
  std::vector<Touch> kept_touches_;
  feel::Work work_;
};

}  // namespace kstati::eligibility

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/issue.h"
#include "base/yaml.h"
#include "graph/catalogue.h"
#include "graph/courses.h"

namespace kstati::graph {

inline constexpr int64_t kMostVisits = 100;

// What ids of the catalogue name.
enum class Kind {
  kAttribute,
  kRegistry,
  kEventType,
  kService,
  kSituation,
  kAct,
  kGround,
  kParameter,
  kAuthority,
  kSource,
  kLegalBasis,
  kCourse,
};

struct Verified {
  Verification verification = Verification::kFromKnowledge;
  std::vector<std::string> sources;
};

// What the loaders of all files share: which ids exist, who refers to which, and what can be
// checked only when everything is read.
class Reader {
 public:
  explicit Reader(std::vector<Issue>& issues) : issues_(issues) {}

  std::vector<Issue>& issues() { return issues_; }
  Courses& courses() { return courses_; }

  // The id that `node` gives to a new thing; an issue when it is malformed or taken.
  std::string Declare(Kind kind, const yaml::Node& node);
  // An id that must be declared somewhere; checked by Finish.
  std::string Refer(Kind kind, const yaml::Node& node);
  // The same for an id that is a key; a problem is reported at `node`, its value.
  void ReferText(Kind kind, const std::string& id, const yaml::Node& node);
  // A list of such ids, each at most once.
  std::vector<std::string> ReferAll(Kind kind, const yaml::Node& list);
  template <class Id>
  std::vector<Id> ReferIds(Kind kind, const yaml::Node& list) {
    std::vector<Id> ids;
    for (std::string& id : ReferAll(kind, list)) ids.emplace_back(std::move(id));
    return ids;
  }
  // Runs `check` when everything is read.
  void Later(std::function<void(const Catalogue&)> check) { later_.push_back(std::move(check)); }
  // Checks all references, then what was put off.
  void Finish(const Catalogue& catalogue, const KnownAttributes& known);

 private:
  struct Reference {
    Kind kind;
    std::string id;
    yaml::Node node;
  };

  bool Exists(const Reference& reference, const KnownAttributes& known) const;
  std::string Hint(const Reference& reference, const KnownAttributes& known) const;

  std::vector<Issue>& issues_;
  Courses courses_;
  std::map<Kind, std::map<std::string, Location>> declared_;
  std::vector<Reference> references_;
  std::vector<std::function<void(const Catalogue&)>> later_;
};

// `verification` and `sources` of a map; "confirmed" needs a source.
Verified ReadVerified(Reader& reader, const yaml::Node& map);
// `act`, `article`, `verification` and `sources` of a map.
LegalSource ReadLegalSource(Reader& reader, const yaml::Node& map);
// `from` and the optional `to` of a map.
DateInterval ReadInterval(const yaml::Node& map);
// A whole number from 0 to `most`.
int64_t ReadCount(const yaml::Node& node, int64_t most);
// The file must be named after what it declares, so that people find it.
void CheckFileName(const yaml::Node& id, const std::string& text);
// A list of words, each at most once.
std::vector<std::string> ReadAnyWords(const yaml::Node& list);
// A list of words, each at most once and among `words`.
std::vector<std::string> ReadWords(const yaml::Node& list, const std::vector<std::string>& words);
// The items of `key` in the file; checks the file for other keys.
void ReadListFile(Reader& reader, const std::string& path, std::string_view key,
                  const std::function<void(const yaml::Node&)>& read_item);

std::vector<LegalBasis> ReadLegalBases(Reader& reader, const std::string& folder,
                                       const KnownAttributes& known);
Controller ReadController(Reader& reader, const std::string& folder);
std::vector<EventType> ReadEventTypes(Reader& reader, const std::string& folder);
std::vector<Situation> ReadSituations(Reader& reader, const std::string& folder);
std::vector<Parameter> ReadParameters(Reader& reader, const std::string& folder);
std::vector<Service> ReadServices(Reader& reader, const std::string& folder);
// courses.yaml, which may be absent: then there is none.
void ReadCourses(Reader& reader, const std::string& folder);
// `course` of a regulation.
void ReadCourse(Reader& reader, const yaml::Node& map, const ServiceId& service,
                const Regulation& regulation);
Regulation ReadRegulation(Reader& reader, const yaml::Node& node);

}  // namespace kstati::graph

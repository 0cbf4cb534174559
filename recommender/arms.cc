// SPDX-License-Identifier: Apache-2.0
#include "recommender/arms.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/bytes.h"
#include "base/check.h"
#include "recommender/internal/digest.h"
#include "recommender/internal/durable_files.h"

namespace kstati::recommender {
namespace {

using nlohmann::json;

constexpr int kTrialsFormat = 1;
constexpr const char* kTrialsFile = "trials.json";
constexpr int kWhole = 100;      // percent
constexpr size_t kSaltMin = 8;   // characters: no trial has another's by accident
constexpr size_t kNameMax = 60;  // characters

using Hash = std::array<unsigned char, crypto_generichash_BYTES>;

Hash HashOf(std::string_view bytes, std::string_view key = {}) {
  static const bool kReady = sodium_init() >= 0;
  KSTATI_CHECK(kReady);
  Hash hash{};
  const int failed = crypto_generichash(
      hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
      reinterpret_cast<const unsigned char*>(key.data()), key.size());
  KSTATI_CHECK(failed == 0);
  return hash;
}

uint64_t NumberOf(const Hash& hash) {
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof number; ++i) number = number << 8 | hash[i];
  return number;
}

// From 0 to 99. A salt of any length makes a key of one length.
int PercentileOf(CitizenId citizen, const std::string& salt) {
  const Hash key = HashOf(salt);
  const Hash hash = HashOf(ByteWriter().Text("trial").Number(citizen.number()).Take(),
                           {reinterpret_cast<const char*>(key.data()), key.size()});
  return static_cast<int>(NumberOf(hash) % kWhole);
}

// What is wrong, and what to do about it.
struct Fault {
  std::string message;
  std::string where;  // within the file; may be empty
  std::string remedy;
};

struct Reader {
  std::optional<Fault> fault;  // the first

  void Blame(std::string message, std::string where, std::string remedy) {
    if (!fault) fault = Fault{std::move(message), std::move(where), std::move(remedy)};
  }
  bool HasExactly(const json& object, std::initializer_list<const char*> keys,
                  const std::string& where) {
    std::string wanted;
    for (const char* key : keys) wanted += (wanted.empty() ? "" : ", ") + std::string(key);
    const bool all = object.is_object() && std::ranges::all_of(keys, [&](const char* key) {
                       return object.contains(key);
                     });
    if (all && object.size() == keys.size()) return true;
    Blame("something is missing or not known", where, "give these and nothing else: " + wanted);
    return false;
  }
  std::string Text(const json& object, const char* key, const std::string& where) {
    if (object.at(key).is_string()) return object.at(key).get<std::string>();
    Blame(std::string(key) + " is not a text", where, "write it in quotation marks");
    return {};
  }
  std::string Name(const json& object, const std::string& where) {
    const std::string name = Text(object, "name", where);
    const bool fits = !name.empty() && name.size() <= kNameMax &&
                      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == name.npos;
    if (!fits) {
      Blame("the name does not fit", where,
            "name it with a-z, 0-9, _ and -, at most " + std::to_string(kNameMax) + " of them");
    }
    return name;
  }
  Date Day(const json& object, const char* key, const std::string& where) {
    const auto day = Date::Parse(Text(object, key, where));
    if (day) return *day;
    Blame(std::string(key) + " is not a day", where, "write it like 2026-03-01");
    return {};
  }
  const json& List(const json& object, const char* key, const std::string& where) {
    static const json kNone = json::array();
    if (object.at(key).is_array()) return object.at(key);
    Blame(std::string(key) + " is not a list", where, "write it in square brackets");
    return kNone;
  }
};

Arm ReadArm(const json& entry, const std::string& where, Reader& reader) {
  Arm arm;
  if (!reader.HasExactly(entry, {"name", "version", "percent"}, where)) return arm;
  arm.name = reader.Name(entry, where);
  arm.version = reader.Text(entry, "version", where);
  if (!internal::IsVersion(arm.version)) {
    reader.Blame("the version is none of a stored model", where,
                 "`kstati model info` lists what is stored");
  }
  const json& percent = entry.at("percent");
  if (percent.is_number_integer() && percent > 0 && percent <= kWhole) {
    arm.percent = percent.get<int>();
  } else {
    reader.Blame("the share is no whole percentage", where, "give percent from 1 to 100");
  }
  return arm;
}

void CheckArms(const Trial& trial, const std::string& where, Reader& reader) {
  std::set<std::string> names;
  int sum = 0;
  for (const Arm& arm : trial.arms) {
    names.insert(arm.name);
    sum += arm.percent;
  }
  if (trial.arms.size() < 2) {
    reader.Blame("a trial sets two arms or more beside each other", where, "add an arm");
  }
  if (names.size() < trial.arms.size()) {
    reader.Blame("two arms have one name", where, "give each a name of its own");
  }
  if (sum > kWhole) {
    reader.Blame("the shares add up to " + std::to_string(sum) + " percent", where,
                 "let them add up to 100 or less; the active model serves the rest");
  }
}

Trial ReadTrial(const json& entry, const std::string& where, Reader& reader) {
  Trial trial;
  if (!reader.HasExactly(entry, {"name", "from", "until", "salt", "arms"}, where)) return trial;
  trial.name = reader.Name(entry, where);
  trial.from = reader.Day(entry, "from", where);
  trial.until = reader.Day(entry, "until", where);
  if (trial.until < trial.from) {
    reader.Blame("the trial ends before it begins", where, "give an `until` that is no earlier");
  }
  trial.salt = reader.Text(entry, "salt", where);
  if (trial.salt.size() < kSaltMin) {
    reader.Blame("the salt is too short", where,
                 "give at least " + std::to_string(kSaltMin) + " characters of chance");
  }
  const json& arms = reader.List(entry, "arms", where);
  for (size_t i = 0; i < arms.size(); ++i) {
    const std::string place = where + ".arms[" + std::to_string(i) + "]";
    trial.arms.push_back(ReadArm(arms[i], place, reader));
  }
  CheckArms(trial, where, reader);
  return trial;
}

// Of trials that are on at one day.
void CheckTogether(const Trial& one, const Trial& other, const std::string& where, Reader& reader) {
  if (one.until < other.from || other.until < one.from) return;
  if (one.name == other.name) {
    reader.Blame("two trials of the name " + one.name + " are on at the same day", where,
                 "let the later one begin after the earlier one has ended");
  } else if (one.salt == other.salt) {
    reader.Blame("two trials that are on at the same day have one salt", where,
                 "give each a salt of its own, so that their arms are independent");
  }
}

std::string PlaceOfTrial(size_t index) { return "trials[" + std::to_string(index) + "]"; }

std::vector<Trial> ReadAll(const json& file, Reader& reader) {
  std::vector<Trial> trials;
  if (!reader.HasExactly(file, {"format", "trials"}, {})) return trials;
  if (file.at("format") != kTrialsFormat) {
    reader.Blame("the format is unknown", "format", "write 1");
    return trials;
  }
  const json& entries = reader.List(file, "trials", {});
  for (size_t i = 0; i < entries.size(); ++i) {
    trials.push_back(ReadTrial(entries[i], PlaceOfTrial(i), reader));
    for (size_t earlier = 0; earlier < i; ++earlier) {
      CheckTogether(trials[earlier], trials[i], PlaceOfTrial(i), reader);
    }
  }
  return trials;
}

}  // namespace

bool Trial::IsSameAgainstSame() const {
  return std::ranges::all_of(arms,
                             [&](const Arm& arm) { return arm.version == arms.front().version; });
}

const Arm* Trial::ArmOf(CitizenId citizen) const& {
  int left = PercentileOf(citizen, salt);
  for (const Arm& arm : arms) {
    if (left < arm.percent) return &arm;
    left -= arm.percent;
  }
  return nullptr;
}

std::string Trial::Split() const {
  ByteWriter writer;
  writer.Text("split").Text(salt);
  for (const Arm& arm : arms) writer.Text(arm.name).Number(static_cast<uint64_t>(arm.percent));
  return internal::Hexadecimal(NumberOf(HashOf(writer.Take())));
}

std::string TrialsFile(const std::string& folder) {
  return (std::filesystem::path(folder) / kTrialsFile).string();
}

Result<std::vector<Trial>> ParseTrials(std::string_view text, const std::string& place) {
  const json file = json::parse(text, nullptr, false);
  if (file.is_discarded()) {
    return Fail(ErrorCode::kInvalidArgument, "the trials are no JSON", place,
                "correct the file, or take it away to end all trials");
  }
  Reader reader;
  std::vector<Trial> trials = ReadAll(file, reader);
  if (!reader.fault) return trials;
  const std::string where =
      reader.fault->where.empty() ? place : place + ": " + reader.fault->where;
  return Fail(ErrorCode::kInvalidArgument, reader.fault->message, where, reader.fault->remedy);
}

Result<std::vector<Trial>> ReadTrials(const std::string& folder) {
  const std::string file = TrialsFile(folder);
  KSTATI_TRY(const auto text, internal::ReadFile(file));
  if (!text) return std::vector<Trial>();
  return ParseTrials(*text, file);
}

}  // namespace kstati::recommender

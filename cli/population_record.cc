// SPDX-License-Identifier: Apache-2.0
#include "cli/population_record.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace kstati::cli {
namespace {

using nlohmann::json;

constexpr int64_t kCitizensMax = 100'000'000;

std::filesystem::path FileIn(const std::string& store_folder) {
  return std::filesystem::path(store_folder) / "population.json";
}

// The latest 1 July three months past: enough has passed since for something to have happened.
Date DefaultSince(Date today) {
  const Date::Parts parts = today.AddMonths(-3).parts();
  return Date::Of(parts.month >= 7 ? parts.year : parts.year - 1, 7, 1);
}

std::optional<PopulationRecord> Parsed(const json& document) {
  const auto number = [&](const char* key) {
    const auto found = document.find(key);
    return found != document.end() && found->is_number_integer() ? found->get<int64_t>() : -1;
  };
  const auto since = document.find("since");
  const auto loaded = document.find("loaded");
  if (since == document.end() || !since->is_string() || loaded == document.end() ||
      !loaded->is_boolean()) {
    return std::nullopt;
  }
  const Result<Date> day = Date::Parse(since->get<std::string>());
  const PopulationRecord record{number("citizens"), number("seed"), day ? *day : Date(),
                                loaded->get<bool>(), number("pace")};
  const bool valid = day && record.citizens >= 1 && record.citizens <= kCitizensMax &&
                     record.seed >= 0 && record.pace >= 0;
  return valid ? std::optional(record) : std::nullopt;
}

tl::unexpected<Error> FailUnwritable(const std::filesystem::path& file) {
  return Fail(ErrorCode::kUnavailable, "the record of the population cannot be written",
              file.string(), "check the rights of the folder and the free space");
}

}  // namespace

std::string PopulationRecord::ToString() const {
  return std::to_string(citizens) + " citizens, seed " + std::to_string(seed) + ", since " +
         since.ToString();
}

Result<std::optional<PopulationRecord>> ReadPopulationRecord(const std::string& store_folder) {
  const std::filesystem::path file = FileIn(store_folder);
  std::ifstream stream(file);
  if (!stream) return std::nullopt;
  const json document = json::parse(stream, nullptr, false);
  if (document.is_object()) {
    if (const auto record = Parsed(document)) return record;
  }
  return Fail(ErrorCode::kCorrupt, "the record of the population is damaged", file.string(),
              "restore it from a copy, or start with an empty store");
}

Result<void> WritePopulationRecord(const std::string& store_folder,
                                   const PopulationRecord& record) {
  const json document{{"citizens", record.citizens},
                      {"seed", record.seed},
                      {"since", record.since.ToString()},
                      {"loaded", record.loaded},
                      {"pace", record.pace}};
  const std::filesystem::path file = FileIn(store_folder);
  const std::filesystem::path fresh = file.string() + ".new";
  std::ofstream stream(fresh);
  stream << document.dump(2) << "\n";
  stream.close();
  if (!stream) return FailUnwritable(fresh);
  std::error_code problem;
  std::filesystem::rename(fresh, file, problem);
  if (problem) return FailUnwritable(file);
  return {};
}

void PopulationChoice::Declare(Options& options) {
  options.Number("--citizens", "COUNT", citizens_, 0, kCitizensMax,
                 "people of the population; 0: as recorded with the store, 1000 in a new one");
  options.Number("--seed", "NUMBER", seed_, -1, INT64_MAX,
                 "seed of everything random; -1: as recorded with the store, 1 in a new one");
  options.Text("--since", "DATE", since_,
               "day on which the population stands; without it as recorded with the store, in a "
               "new one the latest 1 July three months past");
}

Result<std::optional<Date>> PopulationChoice::Since() const {
  if (since_.empty()) return std::nullopt;
  KSTATI_TRY(const Date date, Date::Parse(since_));
  return std::optional(date);
}

Result<PopulationRecord> PopulationChoice::ToMake(Date today) const {
  PopulationRecord record;
  if (citizens_ > 0) record.citizens = citizens_;
  if (seed_ >= 0) record.seed = seed_;
  KSTATI_TRY(const std::optional<Date> since, Since());
  record.since = since.value_or(DefaultSince(today));
  if (record.since < today) return record;
  return Fail(ErrorCode::kInvalidArgument, "the population must stand before today", "--since",
              "name an earlier day");
}

Result<PopulationRecord> PopulationChoice::Recorded(
    const std::optional<PopulationRecord>& recorded) const {
  KSTATI_TRY(const std::optional<Date> since, Since());
  if (!recorded && citizens_ > 0 && since) {
    return PopulationRecord{citizens_, seed_ >= 0 ? seed_ : PopulationRecord().seed, *since};
  }
  if (!recorded) {
    return Fail(ErrorCode::kNotFound, "no population is recorded with the store", {},
                "`kstati population generate` makes one; of a store elsewhere name the people with "
                "--citizens, --seed and --since");
  }
  const char* other = nullptr;
  if (citizens_ > 0 && citizens_ != recorded->citizens) other = "--citizens";
  if (seed_ >= 0 && seed_ != recorded->seed) other = "--seed";
  if (since && *since != recorded->since) other = "--since";
  if (other == nullptr) return *recorded;
  return Fail(ErrorCode::kConflict, "the store holds another population: " + recorded->ToString(),
              other,
              "leave the option out to go on with these people, or start with an empty store");
}

}  // namespace kstati::cli

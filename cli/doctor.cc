// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/clock.h"
#include "base/messages.h"
#include "cli/broker_options.h"
#include "cli/catalogue_check.h"
#include "cli/delivery_opening.h"
#include "cli/doctor_drift.h"
#include "cli/model_fit.h"
#include "cli/source_opening.h"
#include "cli/store_opening.h"
#include "cli/system.h"
#include "profile/engines/engine.h"
#include "profile/ledger/checkpoint.h"
#include "profile/ledger/entry.h"
#include "profile/ledger/key_file.h"
#include "profile/sealing.h"
#include "recommender/ranker.h"
#include "thrift/server/access.h"
#include "thrift/server/address.h"

namespace kstati::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kCalendarDaysAhead = 60;  // the longest terms of the catalogue are of that order
constexpr uintmax_t kDiskWarning = 5ull << 30;
constexpr uintmax_t kDiskProblem = 200ull << 20;

Finding Ok(std::string item, std::string state) {
  return {std::move(item), Health::kOk, std::move(state), {}};
}

Finding FromError(std::string item, Health health, const Error& error) {
  const std::string place = error.place.empty() ? "" : " (" + error.place + ")";
  return {std::move(item), health, error.message + place, error.remedy};
}

size_t CountErrors(const std::vector<Issue>& issues) {
  return static_cast<size_t>(std::count_if(issues.begin(), issues.end(), [](const Issue& issue) {
    return issue.severity == Severity::kError;
  }));
}

Finding ExamineZone(const Config& config) {
  const std::string& zone = config.Text("time.zone");
  if (ZoneExists(zone)) return Ok("time zone", zone);
  return {"time zone", Health::kProblem, "there is no zone " + zone,
          "name one of the system's database in time.zone, or install tzdata"};
}

constexpr int64_t kClockDriftSeconds = 60;  // between servers that follow a common time

// `latest`: when the last entry of the ledger was made, where there is one.
Finding ExamineClock(std::optional<Instant> latest) {
  const Instant now = SystemClock().Now();
  const Date today = LocalDate(now, "UTC");
  if (today < Date::Of(2025, 1, 1)) {
    return {"clock", Health::kProblem, "the machine's clock says " + today.ToString(),
            "set the clock; every record is dated by it"};
  }
  if (latest && now.micros + kClockDriftSeconds * 1'000'000 < latest->micros) {
    return {"clock", Health::kProblem,
            "the machine's clock says " + now.ToString() +
                ", but the last entry of the ledger was made at " + latest->ToString(),
            "set the clock; it jumped back, or it was ahead when that was recorded"};
  }
  return Ok("clock", today.ToString());
}

Finding ExamineCatalogue(const Config& config, Date today) {
  const std::string& folder = config.Text("catalogue.folder");
  const CatalogueFindings findings = CheckCatalogue(folder, today);
  const std::string size = std::to_string(findings.services) + " services, " +
                           std::to_string(findings.situations) + " situations";
  const size_t errors = CountErrors(findings.issues);
  if (errors == 0 && findings.services > 0) return Ok("catalogue", folder + ": " + size);
  return {"catalogue", Health::kProblem,
          folder + ": " + size + ", " + std::to_string(errors) + " errors",
          "`kstati check " + folder + "` shows them"};
}

Finding ExamineCalendar(const Config& config, Date today) {
  std::vector<Issue> issues;
  const WorkingCalendar calendar = LoadCalendar(config.Text("catalogue.folder"), issues);
  const Date ahead = today.AddDays(kCalendarDaysAhead);
  if (!calendar.empty() && calendar.IsWorkingDay(ahead)) {
    return Ok("calendar", "covers " + std::to_string(calendar.last_year()));
  }
  return {"calendar", Health::kWarning,
          "does not reach " + ahead.ToString() + ": terms that run past its end have no date",
          "add the next year's file to calendars/ of the catalogue"};
}

Finding ExamineMessages(const Config& config) {
  const std::string& folder = config.Text("messages.folder");
  std::vector<Issue> issues;
  const Messages messages = Messages::Load(folder, issues);
  if (issues.empty()) return Ok("messages", folder + ": ru and en");
  const Health health = HasErrors(issues) ? Health::kProblem : Health::kWarning;
  return {"messages", health, folder + ": " + std::to_string(issues.size()) + " problems",
          "`kstati check " + folder + "` shows them"};
}

Finding ExamineModel(const Config& config) {
  const auto ranker = recommender::Ranker::Load(config.Text("model.folder"));
  if (!ranker) return FromError("model", Health::kWarning, ranker.error());
  const recommender::RankedBy& by = ranker->ranked_by();
  if (by.stage == "model") {
    const auto stored =
        recommender::StoredModels(config.Text("model.folder")).Find(by.model_version);
    const Result<void> fits = stored ? RequireFit(*stored, config) : Result<void>();
    if (!fits) return FromError("model", Health::kWarning, fits.error());
    return Ok("model", by.model_version);
  }
  return {"model", Health::kWarning, "none: services are ordered by " + by.stage,
          "`kstati model train --activate` makes one from recorded interactions"};
}

// The files whose loss cannot be made good. A store that holds nobody yet gets them with its first
// use.
Finding ExamineMasterKeys(const Config& config, bool inhabited) {
  const std::string file = MasterKeyFile(config);
  if (!inhabited && !fs::exists(file)) return Ok("master keys", file + ": not made yet");
  const auto keys = profile::OpenMasterKeyFile(MasterKeys(config));
  if (!keys) return FromError("master keys", Health::kProblem, keys.error());
  return Ok("master keys", file);
}

Finding ExamineLedgerKey(const Config& config, bool inhabited) {
  const std::string file = LedgerKeyFile(config);
  if (!inhabited && !fs::exists(file)) return Ok("ledger key", file + ": not made yet");
  const auto key = profile::ledger::ReadKeyFile(file);
  if (!key) return FromError("ledger key", Health::kProblem, key.error());
  return Ok("ledger key", key->public_key().ToString());
}

// Whether a file lies on the disk of the store: then one accident takes both.
bool SharesTheDisk(const fs::path& file, const fs::path& folder) {
  struct stat one{};
  struct stat other{};
  const fs::path beside = file.has_parent_path() ? file.parent_path() : ".";
  return stat(beside.c_str(), &one) == 0 && stat(folder.c_str(), &other) == 0 &&
         one.st_dev == other.st_dev;
}

// What the engine makes of it is told with the store; here, whether it can be kept.
Finding ExamineWitness(const Config& config) {
  const std::string file = WitnessFile(config);
  const fs::path beside = fs::path(file).parent_path();
  // A file is replaced by another one, so it is the folder that must be written.
  if (access(beside.empty() ? "." : beside.c_str(), W_OK) != 0) {
    return {"witness", Health::kProblem, file + ": its folder cannot be written",
            "check its rights, or name another place in ledger.witness_file"};
  }
  const bool shared =
      config.Text("store.engine") == "rocksdb" && SharesTheDisk(file, config.Text("store.folder"));
  return Ok("witness", file + (shared ? ", on the disk of the store; another one is safer" : ""));
}

Finding ExamineDatabase(const Config& config, const StorePlace& place) {
  const auto options = PostgresAt(config, place);
  if (!options) return FromError("store", Health::kProblem, options.error());
  const auto schema = profile::ReadPostgresSchema(*options);
  if (!schema) return FromError("store", Health::kProblem, schema.error());
  if (!schema->missing.empty()) {
    return {"store", Health::kProblem,
            "the database lacks " + std::to_string(schema->missing.size()) + " migrations",
            "stop the servers and run `kstati store migrate`"};
  }
  return Ok("store", "the database is at " + schema->applied.back());
}

struct StoreContents {
  bool inhabited = false;         // whether anybody is in it
  std::optional<Instant> latest;  // when the last entry of the ledger was made
};

Result<std::optional<Instant>> LatestEntry(const profile::Engine& engine,
                                           const profile::ledger::PublicKey& key) {
  std::optional<Instant> latest;
  for (size_t partition = 0; partition < engine.Partitions(); ++partition) {
    const Result<std::string> read = engine.ReadCheckpoint(partition);
    const bool is_down = !read && read.error().code == ErrorCode::kUnavailable;
    if (is_down && engine.Partitions() > 1) continue;  // said of the partition
    KSTATI_TRY(const std::string note, read);
    if (note.empty()) continue;
    KSTATI_TRY(const auto checkpoint, profile::ledger::ReadCheckpoint(note, key));
    if (checkpoint.size == 0) continue;
    KSTATI_TRY(const auto last, engine.ReadLedger(partition, checkpoint.size - 1, 1));
    if (last.empty()) continue;
    KSTATI_TRY(const auto entry, profile::ledger::DecodeEntry(last.front()));
    latest = latest ? std::max(*latest, entry.at) : entry.at;
  }
  return latest;
}

// What is wrong with the partitions. Some that are down keep the server from serving those who live
// in them, and nobody else.
std::optional<Finding> ExaminePartitions(profile::Engine& engine) {
  const size_t count = engine.Partitions();
  std::string down;
  size_t refusing = 0;
  std::optional<Error> why;
  for (size_t partition = 0; partition < count; ++partition) {
    const Result<void> accepts = engine.AcceptsWrites(partition);
    if (accepts) continue;
    down += (refusing++ > 0 ? ", " : "") + std::to_string(partition);
    why = accepts.error();
  }
  if (refusing == 0) return std::nullopt;
  if (refusing == count) return FromError("store", Health::kProblem, *why);
  return Finding{"store", Health::kWarning,
                 "refused in " + std::to_string(refusing) + " of " + std::to_string(count) +
                     " partitions (" + down + "): " + why->message,
                 "look at their servers: who lives there is served again when they are back"};
}

// Says too what is in it.
Finding ExamineStore(const Config& config, StoreContents& contents) {
  const auto place = StorePlace::Configured(config);
  if (!place) return FromError("store", Health::kProblem, place.error());
  const bool in_folder = place->kind == StorePlace::Kind::kRocksDb;
  // Keys and witness lie beside the folder, whatever the engine.
  const fs::path made =
      in_folder ? fs::path(place->where) : fs::absolute(config.Text("store.folder")).parent_path();
  std::error_code problem;
  fs::create_directories(made, problem);
  if (problem) {
    return {"store", Health::kProblem, made.string() + ": " + problem.message(),
            "check the path and the rights of the folder above"};
  }
  if (!in_folder) {
    const Finding database = ExamineDatabase(config, *place);
    if (database.health != Health::kOk) return database;
  }
  // The store is compared with its witness; without a key there is no ledger yet.
  const auto key = profile::ledger::ReadKeyFile(LedgerKeyFile(config));
  const std::string witness = in_folder || key ? WitnessFile(config) : std::string();
  const auto engine = OpenEngine(config, *place, key ? &*key : nullptr, witness);
  if (!engine) return FromError("store", Health::kProblem, engine.error());
  const Result<bool> inhabited = IsInhabited(**engine);
  if (!inhabited) return FromError("store", Health::kProblem, inhabited.error());
  contents.inhabited = *inhabited;
  if (key) {
    const auto latest = LatestEntry(**engine, key->public_key());
    if (!latest) return FromError("store", Health::kProblem, latest.error());
    contents.latest = *latest;
  }
  if (auto refusing = ExaminePartitions(**engine)) return *std::move(refusing);
  if (in_folder) {
    const std::string schema = std::to_string(profile::kSchemaVersion);
    return Ok("store", place->where + ": opens, schema " + schema);
  }
  const size_t partitions = (*engine)->Partitions();
  return Ok("store",
            "PostgreSQL answers, its schema is this program's" +
                (partitions == 1 ? "" : ", " + std::to_string(partitions) + " partitions"));
}

Finding ExamineDisk(const Config& config) {
  std::error_code problem;
  const fs::path folder = config.Text("store.folder");
  // A database has a disk of its own; keys and witness lie on this one.
  const fs::path examined =
      config.Text("store.engine") == "rocksdb" ? folder : folder.parent_path();
  const fs::space_info space = fs::space(examined.empty() ? "." : examined, problem);
  if (problem) return {"disk", Health::kWarning, problem.message(), "check the store's folder"};
  struct statvfs mounted{};
  if (statvfs(examined.empty() ? "." : examined.c_str(), &mounted) == 0 &&
      (mounted.f_flag & ST_RDONLY) != 0) {
    return {"disk", Health::kProblem, "mounted read only",
            "look in the system's log why, and mount it for writing"};
  }
  const std::string state = std::to_string(space.available >> 20) + " MiB free";
  if (space.available < kDiskProblem) {
    return {"disk", Health::kProblem, state, "free space; a full disk refuses events"};
  }
  if (space.available < kDiskWarning) return {"disk", Health::kWarning, state, "free space soon"};
  return Ok("disk", state);
}

// Only where a server is to make backups.
void ExamineBackups(const Config& config, std::vector<Finding>& findings) {
  const std::string& folder = config.Text("store.backups");
  if (folder.empty()) return;
  if (config.Text("store.engine") != "rocksdb") {
    findings.push_back({"backups", Health::kWarning, "a database is backed up by its own tools",
                        "leave store.backups out"});
    return;
  }
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem || access(folder.c_str(), W_OK) != 0) {
    findings.push_back({"backups", Health::kProblem, folder + ": the folder cannot be written",
                        "check its rights, or name another one in store.backups"});
    return;
  }
  const bool shared = SharesTheDisk(fs::path(folder) / ".", config.Text("store.folder"));
  findings.push_back(shared ? Finding{"backups", Health::kWarning,
                                      folder + ", on the disk of the store",
                                      "one accident takes both: name a folder on another disk"}
                            : Ok("backups", folder));
}

Finding ExaminePort(const Config& config, const std::string& door) {
  const std::string& host = config.Text(door + ".host");
  const int port = static_cast<int>(config.Number(door + ".port"));
  const std::string item = door + " port";
  const Result<void> free = thrift::CanListen(host, port);
  if (!free) return FromError(item, Health::kProblem, free.error());
  return Ok(item, thrift::AddressText(host, port) + " is free");
}

Finding ExamineSecurity(const Config& config) {
  const bool tls = !config.Text("security.tls_certificate").empty();
  const std::string& tokens = config.Text("security.tokens_file");
  size_t callers = 0;
  if (!tokens.empty()) {
    std::vector<Issue> issues;
    callers = thrift::AccessList::Load(tokens, issues).size();
    if (HasErrors(issues) || callers == 0) {
      return {"security", Health::kProblem, "the tokens file has errors",
              "`kstati check " + tokens + "` shows them"};
    }
  }
  for (const char* host : {"thrift.host", "http.host"}) {
    const Result<void> may = thrift::MayListen(config.Text(host), callers > 0, tls);
    if (!may) return FromError("security", Health::kProblem, may.error());
  }
  if (callers == 0) return Ok("security", "loopback only, no tokens");
  return Ok("security", std::to_string(callers) + " callers" + (tls ? ", TLS" : ", loopback only"));
}

Finding ExamineFileLimit(const Config& config) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  // Connections of both doors, and the store's files.
  const auto needed = static_cast<rlim_t>(config.Number("thrift.clients_max") +
                                          config.Number("http.threads") + 512);
  const std::string state = std::to_string(limit.rlim_cur) + " open files allowed";
  if (limit.rlim_cur >= needed) return Ok("file limit", state);
  return {"file limit", Health::kWarning, state,
          "allow at least " + std::to_string(needed) + " (ulimit -n, or LimitNOFILE= in systemd)"};
}

// The server runs without its broker and connects when it is there, so that is no problem.
void ExamineBroker(const Config& config, std::vector<Finding>& findings) {
  if (config.Text("amqp.url").empty()) return;
  const Result<intake::AmqpOptions> options = BrokerOptions(config);
  if (!options) {
    findings.push_back(FromError("message broker", Health::kProblem, options.error()));
    return;
  }
  const Result<void> reached = intake::AmqpConnection::Try(*options);
  const bool wrong = !reached && reached.error().code == ErrorCode::kInvalidArgument;
  findings.push_back(reached
                         ? Ok("message broker", "brings events of the queue " + options->queue)
                         : FromError("message broker", wrong ? Health::kProblem : Health::kWarning,
                                     reached.error()));
}

// One line for each. Messages wait for a channel that is away, so that keeps nothing from running.
void ExamineDelivery(const Config& config, std::vector<Finding>& findings) {
  const auto options = DeliveryOptionsOf(config);
  if (!options) findings.push_back(FromError("delivery", Health::kProblem, options.error()));
  const auto channels = OpenChannels(config);
  if (!channels) {
    findings.push_back(FromError("delivery", Health::kProblem, channels.error()));
    return;
  }
  const std::chrono::milliseconds patience(config.Number("delivery.deadline_ms"));
  for (const auto& channel : *channels) {
    const std::string item = "channel " + std::string(channel->name());
    const Result<void> reached = channel->Reach(patience);
    findings.push_back(reached ? Ok(item, "can be reached")
                               : FromError(item, Health::kWarning, reached.error()));
  }
}

// One line for each. A source that is away keeps nothing from running: what it has stays unknown.
void ExamineSources(const Config& config, std::vector<Finding>& findings) {
  if (config.Text("sources.file").empty()) return;
  std::vector<Issue> issues;
  const profile::Dictionary dictionary =
      profile::LoadDictionary(config.Text("catalogue.folder"), issues);
  const auto sources = OpenSources(config, dictionary);
  if (!sources) {
    findings.push_back(FromError("sources", Health::kProblem, sources.error()));
    return;
  }
  const std::chrono::milliseconds patience(config.Number("sources.limit_ms"));
  for (const auto& source : *sources) {
    const sources::SourceTerms& terms = source->terms();
    const std::string item = "source " + terms.name;
    if (terms.way == sources::Way::kPush) {
      findings.push_back(Ok(item, "tells by itself"));
      continue;
    }
    const Result<void> reached = source->Reach(patience);
    findings.push_back(reached ? Ok(item, "answers for " + std::to_string(terms.attributes.size()) +
                                              " attributes of " + terms.registry.text())
                               : FromError(item, Health::kWarning, reached.error()));
  }
}

}  // namespace

std::string_view NameOf(Health health) {
  switch (health) {
    case Health::kOk: return "ok";
    case Health::kWarning: return "warning";
    case Health::kProblem: return "problem";
  }
  return "problem";
}

std::vector<Finding> Examine(const Config& config) {
  std::vector<Finding> findings{ExamineZone(config)};
  if (findings[0].health == Health::kProblem) return findings;
  StoreContents contents;
  const Finding store = ExamineStore(config, contents);
  findings.push_back(ExamineClock(contents.latest));
  const Date today = LocalDate(SystemClock().Now(), config.Text("time.zone"));
  findings.push_back(ExamineCatalogue(config, today));
  findings.push_back(ExamineCalendar(config, today));
  findings.push_back(ExamineMessages(config));
  findings.push_back(ExamineModel(config));
  findings.push_back(store);
  if (contents.inhabited) {
    if (auto drift = ExamineDrift(config)) findings.push_back(*std::move(drift));
  }
  findings.push_back(ExamineMasterKeys(config, contents.inhabited));
  findings.push_back(ExamineLedgerKey(config, contents.inhabited));
  findings.push_back(ExamineWitness(config));
  findings.push_back(ExamineDisk(config));
  ExamineBackups(config, findings);
  findings.push_back(ExaminePort(config, "thrift"));
  findings.push_back(ExaminePort(config, "http"));
  ExamineBroker(config, findings);
  ExamineSources(config, findings);
  ExamineDelivery(config, findings);
  findings.push_back(ExamineSecurity(config));
  findings.push_back(ExamineFileLimit(config));
  return findings;
}

}  // namespace kstati::cli

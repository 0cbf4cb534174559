// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/monitoring/event_log.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "graph/standard.h"

namespace kstati::cli {

// The file of incidents, change requests and imported feedback.
class RecordsOption {
 public:
  void Declare(Options& options);
  bool is_named() const { return !file_.empty(); }
  // Without the option beside the store.
  std::string PathIn(const Config& config) const;

 private:
  std::string file_;
};

// A command on the records, and on the catalogue of the configuration.
class RecordsCommand : public Command {
 public:
  void Declare(Options& options) final;
  Result<int> Run(const Terminal& terminal) final;

 protected:
  virtual void DeclareOwn(Options&) {}
  virtual Result<int> Answer(const Terminal& terminal) = 0;

  const Output& output() const { return output_; }
  const Config& config() const { return *config_; }
  std::string records() const { return records_.PathIn(*config_); }

 private:
  std::optional<Config> config_;
  RecordsOption records_;
  Connection connection_;
  Output output_;
};

// A command over an event log: a CSV file, or the journal of a store on this machine. Imported
// feedback is in the log; beside a file only that of records that are named.
class LogCommand : public Command {
 public:
  void Declare(Options& options) final;
  Result<int> Run(const Terminal& terminal) final;

 protected:
  virtual void DeclareOwn(Options&) {}
  virtual Result<int> Answer(const cases::monitoring::EventLog& log, const Terminal& terminal) = 0;

  const Output& output() const { return output_; }
  Instant now() const { return now_; }
  const Config& config() const { return *config_; }
  std::string records() const { return records_.PathIn(*config_); }

 private:
  Result<cases::monitoring::EventLog> ReadLog() const;
  Result<cases::monitoring::EventLog> ReadCases() const;
  Result<cases::monitoring::Columns> Columns() const;

  std::string log_;
  std::vector<std::string> columns_;
  std::string moment_;
  Instant now_;
  std::optional<Config> config_;
  RecordsOption records_;
  Connection connection_;
  Output output_;
};

// The catalogue of the configuration, without errors.
Result<std::unique_ptr<LoadedCatalogue>> LoadCatalogueOf(const Config& config);
// Its approved standards, without errors.
Result<std::vector<graph::ApprovedStandard>> LoadStandardsOf(const Config& config,
                                                             const graph::Catalogue& catalogue);

Result<std::string> ReadWhole(const std::string& path);

}  // namespace kstati::cli

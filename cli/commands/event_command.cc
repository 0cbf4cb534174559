// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <functional>

#include "base/progress.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/json_forms.h"
#include "intake/event_form.h"

namespace kstati::cli {
namespace {

constexpr size_t kLineBytesMax = 1u << 20;  // a thousand facts are a tenth of that
constexpr size_t kBatchEventsMax = 500;
constexpr size_t kBatchBytesMax = 2u << 20;  // of lines; the server takes 8 MiB

struct Line {
  size_t number = 0;
  rpc::RegistryEvent event;
};

bool IsBlank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

// Reads the stream to its end and back; 0 for one that cannot go back, such as a pipe.
uint64_t CountEvents(std::ifstream& stream) {
  if (!stream.seekg(0)) {
    stream.clear();
    return 0;
  }
  uint64_t count = 0;
  for (std::string text; std::getline(stream, text);) count += IsBlank(text) ? 0 : 1;
  stream.clear();
  stream.seekg(0);
  return count;
}

// Sends the events of a stream in their order and tells of each line what became of it.
class Ingestion {
 public:
  // `total` 0: it is not known how many events there are.
  Ingestion(rpc::KstatiIf& kstati, rpc::CallContext context, uint64_t total)
      : kstati_(kstati), context_(std::move(context)), progress_("events", total) {}

  Result<void> Run(std::istream& in) {
    std::string text;
    for (size_t number = 1; std::getline(in, text); ++number) {
      if (IsBlank(text)) continue;
      KSTATI_TRY_VOID(Take(number, text));
    }
    return Send();
  }

  const std::vector<Json>& records() const { return records_; }
  size_t count(const std::string& outcome) const {
    return static_cast<size_t>(std::count_if(
        records_.begin(), records_.end(), [&](const Json& r) { return r["outcome"] == outcome; }));
  }
  // The first line of which nothing is known; 0 when all were answered.
  size_t unanswered() const { return batch_.empty() ? 0 : batch_.front().number; }

 private:
  Result<void> Take(size_t number, const std::string& text) {
    Result<rpc::RegistryEvent> event =
        text.size() <= kLineBytesMax
            ? intake::ParseEvent(text)
            : Fail(ErrorCode::kLimitExceeded, "the line is too long", {}, "split the event");
    if (!event) {
      KSTATI_TRY_VOID(Send());  // what came before keeps its place in the report
      progress_.Advance();
      const Error& error = event.error();
      records_.push_back({{"line", number},
                          {"outcome", "refused"},
                          {"code", KindOf(error.code).name},
                          {"why", error.ToString()}});
      return {};
    }
    batch_.push_back({number, std::move(*event)});
    bytes_ += text.size();
    if (batch_.size() < kBatchEventsMax && bytes_ < kBatchBytesMax) return {};
    return Send();
  }

  Result<void> Send() {
    if (batch_.empty()) return {};
    std::vector<rpc::RegistryEvent> events;
    for (const Line& line : batch_) events.push_back(line.event);
    std::vector<rpc::EventReceipt> receipts;
    kstati_.submitEvents(receipts, context_, events);
    for (size_t i = 0; i < batch_.size() && i < receipts.size(); ++i) {
      Json record{{"line", batch_[i].number}};
      record.update(ToJson(receipts[i]));
      if (receipts[i].__isset.failure) {
        const rpc::Failure& failure = receipts[i].failure;
        record["why"] = failure.message + " (at " + failure.place + "); " + failure.remedy;
      }
      records_.push_back(std::move(record));
    }
    progress_.Advance(batch_.size());
    batch_.clear();
    bytes_ = 0;
    return {};
  }

  rpc::KstatiIf& kstati_;
  rpc::CallContext context_;
  std::vector<Line> batch_;
  size_t bytes_ = 0;
  std::vector<Json> records_;
  Progress progress_;
};

class EventIngest final : public Command {
 public:
  std::string_view path() const override { return "event ingest"; }
  std::string_view summary() const override {
    return "Records registry events from a file with one JSON object per line; repeating is "
           "harmless.";
  }
  std::string_view examples() const override {
    return "kstati event ingest events.jsonl --data var/store\n"
           "zcat births.jsonl.gz | kstati event ingest - --server 127.0.0.1:9090";
  }

  void Declare(Options& options) override {
    options.Argument("FILE", file_, "file with events, or - for standard input");
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    std::ifstream stream;
    uint64_t total = 0;
    if (file_ != "-") {
      stream.open(file_);
      if (!stream) {
        return Fail(ErrorCode::kNotFound, "the file cannot be read", file_, "check the path");
      }
      total = CountEvents(stream);
    }
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open(StoreUse::kMakeIfMissing));
    Ingestion ingestion(*kstati, connection_.context(), total);
    const Result<void> done = RunUntilFailure(ingestion, file_ == "-" ? terminal.in : stream);
    output_.Print(terminal, ingestion.records(),
                  {{"line", "LINE"},
                   {"outcome", "OUTCOME"},
                   {"source", "SOURCE"},
                   {"id", "ID"},
                   {"life_events", "LIFE EVENTS"},
                   {"cases", "CASES"},
                   {"why", "WHY"}});
    terminal.err << ingestion.count("accepted") << " accepted, " << ingestion.count("repeated")
                 << " repeated, " << ingestion.count("refused") << " refused\n";
    if (!done) return tl::unexpected(done.error());
    return ingestion.count("refused") == 0 ? kExitFine : kExitFoundProblems;
  }

 private:
  // A broken connection ends the run; the report still tells what was recorded.
  static Result<void> RunUntilFailure(Ingestion& ingestion, std::istream& in) {
    try {
      return ingestion.Run(in);
    } catch (const rpc::Failure& failure) {
      return Fail(ErrorCode::kUnavailable,
                  failure.message + "; nothing is known of the lines from " +
                      std::to_string(ingestion.unanswered()) + " on",
                  failure.place,
                  "run the same command again: what was recorded is not recorded twice");
    }
  }

  std::string file_;
  Connection connection_;
  Output output_;
};

}  // namespace

void AddEvent(CommandList& commands) { commands.push_back(std::make_unique<EventIngest>()); }

}  // namespace kstati::cli

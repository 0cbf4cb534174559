// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "base/check.h"

namespace kstati::cli {
namespace {

using Kind = Setting::Kind;

constexpr std::array kFiles{
    Setting{"store.engine", Kind::kText, "rocksdb",
            "What keeps profiles, consents and cases: files of this machine, or a database.", 0, 0,
            "rocksdb|postgresql"},
    Setting{
        "store.folder", Kind::kPath, "var/store",
        "Folder of a RocksDB store. The files below that are not named lie beside it, also with "
        "PostgreSQL."},
    Setting{"store.postgresql", Kind::kText, "",
            "How libpq reaches the database, without a password: host=db1 dbname=kstati "
            "user=kstati."},
    Setting{"store.postgresql_mode", Kind::kText, "plain",
            "Whether the database keeps the citizens by itself (also Citus) or reaches partitions "
            "through PL/Proxy.",
            0, 0, "plain|plproxy"},
    Setting{"store.postgresql_passfile", Kind::kPath, "",
            "File of passwords as libpq reads it, for its owner alone; empty: PGPASSFILE or "
            "~/.pgpass."},
    Setting{"store.postgresql_connections", Kind::kNumber, "32",
            "Calls of the database at a time; a few for each of its cores.", 1, 1000},
    Setting{
        "store.erasures", Kind::kPath, "",
        "Keeps the numbers of erased persons, on a disk that does not share the store's fate, so "
        "that no backup brings them back; empty: beside the store's folder, named like it with "
        ".erased at the end."},
    Setting{"store.backups", Kind::kPath, "",
            "Folder, on another disk, that a running server adds backups of its RocksDB store to "
            "when an operator asks (`kstati store backup --server`); empty: it makes none."},
    Setting{"store.master_keys", Kind::kPath, "",
            "File of the master keys that open what is stored; empty: beside the store's folder, "
            "named like it with .keys at the end. Keep a copy elsewhere."},
    Setting{
        "store.seal_command", Kind::kText, "",
        "Command that has a KMS or an HSM seal new master keys: it reads 64 hexadecimal digits "
        "and prints one line without blanks, which the file keeps; empty: the file keeps them."},
    Setting{"store.open_command", Kind::kText, "",
            "The reverse, for the lines of the file that begin their key with sealed:."},
    Setting{"store.block_cache_mib", Kind::kNumber, "256",
            "Memory for the hot part of the store, in MiB.", 8, 1 << 20},
    Setting{"ledger.key_file", Kind::kPath, "",
            "Key that signs the ledger; empty: beside the store's folder, named like it with "
            ".ledger at the end. What stands beside it with .pub verifies receipts."},
    Setting{"ledger.witness_file", Kind::kPath, "",
            "Keeps the ledger's last checkpoint, on a disk that does not share the store's fate; "
            "empty: beside the store's folder, named like it with .witness at the end."},
    Setting{"catalogue.folder", Kind::kPath, "data/catalogue",
            "Services, situations, attributes, parameters of law."},
    Setting{"messages.folder", Kind::kPath, "data/messages", "Texts in Russian and English."},
    Setting{"model.folder", Kind::kPath, "var/model",
            "The ranking models; without an active one the order is the catalogue's."},
    Setting{"model.shadow", Kind::kText, "",
            "Version of a stored model that scores too and changes nothing; empty: none."},
    Setting{"model.inference", Kind::kPath, "",
            "A model of events that nobody announced, whose estimates take part in the order and, "
            "when it was learned from records, may lead to a question to the person; empty: none. "
            "A model learned from a simulation is for tests."},
    Setting{"console.folder", Kind::kPath, "console/dist",
            "The built console; without it there are no pages."},
};

constexpr std::array kDoors{
    Setting{"thrift.host", Kind::kText, "127.0.0.1",
            "Address of the binary door. Other than loopback only with tokens and TLS."},
    Setting{"thrift.port", Kind::kNumber, "9090", "Port of the binary door; 0: any free one.", 0,
            65535},
    Setting{"thrift.clients_max", Kind::kNumber, "256",
            "Connections served at once, each by a thread; more of them wait.", 1, 65536},
    Setting{"http.host", Kind::kText, "127.0.0.1",
            "Address of the door for browsers. Other than loopback only with tokens and TLS."},
    Setting{"http.port", Kind::kNumber, "8080", "Port of the door for browsers; 0: any free one.",
            0, 65535},
    Setting{"http.threads", Kind::kNumber, "32", "Requests answered at once.", 1, 1024},
    Setting{
        "security.tokens_file", Kind::kPath, "",
        "Callers and what they may do (SHA-256 of tokens); empty: everybody on this machine may "
        "do everything."},
    Setting{"security.tls_certificate", Kind::kPath, "",
            "PEM file with the server's certificate chain; empty: no TLS."},
    Setting{"security.tls_key",
            Kind::kPath,
            "",
            "PEM file with the certificate's key.",
            0,
            0,
            {},
            true},
    Setting{"security.tls_client_ca", Kind::kPath, "",
            "PEM file with the authorities of client certificates; empty: none are asked for."},
    Setting{
        "amqp.url",
        Kind::kText,
        "",
        "Broker whose queue brings events, amqp://USER@HOST:5672/VHOST, or amqps:; empty: none. "
        "With tokens, a registry publishes as the broker's user of the registry's name.",
        0,
        0,
        {},
        true},
    Setting{
        "amqp.password_file", Kind::kPath, "",
        "File with the password of the broker's user in its first line; empty: the URL has it."},
    Setting{"amqp.queue", Kind::kText, "kstati.events",
            "Queue of events. Refused ones are put, with the reason, into the queue of this name "
            "with .refused at the end."},
    Setting{"amqp.workers", Kind::kNumber, "16", "Events of the queue recorded at once.", 1, 1024},
    Setting{"amqp.tls_ca", Kind::kPath, "",
            "PEM file with the authorities of the broker's certificate; for amqps."},
};

constexpr std::array kWork{
    Setting{"sources.file", Kind::kPath, "",
            "List of the sources that are asked for missing facts (docs/reference/sources.md); "
            "empty: nobody is asked."},
    Setting{"sources.limit_ms", Kind::kNumber, "3000",
            "How long sources are given to answer, all together.", 10, 60000},
    Setting{"sources.attempts", Kind::kNumber, "3", "Attempts of one call.", 1, 10},
    Setting{"sources.rest_seconds", Kind::kNumber, "10",
            "How long a source that did not answer is left alone.", 0, 86400},
    Setting{"sources.wait_ms", Kind::kNumber, "1000",
            "How long explain, nextQuestion and apply wait for sources where a call does not say; "
            "what comes later counts for the next call.",
            0, 60000},
    Setting{"sources.workers", Kind::kNumber, "8", "People about whom sources are asked at once.",
            1, 256},
    Setting{"time.zone", Kind::kText, "Europe/Moscow", "Where legal days begin."},
    Setting{"cases.step_seconds", Kind::kNumber, "60",
            "How long a started case waits before it is handed to the authority.", 0, 86400},
    Setting{"suggest.exploration_places", Kind::kNumber, "0",
            "So many of the last places of a list show what is drawn evenly among the rest, so "
            "that other orders can be judged.",
            0, 5},
    Setting{"log.level", Kind::kText, "info", "The least important lines that are written.", 0, 0,
            "debug|info|warning|error"},
    Setting{"limits.message_bytes", Kind::kNumber, "1048576", "The longest call but submitEvents.",
            1024, 1 << 30},
    Setting{"limits.batch_bytes", Kind::kNumber, "8388608", "The longest batch of events.", 1024,
            1 << 30},
    Setting{"limits.elements", Kind::kNumber, "10000", "The most elements of one list.", 1,
            1 << 30},
    Setting{"limits.idle_seconds", Kind::kNumber, "300",
            "A binary connection that is silent for longer is closed.", 1, 86400},
};

constexpr std::array kDelivery{
    Setting{"delivery.channels", Kind::kText, "",
            "Ways on which messages leave, tried in this order: file, smtp, webhook, with blanks "
            "between; empty: messages stay in the cabinet (docs/reference/delivery.md)."},
    Setting{"delivery.language", Kind::kText, "ru", "Language of what is sent.", 0, 0, "ru|en"},
    Setting{"delivery.file", Kind::kPath, "var/messages.jsonl",
            "Of the channel file: gets a line of JSON for each message."},
    Setting{"delivery.smtp_url", Kind::kText, "",
            "Of the channel smtp: smtp://HOST:587, or smtps://HOST:465."},
    Setting{"delivery.smtp_tls", Kind::kText, "required",
            "Whether mail goes only by TLS, or also without where the server offers none.", 0, 0,
            "required|offered"},
    Setting{"delivery.smtp_user", Kind::kText, "",
            "Whom the mail server knows us as; empty: nobody logs in."},
    Setting{"delivery.smtp_password_file", Kind::kPath, "",
            "File with that user's password in its first line."},
    Setting{"delivery.smtp_from", Kind::kText, "", "Address of the sender."},
    Setting{"delivery.smtp_to", Kind::kText, "",
            "Address of a person: {citizen} stands for the twelve digits, as in "
            "{citizen}@gateway.example."},
    Setting{"delivery.webhook_url", Kind::kText, "",
            "Of the channel webhook: https://HOST/PATH, which gets each message by POST."},
    Setting{"delivery.webhook_secret_file", Kind::kPath, "",
            "File with the secret in its first line that signs what is posted."},
    Setting{"delivery.tls_ca", Kind::kPath, "",
            "PEM file with the authorities of the mail server's and webhook's certificates; empty: "
            "the system's."},
    Setting{"delivery.deadline_ms", Kind::kNumber, "10000", "How long one attempt may take.", 10,
            120000},
    Setting{"delivery.attempts", Kind::kNumber, "16", "Attempts by one channel.", 1, 100},
    Setting{"delivery.first_retry_seconds", Kind::kNumber, "30",
            "Pause before the second attempt; each is twice as long as the one before, up to six "
            "hours.",
            1, 21600},
    Setting{"delivery.oldest_hours", Kind::kNumber, "168",
            "A message that is older when it is first taken up is not sent.", 1, 87600},
    Setting{"delivery.people_at_once", Kind::kNumber, "8", "Attempts made at once.", 1, 256},
    Setting{"delivery.quiet_from", Kind::kText, "22:00",
            "When messages begin to wait for the morning, by the clock of time.zone; empty, with "
            "quiet_to: never."},
    Setting{"delivery.quiet_to", Kind::kText, "08:00", "When the morning begins."},
    Setting{"delivery.quiet_broken_by", Kind::kText, "deadlines",
            "What is sent in quiet hours: messages about cases whose legal term ends in them, or "
            "nothing.",
            0, 0, "deadlines|nothing"},
    Setting{"delivery.budget_messages", Kind::kNumber, "10",
            "Suggestions are sent to a person while fewer messages than so many were delivered in "
            "budget_days; 0: always. What a person's own case needs is always sent.",
            0, 100000},
    Setting{"delivery.budget_days", Kind::kNumber, "7", "Days of that window.", 1, 365},
};

template <size_t... Sizes>
constexpr auto Joined(const std::array<Setting, Sizes>&... parts) {
  std::array<Setting, (Sizes + ...)> all{};
  auto* next = all.data();
  ((next = std::copy(parts.begin(), parts.end(), next)), ...);
  return all;
}

constexpr std::array kSettings = Joined(kFiles, kDoors, kWork, kDelivery);

const Setting& Require(std::string_view key) {
  for (const Setting& setting : kSettings) {
    if (setting.key == key) return setting;
  }
  KSTATI_CHECK(!"a key of the configuration that does not exist");
  return kSettings[0];
}

}  // namespace

std::span<const Setting> Settings() { return kSettings; }

Config::Config() {
  for (const Setting& setting : kSettings) {
    values_[std::string(setting.key)] = {std::string(setting.otherwise), "default"};
  }
}

Result<Config> Config::Find(const std::string& path, std::vector<Issue>& issues) {
  const std::string shipped = "kstati.toml";
  if (path.empty() && !std::filesystem::exists(shipped)) return Config();
  const std::string file = path.empty() ? shipped : path;
  if (!std::filesystem::is_regular_file(file)) {
    return Fail(ErrorCode::kNotFound, "there is no such configuration file", file,
                "`kstati serve --print-config` works without one");
  }
  Config config = Load(file, issues);
  if (!HasErrors(issues)) return config;
  return Fail(ErrorCode::kInvalidArgument, "the configuration has errors", file,
              "`kstati check " + file + "` shows each with its line");
}

const std::string& Config::Text(std::string_view key) const {
  KSTATI_CHECK(Require(key).kind != Kind::kNumber);
  return values_.find(key)->second.text;
}

int64_t Config::Number(std::string_view key) const {
  KSTATI_CHECK(Require(key).kind == Kind::kNumber);
  const std::string& text = values_.find(key)->second.text;
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

const std::string& Config::source(std::string_view key) const {
  return values_.find(Require(key).key)->second.source;
}

void Config::Set(std::string_view key, std::string value, std::string source) {
  values_[std::string(Require(key).key)] = {std::move(value), std::move(source)};
}

}  // namespace kstati::cli

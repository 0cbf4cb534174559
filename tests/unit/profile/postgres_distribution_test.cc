// SPDX-License-Identifier: Apache-2.0
//
// What must hold of the schema so that servers can share it by citizen, read from the catalogue of
// a migrated database: keys begin with the number that says where a row lives, nothing is unique or
// counted across servers, and a function's first argument says where it runs.
#include "profile/engines/postgres_connection.h"
#include "profile/engines/postgres_migrations.h"
#include "tests/unit/profile/postgres_store.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

// What describes the database itself and has no row of a citizen.
#define LOCAL_TABLES "('partition', 'schema_migration', 'holding')"

constexpr PostgresStatement kUniqueWithoutPlace{
    "unique_without_place",
    "SELECT c.conname::bytea FROM pg_constraint c"
    " JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]"
    " WHERE n.nspname = 'kstati' AND c.contype IN ('p', 'u', 'x') AND t.relname NOT "
    "IN " LOCAL_TABLES
    " AND NOT (a.attname IN ('citizen', 'home') AND a.atttypid = 'bigint'::regtype)"};
constexpr PostgresStatement kWithoutKey{
    "without_key",
    "SELECT t.relname::bytea FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace"
    " WHERE n.nspname = 'kstati' AND t.relkind = 'r' AND NOT EXISTS ("
    "   SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'p')"};
constexpr PostgresStatement kUniqueIndexBeside{
    "unique_index_beside",
    "SELECT i.indexrelid::regclass::text::bytea FROM pg_index i"
    " JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
    " WHERE n.nspname = 'kstati' AND i.indisunique AND NOT i.indisprimary"};
constexpr PostgresStatement kAcrossServers{
    "across_servers",
    "SELECT t.relname::bytea FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace"
    " WHERE n.nspname = 'kstati' AND t.relkind IN ('S', 'v', 'm')"
    " UNION ALL SELECT c.conname::bytea FROM pg_constraint c"
    " JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'kstati' AND c.contype = 'f'"
    " UNION ALL SELECT g.tgname::bytea FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid"
    " JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'kstati'"};
constexpr PostgresStatement kFunctionWithoutPlace{
    "function_without_place",
    "SELECT p.oid::regprocedure::text::bytea FROM pg_proc p"
    " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'kstati'"
    " AND p.proname <> 'partitions' AND NOT coalesce("
    "   p.proargnames[1] IN ('citizen', 'home', 'key') AND p.proargtypes[0] = 'bigint'::regtype,"
    "   false)"};
// A table that is there and was not distributed, or the other way round.
constexpr PostgresStatement kNotDistributed{
    "not_distributed",
    "SELECT coalesce(t.name, d.name, '?')::bytea FROM ("
    "   SELECT 'kstati.' || c.relname AS name FROM pg_class c"
    "   JOIN pg_namespace n ON n.oid = c.relnamespace"
    "   WHERE n.nspname = 'kstati' AND c.relkind = 'r' AND c.relname NOT IN " LOCAL_TABLES
    " ) t FULL JOIN (SELECT * FROM told WHERE what = 'table') d ON d.name = t.name"
    " WHERE t.name IS NULL OR d.name IS NULL"
    " OR NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = d.name::regclass"
    "   AND a.attnum = 1 AND a.attname = d.argument)"
    " OR d.beside IS DISTINCT FROM CASE WHEN d.name = 'kstati.row' THEN 'none' ELSE 'kstati.row' "
    "END"};
constexpr PostgresStatement kFunctionToldWrongly{
    "function_told_wrongly",
    "SELECT f.name::bytea FROM told f WHERE f.what = 'function' AND NOT EXISTS ("
    "   SELECT FROM pg_proc p WHERE p.oid = f.name::regprocedure AND p.proargnames[1] = f.argument)"
    " UNION ALL SELECT 'none'::bytea WHERE NOT EXISTS (SELECT FROM told WHERE what = 'function')"};

#undef LOCAL_TABLES

// The functions of the extension by which it is told; they note what they are told.
constexpr char kFakeCitus[] =
    "CREATE TABLE public.told (what text, name text, argument text, beside text);"
    "CREATE FUNCTION public.create_distributed_table(name regclass, argument text,"
    "  colocate_with text) RETURNS void LANGUAGE sql AS"
    "  $$ INSERT INTO told SELECT 'table', n.nspname || '.' || c.relname, argument, colocate_with"
    "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = name $$;"
    "CREATE FUNCTION public.create_distributed_function(name regprocedure, argument text,"
    "  colocate_with text) RETURNS void LANGUAGE sql AS"
    "  $$ INSERT INTO told VALUES ('function', name::text, argument, colocate_with) $$";

class PostgresDistributionTest : public testing::Test {
 protected:
  std::unique_ptr<PostgresConnection> Migrated(const std::string& name, const std::string& before) {
    MakeDatabase(SharedServer(), name);
    if (!before.empty()) SharedServer().Run(name, before);
    EXPECT_THAT(MigratePostgres(PostgresAt(SharedServer(), name)), IsOk());
    auto connection = PostgresConnection::Open(PostgresAt(SharedServer(), name));
    EXPECT_THAT(connection, IsOk());
    return std::move(*connection);
  }
  static std::vector<std::string> Names(PostgresConnection& connection,
                                        const PostgresStatement& statement) {
    const auto rows = connection.Call(statement, PostgresArguments());
    EXPECT_THAT(rows, IsOk());
    std::vector<std::string> names;
    for (int row = 0; rows && row < rows->size(); ++row) names.emplace_back(rows->Bytes(row, 0));
    return names;
  }
};

TEST_F(PostgresDistributionTest, EveryRowAndEveryFunctionSaysWhereItLives) {
  const auto connection = Migrated("shape", "");
  for (const PostgresStatement* const each :
       {&kUniqueWithoutPlace, &kWithoutKey, &kUniqueIndexBeside, &kAcrossServers,
        &kFunctionWithoutPlace}) {
    EXPECT_THAT(Names(*connection, *each), testing::IsEmpty()) << each->name;
  }
}

TEST_F(PostgresDistributionTest, WhatWouldNotFitIsFound) {
  const auto connection =
      Migrated("misshapen",
               "CREATE SCHEMA kstati; CREATE TABLE kstati.event (id text PRIMARY KEY, "
               "number bigserial, other text UNIQUE REFERENCES kstati.event);"
               "CREATE TABLE kstati.loose (n integer);"
               "CREATE FUNCTION kstati.count_all() RETURNS bigint LANGUAGE sql AS 'SELECT 1'");
  EXPECT_THAT(Names(*connection, kUniqueWithoutPlace),
              testing::UnorderedElementsAre("event_pkey", "event_other_key"));
  EXPECT_THAT(Names(*connection, kWithoutKey), testing::ElementsAre("loose"));
  EXPECT_THAT(Names(*connection, kUniqueIndexBeside), testing::ElementsAre("event_other_key"));
  EXPECT_THAT(Names(*connection, kAcrossServers), testing::Contains("event_number_seq"));
  EXPECT_THAT(Names(*connection, kFunctionWithoutPlace), testing::ElementsAre("count_all()"));
}

// Citus itself cannot be installed everywhere; what it is told can be seen.
TEST_F(PostgresDistributionTest, WhereCitusIsThereItIsToldOfEveryTable) {
  const auto connection = Migrated("citus", kFakeCitus);
  EXPECT_THAT(Names(*connection, kNotDistributed), testing::IsEmpty());
  EXPECT_THAT(Names(*connection, kFunctionToldWrongly), testing::IsEmpty());
}

}  // namespace
}  // namespace kstati::profile

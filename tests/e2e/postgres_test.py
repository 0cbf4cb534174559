# SPDX-License-Identifier: Apache-2.0
"""The server and the store commands on real PostgreSQL servers."""

import json
import shutil
import subprocess
import time
import unittest

import birth_test
import postgres
import town
from birth_test import CHILD, FATHER, MOTHER
from kstati_rpc.ttypes import EventOutcome, Failure

_database = None
_made = 0


def setUpModule():
    global _database
    if postgres.why_missing():
        raise unittest.SkipTest(postgres.why_missing())
    _database = postgres.Server()


def tearDownModule():
    if _database:
        _database.remove()


def kstati(*words, cwd=None):
    return subprocess.run([town.BINARY, *map(str, words)], capture_output=True, text=True, timeout=120, cwd=cwd)


def migrated(*words):
    done = kstati("store", "migrate", *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["applied"]


def fresh_database(prefix="store"):
    global _made
    _made += 1
    name = f"{prefix}{_made}"
    _database.make_database(name)
    return name


def settings(database, mode="plain"):
    return f'engine = "postgresql"\npostgresql = "{_database.connection(database)}"\npostgresql_mode = "{mode}"'


def migrated_database():
    name = fresh_database()
    assert migrated("--database", "postgres:" + _database.connection(name))
    return name


class BirthOnPostgres(birth_test.BirthTest):
    """The same story, on a database."""

    def make_server(self):
        return town.Server(store=settings(migrated_database()))


class PostgresServer(unittest.TestCase):
    """What an operator meets."""

    def serve(self, store):
        server = town.Server(store=store)
        self.addCleanup(server.remove)
        client = server.client()
        self.addCleanup(client.transport.close)
        return server, client

    def test_a_database_without_the_schema_is_refused_with_the_remedy(self):
        with self.assertRaises(AssertionError) as refused:
            town.Server(store=settings(fresh_database()))
        self.assertIn("kstati store migrate", str(refused.exception))

    def test_a_password_in_the_configuration_is_refused(self):
        with self.assertRaises(AssertionError) as refused:
            town.Server(store='engine = "postgresql"\npostgresql = "dbname=x password=oyster"')
        self.assertIn("password stands in the connection", str(refused.exception))
        self.assertNotIn("oyster", str(refused.exception))

    def test_migrating_again_changes_nothing(self):
        place = "postgres:" + _database.connection(fresh_database())
        self.assertTrue(migrated("--database", place))
        self.assertEqual(migrated("--database", place), [])

    def test_the_work_goes_on_when_the_database_restarts(self):
        server, client = self.serve(settings(migrated_database()))
        client.submitEvents(town.ENGLISH, [town.registration(MOTHER, birth_test.datetime.date(1995, 5, 5), "female")])
        _database.stop()
        try:
            refused = client.submitEvents(town.ENGLISH, [town.event("mvd_pass", "during", MOTHER)])[0]
            self.assertEqual(refused.outcome, EventOutcome.REFUSED)
        except Failure:
            pass
        finally:
            _database.start()
        accepted = lambda: client.submitEvents(
            town.ENGLISH, [town.event("mvd_pass", "after", MOTHER, facts={"person.lives_in_rf": True})])[0]
        deadline = time.monotonic() + 30
        outcome = accepted().outcome
        while outcome == EventOutcome.REFUSED and time.monotonic() < deadline:
            time.sleep(0.2)
            outcome = accepted().outcome
        self.assertIn(outcome, (EventOutcome.ACCEPTED, EventOutcome.REPEATED))
        self.assertTrue(client.history(town.ENGLISH, MOTHER).facts)

    def test_the_doctor_names_a_database_that_is_down(self):
        server, client = self.serve(settings(migrated_database()))
        client.transport.close()
        server.stop()
        look = lambda: {finding["item"]: finding for finding in json.loads(kstati(
            "doctor", "--config", server.folder / "kstati.toml", "--format", "json", cwd=server.folder).stdout)}
        self.assertEqual(look()["store"]["health"], "ok")
        _database.stop()
        try:
            store = look()["store"]
        finally:
            _database.start()
        self.assertEqual(store["health"], "problem", store)
        self.assertTrue(store["advice"], store)
        self.assertEqual(look()["store"]["health"], "ok")

    def test_a_second_server_on_the_database_is_refused_and_the_doctor_says_why(self):
        store = settings(migrated_database())
        server, client = self.serve(store)
        with self.assertRaises(AssertionError) as refused:
            town.Server(store=store)
        self.assertIn("another program acts on the store", str(refused.exception))
        examined = kstati("doctor", "--config", server.folder / "kstati.toml", "--format", "json", cwd=server.folder)
        findings = {finding["item"]: finding for finding in json.loads(examined.stdout)}
        self.assertEqual(findings["store"]["health"], "problem")
        self.assertIn("another program acts on the store", findings["store"]["state"])
        self.assertIn("stop it", findings["store"]["advice"])
        self.assertEqual(client.submitEvents(town.ENGLISH, [town.registration(
            MOTHER, birth_test.datetime.date(1995, 5, 5), "female")])[0].outcome, EventOutcome.ACCEPTED)

    def test_partitions_behind_plproxy_serve_a_person(self):
        name = fresh_database("parts")
        places = [f"{name}_{i}" for i in range(2)]
        for place in places:
            _database.make_database(place)
            migrated("--database", "postgres:" + _database.connection(place))
        listed = ", ".join(f"p{i} '{_database.connection(place)}'" for i, place in enumerate(places))
        for command in ("CREATE EXTENSION plproxy",
                        f"CREATE SERVER kstati FOREIGN DATA WRAPPER plproxy OPTIONS ({listed})",
                        "CREATE USER MAPPING FOR PUBLIC SERVER kstati"):
            _database.command(name, command)
        migrated("--database", "plproxy:" + _database.connection(name))
        server, client = self.serve(settings(name, "plproxy"))
        for number in range(1, 9):
            citizen = f"{number:012}"
            receipt = client.submitEvents(
                town.ENGLISH, [town.registration(citizen, birth_test.datetime.date(1990, 1, 1), "male")])[0]
            self.assertEqual(receipt.outcome, EventOutcome.ACCEPTED, receipt)
            self.assertTrue(client.history(town.ENGLISH, citizen).facts)
        rows = [int(_database.command(place, "SELECT count(*) FROM kstati.row WHERE citizen BETWEEN 1 AND 99"))
                for place in places]
        self.assertEqual(sum(rows), 8)
        self.assertTrue(all(rows), rows)


class StoreCommands(unittest.TestCase):
    """A store travels from files into a database and back, and is verified on the way."""

    def setUp(self):
        self.server = town.Server()
        self.addCleanup(self.server.remove)
        client = self.server.client()
        client.submitEvents(town.ENGLISH, [
            town.registration(MOTHER, birth_test.datetime.date(1995, 5, 5), "female"),
            town.registration(FATHER, birth_test.datetime.date(1993, 4, 4), "male")])
        client.grantConsent(town.ENGLISH, town.grant(MOTHER))
        client.submitEvents(town.ENGLISH, [town.birth(CHILD, MOTHER, FATHER)])
        client.transport.close()
        self.assertEqual(self.server.stop(), 0)
        self.folder = self.server.folder

    def store(self, *words, code=0):
        done = kstati("store", *words, "--format", "json", cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        return json.loads(done.stdout) if code == 0 else done.stderr

    def test_copies_there_and_back_and_serves_from_each(self):
        there = migrated_database()
        place = "postgres:" + _database.connection(there)
        counts = self.store("copy", "--from", "rocksdb:store", "--to", place)
        self.assertTrue(counts["same"])
        self.assertGreaterEqual(counts["citizens"], 3)
        self.assertGreaterEqual(counts["ledger_entries"], 1)
        self.assertEqual(self.store("copy", "--from", "rocksdb:store", "--to", place)["written"], 0)
        self.server.store = settings(there)
        self.server.start()
        with self.server.client() as client:
            self.assertTrue(client.history(town.ENGLISH, CHILD).facts)
            self.assertEqual(client.submitEvents(town.ENGLISH, [town.birth(CHILD, MOTHER, FATHER)])[0].outcome,
                             EventOutcome.REPEATED)
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(self.store("verify")["problems_found"], 0)
        self.store("copy", "--from", place, "--to", "rocksdb:back")
        for ending in ("keys", "ledger"):
            shutil.copy(self.folder / f"store.{ending}", self.folder / f"back.{ending}")
        self.assertEqual(self.store("verify", "--data", "back")["problems_found"], 0)

    def test_a_copy_that_is_killed_again_and_again_goes_on(self):
        self.server.start()
        with self.server.client() as client:
            for receipt in client.submitEvents(town.ENGLISH, [
                    town.registration(f"{number:012}", birth_test.datetime.date(1990, 1, 1), "male")
                    for number in range(1_001, 1_601)]):
                self.assertEqual(receipt.outcome, EventOutcome.ACCEPTED)
        self.assertEqual(self.server.stop(), 0)
        place = "postgres:" + _database.connection(migrated_database())
        words = [town.BINARY, "store", "copy", "--from", "rocksdb:store", "--to", place, "--format", "json"]
        kills, patience = 0, 0.02
        while True:
            copying = subprocess.Popen(words, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                printed, complaint = copying.communicate(timeout=patience)
                break
            except subprocess.TimeoutExpired:
                copying.kill()
                copying.communicate()
                kills, patience = kills + 1, patience * 1.3
        self.assertEqual(copying.returncode, 0, complaint)
        self.assertGreaterEqual(kills, 3)
        self.assertTrue(json.loads(printed)["same"])
        again = self.store("copy", "--from", "rocksdb:store", "--to", place)
        self.assertEqual((again["same"], again["written"]), (True, 0))

    def test_comes_back_into_the_folder_beside_what_was_seen_of_it(self):
        """A store that was lived in has seen more writes than its copy has."""
        self.server.start()
        with self.server.client() as client:
            for number in range(100):
                self.assertEqual(client.submitEvents(town.ENGLISH, [town.event(
                    "mvd_pass", f"again{number}", MOTHER, facts={"person.lives_in_rf": True})])[0].outcome,
                                 EventOutcome.ACCEPTED)
        self.assertEqual(self.server.stop(), 0)
        self.assertTrue((self.folder / "store.witness.end").exists())
        there = migrated_database()
        place = "postgres:" + _database.connection(there)
        self.store("copy", "--from", "rocksdb:store", "--to", place)
        files, self.server.store = self.server.store, settings(there)
        self.server.start()
        with self.server.client() as client:
            self.assertTrue(client.history(town.ENGLISH, CHILD))
        self.assertEqual(self.server.stop(), 0)
        shutil.rmtree(self.folder / "store")
        self.store("copy", "--from", place, "--to", "rocksdb:store")
        self.server.store = files
        for _ in range(2):
            self.server.start()
            with self.server.client() as client:
                self.assertTrue(client.history(town.ENGLISH, CHILD))
                client.submitEvents(town.ENGLISH, [town.event(
                    "mvd_pass", "later", MOTHER, facts={"person.lives_in_rf": True})])
            self.assertEqual(self.server.stop(), 0)

    def test_backup_comes_back_and_is_read_whole(self):
        made = self.store("backup", "backups")
        self.assertEqual(made["number"], 1)
        (self.folder / "store").rename(self.folder / "lost")
        restored = self.store("restore", "backups")
        self.assertEqual((restored["number"], restored["erased_again"]), (1, 0))
        self.assertEqual(restored["verification"]["problems_found"], 0)
        self.assertGreaterEqual(restored["verification"]["citizens"], 3)
        self.server.start()
        with self.server.client() as client:
            self.assertTrue(client.history(town.ENGLISH, CHILD).facts)

    def test_doctor_names_what_is_missing(self):
        (self.folder / "store.keys").rename(self.folder / "away")
        examined = kstati("doctor", "--config", self.folder / "kstati.toml", "--format", "json")
        findings = {finding["item"]: finding for finding in json.loads(examined.stdout)}
        self.assertEqual(findings["master keys"]["health"], "problem")
        self.assertTrue(findings["master keys"]["advice"])
        self.assertEqual(findings["ledger key"]["health"], "ok")


if __name__ == "__main__":
    unittest.main()

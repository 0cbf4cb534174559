# SPDX-License-Identifier: Apache-2.0
"""A person is erased as a whole: what is shown before, what is left, and what a backup brings back."""

import datetime
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import postgres
import town
from access_test import bearing, token_entry
from birth_test import CHILD, FATHER, MOTHER
from kstati_rpc.ttypes import CallContext, ErrorCode, EventOutcome, Failure, Language

LINES = "\n".join(json.dumps({
    "source": "fns_erns", "id": f"p{person}", "type": "registry.person_registered", "subject": person,
    "occurred_on": "2026-01-15", "participants": {"person": [person]},
    "facts": [{"citizen": person, "attribute": "person.birth_date", "value": "1991-07-23"}]})
    for person in ("17", "18")) + "\n"


class ErasureTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-erasure-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "kstati.toml").write_text(
            f'[catalogue]\nfolder = "{town.SOURCE}/data/catalogue"\n'
            f'[messages]\nfolder = "{town.SOURCE}/data/messages"\n[model]\nfolder = "model"\n'
            '[store]\nfolder = "store"\nblock_cache_mib = 8\n')
        self.succeeds("event", "ingest", "-", given=LINES)

    def kstati(self, *words, given=None):
        return subprocess.run([town.BINARY, *words], input=given, capture_output=True, text=True, timeout=60,
                              cwd=self.folder)

    def succeeds(self, *words, given=None):
        done = self.kstati(*words, given=given)
        self.assertEqual(done.returncode, 0, (words, done.stdout, done.stderr))
        return done.stdout

    def test_only_who_confirms_and_says_why_erases(self):
        self.assertEqual(self.kstati("profile", "erase", "17").returncode, 4)
        self.assertEqual(self.kstati("profile", "erase", "17", "--confirm", "18", "--reason", "4711").returncode, 4)
        self.assertEqual(self.kstati("profile", "erase", "17", "--confirm", "17").returncode, 4)
        shown = self.kstati("profile", "erase", "17", "--language", "en", "--format", "table")
        self.assertIn("cannot come back", shown.stderr)
        self.assertIn("1 record of registries is erased", shown.stdout)
        preview = self.succeeds("profile", "erase", "17", "--preview", "--language", "en", "--format", "json")
        self.assertEqual(json.loads(preview)["facts"], 1)
        self.assertNotIn("erased_at", preview)
        self.assertIn("person.birth_date", self.succeeds("profile", "show", "17"))

    def test_the_erased_stay_erased_after_a_backup_and_the_ledger_stays_sound(self):
        self.succeeds("ledger", "export", "before")
        self.succeeds("store", "backup", "backups")
        erased = self.succeeds("profile", "erase", "17", "--confirm", "17", "--reason", "request 4711", "--format", "json")
        self.assertIn("erased_at", erased)
        self.assertEqual(self.kstati("profile", "show", "17").returncode, 5)
        self.assertEqual(self.kstati("ledger", "show", "17").returncode, 5)
        self.succeeds("profile", "show", "18")
        self.succeeds("store", "verify")
        self.succeeds("ledger", "export", "after")
        self.succeeds("ledger", "verify", "after", "--key", "after/ledger.pub")
        self.assertIn("erasure", self.kinds("after"))

        shutil.rmtree(self.folder / "store")
        for seen in self.folder.glob("store.witness*"):
            seen.rename(self.folder / f"given-up.{seen.name}")
        self.succeeds("store", "restore", "backups")
        self.assertEqual(self.kstati("profile", "show", "17").returncode, 5)
        self.succeeds("profile", "show", "18")
        self.succeeds("store", "verify")

    def kinds(self, export):
        names = ["", "consent_given", "consent_changed", "consent_revoked", "access", "evaluation", "disclosure",
                 "decision", "message_suppressed", "erasure"]
        lines = (self.folder / export / "ledger-0.jsonl").read_text().splitlines()
        entries = [json.loads(line) for line in lines]
        return [names[int(entry["entry"][2:4], 16)] for entry in entries if "entry" in entry]


class ErasureByOperators(unittest.TestCase):
    """Through the door, on a server that goes on working."""

    def setUp(self):
        self.tokens = tempfile.TemporaryDirectory()
        self.addCleanup(self.tokens.cleanup)
        file = pathlib.Path(self.tokens.name) / "tokens.toml"
        file.write_text(token_entry("operator", "o-secret", "operator") + token_entry("portal", "p-secret", "portal") +
                        token_entry("mother", "m-secret", f"citizen:{MOTHER}"))
        self.server = self.make_server(f'[security]\ntokens_file = "{file}"\n')
        self.addCleanup(self.server.remove)
        self.kstati = self.server.client()
        self.addCleanup(self.kstati.transport.close)
        receipts = self.kstati.submitEvents(bearing("o-secret"), [
            town.registration(MOTHER, datetime.date(1990, 1, 1), "female"),
            town.registration(FATHER, datetime.date(1989, 1, 1), "male"), town.birth(CHILD, MOTHER, FATHER)])
        self.assertTrue(all(receipt.outcome == EventOutcome.ACCEPTED for receipt in receipts), receipts)

    def make_server(self, security):
        return town.Server(security=security)

    def operator(self, reason="request 4711"):
        return CallContext(token="o-secret", language=Language.EN, reason=reason, purpose=town.ON_REQUEST)

    def test_only_operators_erase_and_attempts_of_others_are_told(self):
        for token in ("p-secret", "m-secret"):
            for call in (lambda c: self.kstati.eraseCitizen(c, MOTHER, MOTHER),
                         lambda c: self.kstati.previewErasure(c, MOTHER)):
                with self.assertRaises(Failure) as refused:
                    call(CallContext(token=token, reason="curious"))
                self.assertEqual(refused.exception.code, ErrorCode.DENIED)
                self.assertIn("operator", refused.exception.remedy)
        uses = self.kstati.usesOfData(CallContext(token="m-secret", language=Language.EN), MOTHER, 0, 1000)
        told = [use.who for use in uses if use.what == "An attempt to use your data was refused"]
        self.assertEqual(sorted(told), ["mother", "mother", "portal", "portal"])

    def test_a_family_lives_on_when_one_of_it_is_erased(self):
        before = self.kstati.previewErasure(self.operator(), FATHER)
        self.assertGreater(before.facts, 0)
        self.assertIsNone(before.erased_at)
        erased = self.kstati.eraseCitizen(self.operator(), FATHER, FATHER)
        self.assertEqual((erased.facts, erased.stopped), (before.facts, before.stopped))
        self.assertTrue(erased.erased_at)
        with self.assertRaises(Failure) as gone:
            self.kstati.profile(self.operator(), FATHER, "", "")
        self.assertEqual(gone.exception.code, ErrorCode.NOT_FOUND)
        # The mother is decided without him, also after new facts and a start.
        for again in range(2):
            receipt = self.kstati.submitEvents(bearing("o-secret"), [
                town.event("sfr_ils", f"work-{again}", MOTHER, facts={"person.employed": again == 0})])[0]
            self.assertEqual(receipt.outcome, EventOutcome.ACCEPTED, receipt)
            self.assertTrue(self.kstati.suggest(self.operator(), MOTHER, 10).suggestions)
            self.kstati.explain(self.operator(), MOTHER, "snils_newborn", CHILD)
            self.assertEqual(self.server.stop(), 0)
            self.server.start()
            self.kstati = self.server.client()
            self.addCleanup(self.kstati.transport.close)
            with self.assertRaises(Failure):
                self.kstati.cases(self.operator(), FATHER)


class ErasureByOperatorsOnPostgres(ErasureByOperators):
    """The same, on a database."""

    def make_server(self, security):
        if postgres.why_missing():
            self.skipTest(postgres.why_missing())
        database = postgres.Server()
        self.addCleanup(database.remove)
        database.make_database("erasures")
        subprocess.run([town.BINARY, "store", "migrate", "--database", "postgres:" + database.connection("erasures")],
                       check=True, capture_output=True, timeout=60)
        return town.Server(security=security,
                           store=f'engine = "postgresql"\npostgresql = "{database.connection("erasures")}"')


if __name__ == "__main__":
    unittest.main()

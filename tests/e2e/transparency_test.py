# SPDX-License-Identifier: Apache-2.0
"""Whose data were used, by whom and what for: every call is one entry for the person."""

import datetime
import json
import pathlib
import random
import subprocess
import tempfile
import time
import unittest

import town
from access_test import bearing, token_entry
from kstati_rpc.ttypes import CallContext, ErrorCode, Failure, Language

ANNA, BORIS, CHILD = "000000000041", "000000000042", "000000000043"


def speaking(token, **more):
    return CallContext(token=token, language=Language.EN, **more)


class TransparencyTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        tokens = pathlib.Path(self.folder.name) / "tokens.toml"
        tokens.write_text(token_entry("operator", "o-secret", "operator") +
                          token_entry("portal", "p-secret", "portal") +
                          token_entry("anna", "a-secret", f"citizen:{ANNA}"))
        self.server = town.Server(security=f'[security]\ntokens_file = "{tokens}"\n')
        self.addCleanup(self.server.remove)
        with self.server.client() as kstati:
            kstati.submitEvents(bearing("o-secret"), [
                town.registration(ANNA, datetime.date(1990, 1, 1), "female"),
                town.registration(BORIS, datetime.date(1989, 1, 1), "male"),
                town.birth(CHILD, ANNA, BORIS)])

    def entries(self, citizen, others=True):
        """Entries of calls, without the one about this look."""
        with self.server.client() as kstati:
            uses = kstati.usesOfData(speaking("p-secret"), citizen, 0, 1000)
        self.assertEqual([use.number for use in uses], list(range(1, len(uses) + 1)), "a number is missing")
        return [use for use in uses if use.kind in ("access", "evaluation", "disclosure") and
                use.who != "The system by itself" and use.what != "This list was shown" and
                (others or use.own)]

    def test_there_are_as_many_entries_as_calls(self):
        chance = random.Random(7)
        calls = [lambda k, c: k.suggest(c, ANNA, 5), lambda k, c: k.cases(c, ANNA),
                 lambda k, c: k.profile(c, ANNA, "", ""), lambda k, c: k.consents(c, ANNA),
                 lambda k, c: k.notifications(c, ANNA), lambda k, c: k.explain(c, ANNA, "snils_newborn", CHILD),
                 lambda k, c: k.situations(c, ANNA), lambda k, c: k.chain(c, ANNA, "child_birth", CHILD)]
        own = foreign = 0
        with self.server.client() as kstati:
            for _ in range(60):
                actor = chance.random() < 0.3
                context = speaking("p-secret", actor="clerk 4", purpose=town.ON_REQUEST) if actor else speaking("a-secret")
                chance.choice(calls)(kstati, context)
                own += not actor
                foreign += actor
        found = [use for use in self.entries(ANNA)]
        self.assertEqual(sum(use.own for use in found), own)
        self.assertEqual(sum(not use.own for use in found), foreign)
        self.assertEqual({use.who for use in found if not use.own}, {"clerk 4 (portal)"})

    def test_what_a_parent_asks_shows_in_the_childs_list_and_tells_nothing_of_the_parent(self):
        with self.server.client() as kstati:
            kstati.explain(speaking("a-secret"), ANNA, "snils_newborn", CHILD)
        told = self.entries(CHILD)
        self.assertEqual([use.what for use in told],
                         ["Data about you were used to answer a question of a member of your household"])
        self.assertNotIn(ANNA, told[0].text)
        self.assertEqual(told[0].who, "A member of your household")
        self.assertIsNone(told[0].reason)
        self.assertEqual(told[0].categories, [])

    def test_a_refused_attempt_is_told(self):
        with self.server.client() as kstati:
            with self.assertRaises(Failure) as caught:
                kstati.profile(speaking("a-secret"), BORIS, "", "")
        self.assertEqual(caught.exception.code, ErrorCode.DENIED)
        told = [use for use in self.entries(BORIS) if "refused" in use.what]
        self.assertEqual([use.who for use in told], ["anna"])

    def test_a_refused_attempt_to_tell_of_a_person_is_told_to_the_person(self):
        with self.server.client() as kstati:
            with self.assertRaises(Failure) as caught:
                kstati.submitEvents(speaking("a-secret"), [town.event("mvd_pass", "e1", BORIS)])
        self.assertEqual(caught.exception.code, ErrorCode.DENIED)
        told = [use for use in self.entries(BORIS) if "refused" in use.what]
        self.assertEqual([use.who for use in told], ["anna"])

    def test_a_stranger_cannot_fill_the_list_with_refused_attempts(self):
        with self.server.client() as kstati:
            for _ in range(60):
                with self.assertRaises(Failure):
                    kstati.profile(speaking("a-secret"), BORIS, "", "")
        told = [use.text for use in self.entries(BORIS) if "refused" in use.text]
        self.assertEqual(len(told), 6)
        self.assertIn("55 more such attempts of the day were refused", told[-1])

    def test_a_kill_loses_no_foreign_read_and_of_own_ones_a_second_at_most(self):
        with self.server.client() as kstati:
            kstati.cases(speaking("a-secret"), ANNA)
            time.sleep(1)
            kstati.consents(speaking("a-secret"), ANNA)
            for _ in range(5):
                kstati.profile(speaking("p-secret", actor="clerk 4", purpose=town.ON_REQUEST), ANNA, "", "")
            kstati.cases(speaking("a-secret"), ANNA)
        self.server.kill()
        self.server.start()
        found = self.entries(ANNA)
        self.assertEqual(sum(not use.own for use in found), 5)
        self.assertGreaterEqual(sum(use.own for use in found), 1)

    def test_a_sum_over_everybody_is_told_to_everybody_once(self):
        self.server.stop()
        summed = subprocess.run([town.BINARY, "graph", "what-if", "--registers"], cwd=self.server.folder,
                                capture_output=True, text=True, timeout=120)
        self.assertEqual(summed.returncode, 0, summed.stderr)
        self.server.start()
        for citizen in (ANNA, BORIS, CHILD):
            told = [use.what for use in self.entries(citizen) if "everybody" in use.what]
            self.assertEqual(told, ["Your data were used, with everybody's, for a sum that shows nobody"])

    def test_an_entry_is_proved_and_listed_on_the_command_line(self):
        token = pathlib.Path(self.folder.name) / "token"
        token.write_text("o-secret\n")
        listed = self.server.command("ledger", "show", ANNA, "--token-file", token, "--format", "jsonl",
                                     "--language", "en", "--purpose", town.ON_REQUEST)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        numbers = [json.loads(line)["number"] for line in listed.stdout.splitlines()]
        with self.server.client() as kstati:
            receipt = kstati.ledgerReceipt(speaking("a-secret"), ANNA, numbers[0])
            key = kstati.ledgerKey(speaking("a-secret"), ANNA)
        folder = pathlib.Path(self.folder.name)
        (folder / "receipt.json").write_text(receipt)
        (folder / "key").write_text(key + "\n")
        verified = subprocess.run([town.BINARY, "ledger", "verify", folder / "receipt.json", "--key", folder / "key"],
                                  capture_output=True, text=True, timeout=60)
        self.assertEqual(verified.returncode, 0, verified.stderr)

    def test_that_the_ledger_only_grew_is_proved(self):
        folder = pathlib.Path(self.folder.name)
        with self.server.client() as kstati:
            def checkpoint():
                kstati.profile(speaking("p-secret", actor="clerk 4", purpose=town.ON_REQUEST), ANNA, "", "")
                number = self.entries(ANNA)[-1].number
                return json.loads(kstati.ledgerReceipt(speaking("a-secret"), ANNA, number))["checkpoint"]
            first, second = checkpoint(), checkpoint()
            (folder / "key").write_text(kstati.ledgerKey(speaking("a-secret"), ANNA) + "\n")
            proof = kstati.ledgerConsistency(speaking("a-secret"), ANNA, first, second)
            for seen, later, place in ((second, first, "second"), ("rubbish", second, "first"), (first, "", "second")):
                with self.assertRaises(Failure) as caught:
                    kstati.ledgerConsistency(speaking("a-secret"), ANNA, seen, later)
                self.assertEqual(caught.exception.place, place)
        self.server.stop()
        for name, text in (("first", first), ("second", second)):
            (folder / name).write_text(text)
        by_command = subprocess.run([town.BINARY, "ledger", "consistency", folder / "first", folder / "second"],
                                    cwd=self.server.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(by_command.stdout, proof, by_command.stderr)
        (folder / "grown.json").write_text(proof)
        verified = subprocess.run([town.BINARY, "ledger", "verify", folder / "grown.json", "--key", folder / "key"],
                                  capture_output=True, text=True, timeout=60)
        self.assertEqual(verified.returncode, 0, verified.stderr)
        self.server.start()


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""Reads through a server: masked values, reasons to see them, earlier days; and the example of `kstati init`."""

import datetime
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

import town
from kstati_rpc.ttypes import AsOf, CallContext, ErrorCode, Failure, Language, Values

MOTHER = "000000000017"
CHILD = "000000000018"
FATHER = "000000000019"
MASK = "•••"


class ReadingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = town.Server()
        with cls.server.client() as kstati:
            kstati.submitEvents(town.ENGLISH, [
                town.registration(MOTHER, datetime.date(1991, 7, 23), "female"),
                town.registration(FATHER, datetime.date(1990, 1, 1), "male"),
                town.birth(CHILD, MOTHER, FATHER)])

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def setUp(self):
        self.kstati = self.server.client()
        self.addCleanup(self.kstati.transport.close)

    def refused(self, field, call, *arguments):
        with self.assertRaises(Failure) as caught:
            call(*arguments)
        self.assertEqual((caught.exception.code, caught.exception.place), (ErrorCode.INVALID_ARGUMENT, field))

    def test_the_command_line_masks_unless_it_gives_a_reason(self):
        masked = self.server.command("profile", "show", MOTHER)
        self.assertEqual(masked.returncode, 0, masked.stderr)
        self.assertIn(MASK, masked.stdout)
        self.assertNotIn("1991", masked.stdout)
        revealed = self.server.command("profile", "show", MOTHER, "--reveal", "request 4711")
        self.assertIn("1991", revealed.stdout)
        self.assertEqual(self.server.command("profile", "show", MOTHER, "--reveal", " ").returncode, 4)

    def test_masks_reach_suggestions_and_their_cache_keeps_them_apart(self):
        masked = CallContext(language=Language.EN, values=Values.MASKED)
        shown = self.kstati.suggest(town.ENGLISH, MOTHER, 20)
        hidden = self.kstati.suggest(masked, MOTHER, 20)
        again = self.kstati.suggest(town.ENGLISH, MOTHER, 20)
        facts = [fact.value for suggestion in hidden.suggestions for fact in suggestion.facts]
        self.assertTrue(facts)
        self.assertEqual(set(facts), {MASK})
        for reply in (shown, again):
            self.assertTrue(reply.suggestions)
            self.assertNotIn(MASK, str(reply))

    def test_an_empty_reason_is_refused_before_anything_is_shown(self):
        self.refused("context.reason", self.kstati.profile, CallContext(reason=" "), MOTHER, "", "")

    def test_reads_look_back(self):
        past = CallContext(language=Language.EN, as_of=AsOf(valid_at="2020-01-01"))
        self.assertTrue(self.kstati.situations(town.ENGLISH, MOTHER))
        self.assertEqual(self.kstati.situations(past, MOTHER), [])
        self.assertEqual(self.kstati.profile(past, MOTHER, "", "").valid_at, "2020-01-01")
        self.assertEqual(self.kstati.explain(past, MOTHER, "snils_newborn", "").valid_at, "2020-01-01")
        unknown = CallContext(language=Language.EN, as_of=AsOf(known_at="2020-01-01T00:00:00Z"))
        self.assertTrue(self.kstati.cases(town.ENGLISH, MOTHER))
        self.assertEqual(self.kstati.cases(unknown, MOTHER), [])
        listed = self.server.command("case", "list", MOTHER, "--as-of", "2020-01-01T00:00:00Z")
        self.assertEqual((listed.returncode, listed.stdout), (0, ""))
        self.refused("context.as_of.valid_at", self.kstati.cases, past, MOTHER)

    def test_calls_that_know_only_the_present_refuse_to_look_back(self):
        past = CallContext(as_of=AsOf(valid_at="2020-01-01"))
        for call in (self.kstati.consents, self.kstati.history, self.kstati.notifications):
            self.refused("context.as_of", call, past, MOTHER)
        self.refused("context.as_of", self.kstati.apply, past, MOTHER, "snils_newborn", "")

    def test_the_server_tells_its_version_and_its_model(self):
        version = town.json_lines(self.server.command("version").stdout)[0]
        self.assertEqual(version["catalogue_version"], self.kstati.status(town.ENGLISH).catalogue_version)
        model = town.json_lines(self.server.command("model", "info").stdout)[0]
        self.assertEqual(model, {"ranked_by": "catalogue", "version": ""})


class ExampleTest(unittest.TestCase):
    def test_the_six_commands_of_a_new_example_run(self):
        with tempfile.TemporaryDirectory() as parent:
            folder = pathlib.Path(parent) / "demo"
            made = subprocess.run([town.BINARY, "init", str(folder)], cwd=town.SOURCE, capture_output=True)
            self.assertEqual(made.returncode, 0, made.stderr)
            page = (folder / "README.md").read_text()
            commands = re.search(r"```\n(.*?)```", page, flags=re.S).group(1).splitlines()
            self.assertEqual(len(commands), 6)
            printed = ""
            for command in commands:
                words = shlex.split(command)
                done = subprocess.run([town.BINARY, *words[1:]], cwd=folder, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, command + "\n" + done.stderr)
                printed += done.stdout
            for seen in ("child_birth", "snils_newborn", "[holds]", MASK, "1995"):
                self.assertIn(seen, printed)
            again = subprocess.run([town.BINARY, "init", str(folder)], cwd=town.SOURCE, capture_output=True)
            self.assertEqual(again.returncode, 7)


if __name__ == "__main__":
    unittest.main()

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
from kstati_rpc.ttypes import (
    AsOf, CallContext, ErrorCode, EventOutcome, Evidence, Failure, Language, ReportedRelation, Values)

MOTHER = "000000000017"
CHILD = "000000000018"
FATHER = "000000000019"
MASK = "•••"


def members_of(household):
    return [(member.citizen, member.role, member.relation.valid_from) for member in household.members]


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

    def report(self, event, outcome=EventOutcome.ACCEPTED):
        receipt = self.kstati.submitEvents(town.ENGLISH, [event])[0]
        self.assertEqual(receipt.outcome, outcome, receipt)
        return receipt

    def test_facts_say_on_what_evidence_they_rest_and_how_sure_it_is(self):
        event = town.event("mvd_pass", "address-7", FATHER, facts={"person.region_code": "77"})
        event.evidence = Evidence(kind="electronic_duplicate", reference="act 4711", issuer="civil status office",
                                  certifier="service centre 12")
        self.report(event)
        shown = {fact.attribute: fact for fact in self.kstati.profile(town.ENGLISH, FATHER, "", "").facts}
        told = shown["person.region_code"]
        self.assertEqual((told.evidence.kind, told.evidence.assurance), ("electronic_duplicate", "documentary"))
        self.assertEqual(told.evidence_text,
                         "an electronic duplicate of a paper act 4711, issued by civil status office, certified by "
                         "service centre 12: a document shows it")
        own = shown["person.birth_date"]
        self.assertEqual((own.evidence.kind, own.evidence.assurance), ("registry_record", "registry"))
        masked = CallContext(language=Language.EN, values=Values.MASKED)
        hidden = {fact.attribute: fact for fact in self.kstati.profile(masked, FATHER, "", "").facts}
        self.assertIsNone(hidden["person.region_code"].evidence.reference)
        self.assertNotIn("4711", hidden["person.region_code"].evidence_text)
        printed = self.server.command("profile", "show", FATHER, "--reveal", "request 1", "--language", "en",
                                      "--format", "table")
        self.assertIn("act 4711", printed.stdout)

    def test_a_persons_word_is_marked_and_a_registrys_record_takes_its_place(self):
        word = town.event("declared", "word-1", FATHER, facts={"person.ready_to_work": True})
        self.report(word)
        facts = {fact.attribute: fact for fact in self.kstati.profile(town.ENGLISH, FATHER, "", "").facts}
        self.assertEqual(facts["person.ready_to_work"].evidence.assurance, "self_declared")
        passed_on = town.event("mvd_pass", "word-2", FATHER, facts={"person.region_code": "16"})
        passed_on.evidence = Evidence(kind="self_declaration")
        self.assertEqual(self.report(passed_on, EventOutcome.REFUSED).failure.code, ErrorCode.DENIED)

    def test_a_history_tells_relations_and_which_event_corrected_which(self):
        married = town.event("egr_zags", "marriage-1", MOTHER)
        married.relations = [ReportedRelation(from_citizen=MOTHER, kind="spouse", to_citizen=FATHER,
                                              valid_from="2020-05-05")]
        self.report(married)
        corrected = town.event("egr_zags", "marriage-2", MOTHER)
        corrected.relations = [ReportedRelation(from_citizen=MOTHER, kind="spouse", to_citizen=FATHER,
                                                valid_from="2020-06-05")]
        corrected.supersedes = "marriage-1"
        self.report(corrected)
        for citizen, other in ((MOTHER, FATHER), (FATHER, MOTHER)):
            history = self.kstati.history(town.ENGLISH, citizen)
            spouses = [(each.event, each.relation.citizen, each.relation.valid_from, each.superseded_by)
                       for each in history.relations if each.relation.kind == "spouse"]
            self.assertEqual(spouses, [("marriage-1", other, "2020-05-05", "marriage-2"),
                                       ("marriage-2", other, "2020-06-05", None)])
            self.assertIn(("marriage-1", "marriage-2", False),
                          [(each.event, each.by, each.annuls) for each in history.corrections])
        before = self.kstati.household(town.ENGLISH, MOTHER)
        self.assertIn((FATHER, "spouse", "2020-06-05"), members_of(before))
        self.assertIn((CHILD, "child"), [member[:2] for member in members_of(before)])
        annulled = town.event("egr_zags", "marriage-3", MOTHER)
        annulled.supersedes = "marriage-2"
        self.report(annulled)
        self.assertNotIn(FATHER, [member[0] for member in members_of(self.kstati.household(town.ENGLISH, MOTHER))])
        known_then = CallContext(language=Language.EN, as_of=AsOf(known_at=before.known_at))
        self.assertEqual(members_of(self.kstati.household(known_then, MOTHER)), members_of(before))
        self.assertIn(("marriage-2", "marriage-3", True),
                      [(each.event, each.by, each.annuls)
                       for each in self.kstati.history(town.ENGLISH, MOTHER).corrections])
        listed = town.json_lines(self.server.command("profile", "history", MOTHER, "--format", "jsonl").stdout)
        self.assertIn(("relation", "marriage-1", "marriage-2"),
                      [(each["record"], each["event"], each.get("superseded_by")) for each in listed])
        self.assertIn(("correction", "annulled marriage-2", "marriage-3"),
                      [(each["record"], each["what"], each["event"]) for each in listed])

    def test_the_household_names_guardians(self):
        guarded = town.event("opeka", "guardian-1", CHILD)
        guarded.relations = [ReportedRelation(from_citizen=FATHER, kind="guardian", to_citizen=CHILD,
                                              valid_from=town.TODAY.isoformat())]
        guarded.evidence = Evidence(kind="registry_record", reference="order 8")
        self.report(guarded)
        child = self.kstati.household(town.ENGLISH, CHILD)
        roles = [(member.citizen, member.role, member.role_name) for member in child.members]
        self.assertEqual(roles, [(FATHER, "guardian", "guardian"), (MOTHER, "parent", "parent"),
                                 (FATHER, "parent", "parent")])
        self.assertEqual(child.members[0].relation.evidence.reference, "order 8")
        self.assertIn((CHILD, "ward"), [member[:2] for member in members_of(
            self.kstati.household(town.ENGLISH, FATHER))])
        printed = self.server.command("profile", "household", CHILD, "--language", "en", "--format", "table")
        self.assertIn(f"{FATHER}: guardian", printed.stdout)

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

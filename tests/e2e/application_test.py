# SPDX-License-Identifier: Apache-2.0
"""One application for a situation, binding pre-checks, clocks and the register, through the door."""

import datetime
import json
import unittest

import town
from kstati_rpc.ttypes import Answer, ApplicationConfirmation, ErrorCode, EventOutcome, Failure


class ApplicationTest(unittest.TestCase):
    """One server, a family for each test."""

    families = 0

    @classmethod
    def setUpClass(cls):
        cls.server = town.Server()
        cls.addClassCleanup(cls.server.remove)
        cls.kstati = cls.server.client()
        cls.addClassCleanup(cls.kstati.transport.close)

    def setUp(self):
        type(self).families += 1
        self.mother, self.child, self.father = (
            f"{100 * self.families + each:012}" for each in (17, 18, 19))
        self.report(town.registration(self.mother, datetime.date(1995, 5, 5), "female"))
        self.report(town.registration(self.father, datetime.date(1993, 4, 4), "male"))
        self.report(town.event("mvd_pass", f"passport-{self.mother}", self.mother,
                               facts={"person.citizenship_rf": True, "person.lives_in_rf": True,
                                      "person.region_code": "77", "doc.passport_rf": True}))
        self.report(town.birth(self.child, self.mother, self.father))
        self.report(town.event("mvd_pass", f"citizen-{self.child}", self.child,
                               facts={"person.citizenship_rf": True}))

    def report(self, event):
        receipt = self.kstati.submitEvents(town.ENGLISH, [event])[0]
        self.assertEqual(receipt.outcome, EventOutcome.ACCEPTED, receipt)

    def offer(self):
        return self.kstati.offerApplication(town.ENGLISH, self.mother, "child_birth", self.child)

    def confirm(self, offer, answers=None):
        if answers is None:
            answers = [Answer(attribute=ask.attribute, citizen=ask.citizen) for ask in offer.asks]
        return self.kstati.confirmApplication(town.ENGLISH, ApplicationConfirmation(
            citizen=self.mother, situation="child_birth", about=self.child, offer=offer.offer, answers=answers,
            text_version="v1", channel="portal"))

    def refused(self, code, call, *arguments):
        with self.assertRaises(Failure) as caught:
            call(town.ENGLISH, *arguments)
        self.assertEqual(caught.exception.code, code)

    def test_one_confirmation_starts_the_chain_and_results_start_the_rest(self):
        offer = self.offer()
        states = {step.service_id: step.state for step in offer.steps}
        self.assertIn("starts", states.values())
        self.assertIn("waits", states.values())
        self.assertTrue(offer.consent_until)
        self.assertTrue(all(scope.services for scope in offer.categories + offer.recipients))
        self.assertEqual(len({(ask.citizen, ask.attribute) for ask in offer.asks}), len(offer.asks))

        application = self.confirm(offer)
        begun = {step.service_id for step in application.steps if step.case_id}
        self.assertEqual(begun, {service for service, state in states.items() if state == "starts"})
        self.assertEqual(self.confirm(offer).id, application.id)
        consents = self.kstati.consents(town.ENGLISH, self.mother)
        self.assertEqual([consent.id for consent in consents], [application.consent])
        self.assertEqual(consents[0].scope.situation, "child_birth")

        self.report(town.event("sfr_ils", f"snils-{self.child}", self.child, facts={"doc.snils_child": True}))
        now = self.kstati.applications(town.ENGLISH, self.mother)[0]
        later = {step.service_id for step in now.steps if step.case_id} - begun
        self.assertTrue(later)
        for step in now.steps:
            if step.service_id in later:
                self.assertEqual((step.state, step.status), ("under_way", "started"))
            if step.service_id == "snils_newborn":
                self.assertEqual((step.state, step.status), ("done", "done"))

    def test_a_step_without_a_consent_says_so(self):
        application = self.confirm(self.offer())
        self.kstati.revokeConsent(town.ENGLISH, self.mother, application.consent, "")
        self.report(town.event("sfr_ils", f"snils-{self.child}", self.child, facts={"doc.snils_child": True}))
        steps = self.kstati.applications(town.ENGLISH, self.mother)[0].steps
        reasons = {step.not_started for step in steps if step.state == "waits"}
        self.assertIn("no_consent", reasons)
        told = next(step for step in steps if step.not_started == "no_consent")
        self.assertIn(told.service_name, told.not_started_text)
        triggers = self.kstati.triggers(town.ENGLISH, self.mother)
        self.assertIn((told.service_id, "no_consent"), [(each.service_id, each.reason) for each in triggers])

    def test_what_was_not_asked_is_refused(self):
        offer = self.offer()
        with self.assertRaises(Failure) as caught:
            self.confirm(offer, [Answer(attribute="person.region_code", value="77", citizen=self.mother)])
        self.assertEqual(caught.exception.code, ErrorCode.INVALID_ARGUMENT)
        self.assertEqual(self.kstati.consents(town.ENGLISH, self.mother), [])

    def test_a_binding_answer_is_ordered_with_one_confirmation(self):
        check = self.kstati.preCheck(town.ENGLISH, self.mother, "snils_newborn", self.child)
        self.assertTrue(check.holds and check.suffices, check)
        self.assertGreater(check.holds_until, check.made_at)
        self.assertIn("SNILS", check.text)
        self.assertEqual([each.id for each in self.kstati.preChecks(town.ENGLISH, self.mother)], [check.id])
        case = self.kstati.order(town.ENGLISH, self.mother, check.id)
        self.assertEqual(case.status, "started")
        self.assertEqual(self.kstati.order(town.ENGLISH, self.mother, check.id).id, case.id)
        self.refused(ErrorCode.NOT_FOUND, self.kstati.order, self.mother, f"P-{self.mother}-0999")
        texts = [use.text for use in self.kstati.usesOfData(town.ENGLISH, self.mother, 0, 1000)]
        self.assertTrue(any("binding answer" in text for text in texts), texts)

    def test_clocks_and_results_are_shown(self):
        case = self.kstati.apply(town.ENGLISH, self.mother, "snils_newborn", self.child)
        clock = self.kstati.caseClock(town.ENGLISH, self.mother, case.id)
        self.assertEqual((clock.state, clock.due), ("runs", case.due))
        self.assertEqual(clock.entries[0].mark, "started")
        self.assertGreater(clock.breached_from, clock.due)
        self.assertFalse(clock.breached)
        self.assertIsNotNone(case.zeros)
        self.assertLessEqual(case.zeros.score, 3)
        zeros = self.kstati.zeros(town.ENGLISH, self.mother, "snils_newborn", self.child)
        self.assertEqual(zeros.score, 3 - len({blocker.zero for blocker in zeros.blockers}))

        self.assertEqual(self.kstati.results(town.ENGLISH, self.mother), [])
        self.report(town.event("sfr_ils", f"snils-{self.child}", self.child, facts={"doc.snils_child": True}))
        result = self.kstati.results(town.ENGLISH, self.mother)[0]
        self.assertTrue(result.stands)
        self.assertEqual(result.case_id, case.id)
        extract = self.kstati.resultExtract(town.ENGLISH, self.mother, result.id)
        check = self.kstati.checkExtract(town.ENGLISH, result.id, extract.code)
        self.assertEqual((check.genuine, check.latest, check.stands), (True, True, True))
        for wrong in ((result.id, "AAAAAAAAAA"), ("R-000000000099-0001", extract.code), ("x", "y")):
            self.assertFalse(self.kstati.checkExtract(town.ENGLISH, *wrong).genuine)
        self.assertEqual(len(self.kstati.resultToken(town.ENGLISH, self.mother, result.id, 7).split(".")), 3)
        shared = self.kstati.shareResult(town.ENGLISH, self.mother, result.id, "Bank", "")
        self.assertEqual([each.with_whom for each in shared.sharings], ["Bank"])
        ended = self.kstati.endSharing(town.ENGLISH, self.mother, result.id, "Bank")
        self.assertTrue(ended.sharings[0].ended_at)
        self.refused(ErrorCode.NOT_FOUND, self.kstati.caseClock, self.mother, f"C-{self.mother}-0999")

    def test_the_command_line_goes_the_same_way(self):
        shown = json.loads(self.server.command("application", "offer", self.mother, "child_birth", "--about",
                                               self.child, "--format", "json").stdout)
        answers = [f"--answer={ask['citizen']}:{ask['attribute']}" for ask in shown["asks"]]
        done = self.server.command("application", "confirm", self.mother, "child_birth", "--about", self.child,
                                   "--offer", shown["offer"], "--text-version", "v1", *answers,
                                   "--format", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(any("case_id" in step for step in json.loads(done.stdout)["steps"]))
        listed = self.server.command("application", "list", self.mother, "--format", "jsonl").stdout
        self.assertEqual(len(listed.splitlines()), len(shown["steps"]))
        zeros = self.server.command("case", "zeros", self.mother, "snils_newborn", "--about", self.child)
        self.assertIn(json.loads(zeros.stdout)["score"], range(4))


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""What an official does with a case through the door: asks the person, and suspends it until a registry reports."""

import datetime
import unittest

import town
from kstati_rpc.ttypes import Answer, ErrorCode, EventOutcome, Failure, OfficialAct

PERSON = f"{17:012}"
SERVICE = "job_seeker_registration"


class OfficialTest(unittest.TestCase):
    """A case that the rules may not refuse by themselves, so that an official has it."""

    def setUp(self):
        self.server = town.Server(step_seconds=0)
        self.addCleanup(self.server.remove)
        self.kstati = self.server.client()
        self.addCleanup(self.kstati.transport.close)
        self.report(town.registration(PERSON, datetime.date(1995, 5, 5), "female"))
        self.report(town.event("mvd_pass", "passport", PERSON, facts={"doc.passport_rf": True}))
        self.report(town.event("sfr_ils", "work", PERSON,
                               facts={"doc.snils": True, "doc.etk": True, "person.employed": True}))
        self.case = self.kstati.apply(town.ENGLISH, PERSON, SERVICE, PERSON).id
        self.assertTrue(town.wait_until(lambda: self.status() == "with_official"), self.status())

    def report(self, event):
        receipt = self.kstati.submitEvents(town.ENGLISH, [event])[0]
        self.assertEqual(receipt.outcome, EventOutcome.ACCEPTED, receipt)

    def shown(self):
        return next(case for case in self.kstati.cases(town.ENGLISH, PERSON) if case.id == self.case)

    def status(self):
        return self.shown().status

    def act(self, step, attributes=(), last_day=None):
        return self.kstati.actOfficially(town.ENGLISH, OfficialAct(
            citizen=PERSON, case_id=self.case, step=step, grounds=[], attributes=list(attributes),
            last_day=last_day, findings={}))

    def refused(self, code, *arguments, **named):
        with self.assertRaises(Failure) as caught:
            self.act(*arguments, **named)
        self.assertEqual(caught.exception.code, code, caught.exception)

    def test_the_person_is_asked_what_only_the_person_knows(self):
        self.refused(ErrorCode.INVALID_ARGUMENT, "ask")
        self.refused(ErrorCode.INVALID_ARGUMENT, "ask", ["no.such_thing"])
        self.refused(ErrorCode.DENIED, "ask", ["doc.photo"])
        self.refused(ErrorCode.DENIED, "ask", ["person.employed"])
        asked = self.act("ask", ["person.ready_to_work"])
        self.assertEqual(asked.status, "information_asked")
        self.assertEqual([awaited.id for awaited in asked.awaited], ["person.ready_to_work"])
        self.assertGreater(asked.wait_until, town.TODAY.isoformat())
        self.assertEqual(self.kstati.caseClock(town.ENGLISH, PERSON, self.case).state, "stands")
        self.refused(ErrorCode.CONFLICT, "ask", ["person.ready_to_work"])

        answer = Answer(attribute="person.ready_to_work", value="true")
        self.kstati.tellCase(town.ENGLISH, PERSON, self.case, [answer])
        self.assertEqual(self.shown().awaited, [])
        self.assertEqual(self.kstati.caseClock(town.ENGLISH, PERSON, self.case).state, "runs")
        self.assertTrue(town.wait_until(lambda: self.status() == "with_official"), self.status())

    def test_a_suspension_ends_when_a_registry_reports_what_it_waits_for(self):
        self.refused(ErrorCode.INVALID_ARGUMENT, "suspend")
        self.refused(ErrorCode.DENIED, "suspend", ["doc.photo"])
        yesterday = (town.TODAY - datetime.timedelta(days=1)).isoformat()
        self.refused(ErrorCode.INVALID_ARGUMENT, "suspend", ["person.ready_to_work"], last_day=yesterday)
        suspended = self.act("suspend", ["person.ready_to_work"], last_day=town.TODAY.isoformat())
        self.assertEqual(suspended.status, "suspended")
        self.assertEqual(suspended.wait_until, town.TODAY.isoformat())
        self.assertEqual(self.kstati.caseClock(town.ENGLISH, PERSON, self.case).state, "stands")
        self.report(town.event("sfr_ils", "other", PERSON, facts={"doc.snils": True}))
        self.assertEqual(self.status(), "suspended")
        self.report(town.event("declared", "ready", PERSON, facts={"person.ready_to_work": True}))
        self.assertTrue(town.wait_until(lambda: self.status() == "with_official"), self.status())
        self.assertEqual(self.shown().awaited, [])


if __name__ == "__main__":
    unittest.main()

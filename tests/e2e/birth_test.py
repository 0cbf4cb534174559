# SPDX-License-Identifier: Apache-2.0
"""A child is born: from the registry's report to the parents' cases, and what they may do about them."""

import datetime
import json
import os
import subprocess
import sys
import unittest
from xml.etree import ElementTree

import town
from kstati_rpc.ttypes import (
    CallContext, ConsentAmendment, ConsentScope, ErrorCode, EventOutcome, Failure, Language, Mode, Reaction,
    Truth, Verdict)

MOTHER = "000000000017"
FATHER = "000000000019"
CHILD = "000000000018"


class BirthTest(unittest.TestCase):
    """Steps of one story in their order, each with its own server and store."""

    def make_server(self):
        return town.Server()

    def setUp(self):
        self.server = self.make_server()
        self.addCleanup(self.server.remove)
        self.kstati = self.server.client()
        self.addCleanup(self.kstati.transport.close)
        self.report(town.registration(MOTHER, datetime.date(1995, 5, 5), "female"))
        self.report(town.registration(FATHER, datetime.date(1993, 4, 4), "male"))
        for parent in (MOTHER, FATHER):
            self.report(town.event("mvd_pass", f"passport-{parent}", parent,
                                   facts={"person.citizenship_rf": True, "person.lives_in_rf": True,
                                          "person.region_code": "77"}))

    def report(self, event, outcome=EventOutcome.ACCEPTED):
        receipt = self.kstati.submitEvents(town.ENGLISH, [event])[0]
        self.assertEqual(receipt.outcome, outcome, receipt)
        return receipt

    def cases(self, citizen=MOTHER):
        return {case.service_id: case for case in self.kstati.cases(town.ENGLISH, citizen)}

    def test_a_birth_starts_what_the_mother_consented_to(self):
        consent = self.kstati.grantConsent(town.ENGLISH, town.grant(MOTHER))
        self.assertTrue(consent.active)
        receipt = self.report(town.birth(CHILD, MOTHER, FATHER))
        self.assertEqual(receipt.life_events, ["event.child_born"])
        self.assertTrue(receipt.recorded_at)
        self.assertTrue(receipt.cases)

        snils = self.cases()["snils_newborn"]
        self.assertEqual((snils.status, snils.consent, snils.about), ("started", consent.id, CHILD))
        self.assertEqual(snils.verdict, Verdict.ELIGIBLE)
        self.assertTrue(snils.reasons[0].text)
        self.assertEqual(snils.id, sorted(receipt.cases)[0])
        told = self.kstati.notifications(town.ENGLISH, MOTHER)
        self.assertIn(snils.id, [notification.case_id for notification in told])
        self.assertIn("SNILS", " ".join(notification.title for notification in told))

    def test_without_consent_everything_is_only_offered(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        statuses = {case.status for case in self.cases().values()}
        self.assertTrue(statuses)
        self.assertLessEqual(statuses, {"offered", "announced"})

    def test_both_parents_are_in_the_situation(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        for parent in (MOTHER, FATHER):
            situations = self.kstati.situations(town.ENGLISH, parent)
            self.assertEqual([(s.situation, s.about) for s in situations], [("child_birth", CHILD)])
            self.assertEqual(situations[0].occurred_on, town.TODAY.isoformat())
            self.assertIn("civil status", situations[0].source)

    def test_suggestions_carry_reasons_and_never_a_no(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        result = self.kstati.suggest(town.ENGLISH, MOTHER, 20)
        self.assertGreater(len(result.suggestions), 3)
        for suggestion in result.suggestions:
            self.assertNotEqual(suggestion.verdict, Verdict.NOT_ELIGIBLE)
            self.assertTrue(suggestion.reasons, suggestion.service_id)
            self.assertTrue(suggestion.authority, suggestion.service_id)
            if suggestion.verdict == Verdict.UNDETERMINED:
                self.assertTrue(suggestion.missing, suggestion.service_id)
        first = result.suggestions[0]
        self.kstati.feedback(town.ENGLISH, MOTHER, first.exposure, first.service_id, Reaction.OPENED,
                             first.about)

    def test_suggestions_follow_every_change_at_once(self):
        suggested = lambda: {s.service_id: s.verdict
                             for s in self.kstati.suggest(town.ENGLISH, MOTHER, 50).suggestions}
        self.report(town.birth(CHILD, MOTHER, FATHER))
        before = suggested()
        self.assertEqual(suggested(), before)
        applied = self.kstati.apply(town.ENGLISH, MOTHER, "snils_newborn", CHILD)
        self.assertEqual(applied.status, "started")
        self.assertEqual(set(before) - set(suggested()), {"snils_newborn"})
        # A fact of the child, not of the mother.
        self.assertIn("inn_newborn", suggested())
        self.report(town.event("mvd_pass", "foreigner", CHILD, facts={"person.citizenship_rf": False}))
        self.assertNotIn("matcap_certificate", suggested())

    def test_what_is_declined_is_gone_from_the_very_next_answer(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        before = self.kstati.suggest(town.ENGLISH, MOTHER, 50).suggestions
        declined = before[2]
        self.kstati.feedback(town.ENGLISH, MOTHER, declined.exposure, declined.service_id,
                             Reaction.DECLINED, declined.about)
        after = self.kstati.suggest(town.ENGLISH, MOTHER, 50).suggestions
        self.assertEqual([s.service_id for s in after],
                         [s.service_id for s in before if s.service_id != declined.service_id])

    def test_an_explanation_names_facts_rules_and_articles(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        explanation = self.kstati.explain(town.ENGLISH, MOTHER, "snils_newborn", CHILD)
        self.assertEqual(explanation.verdict, Verdict.ELIGIBLE)
        criterion = explanation.criteria[0]
        self.assertEqual(criterion.outcome, Truth.HOLDS)
        self.assertIn("citizenship", criterion.rule)
        self.assertTrue(criterion.source.article)
        self.assertEqual(criterion.facts[0].citizen, CHILD)
        self.assertEqual(explanation.valid_at, town.TODAY.isoformat())

    def test_a_chain_has_its_steps_in_order(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        chain = self.kstati.chain(town.ENGLISH, MOTHER, "child_birth", "")
        self.assertEqual(chain.situation, "child_birth")
        self.assertTrue(chain.steps, chain)
        done = set()
        for step in chain.steps:
            self.assertLessEqual(set(step.after), done | {step.service_id}, step.service_id)
            done.add(step.service_id)
        self.assertTrue(chain.proven, chain.gap)
        self.assertEqual(chain.gap, "")
        for step in chain.steps:
            self.assertLessEqual({chain.steps[place].service_id for place in step.after_steps}, set(step.after))
            self.assertEqual(bool(step.missing), step.verdict == Verdict.UNDETERMINED, step)

    def test_who_has_no_portal_is_told_where_to_come_and_what_is_out_of_reach(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        with_all = self.kstati.chain(town.ENGLISH, MOTHER, "child_birth", "")
        self.assertTrue(all(step.how for step in with_all.steps))
        in_person = CallContext(language=Language.EN, channels=["mfc", "office"])
        chain = self.kstati.chain(in_person, MOTHER, "child_birth", "")
        self.assertFalse([step for step in chain.steps
                          if "portal" in step.how.lower() and step.mode != Mode.PROACTIVE_ACT])
        self.assertGreater(sum(step.visits for step in chain.steps), sum(
            step.visits for step in with_all.steps if step.service_id in {step.service_id for step in chain.steps}))
        out_of_reach = [obstacle for goal in chain.obstacles for obstacle in goal.obstacles if obstacle.no_channel]
        self.assertTrue(out_of_reach, "the childcare allowance needs the portal or an employer")
        for obstacle in out_of_reach:
            self.assertTrue(obstacle.service_id)
            self.assertIn("channels", obstacle.text)

    def test_the_picture_of_a_chain_shows_what_the_chain_says(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        chain = self.kstati.chain(town.ENGLISH, MOTHER, "child_birth", "")

        def drawn(format):
            run = self.server.command("graph", "export", "--situation", "child_birth", "--citizen", MOTHER,
                                      "--format", format)
            self.assertEqual(run.returncode, 0, run.stderr)
            return run.stdout

        id_of = lambda step: f"{step.service_id}/{step.about}"
        rows = json.loads(drawn("json"))["rows"]
        self.assertEqual([(row["step"], row["critical"]) for row in rows],
                         [(id_of(step), step.critical) for step in chain.steps])
        self.assertTrue(any(row["critical"] for row in rows))
        self.assertEqual([row["after"] for row in rows],
                         [[id_of(chain.steps[place]) for place in step.after_steps] for step in chain.steps])
        svg = ElementTree.fromstring(drawn("svg"))
        shown = {element.get("id") for element in svg.iter() if element.get("id")}
        self.assertLessEqual({id_of(step) for step in chain.steps}, shown)
        self.assertEqual(drawn("dot").count(" -> "), sum(len(step.after_steps) for step in chain.steps))

    def test_repeating_an_event_changes_nothing(self):
        self.kstati.grantConsent(town.ENGLISH, town.grant(MOTHER))
        self.report(town.birth(CHILD, MOTHER, FATHER))
        before = (self.kstati.cases(town.ENGLISH, MOTHER),
                  self.kstati.notifications(town.ENGLISH, MOTHER),
                  self.kstati.history(town.ENGLISH, CHILD))
        again = self.report(town.birth(CHILD, MOTHER, FATHER), EventOutcome.REPEATED)
        self.assertEqual(again.cases, [])
        after = (self.kstati.cases(town.ENGLISH, MOTHER),
                 self.kstati.notifications(town.ENGLISH, MOTHER),
                 self.kstati.history(town.ENGLISH, CHILD))
        self.assertEqual(before, after)

    def test_other_content_under_the_same_id_is_a_conflict(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        other = town.birth(CHILD, FATHER, MOTHER)
        receipt = self.report(other, EventOutcome.REFUSED)
        self.assertEqual(receipt.failure.code, ErrorCode.CONFLICT)

    def test_a_revocation_stops_the_cases_that_rest_on_it(self):
        consent = self.kstati.grantConsent(town.ENGLISH, town.grant(MOTHER))
        self.report(town.birth(CHILD, MOTHER, FATHER))
        started = [case.id for case in self.cases().values() if case.status == "started"]
        self.assertTrue(started)
        preview = self.kstati.previewRevocation(town.ENGLISH, MOTHER, consent.id)
        self.assertEqual(sorted(preview.stopped_cases), sorted(started))
        self.assertTrue(preview.consequences)
        self.assertEqual(self.cases()["snils_newborn"].status, "started")
        revocation = self.kstati.revokeConsent(town.ENGLISH, MOTHER, consent.id, "changed my mind")
        self.assertEqual(sorted(revocation.stopped_cases), sorted(started))
        self.assertFalse(revocation.consent.active)
        self.assertEqual({self.cases()["snils_newborn"].status}, {"stopped"})
        twice = self.kstati.revokeConsent(town.ENGLISH, MOTHER, consent.id, "again")
        self.assertEqual(twice.stopped_cases, [])
        self.assertEqual(twice.consent.revoke_reason, "changed my mind")
        listed = self.kstati.consents(town.ENGLISH, MOTHER)[0]
        self.assertEqual([version.change for version in listed.versions], ["given", "revoked"])
        self.assertEqual(listed.erasure.due, revocation.erasure_due)

    def test_a_parent_speaks_for_a_child_and_a_stranger_does_not(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        self.report(town.registration(CHILD, town.TODAY, "male"))
        grant = town.grant(CHILD)
        with self.assertRaises(Failure) as in_person:
            self.kstati.grantConsent(town.ENGLISH, grant)
        self.assertEqual(in_person.exception.code, ErrorCode.DENIED)
        grant.granted_by = MOTHER
        consent = self.kstati.grantConsent(town.ENGLISH, grant)
        self.assertEqual(consent.versions[0].capacity, "legal-representative")
        self.assertTrue(consent.valid_to)
        self.report(town.registration("000000000020", datetime.date(1980, 1, 1), "male"))
        by = lambda who: CallContext(language=Language.EN, representative=who)
        with self.assertRaises(Failure) as stranger:
            self.kstati.revokeConsent(by("20"), CHILD, consent.id, "")
        self.assertEqual(stranger.exception.code, ErrorCode.DENIED)
        revoked = self.kstati.revokeConsent(by(FATHER), CHILD, consent.id, "").consent
        self.assertEqual((revoked.versions[-1].by, revoked.active), (FATHER, False))
        with self.assertRaises(Failure) as elsewhere:
            self.kstati.consents(by(FATHER), CHILD)
        self.assertEqual(elsewhere.exception.place, "context.representative")

    def test_a_consent_is_narrowed_and_renewed_and_its_receipt_tells_all_of_it(self):
        consent = self.kstati.grantConsent(town.ENGLISH, town.grant(MOTHER))
        change = ConsentAmendment(citizen=MOTHER, consent=consent.id, text_version="2026-02",
                                  channel="portal")
        change.scope = ConsentScope(purpose="proactive-start", service_id="inn_newborn", situation="")
        self.kstati.narrowConsent(town.ENGLISH, change)
        self.report(town.birth(CHILD, MOTHER, FATHER))
        self.assertEqual(self.cases()["inn_newborn"].status, "started")
        self.assertEqual(self.cases()["snils_newborn"].status, "offered")
        change.scope = ConsentScope(purpose="proactive-start", service_id="", situation="")
        with self.assertRaises(Failure) as wider:
            self.kstati.narrowConsent(town.ENGLISH, change)
        self.assertEqual(wider.exception.code, ErrorCode.INVALID_ARGUMENT)
        self.assertIn("grant a new one", wider.exception.remedy)
        receipt = json.loads(self.kstati.consentReceipt(town.ENGLISH, MOTHER, consent.id))
        self.assertEqual([event["event_type"] for event in receipt["events"]], ["given", "narrowed"])
        bases = self.kstati.legalBases(town.ENGLISH)
        self.assertTrue(all(basis.source.article for basis in bases))

    def test_an_offer_can_be_confirmed_or_declined(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        offered = [case for case in self.cases().values() if case.status == "offered"]
        self.assertGreater(len(offered), 1)
        confirmed = self.kstati.apply(town.ENGLISH, MOTHER, offered[0].service_id, offered[0].about)
        self.assertEqual((confirmed.id, confirmed.status), (offered[0].id, "started"))
        declined = self.kstati.decline(town.ENGLISH, MOTHER, offered[1].id)
        self.assertEqual(declined.status, "declined")

    def test_what_the_state_starts_and_what_not_is_told_with_its_reason(self):
        self.kstati.grantConsent(town.ENGLISH, town.grant(MOTHER))
        self.report(town.birth(CHILD, MOTHER, FATHER))
        decisions = self.kstati.triggers(town.ENGLISH, MOTHER)
        started = {each.service_id for each in decisions if each.reason == "started"}
        self.assertIn("snils_newborn", started)
        negative = [each for each in decisions if not each.starts]
        self.assertTrue(negative)
        self.assertTrue(all(each.text for each in decisions))
        for each in negative:
            if each.reason in ("not_eligible", "facts_missing"):
                self.assertTrue(each.details, each.service_id)

    def test_an_application_can_be_withdrawn_and_a_refused_step_is_kept(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        offered = next(case for case in self.cases().values() if case.status == "offered")
        started = self.kstati.apply(town.ENGLISH, MOTHER, offered.service_id, offered.about)
        with self.assertRaises(Failure) as refused:
            self.kstati.decline(town.ENGLISH, MOTHER, started.id)
        self.assertEqual(refused.exception.code, ErrorCode.CONFLICT)
        self.assertEqual(self.cases()[offered.service_id].refused_count, 1)
        withdrawn = self.kstati.withdraw(town.ENGLISH, MOTHER, started.id)
        self.assertEqual(withdrawn.status, "withdrawn")
        self.assertEqual(self.kstati.officialQueue(town.ENGLISH, "", 10), [])

    def test_stopping_and_starting_loses_nothing_and_work_goes_on(self):
        self.kstati.grantConsent(town.ENGLISH, town.grant(MOTHER))
        self.report(town.birth(CHILD, MOTHER, FATHER))
        before = self.cases()
        self.kstati.transport.close()
        self.assertEqual(self.server.stop(), 0)
        self.server.start(step_seconds=0)
        self.kstati = self.server.client()
        self.addCleanup(self.kstati.transport.close)
        self.report(town.birth(CHILD, MOTHER, FATHER), EventOutcome.REPEATED)
        self.assertEqual(set(self.cases()), set(before))
        handed = lambda: self.cases()["snils_newborn"].status in ("inter_agency", "granted")
        self.assertTrue(town.wait_until(handed), self.cases()["snils_newborn"].status)

    def test_the_command_line_sees_the_same_through_the_server(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        listed = self.server.command("case", "list", MOTHER)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertEqual({case["id"] for case in town.json_lines(listed.stdout)},
                         {case.id for case in self.cases().values()})
        unknown = self.server.command("suggest", "999")
        self.assertEqual((unknown.returncode, unknown.stdout), (5, ""))
        self.assertIn("hint:", unknown.stderr)

    def test_the_example_of_the_python_client_runs(self):
        self.report(town.birth(CHILD, MOTHER, FATHER))
        example = town.SOURCE / "thrift/clients/python/example.py"
        environment = {**os.environ, "PYTHONPATH": str(town.GENERATED),
                       "KSTATI_PORT": str(self.server.port)}
        run = lambda citizen: subprocess.run([sys.executable, str(example), citizen], env=environment,
                                             capture_output=True, text=True, timeout=60)
        self.assertIn("Birth of a child", run(MOTHER).stdout)
        self.assertEqual(run("999").returncode, 1)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""What a decision lacks is asked of the registries that have it, and nothing follows from their silence."""

import contextlib
import datetime
import json
import os
import pathlib
import tempfile
import threading
import time
import unittest

import town
from kstati_rpc.ttypes import CallContext, ErrorCode, Failure, Language, SourceState, Verdict
from registry import Registry, free_port
from thrift.transport import TTransport
from tls_test import make_authority, make_certificate

ANNA, BORIS, CHILD = "000000000061", "000000000062", "000000000063"
SERVICE = "job_seeker_registration"
EMPLOYED = "person.employed"
INSURED = "person.insured_maternity"
SINCE = "2026-01-15"
SCALE = int(os.environ.get("KSTATI_TEST_SCALE", "1"))


def waiting(milliseconds, **more):
    return CallContext(language=Language.EN, wait_for_sources_ms=milliseconds, **more)


class SourcesTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.registry = Registry()
        self.addCleanup(self.registry.close)
        self.registry.facts[ANNA] = {EMPLOYED: ("false", SINCE)}

    def start(self, sources=None, more="", rest_seconds=0):
        """A server with the list of sources, and Anna in its store."""
        sources = sources or [self.source()]
        (self.path / "sources.yaml").write_text("sources:\n" + "".join(sources))
        self.server = town.Server(store=f"""
[sources]
file = "{self.path}/sources.yaml"
limit_ms = 1000
rest_seconds = {rest_seconds}
{more}""")
        self.addCleanup(self.server.remove)
        with self.server.client() as kstati:
            kstati.submitEvents(town.ENGLISH, [town.registration(ANNA, datetime.date(1990, 5, 20), "female")])
        return self.server

    def source(self, name="sfr_mart", url=None, more=""):
        return (f"  - name: {name}\n    registry: sfr_ils\n    url: {url or self.registry.url}\n"
                f"    attributes: [{EMPLOYED}]\n    latency_ms: 20\n    cache_seconds: 3600\n{more}")

    def explain(self, wait=5_000):
        with self.server.client() as kstati:
            return kstati.explain(waiting(wait), ANNA, SERVICE, "")

    def outcome(self, explanation, criterion="not_employed"):
        return next(c for c in explanation.criteria if c.id == criterion)

    def standing(self, attribute=EMPLOYED):
        """Facts about Anna that no later event declared wrong."""
        with self.server.client() as kstati:
            return [r for r in kstati.history(town.ENGLISH, ANNA).facts
                    if r.fact.attribute == attribute and not r.superseded_at]

    def test_what_is_missing_is_fetched_recorded_and_told(self):
        self.start()
        explanation = self.explain()
        self.assertEqual([s.state for s in explanation.sources], [SourceState.ANSWERED])
        fact = self.outcome(explanation).facts[0]
        self.assertEqual((fact.attribute, fact.valid_from), (EMPLOYED, SINCE))
        self.assertEqual([r.event for r in self.standing()], [f"answer-sfr_mart-{ANNA}-{EMPLOYED}-1"])
        self.assertIsNone(self.explain().sources)
        self.assertEqual(self.registry.asked, [(ANNA, (EMPLOYED,))])
        with self.server.client() as kstati:
            uses = kstati.usesOfData(town.ENGLISH, ANNA, 0, 1000)
        told = [(use.kind, use.what) for use in uses if "Social Fund" in use.what]
        self.assertEqual([kind for kind, _ in told], ["access", "disclosure"])
        self.assertIn("was asked for data about you", told[0][1])
        self.assertTrue(all(use.basis != "not stated" and [c.id for c in use.categories] == ["work"]
                            for use in uses if "Social Fund" in use.what))

    def test_suggestions_do_not_wait_and_say_who_is_being_asked(self):
        self.start([self.source().replace(EMPLOYED, INSURED)])
        self.registry.facts[ANNA] = {INSURED: ("true", SINCE)}
        self.registry.delay = 0.6
        with self.server.client() as kstati:
            kstati.submitEvents(town.ENGLISH, [town.registration(BORIS, datetime.date(1989, 1, 1), "male"),
                                               town.birth(CHILD, ANNA, BORIS)])
            result = kstati.suggest(town.ENGLISH, ANNA, 100)
            self.assertEqual([s.state for s in result.sources], [SourceState.BEING_ASKED])
            self.assertIn("is being asked for", result.sources[0].text)
            self.assertEqual(len(self.standing(INSURED)), 0, "it did not wait")
            kstati.suggest(town.ENGLISH, ANNA, 100)
            self.assertTrue(town.wait_until(lambda: len(self.standing(INSURED)) == 1))
            self.assertIsNone(kstati.suggest(town.ENGLISH, ANNA, 100).sources)
            self.assertEqual(len(self.registry.asked), 1, "nobody is asked twice at a time")

    def test_applying_rests_on_what_was_fetched(self):
        self.start()
        self.registry.facts[ANNA] = {EMPLOYED: ("true", SINCE)}
        with self.server.client() as kstati:
            case = kstati.apply(waiting(5_000), ANNA, SERVICE, "")
        self.assertEqual(len(self.standing()), 1)
        self.assertEqual((case.status, case.verdict), ("started", Verdict.NOT_ELIGIBLE),
                         "nobody confirmed the law, so that an official decides")

    def test_checking_ahead_asks_the_sources_first(self):
        self.start()
        with self.server.client() as kstati:
            check = kstati.preCheck(waiting(5_000), ANNA, SERVICE, "")
            self.assertEqual([s.state for s in check.sources], [SourceState.ANSWERED])
            self.assertNotIn(EMPLOYED, [missing.attribute for missing in check.missing])
            self.assertIsNone(kstati.preCheck(waiting(5_000), ANNA, SERVICE, "").sources)
        self.assertEqual(self.registry.asked, [(ANNA, (EMPLOYED,))])

    def test_nothing_follows_from_silence_or_nonsense(self):
        self.start()
        for behaviour in ("trouble", "broken", "wrong person", "too long", "refuses"):
            with self.subTest(behaviour):
                self.registry.behaviour = behaviour
                explanation = self.explain()
                self.assertEqual([s.state for s in explanation.sources], [SourceState.NO_ANSWER])
                self.assertIn("did not answer, so this stays unknown", explanation.sources[0].text)
                self.assertEqual(explanation.verdict, Verdict.UNDETERMINED)
                self.assertEqual(self.standing(), [])
        self.registry.behaviour = "well"
        self.registry.facts.clear()
        self.assertEqual([s.state for s in self.explain().sources], [SourceState.NO_RECORD])
        self.assertNotIn(ANNA, self.server.log())

    def test_a_slow_source_is_given_up_in_time_and_what_came_is_there(self):
        other = Registry()
        self.addCleanup(other.close)
        other.facts[ANNA] = {INSURED: ("true", SINCE)}
        self.start([self.source(), self.source("other", other.url).replace(EMPLOYED, INSURED)])
        self.registry.delay = 5
        with self.server.client() as kstati:
            kstati.grantConsent(town.ENGLISH, town.grant(ANNA))
            began = time.monotonic()
            asked = kstati.askSources(waiting(10_000, reason="request 7"), ANNA, [])
        self.assertLess(time.monotonic() - began, 3)
        self.assertEqual({s.source: s.state for s in asked},
                         {"sfr_mart": SourceState.NO_ANSWER, "other": SourceState.ANSWERED})

    def test_without_a_service_only_a_consent_lets_sources_be_asked(self):
        self.start()
        with self.server.client() as kstati:
            asked = kstati.askSources(waiting(5_000, reason="request 7"), ANNA, [EMPLOYED])
            self.assertEqual([s.state for s in asked], [SourceState.NOT_ALLOWED])
            self.assertEqual(self.registry.asked, [])
            kstati.grantConsent(town.ENGLISH, town.grant(ANNA))
            asked = kstati.askSources(waiting(5_000, reason="request 7"), ANNA, [EMPLOYED])
            self.assertEqual([s.state for s in asked], [SourceState.ANSWERED])

    def test_a_source_that_failed_rests_and_another_is_asked(self):
        self.start([self.source("away", f"http://127.0.0.1:{free_port()}/facts"),
                    self.source("office", more="    cost: 5\n")], rest_seconds=3600)
        self.assertEqual({s.source: s.state for s in self.explain().sources},
                         {"away": SourceState.NO_ANSWER, "office": SourceState.ANSWERED})
        with self.server.client() as kstati:
            self.assertEqual([s.source for s in kstati.sources(town.ENGLISH) if s.rests_because], ["away"])

    def test_a_stranger_behind_the_address_is_not_asked(self):
        make_authority(self.path, "authority")
        make_authority(self.path, "stranger")
        make_certificate(self.path, "server", "authority", "IP:127.0.0.1")
        secure = Registry(self.path / "server.pem", self.path / "server.key")
        self.addCleanup(secure.close)
        secure.facts[ANNA] = {EMPLOYED: ("false", SINCE)}
        self.start([self.source(url=secure.url, more="    tls_ca: stranger.pem\n")])
        self.assertEqual([s.state for s in self.explain().sources], [SourceState.NO_ANSWER])
        self.assertEqual(secure.asked, [])
        self.server.stop()
        (self.path / "sources.yaml").write_text(
            "sources:\n" + self.source(url=secure.url, more="    tls_ca: authority.pem\n"))
        self.server.start()
        self.assertEqual([s.state for s in self.explain().sources], [SourceState.ANSWERED])

    def test_a_kill_between_an_answer_and_its_record_loses_nothing_and_applies_nothing_twice(self):
        self.start()
        for attempt in range(8 * SCALE):
            citizen = f"{900 + attempt:012d}"
            self.registry.facts[citizen] = {EMPLOYED: ("false", SINCE)}
            with self.server.client() as kstati:
                kstati.submitEvents(town.ENGLISH, [town.registration(citizen, datetime.date(1990, 5, 20), "male")])
            killed = threading.Event()

            def kill(server=self.server, pause=attempt * 0.0015, killed=killed):
                time.sleep(pause)
                server.process.kill()
                killed.set()
            self.registry.after_answer = kill
            with self.server.client() as kstati:
                with contextlib.suppress(TTransport.TTransportException):
                    kstati.explain(waiting(0), citizen, SERVICE, "")
                self.assertTrue(killed.wait(10))
            self.registry.after_answer = None
            self.server.kill()
            self.server.start()
            with self.server.client() as kstati:
                explanation = kstati.explain(waiting(5_000), citizen, SERVICE, "")
                self.assertTrue(self.outcome(explanation).facts, "it is known, or was asked again")
                events = [r.event for r in kstati.history(town.ENGLISH, citizen).facts if r.fact.attribute == EMPLOYED]
                self.assertEqual(events, [f"answer-sfr_mart-{citizen}-{EMPLOYED}-1"])

    def test_a_newer_answer_takes_the_place_of_the_one_before(self):
        self.start([self.source().replace("cache_seconds: 3600", "cache_seconds: 1")])
        self.explain()
        self.registry.facts[ANNA] = {EMPLOYED: ("true", "2026-02-01")}
        self.assertTrue(town.wait_until(lambda: len(self.explain().sources or []) == 1))
        self.assertEqual([(r.fact.valid_from, r.event[-1]) for r in self.standing()], [("2026-02-01", "2")])

    def test_the_command_line_lists_and_asks_and_the_doctor_looks(self):
        self.start([self.source(), self.source("away", f"http://127.0.0.1:{free_port()}/facts")])
        listed = town.json_lines(self.server.command("source", "list", "--format", "jsonl").stdout)
        self.assertEqual([line["source"] for line in listed], ["sfr_mart", "away"])
        self.assertEqual(listed[0]["facts"], EMPLOYED)
        with self.server.client() as kstati:
            kstati.grantConsent(town.ENGLISH, town.grant(ANNA))
        asked = self.server.command("source", "ask", ANNA, "--attribute", EMPLOYED, "--reason", "request 7",
                                    "--format", "jsonl")
        self.assertEqual(asked.returncode, 0, asked.stderr)
        self.assertEqual([line["state"] for line in town.json_lines(asked.stdout)], ["answered"])
        unknown = self.server.command("source", "ask", ANNA, "--attribute", "person.employe", "--reason", "x")
        self.assertIn("did you mean person.employed?", unknown.stderr)
        self.server.stop()
        try:
            doctor = town.subprocess.run(
                [town.BINARY, "doctor", "--config", str(self.server.folder / "kstati.toml"), "--format", "json"],
                capture_output=True, text=True, timeout=60)
            found = {line["item"]: line["health"] for line in json.loads(doctor.stdout)
                     if line["item"].startswith("source ")}
            self.assertEqual(found, {"source sfr_mart": "ok", "source away": "warning"})
        finally:
            self.server.start()


if __name__ == "__main__":
    unittest.main()

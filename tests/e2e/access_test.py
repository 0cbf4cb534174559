# SPDX-License-Identifier: Apache-2.0
"""Tokens: who may do what."""

import datetime
import hashlib
import pathlib
import subprocess
import tempfile
import unittest

import town
from kstati_rpc.ttypes import (
    CallContext, ConsentGrant, ConsentScope, ErrorCode, EventOutcome, Failure, Language)

ANNA = "000000000031"
BORIS = "000000000032"
CHILD = "000000000033"
FATHER = "000000000034"


def token_entry(name, token, *scopes, purposes=(town.ON_REQUEST,)):
    def listed(names):
        return ", ".join(f'"{each}"' for each in names)
    digest = hashlib.sha256(token.encode()).hexdigest()
    return (f'[[token]]\nname = "{name}"\nsha256 = "{digest}"\nscopes = [{listed(scopes)}]\n'
            f'purposes = [{listed(purposes)}]\n')


def bearing(token, **more):
    return CallContext(token=token, language=Language.EN, **more)


class AccessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        tokens = pathlib.Path(cls.folder.name) / "tokens.toml"
        tokens.write_text(token_entry("register", "r-secret", "registry:fns_erns") +
                          token_entry("civil register", "z-secret", "registry:egr_zags") +
                          token_entry("boris", "b-secret", f"citizen:{BORIS}") +
                          token_entry("child", "c-secret", f"citizen:{CHILD}") +
                          token_entry("portal", "p-secret", "portal") +
                          token_entry("anna", "a-secret", f"citizen:{ANNA}") +
                          token_entry("operator", "o-secret", "operator",
                                      purposes=(town.ON_REQUEST, "civil_status", "proactive-start")) +
                          token_entry("helper", "h-secret", "operator", purposes=()))
        cls.server = town.Server(security=f'[security]\ntokens_file = "{tokens}"\n')
        with cls.server.client() as kstati:
            for person in (ANNA, BORIS):
                receipt = kstati.submitEvents(
                    bearing("r-secret"),
                    [town.registration(person, datetime.date(1990, 1, 1), "female")])[0]
                assert receipt.outcome == EventOutcome.ACCEPTED, receipt

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()
        cls.folder.cleanup()

    def setUp(self):
        self.kstati = self.server.client()
        self.addCleanup(self.kstati.transport.close)

    def fails(self, code, call, *arguments):
        with self.assertRaises(Failure) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.code, code, caught.exception)
        self.assertTrue(caught.exception.remedy)

    def test_liveness_needs_no_token(self):
        self.assertTrue(self.kstati.status(CallContext()).ready)

    def test_without_or_with_an_unknown_token_nothing_else(self):
        self.fails(ErrorCode.UNAUTHENTICATED, self.kstati.suggest, CallContext(), ANNA, 5)
        self.fails(ErrorCode.UNAUTHENTICATED, self.kstati.suggest, bearing("guess"), ANNA, 5)
        self.fails(ErrorCode.UNAUTHENTICATED, self.kstati.services, CallContext())

    def test_a_registry_submits_only_its_own_events_and_asks_nothing(self):
        foreign = town.event("mvd_pass", "x1", ANNA, facts={"person.region_code": "77"})
        receipt = self.kstati.submitEvents(bearing("r-secret"), [foreign])[0]
        self.assertEqual((receipt.outcome, receipt.failure.code),
                         (EventOutcome.REFUSED, ErrorCode.DENIED))
        self.fails(ErrorCode.DENIED, self.kstati.suggest, bearing("r-secret"), ANNA, 5)

    def test_a_portal_asks_and_submits_nothing(self):
        self.assertTrue(self.kstati.suggest(bearing("p-secret"), BORIS, 5).as_of)
        self.fails(ErrorCode.DENIED, self.kstati.submitEvents, bearing("p-secret"), [])

    def test_a_citizen_sees_only_herself(self):
        self.assertEqual(self.kstati.profile(bearing("a-secret"), ANNA, "", "").citizen, ANNA)
        self.fails(ErrorCode.DENIED, self.kstati.profile, bearing("a-secret"), BORIS, "", "")
        self.fails(ErrorCode.DENIED, self.kstati.grantConsent, bearing("a-secret"), town.grant(BORIS))

    def test_the_command_line_reads_its_token_from_a_file(self):
        token = pathlib.Path(self.folder.name) / "token"
        token.write_text("p-secret\n")
        asking = ("consent", "list", ANNA, "--token-file", str(token))
        answered = self.server.command(*asking, "--purpose", town.ON_REQUEST)
        self.assertEqual(answered.returncode, 0, answered.stderr)
        self.assertEqual(self.server.command(*asking).returncode, 6)
        self.assertEqual(self.server.command("consent", "list", ANNA).returncode, 6)

    def told(self, citizen):
        """What the person sees of others who used their data, or tried to."""
        uses = self.kstati.usesOfData(bearing("p-secret"), citizen, 0, 1000)
        return [use for use in uses if not use.own]

    def test_whoever_is_not_the_person_names_a_purpose_that_the_token_allows(self):
        before = len(self.told(BORIS))
        read = lambda token, **more: self.kstati.profile(bearing(token, **more), BORIS, "", "")
        self.fails(ErrorCode.DENIED, read, "o-secret")
        with self.assertRaises(Failure) as caught:
            read("p-secret", actor="clerk 4")
        self.assertEqual((caught.exception.code, caught.exception.place), (ErrorCode.DENIED, "context.purpose"))
        self.assertIn(town.ON_REQUEST, caught.exception.remedy)
        self.fails(ErrorCode.DENIED, lambda: read("p-secret", actor="clerk 4", purpose="tell_of_rights"))
        self.fails(ErrorCode.DENIED, lambda: read("h-secret", purpose=town.ON_REQUEST))
        refused = self.told(BORIS)[before:]
        self.assertEqual([(use.who, "refused" in use.what) for use in refused],
                         [("operator", True), ("portal", True), ("portal", True), ("helper", True)])
        self.assertTrue(read("p-secret", actor="clerk 4", purpose=town.ON_REQUEST).facts)
        self.assertTrue(read("p-secret").facts, "a portal that vouches for the person needs none")
        last = self.told(BORIS)[-1]
        self.assertEqual(last.who, "clerk 4 (portal)")
        self.assertIn("Provide a service that the person asked for", last.purpose)
        self.assertIn("Provide a service that the person asked for", last.text)
        self.assertIn("art. 6" if "art." in last.basis else "ст. 6", last.basis)

    def test_a_purpose_that_covers_some_data_shows_these_alone(self):
        context = bearing("o-secret", purpose="civil_status")
        shown = self.kstati.profile(context, ANNA, "", "")
        self.assertTrue(shown.facts)
        self.assertLessEqual({fact.category for fact in shown.facts}, {"identity", "family"})
        recorded = self.kstati.history(context, ANNA)
        self.assertLessEqual({each.fact.category for each in recorded.facts}, {"identity", "family"})
        self.fails(ErrorCode.DENIED, self.kstati.suggest, context, ANNA, 5)
        self.fails(ErrorCode.DENIED, self.kstati.household, context, ANNA)

    def test_a_purpose_of_a_consent_needs_the_consent_and_covers_what_it_covers(self):
        context = bearing("o-secret", purpose="proactive-start")
        self.fails(ErrorCode.CONSENT_REQUIRED, self.kstati.profile, context, ANNA, "", "")
        scope = ConsentScope(purpose="proactive-start", service_id="", situation="", categories=["health"])
        consent = self.kstati.grantConsent(bearing("a-secret"), ConsentGrant(
            citizen=ANNA, text_version="2026-01", channel="portal", scope=scope))
        self.assertEqual(self.kstati.profile(context, ANNA, "", "").facts, [], "nothing of her health is known")
        # Refused attempts are entered in groups and may come later.
        shown = [use for use in self.told(ANNA) if "refused" not in use.what]
        self.assertIn(consent.id, shown[-1].basis)
        self.kstati.revokeConsent(bearing("a-secret"), ANNA, consent.id, "")
        self.fails(ErrorCode.CONSENT_REQUIRED, self.kstati.profile, context, ANNA, "", "")

    def test_nobody_passes_for_a_representative(self):
        for secret, event in (("r-secret", town.registration(FATHER, datetime.date(1990, 1, 1), "male")),
                              ("z-secret", town.birth(CHILD, ANNA, FATHER)),
                              ("r-secret", town.registration(CHILD, town.TODAY, "male"))):
            receipt = self.kstati.submitEvents(bearing(secret), [event])[0]
            self.assertEqual(receipt.outcome, EventOutcome.ACCEPTED, receipt)
        grant = town.grant(CHILD)
        grant.granted_by = ANNA
        self.fails(ErrorCode.DENIED, self.kstati.grantConsent, bearing("c-secret"), grant)
        consent = self.kstati.grantConsent(bearing("p-secret"), grant)
        revoke = lambda secret, by, **more: self.kstati.revokeConsent(
            bearing(secret, representative=by, **more), CHILD, consent.id, "")
        for secret, by in (("c-secret", ANNA), ("b-secret", ANNA), ("b-secret", BORIS), ("p-secret", BORIS)):
            self.fails(ErrorCode.DENIED, revoke, secret, by)
        self.fails(ErrorCode.INVALID_ARGUMENT, revoke, "c-secret", CHILD)
        for secret, more in (("o-secret", {}), ("p-secret", {"actor": "clerk 4"})):
            with self.assertRaises(Failure) as caught:
                revoke(secret, ANNA, **more)
            self.assertEqual((caught.exception.code, caught.exception.place),
                             (ErrorCode.DENIED, "context.purpose"))
        self.assertTrue(self.kstati.consents(bearing("p-secret"), CHILD)[0].active)
        revoked = revoke("a-secret", ANNA).consent
        self.assertEqual((revoked.versions[-1].by, revoked.active), (ANNA, False))

    def test_a_token_with_an_unknown_purpose_keeps_the_server_from_starting(self):
        tokens = pathlib.Path(self.folder.name) / "unknown.toml"
        tokens.write_text(token_entry("portal", "p-secret", "portal", purposes=("curiosity",)))
        with self.assertRaises(AssertionError) as caught:
            town.Server(security=f'[security]\ntokens_file = "{tokens}"\n')
        self.assertIn("curiosity", str(caught.exception))

    def test_tokens_never_reach_the_log(self):
        for secret in ("r-secret", "p-secret", "a-secret", "o-secret", "guess"):
            self.assertNotIn(secret, self.server.log())

    def test_other_addresses_need_tokens_and_tls(self):
        config = pathlib.Path(self.folder.name) / "open.toml"
        config.write_text(f"""
[store]
folder = "open-store"
[catalogue]
folder = "{town.SOURCE}/data/catalogue"
[messages]
folder = "{town.SOURCE}/data/messages"
[thrift]
host = "0.0.0.0"
port = 0
[http]
port = 0
""")
        refused = subprocess.run([town.BINARY, "serve", "--config", str(config)], capture_output=True,
                                 text=True, timeout=60)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("security.tokens_file", refused.stderr)


if __name__ == "__main__":
    unittest.main()

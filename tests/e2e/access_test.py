# SPDX-License-Identifier: Apache-2.0
"""Tokens: who may do what."""

import datetime
import hashlib
import pathlib
import subprocess
import tempfile
import unittest

import town
from kstati_rpc.ttypes import CallContext, ErrorCode, EventOutcome, Failure

ANNA = "000000000031"
BORIS = "000000000032"


def token_entry(name, token, *scopes):
    listed = ", ".join(f'"{scope}"' for scope in scopes)
    digest = hashlib.sha256(token.encode()).hexdigest()
    return f'[[token]]\nname = "{name}"\nsha256 = "{digest}"\nscopes = [{listed}]\n'


def bearing(token):
    return CallContext(token=token)


class AccessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        tokens = pathlib.Path(cls.folder.name) / "tokens.toml"
        tokens.write_text(token_entry("register", "r-secret", "registry:fns_erns") +
                          token_entry("portal", "p-secret", "portal") +
                          token_entry("anna", "a-secret", f"citizen:{ANNA}") +
                          token_entry("operator", "o-secret", "operator"))
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
        answered = self.server.command("consent", "list", ANNA, "--token-file", str(token))
        self.assertEqual(answered.returncode, 0, answered.stderr)
        self.assertEqual(self.server.command("consent", "list", ANNA).returncode, 6)

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

# SPDX-License-Identifier: Apache-2.0
"""`kstati model infer`: a question or silence, and no estimate without a reason; the question itself is the person's."""

import datetime
import json
import unittest

import town
from access_test import bearing, token_entry
from commands import CommandsInAFolder

from kstati_rpc.ttypes import ErrorCode, Failure  # town generates it

ANNA = "000000000017"
BORN = datetime.date(town.TODAY.year - 28, 1, 5)


class InferTest(CommandsInAFolder):
    """Anna works and is not married; a model learned from made-up lives is made to say yes, or no, to everything."""

    @classmethod
    def setUpClass(cls):
        cls.server = town.Server()
        with cls.server.client() as kstati:
            kstati.submitEvents(town.ENGLISH, [town.registration(ANNA, BORN, "female")])
            kstati.submitEvents(town.ENGLISH, [town.event("fns_ndfl", "works", ANNA, facts={"person.employed": True})])
        cls.server.stop()
        cls.run_here("model", "evaluate", "--simulated", "--people", "3000", "--years", "2", "--keep", "learned.json")
        cls.model = json.loads((cls.server.folder / "learned.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def infer(self, certainty, *words):
        for kind in self.model["kinds"].values():
            kind["constant"] = certainty
            kind["weights"] = [[column, 0.0] for column, _ in kind["weights"]]
        (self.server.folder / "made.json").write_text(json.dumps(self.model))
        return self.asked("model", "infer", ANNA, "--from", "made.json", *words)

    def test_from_the_threshold_on_there_is_a_question_that_names_no_event(self):
        self.assertEqual(self.infer(-5.0), {"asks": False})
        asked = self.infer(5.0)
        self.assertTrue(asked["asks"])
        self.assertEqual(set(asked), {"asks", "question"}, "no estimate is shown without a reason")
        for words in asked["question"].values():
            for tells in ("pregnan", "child", "work", "marri", "ребён", "работ", "брак", "переех"):
                self.assertNotIn(tells, words.lower())

    def test_a_reason_reveals_what_may_be_estimated_and_no_sensitive_kind_without_consent(self):
        revealed = self.infer(5.0, "--reveal", "complaint 12 of the citizen")["estimates"]
        kinds = {each["event"] for each in revealed}
        self.assertTrue(kinds)
        self.assertFalse(kinds & {"expecting_child", "stopped_working"}, "nobody allowed these")
        for each in revealed:
            self.assertTrue(each["inferred"])
            self.assertEqual(each["zone"], "question")
            self.assertGreater(each["probability"], 0.9)

    def test_a_question_is_put_to_the_person_and_to_no_operator(self):
        self.infer(5.0)
        made = json.loads((self.server.folder / "made.json").read_text())
        (self.server.folder / "serving.json").write_text(json.dumps({**made, "learned_from": "records"}))
        tokens = self.server.folder / "tokens.toml"
        tokens.write_text(token_entry("anna", "a-secret", f"citizen:{ANNA}") +
                          token_entry("operator", "o-secret", "operator"))
        self.server.model = f'inference = "{self.server.folder}/serving.json"'
        self.server.security = f'[security]\ntokens_file = "{tokens}"\n'
        self.server.start()
        try:
            with self.server.client() as kstati:
                operator = bearing("o-secret", purpose=town.ON_REQUEST)
                for context in (operator, bearing("o-secret", purpose=town.ON_REQUEST, reason="complaint 14")):
                    self.assertIsNone(kstati.lifeQuestion(context, ANNA).text, "nobody else is told what to ask")
                    with self.assertRaises(Failure) as denied:
                        kstati.answerLifeQuestion(context, ANNA, True)
                    self.assertEqual(denied.exception.code, ErrorCode.DENIED)
                self.assertEqual(kstati.lifeQuestion(bearing("a-secret"), ANNA).asked_on, str(town.TODAY))
                kstati.answerLifeQuestion(bearing("a-secret"), ANNA, False)
                self.assertIsNone(kstati.lifeQuestion(bearing("a-secret"), ANNA).text)
        finally:
            self.server.stop()
            self.server.model = self.server.security = ""
            self.server.write_config(3600)

    def test_what_cannot_be_asked_is_told_with_a_remedy(self):
        self.infer(5.0)
        unknown = self.try_here("model", "infer", "000000000018", "--from", "made.json")
        self.assertNotEqual(unknown.returncode, 0)
        self.assertIn("no profile", unknown.stderr)
        absent = self.try_here("model", "infer", ANNA, "--from", "nowhere.json")
        self.assertNotEqual(absent.returncode, 0)
        self.assertIn("nowhere.json", absent.stderr)
        (self.server.folder / "other.json").write_text(json.dumps({"format": 2, "learned_from": "records", "kinds": {
            "moved": {"constant": 0, "weights": [["height", 1.0]]}}}))
        other = self.try_here("model", "infer", ANNA, "--from", "other.json")
        self.assertNotEqual(other.returncode, 0)
        self.assertIn("other columns", other.stderr)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""A trial of two models: who is served by which, what is told of it, and what is refused."""

import datetime
import json
import time
import unittest

import town
from commands import CommandsInAFolder

from kstati_rpc.ttypes import Failure, Reaction  # town generates it

PEOPLE = [f"{number:012}" for number in range(1, 121)]
SHOWN = 5


class TrialTest(CommandsInAFolder):
    """People of a simulated town are served by an A/A, then by an A/B that nothing came before."""

    @classmethod
    def setUpClass(cls):
        cls.server = town.Server()
        cls.server.stop()
        cls.run_here("population", "generate", "--citizens", "400", "--visits", "1500")
        cls.old = cls.asked("model", "train", "--rounds", "20", "--activate")["version"]
        cls.new = cls.asked("model", "train", "--rounds", "5")["version"]
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def declare(self, name, versions):
        """While the server runs: it takes the trial up by itself."""
        seen = self.server.log().count("trials_taken_up")
        arms = [{"name": arm, "version": version, "percent": 40} for arm, version in versions.items()]
        trial = {"name": name, "salt": "a salt of " + name, "arms": arms,
                 "from": str(town.TODAY), "until": str(town.TODAY + datetime.timedelta(days=7))}
        (self.server.folder / "model/trials.json").write_text(json.dumps({"format": 1, "trials": [trial]}))
        for _ in range(100):
            if self.server.log().count("trials_taken_up") > seen:
                return
            time.sleep(0.1)
        self.fail("the trial was not taken up:\n" + self.server.log())

    def ask_everybody(self):
        """Versions by how many lists; everybody's second list is taken up at its first place."""
        versions = {}
        with self.server.client() as kstati:
            for number, citizen in enumerate(PEOPLE):
                try:
                    result = kstati.suggest(town.ENGLISH, citizen, SHOWN)
                except Failure:
                    continue
                if not result.suggestions:
                    continue
                versions[result.model_version] = versions.get(result.model_version, 0) + 1
                if number % 2 == 0:
                    first = result.suggestions[0]
                    kstati.feedback(town.ENGLISH, citizen, first.exposure, first.service_id, Reaction.ACCEPTED,
                                    first.about)
        return versions

    def report(self, name):
        self.server.stop()
        try:
            return self.asked("model", "trial", name, "--resamples", "100")
        finally:
            self.server.start()

    def test_an_a_a_is_told_and_an_a_b_that_nothing_came_before_is_not(self):
        self.declare("same", {"old": self.old, "new": self.old})
        self.assertEqual(set(self.ask_everybody()), {self.old})
        same = self.report("same")
        self.assertEqual([arm["kind"] for arm in same], ["A/A", "A/A"])
        self.assertEqual({arm["finding"] for arm in same}, {"not settled: nothing is told yet"})
        self.assertTrue(all(arm["people"] >= 10 and arm["split_chance"] > 0.001 for arm in same))
        for arm in same:
            self.assertNotIn("taken", arm, "who looks every day would find a difference in the end")
            self.assertNotIn("difference", arm)
        self.declare("other", {"old": self.old, "new": self.new})
        versions = self.ask_everybody()
        self.assertEqual(set(versions), {self.old, self.new})
        other = self.report("other")
        self.assertEqual({arm["finding"] for arm in other}, {"judge an A/A of the same shares first"})
        self.assertEqual(other[1]["people"], versions[self.new], "whom the new model served is the new arm")
        for arm in other:
            self.assertNotIn("taken", arm)
            self.assertNotIn("difference", arm)

    def test_what_cannot_be_served_leaves_everybody_with_the_active_model(self):
        self.declare("broken", {"old": self.old, "new": "0123456789abcdef"})
        self.assertIn("trial_not_running", self.server.log())
        self.assertEqual(set(self.ask_everybody()), {self.old})

    def test_a_trial_that_nobody_declared_is_named(self):
        unknown = self.try_here("model", "trial", "autumn")
        self.assertNotEqual(unknown.returncode, 0)
        self.assertIn("trials.json", unknown.stderr)


if __name__ == "__main__":
    unittest.main()

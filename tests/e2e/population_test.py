# SPDX-License-Identifier: Apache-2.0
"""A synthetic population keeps its people, however often and on whichever day it is played."""

import datetime
import json
import subprocess
import unittest

import town

SINCE = (town.TODAY - datetime.timedelta(days=120)).isoformat()


class PopulationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = town.Server()
        cls.server.stop()
        cls.generated = cls.generate("--citizens", "400", "--since", SINCE)
        cls.server.start()
        cls.first = cls.play()[1]

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    @classmethod
    def generate(cls, *words):
        return subprocess.run([town.BINARY, "population", "generate", *words], cwd=cls.server.folder,
                              capture_output=True, text=True, timeout=120)

    @classmethod
    def play(cls, *words):
        done = cls.server.command("population", "play", "--format", "json", *words)
        return done, json.loads(done.stdout)[0] if done.returncode == 0 else None

    def test_the_same_people_live_on_and_others_are_refused(self):
        self.assertEqual(self.generated.returncode, 0, self.generated.stderr)
        self.assertEqual((self.first["refused"], self.first["repeated"]), (0, 0))
        self.assertGreater(self.first["accepted"], 0)
        _, second = self.play()
        self.assertEqual((second["refused"], second["accepted"]), (0, 0))
        self.assertEqual(second["repeated"], self.first["accepted"])
        for words in (["--citizens", "300"], ["--seed", "2"], ["--since", "2020-01-01"], ["--pace", "9"]):
            done, _ = self.play(*words)
            self.assertEqual(done.returncode, 7, words)
            self.assertIn("at: " + words[0], done.stderr)

    def test_birthdays_since_the_population_stands_open_situations(self):
        _, played = self.play()
        with self.server.client() as kstati:
            for event, citizen in played["look_at"].items():
                if event.startswith("event.person_age_"):
                    self.assertTrue(town.wait_until(lambda: "kstati.calendar" in {
                        it.source for it in kstati.situations(town.ENGLISH, citizen)}, 60), event)

    def test_generating_again_changes_nothing(self):
        self.server.stop()
        again = self.generate()
        self.assertEqual(again.returncode, 0)
        self.assertIn(f"400 citizens, seed 1, since {SINCE}", again.stderr)
        self.assertEqual(self.generate("--citizens", "300").returncode, 7)
        self.server.start()

    def test_the_demo_says_which_value_an_option_lacks(self):
        for words in (["--citizens"], ["--citizens", "--stop"], ["--citizens", "many"]):
            done = subprocess.run([town.SOURCE / "dev", "demo", *words], capture_output=True, text=True,
                                  timeout=10)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--citizens needs a number", done.stderr)


if __name__ == "__main__":
    unittest.main()

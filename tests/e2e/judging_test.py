# SPDX-License-Identifier: Apache-2.0
"""What judges models: groups side by side, reach, drift, a shadow that looks on, explored places, forecasts in a file."""

import json
import unittest

import town
from commands import CommandsInAFolder

from kstati_rpc.ttypes import Failure, Reaction  # town generates it

PEOPLE = [f"{number:012}" for number in range(1, 301)]
SHOWN = 6
EXPLORED = 2
DAYS_AGO = 40  # nothing of a list can be taken up any more


@town.needs_earlier
class JudgingTest(CommandsInAFolder):
    """Three hundred people of a simulated town ask a server that explores while another model looks on."""

    @classmethod
    def setUpClass(cls):
        cls.server = town.Server()
        cls.server.stop()
        cls.run_here("population", "generate", "--citizens", "400", "--visits", "1500", days_ago=DAYS_AGO)
        cls.version = cls.asked("model", "train", "--rounds", "20", days_ago=DAYS_AGO)["version"]
        cls.asked("model", "train", "--rounds", "5", "--activate", days_ago=DAYS_AGO)
        cls.server.model = f'shadow = "{cls.version}"'
        cls.server.security = f"[suggest]\nexploration_places = {EXPLORED}\n"
        cls.server.start(days_ago=DAYS_AGO)
        cls.lists = []
        with cls.server.client() as kstati:
            for citizen in PEOPLE:
                try:
                    shown = kstati.suggest(town.ENGLISH, citizen, SHOWN).suggestions
                except Failure:
                    continue
                if not shown:
                    continue
                cls.lists.append(shown)
                cls.somebody = citizen
                for place in (0, len(shown) - 1):
                    if (len(cls.lists) + place) % 3 == 0:
                        kstati.feedback(town.ENGLISH, citizen, shown[place].exposure, shown[place].service_id,
                                        Reaction.ACCEPTED, shown[place].about)
        cls.server.stop()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def assert_interval(self, figure):
        self.assertLessEqual(figure["low"], figure["value"])
        self.assertLessEqual(figure["value"], figure["high"])

    def test_the_last_places_are_explored_and_the_first_ones_never_are(self):
        full = [shown for shown in self.lists if len(shown) == SHOWN]
        self.assertTrue(full)
        explored = [[item.ranked_by == "exploration" for item in shown] for shown in full]
        for places in explored:
            self.assertFalse(any(places[:SHOWN - EXPLORED]), "chance has no part in the first places")
        self.assertTrue(any(places[-1] for places in explored))

    def test_the_log_is_set_against_itself_before_another_order_is_judged_by_it(self):
        judged = self.asked("model", "evaluate", "--off-policy", "store", "--resamples", "200")
        same = judged["same_against_same"]
        self.assertEqual(same["people"], len(self.lists))
        self.assertAlmostEqual(same["drawing_error"], 0, places=9)
        halves, drawn = same["halves"], same["drawn_place"]
        self.assert_interval(halves)
        self.assert_interval(drawn)
        is_sound = halves["low"] <= 0 <= halves["high"] and drawn["low"] <= 0.5 <= drawn["high"]
        other = self.try_here("model", "evaluate", "--off-policy", "store", "--policy", self.version,
                              "--resamples", "200", "--format", "json")
        self.assertEqual(other.returncode == 0, is_sound, other.stderr)
        if is_sound:
            estimates = json.loads(other.stdout)
            estimates = estimates[0] if isinstance(estimates, list) else estimates
            self.assertEqual(estimates["version"], self.version)
            self.assertGreater(estimates["lists"], 0)
            self.assertLess(estimates["lists"], len(self.lists) / 4, "those whom it learned from judge nothing")
            for name in ("logged", "inverse", "self_normalised", "doubly_robust"):
                self.assert_interval(estimates[name])

    def test_lists_of_which_something_can_still_be_taken_up_judge_nothing(self):
        judged = self.asked("model", "evaluate", "--off-policy", "store", "--resamples", "50")
        self.assertEqual(judged["unsettled_lists"], 0)
        self.server.start()
        try:
            with self.server.client() as kstati:
                kstati.suggest(town.ENGLISH, self.somebody, SHOWN)
        finally:
            self.server.stop()
        later = self.asked("model", "evaluate", "--off-policy", "store", "--resamples", "50")
        self.assertEqual(later["unsettled_lists"], 1)
        self.assertEqual(later["same_against_same"], judged["same_against_same"])

    def judge_choices(self, text):
        (self.server.folder / "choices.csv").write_text(text)
        return self.try_here("model", "evaluate", "--off-policy", "choices.csv", "--resamples", "50", "--format", "json")

    def test_choices_in_a_file_are_doubly_robust_with_both_columns_of_a_model_alone(self):
        plain = self.judge_choices("propensity,new_propensity,outcome\n0.5,1,1\n0.5,0,0\n0.5,1,0\n")
        self.assertEqual(plain.returncode, 0, plain.stderr)
        self.assertNotIn("doubly_robust", json.loads(plain.stdout))
        half = self.judge_choices("propensity,new_propensity,outcome,expected\n0.5,1,1,0.4\n")
        self.assertEqual(half.returncode, 4, half.stderr)
        self.assertIn("new_expected", half.stderr)
        both = self.judge_choices("person,propensity,new_propensity,outcome,expected,new_expected\n"
                                  "a,0.5,1,1,0.4,0.5\n,0.5,1,1,0.4,0.5\nb,0.5,1,1\nc,0.5,1,0,0.4,0.5\n")
        self.assertEqual(both.returncode, 0, both.stderr)
        judged = json.loads(both.stdout)
        self.assertEqual(judged["choices"], 2)
        self.assertAlmostEqual(judged["doubly_robust"]["value"], (0.5 + 2 * 0.6 + 0.5 - 2 * 0.4) / 2)
        self.assertEqual({row["line"] for row in judged["refused"]}, {3, 4})
        self.assertIn("choices.csv:3: left out: the person is empty", both.stderr)

    def test_a_shadow_looks_on_at_every_list_and_changes_none(self):
        shadow = self.asked("model", "evaluate", "--off-policy", "store", "--resamples", "50")["shadow"]
        self.assertEqual(shadow["exposures"], len(self.lists))
        self.assertGreater(shadow["overlap_at_5"], 0)
        self.assertLessEqual(shadow["overlap_at_5"], 1)
        self.assertNotEqual(shadow["log_loss"], shadow["shadow_log_loss"])
        first = {shown[0].ranked_by for shown in self.lists}
        self.assertEqual(first, {"model"})

    def test_drift_counts_what_was_shown_by_model_and_month(self):
        months = json.loads(self.run_here("model", "drift", "--resamples", "50", "--format", "json"))
        self.assertEqual(sum(month["lists"] for month in months), len(self.lists))
        self.assertEqual(sum(month["shown"] for month in months), sum(len(shown) for shown in self.lists))

    def test_groups_are_set_side_by_side_with_intervals(self):
        groups = json.loads(self.run_here("model", "groups", self.version, "--format", "json"))
        self.assertIn("habit", {group["by"] for group in groups})
        for group in groups:
            self.assertGreaterEqual(group["people"], 10, "nothing is told of a few people")
            recall, low, high = (float(group[name]) for name in ("recall_at_5", "low", "high"))
            self.assertLessEqual(0, low)
            self.assertLessEqual(low, recall)
            self.assertLessEqual(recall, high)
            self.assertLessEqual(high, 1)
        by_sex = sum(group["people"] for group in groups if group["by"] == "sex")
        everybody = [group["people"] for group in groups if group["by"] == "all"]
        self.assertLessEqual(by_sex, everybody[0])

    def test_reach_tells_which_facts_groups_lack(self):
        reach = json.loads(self.run_here("model", "reach", "--format", "json"))
        self.assertIn("all", {group["by"] for group in reach})
        for group in reach:
            self.assertGreaterEqual(group["people"], 10)
            self.assertLessEqual(float(group["unseen_percent"]), 100)
        self.assertTrue(any(group["lacked"] for group in reach))

    def test_forecasts_in_a_file_are_judged_by_folds_of_whole_people(self):
        rows = "".join(f"{person},{period},{'ab'[person % 2]},{int(period == 3 and person % 4 == 1)}\n"
                       for person in range(200) for period in range(1, 5))
        (self.server.folder / "periods.csv").write_text("person,period,state,event\n" + rows)
        judged = self.asked("model", "evaluate", "--periods", "periods.csv", "--resamples", "20")
        self.assertEqual((judged["rows"], judged["people"]), (800, 200))
        self.assertEqual([(column["column"], column["read_as"]) for column in judged["columns"]],
                         [("period", "number"), ("state", "category")])
        self.assertAlmostEqual(judged["happened_share"], 50 / 800)
        for model in judged["models"]:
            self.assert_interval(model["auc"])
            self.assertGreater(model["auc"]["value"], 0.8, f"{model['model']}: period and state tell nearly all")


if __name__ == "__main__":
    unittest.main()

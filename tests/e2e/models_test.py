# SPDX-License-Identifier: Apache-2.0
"""Models on a small simulated store: trained, compared, activated, served at once and after a restart, taken back."""

import datetime
import json
import subprocess
import time
import unittest

import town


PERSON = "000000000017"


def run_here(server, *words):
    return subprocess.run([town.BINARY, *words], cwd=server.folder, capture_output=True, text=True,
                          timeout=120)


def asked(server, *words):
    """What a command answers in JSON."""
    done = run_here(server, *words, "--format", "json")
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.stderr}")
    answer = json.loads(done.stdout)
    return answer[0] if isinstance(answer, list) else answer


def served(server):
    """What orders suggestions in a server that starts now."""
    server.start()
    with server.client() as kstati:
        status = kstati.status(town.ENGLISH)
    server.stop()
    return status.ranked_by, status.model_version


@town.needs_earlier
class FewListsTest(unittest.TestCase):
    def setUp(self):
        self.server = town.Server()
        self.addCleanup(self.server.remove)
        self.server.stop()

    def show_a_list(self, days_ago):
        """To somebody who moves after it."""
        on = town.TODAY - datetime.timedelta(days=days_ago + 1)
        self.server.start(days_ago=days_ago)
        with self.server.client() as kstati:
            for event in (town.registration(PERSON, datetime.date(1995, 5, 5), "female", on),
                          town.event("mvd_pass", "lives", PERSON, on=on, facts={
                              "person.citizenship_rf": True, "person.lives_in_rf": True,
                              "person.region_code": "77"})):
                kstati.submitEvents(town.ENGLISH, [event])
            shown = kstati.suggest(town.ENGLISH, PERSON, 5).suggestions
            kstati.submitEvents(town.ENGLISH, [town.event("mvd_pass", "moved", PERSON, on=on, facts={
                "person.region_code": "78"})])
        self.assertTrue(shown)
        self.server.stop()

    def test_a_list_of_which_something_can_still_be_taken_up_teaches_nothing(self):
        self.show_a_list(days_ago=29)
        refused = run_here(self.server, "model", "train")
        self.assertEqual(refused.returncode, 4, refused.stderr)
        self.assertIn("nothing to learn from", refused.stderr)

    def test_popularity_is_counted_of_people_as_they_were_known_when_they_were_shown(self):
        server = self.server
        self.show_a_list(days_ago=40)
        trained = asked(server, "model", "train")
        self.assertEqual((trained["stage"], trained["interactions"]), ("popularity", 1))
        folder = server.folder / "model" / "stored" / trained["version"]
        tallies = json.loads((folder / "popularity.json").read_text())["tallies"]
        regions = {key.rsplit("|", 1)[1] for key in tallies if "|" in key}
        self.assertEqual(regions, {"77"})
        asked(server, "model", "activate", trained["version"])
        self.assertEqual(served(server), ("popularity", trained["version"]))


class ModelsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = town.Server()
        cls.server.stop()
        made = run_here(cls.server, "population", "generate", "--citizens", "400", "--visits", "1500")
        if made.returncode != 0:
            raise AssertionError(made.stderr)
        cls.small = asked(cls.server, "model", "train", "--rounds", "10", "--report", "small")
        cls.large = asked(cls.server, "model", "train", "--rounds", "60")

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def assert_interval(self, figure):
        self.assertLessEqual(figure["low"], figure["value"])
        self.assertLessEqual(figure["value"], figure["high"])

    def assert_report(self, name, *plots):
        folder = self.server.folder / name
        text = (folder / "report.md").read_text()
        for plot in plots:
            self.assertIn(f"]({plot})", text)
            self.assertIn("<svg", (folder / plot).read_text())
        return text

    def test_what_is_trained_is_judged_with_intervals_and_orders_nothing_yet(self):
        for trained in (self.small, self.large):
            self.assertEqual((trained["stage"], trained["active"]), ("model", False))
            for of in ("model", "popularity", "gain"):
                for measure in ("ndcg_at_5", "hit_rate_at_1", "log_loss"):
                    self.assert_interval(trained[of][measure])
            self.assertTrue(trained["weights"])
        self.assertNotEqual(self.small["version"], self.large["version"])
        text = self.assert_report("small", "reliability.svg", "ranking.svg")
        self.assertIn(self.small["version"], text)

    def test_two_models_are_set_side_by_side(self):
        compared = asked(self.server, "model", "compare", self.small["version"], self.large["version"],
                              "--resamples", "100", "--report", "compared")
        self.assertEqual([model["version"] for model in compared["models"]],
                         [self.small["version"], self.large["version"]])
        self.assertGreater(compared["lists"], 0)
        for figure in compared["gain"].values():
            self.assert_interval(figure)
        self.assert_report("compared", "reliability.svg", "ranking.svg")

    def wait_until_served(self, kstati, expected):
        deadline = time.monotonic() + 60
        while kstati.status(town.ENGLISH).model_version != expected:
            self.assertLess(time.monotonic(), deadline, f"{expected} is not taken up")
            time.sleep(0.1)
        return kstati.suggest(town.ENGLISH, PERSON, 5)

    def test_a_running_server_takes_up_what_is_activated_and_taken_back(self):
        small, large = self.small["version"], self.large["version"]
        self.server.start()
        self.addCleanup(self.server.stop)
        with self.server.client() as kstati:
            self.assertEqual(kstati.suggest(town.ENGLISH, PERSON, 5).model_version, "")
            asked(self.server, "model", "activate", small)
            self.assertEqual(self.wait_until_served(kstati, small).model_version, small)
            asked(self.server, "model", "activate", large)
            self.assertEqual(self.wait_until_served(kstati, large).model_version, large)
            asked(self.server, "model", "rollback")
            self.assertEqual(self.wait_until_served(kstati, small).model_version, small)
            asked(self.server, "model", "rollback")
            self.assertEqual(self.wait_until_served(kstati, "").suggestions[0].ranked_by, "catalogue")

    def test_a_model_serves_from_the_next_start_until_it_is_taken_back(self):
        small, large = self.small["version"], self.large["version"]
        self.assertEqual(asked(self.server, "model", "info")["ranked_by"], "catalogue")
        asked(self.server, "model", "activate", small, "--reason", "a first try")
        asked(self.server, "model", "activate", large)
        self.assertEqual(served(self.server), ("model", large))
        self.assertEqual(asked(self.server, "model", "rollback")["version"], small)
        self.assertEqual(served(self.server), ("model", small))
        self.assertEqual(asked(self.server, "model", "rollback")["version"], "")
        info = asked(self.server, "model", "info")
        self.assertEqual(info["ranked_by"], "catalogue")
        self.assertEqual({model["version"] for model in info["stored"]}, {small, large})
        self.assertTrue(all(model["fits"] for model in info["stored"]))
        self.assertEqual([entry["is_rollback"] for entry in info["activations"]], [False, False, True, True])
        self.assertEqual(info["activations"][0]["reason"], "a first try")
        refused = run_here(self.server, "model", "rollback")
        self.assertEqual(refused.returncode, 5, refused.stderr)

    def test_what_orders_worse_or_reads_other_estimates_is_not_activated_unasked(self):
        version = self.small["version"]
        record = self.server.folder / "model" / "stored" / version / "model.json"
        good = record.read_text()
        worse = json.loads(good)
        worse["quality"]["gain"]["ndcg_at_5"] = {"value": -0.05, "low": -0.08, "high": -0.02}
        record.write_text(json.dumps(worse))
        try:
            refused = run_here(self.server, "model", "activate", version)
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("worse than popularity", refused.stderr)
        finally:
            record.write_text(good)
        estimates = self.server.folder / "estimates.json"
        estimates.write_text(json.dumps({"format": 2, "learned_from": "records", "kinds": {}}))
        self.server.model = f'inference = "{estimates}"'
        self.server.write_config(3600)
        try:
            refused = run_here(self.server, "model", "activate", version)
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("without estimates", refused.stderr)
            asked(self.server, "model", "activate", version, "--anyway")
            self.assertEqual(served(self.server), ("model", version))
            self.assertIn("other_estimates", self.server.log())
        finally:
            self.server.model = ""
            self.server.write_config(3600)
            asked(self.server, "model", "rollback")

    def test_a_model_that_does_not_load_orders_nothing_and_keeps_nobody_from_anything(self):
        version = self.small["version"]
        asked(self.server, "model", "activate", version)
        record = self.server.folder / "model" / "stored" / version / "model.json"
        good = record.read_text()
        record.write_text(good.replace('"format": 4', '"format": 1'))
        self.assertNotEqual(record.read_text(), good)
        try:
            self.assertEqual(served(self.server), ("catalogue", ""))
            told = run_here(self.server, "model", "info", "--format", "json")
            self.assertEqual(told.returncode, 4, told.stderr)
            self.assertIn("train a model with this version", told.stderr)
            listed = {model["version"]: model["fits"] for model in json.loads(told.stdout)["stored"]}
            self.assertFalse(listed[version])
            self.assertTrue(listed[self.large["version"]])
            self.assertIn(str(record.relative_to(self.server.folder)),
                          run_here(self.server, "doctor", "--format", "json").stdout)
            asked(self.server, "model", "train", "--rounds", "5", "--activate")
            self.assertEqual(served(self.server)[0], "model")
        finally:
            record.write_text(good)
            while run_here(self.server, "model", "rollback").returncode == 0:
                pass

    def test_orders_in_a_file_are_judged(self):
        rows = "".join(f"person{i},item{(i * k) % 7}\n" for i in range(60) for k in (1, 2, 3))
        (self.server.folder / "taken.csv").write_text("user,item\n" + rows)
        judged = asked(self.server, "model", "evaluate", "--interactions", "taken.csv", "--models", "association",
                            "--resamples", "50", "--report", "orders")
        self.assertEqual([model["model"] for model in judged["models"]], ["popularity", "association"])
        self.assert_report("orders", "ranking.svg")

    def test_a_report_that_would_not_be_written_is_refused(self):
        for words in (["--simulated"], ["--off-policy", "store"]):
            refused = run_here(self.server, "model", "evaluate", *words, "--report", "nowhere")
            self.assertEqual(refused.returncode, 4, refused.stderr)
            self.assertIn("at: --report", refused.stderr)
            self.assertFalse((self.server.folder / "nowhere").exists())


if __name__ == "__main__":
    unittest.main()

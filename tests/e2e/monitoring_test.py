# SPDX-License-Identifier: Apache-2.0
"""Whoever watches the quality of a service by commands: standards, zeros, feedback, incidents, a change and what it brought."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import town

SERVICE = "snils_newborn"
HEADER = "case:concept:name,concept:name,time:timestamp,case:startdate,case:enddate,case:deadline,service,regulation,person\n"
STANDARDS = f"""standards:
  - {{service: {SERVICE}, from: 2026-01-01, visits: 0, term: {{value: 2, unit: working_days}}, act: fz_27, article: made up,
     verification: from_knowledge}}
"""
EARLIER = "2024-01-01"
LATER = "2026-04-01"


def line(number, started, ended, regulation):
    return (f"{number},status.done,{ended}T09:00:00Z,{started}T09:00:00Z,{ended}T09:00:00Z,{started}T23:00:00Z,"
            f"{SERVICE},{regulation},{number}\n")


class MonitoringTest(unittest.TestCase):
    """A folder with a catalogue whose service changes in April, and a log of twelve cases before and twelve after."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-monitoring-"))
        shutil.copytree(pathlib.Path(town.SOURCE) / "data" / "catalogue", cls.folder / "catalogue")
        (cls.folder / "kstati.toml").write_text('[catalogue]\nfolder = "catalogue"\n')
        service = cls.folder / "catalogue" / "services" / f"{SERVICE}.yaml"
        text = service.read_text()
        start, end = text.index(f"  - from: {EARLIER}\n"), text.index("examples:")
        version = text[start:end]
        service.write_text(text[:start] + version.replace(EARLIER, f"{EARLIER}\n    to: 2026-03-31", 1) +
                           version.replace(EARLIER, LATER, 1).replace("value: 2, unit: working_days",
                                                                      "value: 1, unit: working_days") + text[end:])
        log = HEADER
        for day in range(12):
            log += line(day, f"2026-03-{2 + day:02}", f"2026-03-{12 + day:02}", EARLIER)
            log += line(100 + day, f"2026-04-{1 + day:02}", f"2026-04-{1 + day:02}", LATER)
        (cls.folder / "log.csv").write_text(log)
        (cls.folder / "impact.json").write_text('{"people": 24}')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def setUp(self):
        (self.folder / "records").unlink(missing_ok=True)
        (self.folder / "catalogue" / "standards.yaml").unlink(missing_ok=True)

    def run_here(self, *words, expect=0):
        done = subprocess.run([town.BINARY, *words, "--format", "json"], cwd=self.folder, capture_output=True, text=True,
                              timeout=300)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout else done.stderr

    def log(self, *words, expect=0):
        columns = [f"--column={name}={name}" for name in ("service", "regulation", "person")]
        return self.run_here(*words, "--log", "log.csv", *columns, "--now", "2026-05-01T00:00:00Z", expect=expect)

    def records(self, *words, expect=0):
        return self.run_here(*words, "--records", "records", expect=expect)

    def test_real_cases_are_held_against_the_standard(self):
        self.assertEqual(self.log("monitor", "standard"), [])
        (self.folder / "catalogue" / "standards.yaml").write_text(STANDARDS)
        alarms = self.log("monitor", "standard", expect=1)
        self.assertEqual({alarm["cases"] for alarm in alarms}, {str(number) for number in range(12)})
        self.assertEqual({alarm["what"] for alarm in alarms}, {"term"})
        self.assertIn("not confirmed", alarms[0]["source"])

    def test_every_variant_has_its_score_and_what_blocks_it(self):
        [scored] = self.run_here("monitor", "zeros", "--service", SERVICE, "--on", "2026-03-02")
        self.assertEqual((scored["version"], scored["score"], scored["what_blocks"]),
                         (EARLIER, 2, "waiting 2 working_days"))
        exceptions = str(pathlib.Path(town.SOURCE) / "data" / "monitoring" / "zeros.yaml")
        everything = self.run_here("monitor", "zeros", "--exceptions", exceptions)
        self.assertGreaterEqual(len(everything), 70)
        self.assertTrue(all(len(each["blockers"]) == 0 for each in everything if each["score"] == 3))
        [allowed] = [each for each in everything if each["service"] == SERVICE]
        self.assertEqual((allowed["score"], len(allowed["allowed"])), (3, 1))

    def test_feedback_is_counted_with_the_cases(self):
        (self.folder / "feedback.csv").write_text(
            f"day,what,service,procedure,count,score\n2026-03-02,complaint,{SERVICE},decision,6,\n"
            f"2026-03-02,survey.time,{SERVICE},,5,2\n2026-04-02,survey.time,{SERVICE},,5,5\n")
        imported = self.records("monitor", "import", "feedback.csv", "--by", "petrova")
        self.assertEqual((imported["lines"], imported["count"]), (3, 16))
        self.assertIn("imported", self.records("monitor", "import", "feedback.csv", "--by", "petrova", expect=7))
        [report] = self.log("monitor", "report", "--records", "records")
        self.assertEqual((report["complaints"], report["satisfied_with_time"]), (6, 3.5))
        [satisfied] = self.log("monitor", "compare", "--service", SERVICE, "--version", LATER, "--records", "records",
                               "--measure", "satisfied_with_time")
        self.assertEqual((satisfied["before"], satisfied["after"], satisfied["differs"]), (2, 5, True))
        (self.folder / "wrong.csv").write_text("day,what,service,count\n2026-03-02,complaint,nothing,6\n")
        self.assertIn("no service", self.records("monitor", "import", "wrong.csv", "--by", "petrova", expect=4))

    def test_an_incident_leads_to_a_change_that_ends_it(self):
        detectors = str(pathlib.Path(town.SOURCE) / "data" / "monitoring" / "detectors.yaml")
        (self.folder / "catalogue" / "standards.yaml").write_text(STANDARDS)
        opened = self.log("incident", "detect", "--detectors", detectors, "--records", "records", expect=1)
        self.assertEqual({incident["detector"] for incident in opened}, {"late", "beyond_standard"})
        self.assertEqual(self.log("incident", "detect", "--detectors", detectors, "--records", "records"), [])
        incidents = self.records("incident", "list", "--open")
        self.assertEqual([incident["incident"] for incident in incidents], ["I-1", "I-2"])
        self.assertEqual({incident["affected"] for incident in incidents}, {12})
        self.records("incident", "close", "I-1", "--conclusion", "done", "--by", "petrova", expect=7)

        # Nothing is approved that was not shown to be right, nor by whoever asks for it.
        propose = ["change", "propose", SERVICE, "--version", LATER, "--by", "petrova", "--why", "one day less",
                   "--incident", "I-1"]
        self.assertEqual(self.records(*propose)["in_the_way"], ["there is no impact report"])
        self.records("change", "approve", "R-3", "--by", "ivanov", expect=7)
        change = self.records(*propose, "--impact", "impact.json")
        self.assertEqual(change["diff"], ["term 2 working_days becomes 1 working_days"])
        self.assertEqual((change["errors"], change["beyond_standard"], change["in_the_way"]), (0, 0, []))
        self.assertIn("own change", self.records("change", "approve", "R-4", "--by", "petrova", expect=6))
        self.assertEqual(self.records("change", "approve", "R-4", "--by", "ivanov")["status"], "approved")

        measures = {each["measure"]: each for each in self.log("change", "assess", "R-4", "--records", "records")}
        self.assertEqual((measures["days"]["before_count"], measures["days"]["after_count"]), (12, 12))
        self.assertEqual((measures["late"]["before"], measures["late"]["after"]), (1, 0))
        self.assertTrue(measures["late"]["differs"])
        self.assertIsNone(measures["visits"]["low"], "nobody records visits")
        self.assertEqual(self.records("change", "show", "R-4")["status"], "assessed")

        for words in (["explain", "I-1", "--cause", "two days of work"], ["recover", "I-1", "--how", "R-4"],
                      ["close", "I-1", "--conclusion", "R-4 ended it"]):
            self.records("incident", *words, "--by", "petrova")
        self.assertEqual([each["status"] for each in self.records("incident", "list")], ["open", "closed"])

    def test_a_standard_is_in_the_way_of_a_change_beyond_it(self):
        (self.folder / "catalogue" / "standards.yaml").write_text(
            STANDARDS.replace("from: 2026-01-01", "from: 2026-04-01").replace("value: 2", "value: 0"))
        change = self.records("change", "propose", SERVICE, "--version", LATER, "--by", "petrova", "--why", "less",
                              "--impact", "impact.json")
        self.assertEqual(change["in_the_way"], ["1 findings beyond an approved standard"])
        self.assertIn("beyond an approved standard", self.records("change", "approve", "R-1", "--by", "ivanov", expect=7))

    def test_a_log_is_counted_explained_rated_and_timed(self):
        groups = {each["group"]: each for each in self.log("monitor", "report", "--by", "service")}
        self.assertEqual((groups[SERVICE]["cases"], groups[SERVICE]["late"], groups[SERVICE]["late_share"]), (24, 12, 0.5))
        self.assertIsNone(groups[SERVICE]["complaints"], "nobody records them")
        causes = self.log("monitor", "causes")
        self.assertEqual({(each["case"], each["causes"]) for each in causes}, {(str(number), "other") for number in range(12)})
        formula = str(pathlib.Path(town.SOURCE) / "data" / "monitoring" / "rating.yaml")
        [rating] = self.log("monitor", "rate", "--formula", formula)
        self.assertEqual((rating["cases"], rating["score"]), (24, None), "too few for a score")
        self.assertEqual([each["activity"] for each in self.log("monitor", "steps")], [])

    def test_a_table_for_everybody_is_of_people_and_not_of_cases(self):
        total = self.log("monitor", "publish", "--people", "12")[-1]
        self.assertEqual((total["in_time"], total["late"], total["total"]), (12, 12, 24))
        text = (self.folder / "log.csv").read_text()
        crowd = "\n".join(line if number > 12 else line.rsplit(",", 1)[0] + ",one"
                          for number, line in enumerate(text.splitlines()) if number) + "\n"
        (self.folder / "crowd.csv").write_text(HEADER + crowd)
        columns = [f"--column={name}={name}" for name in ("service", "regulation", "person")]
        of_one = ["monitor", "publish", "--log", "crowd.csv", *columns, "--now", "2026-05-01T00:00:00Z"]
        self.assertEqual(self.run_here(*of_one, "--people", "12"), [], "twelve cases are of one person")
        self.assertEqual(self.run_here(*of_one, "--people", "2")[-1]["total"], 24)

    def test_what_cannot_be_done_is_told_with_a_remedy(self):
        (self.folder / "empty.json").write_text("{}")
        (self.folder / "wrong.yaml").write_text("version: a\ndays: 1\ndetectors: []\nescalation: []\n")
        propose = ["change", "propose", SERVICE, "--by", "petrova", "--why", "less", "--version"]
        self.records(*propose, LATER)
        opened = ["--what", "an empty form", "--by", "petrova", "--owner", "ivanov"]
        for words, code, told in (
                (["incident", "open", "nothing", *opened], 5, "no such service"),
                (["incident", "open", SERVICE, *opened, "--version", "1999-01-01"], 5, "no version of 1999-01-01"),
                (["incident", "escalate", "I-9", "--to", "head", "--by", "petrova"], 5, "kstati incident list"),
                ([*propose, EARLIER], 5, "add it to the service's file"),
                ([*propose, LATER, "--incident", "I-9"], 5, "kstati incident list"),
                ([*propose, LATER, "--impact", "empty.json"], 4, "--format json"),
                (["change", "show", "R-9"], 5, "kstati change list"),
                (["monitor", "import", "no.csv", "--by", "petrova"], 5, "no.csv")):
            self.assertIn(told, self.records(*words, expect=code))
        for words, code, told in (
                (["monitor", "compare", "--measure", "late"], 4, "--change"),
                (["monitor", "compare", "--service", "nothing", "--change", "2026-04-01T00:00:00Z"], 5, "--by service"),
                (["incident", "detect", "--detectors", "wrong.yaml", "--records", "records"], 4, "wrong.yaml:4"),
                (["change", "assess", "R-1", "--records", "records"], 7, "not approved")):
            self.assertIn(told, self.log(*words, expect=code))
        self.assertIn("no such service", self.run_here("monitor", "zeros", "--service", "nothing", expect=5))
        self.assertEqual(self.records("change", "reject", "R-1", "--by", "ivanov", "--why", "no report")["status"], "rejected")
        self.assertEqual([each["reason"] for each in self.records("change", "list")], ["no report"])

    def test_records_that_were_edited_are_refused(self):
        self.records("incident", "open", SERVICE, "--what", "an empty form", "--by", "petrova", "--owner", "ivanov")
        self.records("incident", "open", SERVICE, "--what", "an empty form again", "--by", "petrova", "--owner", "ivanov")
        records = self.folder / "records"
        records.write_text(records.read_text().replace("an empty form\"", "a full form\""))
        self.assertIn("does not follow", self.records("incident", "list", expect=4))


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""A person is erased as a whole: what is shown before, what is left, and what a backup brings back."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import town

LINES = "\n".join(json.dumps({
    "source": "fns_erns", "id": f"p{person}", "type": "registry.person_registered", "subject": person,
    "occurred_on": "2026-01-15", "participants": {"person": [person]},
    "facts": [{"citizen": person, "attribute": "person.birth_date", "value": "1991-07-23"}]})
    for person in ("17", "18")) + "\n"


class ErasureTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-erasure-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "kstati.toml").write_text(
            f'[catalogue]\nfolder = "{town.SOURCE}/data/catalogue"\n'
            f'[messages]\nfolder = "{town.SOURCE}/data/messages"\n[model]\nfolder = "model"\n'
            '[store]\nfolder = "store"\nblock_cache_mib = 8\n')
        self.succeeds("event", "ingest", "-", given=LINES)

    def kstati(self, *words, given=None):
        return subprocess.run([town.BINARY, *words], input=given, capture_output=True, text=True, timeout=60,
                              cwd=self.folder)

    def succeeds(self, *words, given=None):
        done = self.kstati(*words, given=given)
        self.assertEqual(done.returncode, 0, (words, done.stdout, done.stderr))
        return done.stdout

    def test_only_who_confirms_and_says_why_erases(self):
        self.assertEqual(self.kstati("profile", "erase", "17").returncode, 4)
        self.assertEqual(self.kstati("profile", "erase", "17", "--confirm", "18", "--reason", "4711").returncode, 4)
        self.assertEqual(self.kstati("profile", "erase", "17", "--confirm", "17").returncode, 4)
        self.assertIn("cannot come back", self.kstati("profile", "erase", "17").stderr)
        preview = self.succeeds("profile", "erase", "17", "--preview", "--language", "en", "--format", "json")
        self.assertEqual(json.loads(preview)["facts"], 1)
        self.assertNotIn("erased_at", preview)
        self.assertIn("person.birth_date", self.succeeds("profile", "show", "17"))

    def test_the_erased_stay_erased_after_a_backup_and_the_ledger_stays_sound(self):
        self.succeeds("ledger", "export", "before")
        self.succeeds("store", "backup", "backups")
        erased = self.succeeds("profile", "erase", "17", "--confirm", "17", "--reason", "request 4711", "--format", "json")
        self.assertIn("erased_at", erased)
        self.assertEqual(self.kstati("profile", "show", "17").returncode, 5)
        self.assertEqual(self.kstati("ledger", "show", "17").returncode, 5)
        self.succeeds("profile", "show", "18")
        self.succeeds("store", "verify")
        self.succeeds("ledger", "export", "after")
        self.succeeds("ledger", "verify", "after", "--key", "after/ledger.pub")
        self.assertIn("erasure", self.kinds("after"))

        shutil.rmtree(self.folder / "store")
        (self.folder / "store.ledger.witness").rename(self.folder / "given-up")
        self.succeeds("store", "restore", "backups")
        self.assertEqual(self.kstati("profile", "show", "17").returncode, 5)
        self.succeeds("profile", "show", "18")
        self.succeeds("store", "verify")

    def kinds(self, export):
        names = ["", "consent_given", "consent_changed", "consent_revoked", "access", "evaluation", "disclosure",
                 "decision", "message_suppressed", "erasure"]
        lines = (self.folder / export / "ledger-0.jsonl").read_text().splitlines()
        entries = [json.loads(line) for line in lines]
        return [names[int(entry["entry"][2:4], 16)] for entry in entries if "entry" in entry]


if __name__ == "__main__":
    unittest.main()

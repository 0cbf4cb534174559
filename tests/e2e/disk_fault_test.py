# SPDX-License-Identifier: Apache-2.0
"""A disk that fails at the worst moments: each sync in turn fails, or is the last thing the program does.

What was answered as accepted must be there afterwards, whole; what was not is there as a whole or not at all, and
the same events once more bring the store to the same end. strace puts the faults in.
"""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import town

CITIZENS = [f"{number:012}" for number in range(1, 13)]


def strace_works():
    if not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def events():
    lines = []
    for citizen in CITIZENS:
        lines.append(json.dumps({"source": "fns_erns", "id": f"p{citizen}", "type": "registry.person_registered",
                                 "subject": citizen, "occurred_on": town.TODAY.isoformat(),
                                 "participants": {"person": [citizen]},
                                 "facts": [{"citizen": citizen, "attribute": "person.sex", "value": "female"}]}))
    return "\n".join(lines) + "\n"


@unittest.skipUnless(strace_works(), "skipped: strace may not be used here")
class DiskFaults(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-faults-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "events.jsonl").write_text(events())
        (self.folder / "kstati.toml").write_text(
            f'[catalogue]\nfolder = "{town.SOURCE}/data/catalogue"\n'
            f'[messages]\nfolder = "{town.SOURCE}/data/messages"\n'
            '[store]\nfolder = "store"\nblock_cache_mib = 8\n')

    def empty(self):
        for path in self.folder.glob("store*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def kstati(self, *words, fault=None):
        strace = ["strace", "-f", "-qq", "-o", self.folder / "calls", "-e", "trace=fdatasync,fsync,rename",
                  "-e", fault] if fault else []
        return subprocess.run([*strace, town.BINARY, *words], capture_output=True, text=True, timeout=120,
                              cwd=self.folder)

    def ingest(self, fault=None):
        """The ids that were answered as accepted or repeated."""
        done = self.kstati("event", "ingest", "events.jsonl", "--format", "jsonl", fault=fault)
        answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return {answer["id"] for answer in answers if answer.get("outcome") in ("accepted", "repeated")}

    def expect_sound(self, acknowledged, fault):
        found = self.kstati("store", "verify", "--format", "json")
        self.assertEqual(found.returncode, 0, (fault, found.stdout, found.stderr))
        people = json.loads(found.stdout)["citizens"]
        self.assertGreaterEqual(people, len(acknowledged), fault)
        for event in sorted(acknowledged)[-1:]:
            shown = self.kstati("profile", "history", event[1:], "--format", "json")
            self.assertIn("person.sex", shown.stdout, (fault, event, shown.stderr))
        self.assertEqual(len(self.ingest()), len(CITIZENS), fault)

    def count(self, call):
        self.empty()
        self.ingest(fault=f"inject={call}:delay_enter=0")
        return sum(f"{call}(" in line for line in (self.folder / "calls").read_text().splitlines())

    def try_each(self, call, fault, most):
        calls = self.count(call)
        self.assertGreater(calls, 0)
        for number in sorted({1 + i * calls // most for i in range(most)} if calls > most else range(1, calls + 1)):
            injected = f"inject={call}:{fault}:when={number}"
            with self.subTest(injected):
                self.empty()
                acknowledged = self.ingest(fault=injected)
                if not (self.folder / "store" / "CURRENT").exists():
                    self.assertFalse(acknowledged)
                    continue
                self.expect_sound(acknowledged, injected)

    def test_a_sync_that_fails_loses_nothing(self):
        self.try_each("fdatasync", "error=EIO", 6)

    def test_a_program_that_dies_at_a_sync_loses_nothing(self):
        self.try_each("fdatasync", "signal=KILL", 6)

    def test_a_full_disk_at_a_sync_of_a_file_loses_nothing(self):
        self.try_each("fsync", "error=ENOSPC", 4)

    def test_a_program_that_dies_at_a_rename_loses_nothing(self):
        self.try_each("rename", "signal=KILL", 4)


def may_mount():
    """Whether a folder can be mounted read only, for the commands of one shell alone."""
    with tempfile.TemporaryDirectory() as folder:
        mounted = subprocess.run(read_only(folder, "true"), capture_output=True)
        return mounted.returncode == 0


def read_only(folder, command):
    return ["unshare", "-m", "sh", "-c",
            f'mount --bind "{folder}" "{folder}" && mount -o remount,ro,bind "{folder}" && {command}']


@unittest.skipUnless(may_mount(), "skipped: a folder may not be mounted here")
class ReadOnlyDisk(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-read-only-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "disk").mkdir()
        first, second, *_ = events().splitlines()
        (self.folder / "first.jsonl").write_text(first + "\n")
        (self.folder / "second.jsonl").write_text(second + "\n")
        (self.folder / "kstati.toml").write_text(
            f'[catalogue]\nfolder = "{town.SOURCE}/data/catalogue"\n'
            f'[messages]\nfolder = "{town.SOURCE}/data/messages"\n'
            '[store]\nfolder = "disk/store"\nblock_cache_mib = 8\n[thrift]\nport = 0\n[http]\nport = 0\n')

    def run_here(self, *words):
        return subprocess.run(words, capture_output=True, text=True, timeout=60, cwd=self.folder)

    def kstati(self, words, on_read_only=False):
        if on_read_only:
            return self.run_here(*read_only(self.folder / "disk", f'"{town.BINARY}" {words}'))
        return self.run_here(town.BINARY, *words.split())

    def test_a_read_only_disk_is_named_and_nothing_is_lost(self):
        self.assertEqual(self.kstati("event ingest first.jsonl").returncode, 0)
        for words in ("event ingest second.jsonl", "serve", "store verify"):
            refused = self.kstati(words, on_read_only=True)
            self.assertEqual(refused.returncode, 7, (words, refused.stdout, refused.stderr))
            self.assertIn("the disk is mounted read only", refused.stderr)
            self.assertIn("mount it for writing", refused.stderr)
        found = self.kstati("doctor --format jsonl", on_read_only=True)
        self.assertEqual(found.returncode, 1, found.stderr)
        problems = {item["item"]: item["state"] for item in map(json.loads, found.stdout.splitlines())
                    if item["health"] == "problem"}
        self.assertIn("mounted read only", problems["disk"])
        self.assertIn("read only", problems["store"])
        self.assertIn("witness", problems)
        # Mounted for writing again, everything is as it was.
        self.assertEqual(self.kstati("event ingest second.jsonl").returncode, 0)
        self.assertEqual(self.kstati("store verify").returncode, 0)
        self.assertEqual(self.kstati("profile show 1").returncode, 0)


class TwoServers(unittest.TestCase):
    def test_the_second_on_one_folder_is_refused_with_a_remedy(self):
        server = town.Server()
        self.addCleanup(server.remove)
        second = subprocess.run([town.BINARY, "serve", "--config", server.folder / "kstati.toml"], capture_output=True,
                                text=True, timeout=60)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("another process has the store open", second.stderr)
        self.assertIn("stop that process", second.stderr)
        with server.client() as client:
            client.submitEvents(town.ENGLISH, [town.registration("000000000017", town.TODAY, "female")])


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""A disk that fails at the worst moments: each sync in turn fails, or is the last thing the program does.

What was answered as accepted must be there afterwards, whole; what was not is there as a whole or not at all, and
the same events once more bring the store to the same end. strace puts the faults in.
"""

import json
import os
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


SMALL_DISK = """
set -e
mount -t tmpfs -o size=256m tmpfs disk
"$KSTATI" event ingest first.jsonl
"$KSTATI" doctor --format jsonl > sound || true
fallocate -l "$(($(df --output=avail -B1 disk | tail -1) - 104857600))" disk/filler
"$KSTATI" doctor --format jsonl > nearly || true
dd if=/dev/zero of=disk/rest bs=4096 2> /dev/null || true
"$KSTATI" event ingest second.jsonl > refused 2>&1 || true
"$KSTATI" doctor --format jsonl > full || true
rm disk/filler disk/rest
"$KSTATI" event ingest second.jsonl
"$KSTATI" store verify
"$KSTATI" profile show 1
"""


@unittest.skipUnless(may_mount(), "skipped: a disk may not be mounted here")
class FullDisk(ReadOnlyDisk):
    test_a_read_only_disk_is_named_and_nothing_is_lost = None

    def findings(self, name):
        return {item["item"]: item for item in map(json.loads, (self.folder / name).read_text().splitlines())}

    def test_a_full_disk_is_named_and_nothing_is_lost(self):
        done = subprocess.run(["unshare", "-m", "sh", "-c", SMALL_DISK], capture_output=True, text=True, timeout=300,
                              cwd=self.folder, env={**os.environ, "KSTATI": town.BINARY})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotEqual(self.findings("sound")["disk"]["health"], "problem")
        for name in ("nearly", "full"):
            disk = self.findings(name)["disk"]
            self.assertEqual(disk["health"], "problem", name)
            self.assertIn("MiB free", disk["state"])
            self.assertIn("free space", disk["advice"])
        self.assertEqual(self.findings("nearly")["store"]["health"], "ok")
        store = self.findings("full")["store"]
        self.assertEqual(store["health"], "problem")
        self.assertIn("the disk is full", store["state"])
        refused = (self.folder / "refused").read_text()
        self.assertIn("the disk is full", refused)


class FlippedBits(unittest.TestCase):
    """Bytes of the store's files that came back other than they were written."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-flipped-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "events.jsonl").write_text(events())
        (self.folder / "kstati.toml").write_text(
            f'[catalogue]\nfolder = "{town.SOURCE}/data/catalogue"\n'
            f'[messages]\nfolder = "{town.SOURCE}/data/messages"\n'
            '[store]\nfolder = "store"\nblock_cache_mib = 8\n[thrift]\nport = 0\n[http]\nport = 0\n')
        self.assertEqual(self.kstati("event", "ingest", "events.jsonl").returncode, 0)
        # Opened again, what the log holds is put into tables.
        self.assertEqual(self.kstati("profile", "show", "1").returncode, 0)

    def kstati(self, *words):
        return subprocess.run([town.BINARY, *words], capture_output=True, text=True, timeout=120, cwd=self.folder)

    def store_found(self):
        found = self.kstati("doctor", "--format", "jsonl")
        return next(item for item in map(json.loads, found.stdout.splitlines()) if item["item"] == "store")

    def flip(self, pattern):
        flipped = 0
        for path in sorted((self.folder / "store").rglob(pattern)):
            content = bytearray(path.read_bytes())
            if not content:
                continue
            for at in range(0, len(content), 64):
                content[at] ^= 0x10
            path.write_bytes(content)
            flipped += 1
        return flipped

    def test_the_doctor_names_damage_of_a_table(self):
        self.assertEqual(self.store_found()["health"], "ok")
        self.assertGreater(self.flip("*.sst"), 0)
        store = self.store_found()
        self.assertEqual(store["health"], "problem", store)
        self.assertTrue(store["advice"], store)
        verified = self.kstati("store", "verify")
        self.assertNotEqual(verified.returncode, 0)

    def test_the_doctor_names_damage_of_the_list_of_files(self):
        self.assertGreater(self.flip("MANIFEST-*"), 0)
        store = self.store_found()
        self.assertEqual(store["health"], "problem", store)
        self.assertTrue(store["advice"], store)


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

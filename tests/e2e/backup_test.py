# SPDX-License-Identifier: Apache-2.0
"""A running server is backed up while events go on: what was acknowledged before is in the backup, whole."""

import datetime
import json
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest

import town
from access_test import bearing, token_entry
from kstati_rpc.ttypes import EventOutcome


class Registry(threading.Thread):
    """Reports people one after another until it is stopped; `acknowledged` grows with each answer."""

    def __init__(self, server, first):
        super().__init__()
        self.client = server.client()
        self.first = first
        self.acknowledged = 0
        self.stopped = False

    def run(self):
        with self.client:
            while not self.stopped:
                number = f"{self.first + self.acknowledged:012}"
                receipt = self.client.submitEvents(
                    bearing("o-secret"), [town.registration(number, datetime.date(1990, 1, 1), "female")])[0]
                assert receipt.outcome == EventOutcome.ACCEPTED, receipt
                # A look by somebody else is an entry of the ledger.
                self.client.cases(bearing("o-secret", purpose=town.ON_REQUEST), number)
                self.acknowledged += 1

    def stop(self):
        self.stopped = True
        self.join(60)


class OnlineBackup(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="kstati-backups-")
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)
        (self.folder / "tokens.toml").write_text(token_entry("operator", "o-secret", "operator") +
                                                 token_entry("portal", "p-secret", "portal"))
        for name in ("o", "p"):
            (self.folder / f"{name}.token").write_text(f"{name}-secret\n")

    def serve(self, store):
        server = town.Server(store=store, security=f'[security]\ntokens_file = "{self.folder}/tokens.toml"\n')
        self.addCleanup(server.remove)
        return server

    def back_up(self, server, token="o"):
        return server.command("store", "backup", "--token-file", str(self.folder / f"{token}.token"), "--format", "json")

    def kstati(self, server, *words):
        return subprocess.run([town.BINARY, *words], capture_output=True, text=True, timeout=120, cwd=server.folder)

    def forget(self, server):
        shutil.rmtree(server.folder / "store")
        for seen in ("store.witness", "store.witness.end"):
            (server.folder / seen).unlink(missing_ok=True)

    def test_what_was_acknowledged_before_a_backup_is_in_it(self):
        server = self.serve(f'backups = "{self.folder}/backups"')
        writers = [Registry(server, first) for first in (100_000, 200_000)]
        for writer in writers:
            writer.start()
        made, before = [], []
        for count in (50, 150):
            self.assertTrue(town.wait_until(lambda: all(each.acknowledged >= count for each in writers)))
            before.append([writer.acknowledged for writer in writers])
            done = self.back_up(server)
            self.assertEqual(done.returncode, 0, done.stderr)
            made.append(json.loads(done.stdout))
        during = [writer.acknowledged for writer in writers]
        for writer in writers:
            writer.stop()
        self.assertGreater(sum(during), sum(before[-1]), "nothing was written during the backup")
        self.assertEqual([backup["number"] for backup in made], [1, 2])
        self.assertEqual(server.stop(), 0)

        # Both are older than the witness: only a person may decide that entries are given up.
        shutil.rmtree(server.folder / "store")
        refused = self.kstati(server, "store", "restore", str(self.folder / "backups"))
        self.assertNotEqual(refused.returncode, 0, refused.stdout)
        self.assertIn("witness", refused.stderr)
        self.forget(server)

        for number, acknowledged in zip((2, 1), reversed(before)):
            restored = self.kstati(server, "store", "restore", str(self.folder / "backups"), "--number", str(number),
                                   "--format", "json")
            self.assertEqual(restored.returncode, 0, (restored.stdout, restored.stderr))
            found = json.loads(restored.stdout)["verification"]
            self.assertEqual(found["problems_found"], 0)
            self.assertGreaterEqual(found["citizens"], sum(acknowledged))
            server.start()
            with server.client() as kstati:
                for writer, count in zip(writers, acknowledged):
                    for number_of in range(writer.first, writer.first + count):
                        receipt = kstati.submitEvents(bearing("o-secret"), [
                            town.registration(f"{number_of:012}", datetime.date(1990, 1, 1), "female")])[0]
                        self.assertEqual(receipt.outcome, EventOutcome.REPEATED, (number, number_of))
            self.assertEqual(server.stop(), 0)
            self.forget(server)

    def test_only_operators_and_only_where_a_folder_is_named(self):
        server = self.serve("")
        self.assertEqual(self.back_up(server, "p").returncode, 6)
        nowhere = self.back_up(server)
        self.assertEqual(nowhere.returncode, 4, nowhere.stderr)
        self.assertIn("store.backups", nowhere.stderr)
        elsewhere = server.command("store", "backup", str(self.folder / "elsewhere"), "--token-file",
                                   str(self.folder / "o.token"))
        self.assertEqual(elsewhere.returncode, 4)
        self.assertFalse((self.folder / "elsewhere").exists())


if __name__ == "__main__":
    unittest.main()

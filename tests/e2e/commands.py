# SPDX-License-Identifier: Apache-2.0
"""Commands that run in the folder of a server, on its files."""

import json
import subprocess
import unittest

import town


class CommandsInAFolder(unittest.TestCase):
    """Its classes have a `server`."""

    @classmethod
    def try_here(cls, *words, days_ago=0):
        return subprocess.run([*town.earlier(days_ago), town.BINARY, *words], cwd=cls.server.folder, capture_output=True, text=True, timeout=300)

    @classmethod
    def run_here(cls, *words, days_ago=0):
        done = cls.try_here(*words, days_ago=days_ago)
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.stderr}")
        return done.stdout

    @classmethod
    def asked(cls, *words, days_ago=0):
        answer = json.loads(cls.run_here(*words, "--format", "json", days_ago=days_ago))
        return answer[0] if isinstance(answer, list) and len(answer) == 1 else answer

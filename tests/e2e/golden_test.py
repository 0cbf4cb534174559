# SPDX-License-Identifier: Apache-2.0
"""What the command line prints, word for word.

A golden file holds commands and what they gave: standard output as it is, standard error behind "! ", the exit
code behind "= ". Lines behind "< " before a command's output were its standard input.
KSTATI_REFRESH_GOLDEN=1 writes the files anew; review the difference.
"""

import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

import town

GOLDEN = pathlib.Path(__file__).parent / "golden"


def run(command, given, folder):
    words = shlex.split(command)
    assert words[0] == "kstati", command
    words = [word.replace("TEMP", folder) for word in words[1:]]
    redirected = None
    if len(words) > 1 and words[-2] == ">":
        redirected = open(words[-1], "w")
        words = words[:-2]
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "UTC"}
    done = subprocess.run([town.BINARY, *words], input=given, stdout=redirected or subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60, cwd=town.SOURCE,
                          env=environment)
    if redirected:
        redirected.close()
    return done


def steady(text, folder):
    """The text without what differs from run to run."""
    text = text.replace(folder, "TEMP")
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "MOMENT", text)
    text = re.sub(r'"cpu_us": ?\d+', '"cpu_us": MICROS', text)
    return text.replace(town.TODAY.isoformat(), "TODAY")


def written(command, given, done, folder):
    lines = ["$ " + command]
    lines += ["< " + line for line in given.splitlines()]
    lines += steady(done.stdout or "", folder).splitlines()
    lines += ["! " + line for line in steady(done.stderr, folder).splitlines()]
    return "\n".join(lines + ["= " + str(done.returncode)]) + "\n"


def blocks(text):
    for block in re.split(r"^(?=\$ )", text, flags=re.M):
        if not block.startswith("$ "):
            continue
        lines = block.splitlines()
        given = "".join(line[2:] + "\n" for line in lines if line.startswith("< "))
        yield lines[0][2:], given


class GoldenTest(unittest.TestCase):
    maxDiff = None

    def test_every_golden_file(self):
        files = sorted(GOLDEN.glob("*.txt"))
        self.assertTrue(files)
        for file in files:
            with self.subTest(file=file.name), tempfile.TemporaryDirectory() as folder:
                expected = file.read_text()
                got = "\n".join(written(command, given, run(command, given, folder), folder)
                                for command, given in blocks(expected))
                if os.environ.get("KSTATI_REFRESH_GOLDEN"):
                    file.write_text(got)
                else:
                    self.assertEqual(got, expected)

    def test_the_reference_pages_are_up_to_date(self):
        for page, path in (("cli", "docs/reference/cli.md"), ("configuration", "docs/reference/configuration.md"),
                           ("kstati.toml", "kstati.toml")):
            done = run("kstati __reference " + page, "", ".")
            self.assertEqual(done.stdout, (town.SOURCE / path).read_text(),
                             f"write it anew: kstati __reference {page} > {path}")

    def test_every_command_has_help_with_two_lines_of_examples(self):
        overview = run("kstati --help", "", ".").stdout
        commands = re.findall(r"^  ([a-z]+(?: [a-z]+)?)  ", overview, flags=re.M)
        self.assertGreater(len(commands), 20)
        for command in commands:
            page = run(f"kstati {command} --help", "", ".")
            self.assertEqual((page.returncode, page.stderr), (0, ""), command)
            self.assertIn(f"usage: kstati {command}", page.stdout)
            self.assertIn("examples:\n", page.stdout)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""Decision certificates from the command line, of a rule that asks what regular expressions, times of day and
logarithms say: the verifier accepts them, and none that was changed."""

import datetime
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import town

MOTHER = "000000000017"
CHILD = "000000000018"
FATHER = "000000000019"
RULE = "rule: child.citizenship_rf = true"
MORE = (r"""matches(string(child.birth_date), "^[0-9]{4}(-\\d\\d){2}$") and """
        """date and time(child.birth_date, @"00:00:00") <= now() and log(child.age_years + 1) < 3""")


@unittest.skipUnless("KSTATI_VERIFY_CERTIFICATE" in os.environ, "KSTATI_VERIFY_CERTIFICATE is not set")
class CertificateTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-certificate-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        catalogue = folder / "catalogue"
        shutil.copytree(town.SOURCE / "data/catalogue", catalogue)
        service = catalogue / "services/snils_newborn.yaml"
        text = service.read_text()
        assert RULE in text
        text = text.replace(RULE, f"rule: 'child.citizenship_rf = true and {MORE}'")
        service.write_text(text.replace('facts: {child.', 'facts: {child.birth_date: "2026-03-10", child.'))
        cls.server = town.Server(catalogue=catalogue)
        cls.addClassCleanup(cls.server.remove)
        with cls.server.client() as kstati:
            kstati.submitEvents(town.ENGLISH, [
                town.registration(MOTHER, datetime.date(1991, 7, 23), "female"),
                town.registration(FATHER, datetime.date(1990, 1, 1), "male"),
                town.birth(CHILD, MOTHER, FATHER)])

    def verify(self, certificate):
        path = self.server.folder / "certificate.json"
        path.write_text(certificate)
        return subprocess.run([os.environ["KSTATI_VERIFY_CERTIFICATE"], str(path)], capture_output=True,
                              text=True, timeout=60, check=False)

    def test_is_accepted_and_rejected_once_changed(self):
        written = self.server.command("certificate", MOTHER, "snils_newborn", "--about", CHILD,
                                      "--reveal", "request 4711")
        self.assertEqual(written.returncode, 0, written.stderr)
        for part in ('["call","matches"', '["call","date and time"', '["call","now"]', '["call","log"'):
            self.assertIn(part, written.stdout)
        self.assertIn('"verdict":"eligible"', written.stdout)
        accepted = self.verify(written.stdout)
        self.assertEqual(accepted.returncode, 0, accepted.stdout + accepted.stderr)
        changed = written.stdout.replace('["call","log"', '["call","exp"')
        self.assertEqual(self.verify(changed).returncode, 1)

    def test_needs_a_reason(self):
        refused = self.server.command("certificate", MOTHER, "snils_newborn", "--about", CHILD)
        self.assertNotEqual(refused.returncode, 0)
        self.assertEqual(refused.stdout, "")


if __name__ == "__main__":
    unittest.main()

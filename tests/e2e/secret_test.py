# SPDX-License-Identifier: Apache-2.0
"""What is told to a person tells nothing that only a relative's register knows: whole replies, byte by byte."""

import datetime
import re
import subprocess
import unittest

from thrift.protocol import TJSONProtocol
from thrift.transport import TTransport

import town

KEEPS, TELLS = ("000000900911", "000000900912", "000000900913"), ("000000900921", "000000900922", "000000900923")


def bytes_of(reply, family):
    """A reply as it goes over the wire, without times and ids."""
    transport = TTransport.TMemoryBuffer()
    reply.as_of = ""
    for suggestion in reply.suggestions:
        suggestion.exposure = ""
    reply.write(TJSONProtocol.TSimpleJSONProtocol(transport))
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "a moment", transport.getvalue().decode())
    for place, citizen in enumerate(family):
        text = text.replace(citizen, f"member {place}")
    return text


class SecretTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = town.Server()
        cls.server.stop()
        for words in (["population", "generate", "--citizens", "400", "--visits", "1500"],
                      ["model", "train", "--rounds", "20", "--activate"]):
            done = subprocess.run([town.BINARY, *words], cwd=cls.server.folder, capture_output=True, text=True,
                                  timeout=300)
            if done.returncode != 0:
                raise AssertionError(done.stderr)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def settle(self, kstati, family):
        """A mother, a father and their child, alike in everything."""
        mother, father, child = family
        events = [town.registration(mother, datetime.date(1993, 4, 4), "female"),
                  town.registration(father, datetime.date(1991, 3, 3), "male")]
        for citizen in (mother, father):
            events.append(town.event("mvd_pass", f"lives-{citizen}", citizen, facts={
                "person.citizenship_rf": True, "person.lives_in_rf": True, "person.region_code": "77"}))
        events.append(town.event("egr_zags", f"marriage-{mother}", mother, type="event.marriage_registered",
                                 on=datetime.date(2020, 5, 5),
                                 participants={"spouse_1": [mother], "spouse_2": [father]}))
        events.append(town.birth(child, mother, father))
        for each in events:
            kstati.submitEvents(town.ENGLISH, [each])

    def test_a_relatives_secret_changes_no_byte_of_a_reply(self):
        with self.server.client() as kstati:
            for family in (KEEPS, TELLS):
                self.settle(kstati, family)
            father = TELLS[1]
            kstati.submitEvents(town.ENGLISH, [town.event("fri", "examined", father, facts={
                "person.disability_group": "I"})])
            replies = [kstati.suggest(town.ENGLISH, family[0], 30) for family in (KEEPS, TELLS)]
            self.assertEqual({suggestion.ranked_by for suggestion in replies[0].suggestions}, {"model"})
            self.assertTrue(any(suggestion.because for suggestion in replies[0].suggestions))
            self.assertEqual(bytes_of(replies[0], KEEPS), bytes_of(replies[1], TELLS))
            # The secret is no dead letter: it changes what its owner is told.
            own = [kstati.suggest(town.ENGLISH, family[1], 30) for family in (KEEPS, TELLS)]
            self.assertNotEqual(bytes_of(own[0], KEEPS), bytes_of(own[1], TELLS))


if __name__ == "__main__":
    unittest.main()

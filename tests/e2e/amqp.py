# SPDX-License-Identifier: Apache-2.0
"""Events by the queue of a real RabbitMQ broker, and kill -9 of broker and server.

Exit code 77, "skipped", where the broker or its Python client is not installed.
"""

import hashlib
import pathlib
import re
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse
import urllib.request

try:
    import pika
    import broker as broker_module
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)
if not broker_module.PROGRAM.exists():
    print(f"skipped: {broker_module.PROGRAM} is not there")
    sys.exit(77)

import town  # noqa: E402
from kstati_rpc.ttypes import CallContext  # noqa: E402

OPERATOR = CallContext(token="o-secret", purpose=town.ON_REQUEST)
EVENTS_OF_A_CITIZEN = 12
KILLS = 3


def envelope(source, id, subject, facts, type="registry.facts", participants=None):
    """An event as CloudEvents 1.0."""
    data = {"occurred_on": town.TODAY.isoformat(), "participants": participants or {},
            "facts": [{"citizen": subject, "attribute": attribute, "value": value}
                      for attribute, value in facts.items()]}
    return {"specversion": "1.0", "source": source, "id": id, "type": type, "subject": subject,
            "time": "2026-03-15T09:00:00Z", "datacontenttype": "application/json", "data": data}


def person(citizen):
    return envelope("fns_erns", f"person-{citizen}", citizen,
                    {"person.birth_date": "1990-01-01", "person.sex": "female"},
                    "registry.person_registered", {"person": [citizen]})


class AmqpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = broker_module.Broker(["egr_zags", "fns_erns", "mvd_pass", "kstati"])
        cls.addClassCleanup(cls.broker.remove)
        cls.folder = pathlib.Path(cls.broker.folder)
        password = cls.folder / "password"
        password.write_text(broker_module.PASSWORD + "\n")
        tokens = cls.folder / "tokens.toml"
        tokens.write_text('[[token]]\nname = "operator"\nscopes = ["operator"]\npurposes = ["%s"]\nsha256 = "%s"\n' %
                          (town.ON_REQUEST, hashlib.sha256(b"o-secret").hexdigest()))
        cls.server = town.Server(security=f"""
[security]
tokens_file = "{tokens}"
[amqp]
url = "amqp://kstati@127.0.0.1:{cls.broker.port}/%2f"
password_file = "{password}"
""")
        cls.addClassCleanup(cls.server.remove)
        assert town.wait_until(cls.queue_is_there, 30), cls.server.log()

    @classmethod
    def queue_is_there(cls):
        try:
            cls.broker.count(broker_module.REFUSED)
            return True
        except pika.exceptions.AMQPError:
            return False

    def history(self, citizen):
        with self.server.client() as kstati:
            return kstati.history(OPERATOR, citizen).facts

    def reported(self, citizen):
        """The ids of the events that the citizen's history knows, each as often as its facts."""
        return sorted(record.event for record in self.history(citizen))

    def wait_for(self, citizen, count):
        self.assertTrue(town.wait_until(lambda: self.knows(citizen, count), 30), self.server.log())

    def knows(self, citizen, count):
        try:
            return len(self.history(citizen)) >= count
        except Exception:  # not registered yet
            return False

    def test_events_are_recorded_once_and_leave_the_queue(self):
        citizen = "000000000041"
        self.broker.publish("fns_erns", [person(citizen)])
        self.wait_for(citizen, 2)
        self.broker.publish("fns_erns", [person(citizen)])
        self.assertTrue(town.wait_until(lambda: self.broker.count(broker_module.EVENTS) == 0))
        self.assertEqual(self.reported(citizen), [f"person-{citizen}"] * 2)

    def birth(self, child, mother):
        return envelope("egr_zags", f"birth-{child}", child, {"doc.birth_record": True},
                        "event.child_born", {"child": [child], "mother": [mother]})

    def test_a_birth_right_behind_the_registration_of_the_mother_is_recorded(self):
        pairs = [(f"{number:012}", f"{number + 500:012}") for number in range(201, 231)]
        for mother, child in pairs:
            self.broker.publish("fns_erns", [person(mother)])
            self.broker.publish("egr_zags", [self.birth(child, mother)])
        for _, child in pairs:
            self.wait_for(child, 1)
        self.assertEqual(self.broker.take_refused(), [])

    def test_a_birth_waits_for_the_mother_who_becomes_known_a_little_later(self):
        mother, child = "000000000301", "000000000801"
        self.broker.publish("egr_zags", [self.birth(child, mother)])
        self.assertTrue(town.wait_until(lambda: self.postponed() > 0, 30), self.server.log())
        other = "000000000302"
        self.broker.publish("fns_erns", [person(other)])
        self.wait_for(other, 2)  # who is not named waits for nobody
        self.broker.publish("fns_erns", [person(mother)])
        self.wait_for(child, 1)
        self.assertTrue(town.wait_until(lambda: self.broker.count(broker_module.EVENTS) == 0, 30))
        self.assertEqual(self.broker.take_refused(), [])

    def postponed(self):
        text = urllib.request.urlopen(urllib.parse.urljoin(self.server.http, "/metrics"), timeout=10).read().decode()
        line = re.search(r'^kstati_intake_amqp_messages_total\{outcome="postponed"\} (\S+)$', text, re.M)
        return float(line.group(1)) if line else 0

    def test_the_person_sees_who_was_refused(self):
        citizen = "000000000043"
        self.broker.publish("fns_erns", [person(citizen)])
        self.wait_for(citizen, 2)
        stranger = envelope("fns_erns", "not-yours", citizen, {"person.sex": "male"})
        self.broker.publish("mvd_pass", [stranger])
        self.assertTrue(town.wait_until(lambda: self.refusals_of(citizen), 30), self.server.log())
        self.assertIn("amqp:mvd_pass", self.refusals_of(citizen)[0])
        self.broker.take_refused()

    def refusals_of(self, citizen):
        with self.server.client() as kstati:
            uses = kstati.usesOfData(OPERATOR, citizen, 0, 100)
        return [use.text for use in uses if use.kind == "access" and "amqp:" in use.text]

    def test_refused_messages_lie_apart_with_the_reason(self):
        citizen = "000000000042"
        stranger = person(citizen)
        stranger["source"] = "egr_zags"
        unknown = envelope("fns_erns", "u", citizen, {"person.no_such_thing": True})
        binary = person(citizen) | {"data_base64": "AA=="}
        self.broker.publish("fns_erns", [b"no json", stranger, unknown, binary, person(citizen)])
        self.broker.publish("fns_erns", [person(citizen)], user_id=False)
        self.wait_for(citizen, 2)
        self.assertTrue(town.wait_until(lambda: self.broker.count(broker_module.REFUSED) == 5, 30),
                        self.server.log())
        reasons = [(headers["kstati-code"], headers["kstati-reason"])
                   for _, headers in self.broker.take_refused()]
        codes = sorted(code for code, _ in reasons)
        self.assertEqual(codes, ["denied", "denied", "invalid_argument", "invalid_argument",
                                 "invalid_argument"], reasons)
        text = "\n".join(reason for _, reason in reasons)
        for part in ("not JSON", "no_such_thing", "data_base64", "source"):
            self.assertIn(part, text)
        self.assertEqual(self.broker.count(broker_module.EVENTS), 0)

    def test_doctor_reaches_the_broker(self):
        doctor = subprocess.run(
            [town.BINARY, "doctor", "--config", str(self.server.folder / "kstati.toml"), "--format", "jsonl"],
            capture_output=True, text=True, timeout=60, check=False)
        findings = {finding["item"]: finding for finding in town.json_lines(doctor.stdout)}
        self.assertEqual(findings["message broker"]["health"], "ok", findings["message broker"])

    def test_kill_of_broker_and_server_loses_and_doubles_nothing(self):
        citizens = [f"{number:012}" for number in range(101, 111)]
        self.broker.publish("fns_erns", [person(citizen) for citizen in citizens])
        for citizen in citizens:
            self.wait_for(citizen, 2)
        publisher = threading.Thread(target=self.publish_surely, args=(citizens,))
        publisher.start()
        for _ in range(KILLS):
            time.sleep(1)
            self.server.kill()
            self.server.start()
            time.sleep(1)
            self.broker.kill()
            self.broker.start()
        publisher.join(120)
        self.assertFalse(publisher.is_alive())
        for citizen in citizens:
            self.wait_for(citizen, 2 + EVENTS_OF_A_CITIZEN)
        for citizen in citizens:
            expected = [f"person-{citizen}"] * 2 + [f"r-{citizen}-{n}" for n in range(EVENTS_OF_A_CITIZEN)]
            self.assertEqual(self.reported(citizen), sorted(expected))
        self.assertTrue(town.wait_until(lambda: self.broker.count(broker_module.EVENTS) == 0, 30))
        self.assertEqual(self.broker.take_refused(), [])

    def publish_surely(self, citizens):
        """As a registry does that repeats what the broker did not confirm."""
        for n in range(EVENTS_OF_A_CITIZEN):
            for citizen in citizens:
                event = envelope("mvd_pass", f"r-{citizen}-{n}", citizen,
                                 {"person.region_code": "77" if n % 2 else "78"})
                while True:
                    try:
                        self.broker.publish("mvd_pass", [event])
                        break
                    except (pika.exceptions.AMQPError, OSError):
                        time.sleep(0.2)
                time.sleep(0.02)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""Messages leave by file, mail and webhook, at least once, also when the server is killed in between."""

import collections
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import tempfile
import threading
import unittest
import urllib.request

import town
from gateway import Mail, Webhook
from registry import free_port
from tls_test import make_authority, make_certificate

ANNA, BORIS = "000000000071", "000000000072"
SCALE = int(os.environ.get("KSTATI_TEST_SCALE", "1"))


class DeliveryTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / "secret").write_text("a secret\n")
        self.children = 0

    def start(self, channels, more=""):
        self.server = town.Server(store=f"""
[delivery]
channels = "{channels}"
language = "en"
quiet_from = ""
quiet_to = ""
budget_messages = 0
first_retry_seconds = 1
file = "{self.path}/messages.jsonl"
webhook_secret_file = "{self.path}/secret"
smtp_from = "kstati@example.org"
smtp_to = "{{citizen}}@gateway.example"
{more}""")
        self.addCleanup(self.server.remove)
        with self.server.client() as kstati:
            kstati.submitEvents(town.ENGLISH, [town.registration(ANNA, datetime.date(1990, 5, 20), "female"),
                                               town.registration(BORIS, datetime.date(1989, 1, 1), "male")])

    def born(self):
        """A child is born: both parents are told of several services."""
        self.children += 1
        with self.server.client() as kstati:
            kstati.submitEvents(town.ENGLISH, [town.birth(f"{700 + self.children:012d}", ANNA, BORIS)])

    def told(self, citizen=ANNA):
        with self.server.client() as kstati:
            return kstati.notifications(town.ENGLISH, citizen)

    def count(self):
        return len(self.told(ANNA)) + len(self.told(BORIS))

    def metric(self, name):
        with urllib.request.urlopen(self.server.http + "metrics") as page:
            lines = page.read().decode().splitlines()
        return next(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))

    def attempts(self, outcome):
        """Since the server started."""
        return self.metric(f'kstati_delivery_messages_total{{outcome="{outcome}"}}')

    def in_file(self):
        file = self.path / "messages.jsonl"
        return town.json_lines(file.read_text()) if file.exists() else []

    def all_came(self, messages):
        """Whether every message came, by its key."""
        return town.wait_until(lambda: len({m["key"] for m in messages()}) == self.count(), 60)

    def webhook(self):
        webhook = Webhook()
        self.addCleanup(webhook.close)
        return webhook

    def mail(self, *certificate):
        mail = Mail(*certificate)
        self.addCleanup(mail.close)
        return mail

    def test_a_file_gets_each_message_once_and_in_order(self):
        self.start("file")
        self.born()
        self.assertTrue(self.all_came(self.in_file))
        lines = self.in_file()
        for citizen in (ANNA, BORIS):
            self.assertEqual([(line["at"], line["title"]) for line in lines if line["citizen"] == citizen],
                             [(n.at, n.title) for n in self.told(citizen)])
        self.assertEqual(len(lines), self.count())
        self.server.stop()
        self.server.start()
        self.born()
        self.assertTrue(self.all_came(self.in_file))
        self.assertGreater(len(self.in_file()), len(lines))
        self.assertEqual(len(self.in_file()), self.count(), "nothing again after a restart")

    def test_a_webhook_is_signed_and_told_the_key(self):
        webhook = self.webhook()
        self.start("webhook", f'webhook_url = "{webhook.url}"')
        self.born()
        self.assertTrue(self.all_came(webhook.messages))
        for headers, body in webhook.got:
            signature = hmac.new(b"a secret", body, hashlib.sha256).hexdigest()
            self.assertEqual(headers["Kstati-Signature"], f"sha256={signature}")
            self.assertEqual(headers["Idempotency-Key"], json.loads(body)["key"])
        self.assertEqual(len(webhook.got), self.count())

    def test_a_kill_between_sending_and_recording_repeats_with_the_same_key(self):
        webhook = self.webhook()
        self.start("webhook", f'webhook_url = "{webhook.url}"\npeople_at_once = 1')
        for _ in range(2 * SCALE):
            killed = threading.Event()

            def kill(server=self.server, killed=killed):
                if not killed.is_set():
                    server.process.kill()
                    killed.set()
            webhook.before_answer = kill
            self.born()
            self.assertTrue(killed.wait(20))
            webhook.before_answer = None
            self.server.kill()
            self.server.start()
            self.assertTrue(self.all_came(webhook.messages))
        counted = collections.Counter(message["key"] for message in webhook.messages())
        self.assertEqual(sorted(counted.values(), reverse=True)[:2 * SCALE + 1], [2] * (2 * SCALE) + [1])
        self.assertEqual(len(counted), self.count())

    def test_what_is_not_taken_is_tried_again_and_then_given_up(self):
        webhook = self.webhook()
        webhook.status = 503
        self.start("webhook", f'webhook_url = "{webhook.url}"\nattempts = 2')
        self.born()
        self.assertTrue(town.wait_until(lambda: self.attempts("undeliverable") >= 2))
        first = [m["key"] for m in webhook.messages() if m["citizen"] == ANNA][:2]
        self.assertEqual(first[0], first[1], "nobody's next message goes before this one")
        self.assertEqual((self.told()[0].delivery, self.told()[0].delivery_reason), ("undeliverable", "http 503"))
        listed = town.json_lines(self.server.command("notifications", ANNA, "--format", "jsonl").stdout)
        self.assertEqual(listed[0]["delivery"], "undeliverable")
        webhook.status = 410
        self.assertTrue(town.wait_until(lambda: self.attempts("refused") >= 1))
        webhook.status = 200
        self.assertTrue(town.wait_until(lambda: self.metric("kstati_delivery_waiting_messages") == 0, 60))
        self.assertGreater(self.attempts("delivered") + self.attempts("refused"), 0)
        self.assertGreater(self.attempts("later"), 3)
        self.assertNotIn(ANNA, self.server.log())

    def test_mail_goes_by_tls_to_the_address_of_the_person(self):
        make_authority(self.path, "authority")
        make_certificate(self.path, "mail", "authority", "IP:127.0.0.1")
        mail = self.mail(self.path / "mail.pem", self.path / "mail.key")
        self.start("smtp", f'smtp_url = "{mail.url}"\ntls_ca = "{self.path}/authority.pem"')
        self.born()
        self.assertTrue(town.wait_until(lambda: len(mail.got) == self.count()))
        self.assertTrue(all(by_tls for _, _, _, by_tls in mail.got))
        to_anna = [m for m in mail.messages() if f"{ANNA}@gateway.example" in m["To"]]
        self.assertEqual([(m["Subject"], m.get_content().strip()) for m in to_anna],
                         [(n.title, n.text) for n in self.told()])
        self.assertTrue(all(m["Message-ID"].endswith("@example.org>") for m in to_anna))
        self.assertEqual(len({m["Message-ID"] for m in mail.messages()}), len(mail.got))

    def test_no_mail_goes_without_tls_unless_that_is_allowed(self):
        mail = self.mail()
        self.start("smtp", f'smtp_url = "{mail.url}"\nattempts = 1')
        self.born()
        self.assertTrue(town.wait_until(lambda: self.attempts("undeliverable") == self.count()))
        self.assertEqual(mail.got, [])

    def test_a_refused_address_leaves_it_to_the_next_channel(self):
        mail = self.mail()
        mail.refuses = "550 nobody of that name"
        self.start("smtp file", f'smtp_url = "{mail.url}"\nsmtp_tls = "offered"')
        self.born()
        self.assertTrue(self.all_came(self.in_file))
        self.assertTrue(town.wait_until(lambda: self.attempts("delivered") == self.count()))
        self.assertEqual((mail.got, self.attempts("refused")), ([], self.count()))

    def test_the_doctor_names_a_channel_that_is_away(self):
        self.start("file")
        self.server.stop()
        self.server.store += f'webhook_url = "http://127.0.0.1:{free_port()}/messages"\n'
        self.server.store = self.server.store.replace('"file"', '"file webhook"')
        config = self.server.write_config(3600)
        try:
            doctor = town.subprocess.run([town.BINARY, "doctor", "--config", str(config), "--format", "json"],
                                         capture_output=True, text=True, timeout=60)
            found = {line["item"]: line["health"] for line in json.loads(doctor.stdout)
                     if line["item"].startswith("channel ")}
            self.assertEqual(found, {"channel file": "ok", "channel webhook": "warning"})
        finally:
            self.server.start()


if __name__ == "__main__":
    unittest.main()

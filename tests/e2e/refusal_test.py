# SPDX-License-Identifier: Apache-2.0
"""What the server refuses, and that refusing harms nobody."""

import datetime
import http.client
import json
import pathlib
import socket
import struct
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

import town
from kstati_rpc.ttypes import (CallContext, ErrorCode, EventOutcome, Failure, ReportedFact, ReportedRelation,
                               Value)
from thrift.Thrift import TApplicationException

PERSON = "000000000021"


def varint(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def framed(payload):
    return struct.pack("!i", len(payload)) + payload


def compact_call(method, arguments):
    name = method.encode()
    return framed(b"\x82\x21" + varint(1) + varint(len(name)) + name + arguments)


class RefusalTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = town.Server()
        with cls.server.client() as kstati:
            receipt = kstati.submitEvents(
                town.ENGLISH, [town.registration(PERSON, datetime.date(1990, 1, 1), "male")])[0]
            assert receipt.outcome == EventOutcome.ACCEPTED, receipt

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def setUp(self):
        self.kstati = self.server.client()
        self.addCleanup(self.kstati.transport.close)

    def tearDown(self):
        # Whatever a test sent, the server answers others as before.
        with self.server.client() as other:
            self.assertTrue(other.status(CallContext()).ready)

    def refused(self, event, code, place):
        receipt = self.kstati.submitEvents(town.ENGLISH, [event])[0]
        self.assertEqual(receipt.outcome, EventOutcome.REFUSED, receipt)
        failure = receipt.failure
        self.assertEqual(ErrorCode._VALUES_TO_NAMES[failure.code], ErrorCode._VALUES_TO_NAMES[code],
                         failure)
        self.assertIn(place, failure.place)
        self.assertTrue(failure.message)
        self.assertTrue(failure.remedy, failure)
        return failure

    def raw(self, bytes_sent):
        """Sends bytes and returns what comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as connection:
            connection.sendall(bytes_sent)
            answer = b""
            while True:
                try:
                    part = connection.recv(4096)
                except ConnectionResetError:
                    return answer
                if not part:
                    return answer
                answer += part

    # --- events ---

    def test_unknown_attribute(self):
        failure = self.refused(town.event("mvd_pass", "a1", PERSON, facts={"person.region_cod": "77"}),
                               ErrorCode.INVALID_ARGUMENT, "event mvd_pass/a1, facts[0].attribute")
        self.assertIn("person.region_code", failure.remedy)

    def test_value_of_another_type(self):
        failure = self.refused(town.event("mvd_pass", "a2", PERSON,
                                          facts={"person.citizenship_rf": "SECRET-VALUE"}),
                               ErrorCode.INVALID_ARGUMENT, "facts[0].value")
        self.assertNotIn("SECRET-VALUE", failure.message + failure.place + failure.remedy)

    def test_attribute_of_another_registry(self):
        failure = self.refused(town.event("egr_zags", "a3", PERSON, facts={"person.region_code": "77"}),
                               ErrorCode.DENIED, "facts[0]")
        self.assertIn("mvd_pass", failure.remedy)

    def test_relation_of_another_registry(self):
        event = town.event("gibdd", "a31", PERSON)
        event.relations = [ReportedRelation(from_citizen=PERSON, kind="guardian",
                                            to_citizen="000000000002")]
        failure = self.refused(event, ErrorCode.DENIED, "relations[0].kind")
        self.assertIn("opeka", failure.remedy)

    def test_unknown_registry(self):
        self.refused(town.event("nobody", "a4", PERSON), ErrorCode.INVALID_ARGUMENT, "source")

    def test_person_without_profile(self):
        self.refused(town.event("mvd_pass", "a5", "000000000999", facts={"person.region_code": "77"}),
                     ErrorCode.NOT_FOUND, "event mvd_pass/a5")

    def test_day_in_the_future(self):
        self.refused(town.event("mvd_pass", "a6", PERSON, on=town.TODAY + datetime.timedelta(days=40),
                                facts={"person.region_code": "77"}),
                     ErrorCode.INVALID_ARGUMENT, "occurred_on")

    def test_day_that_does_not_exist(self):
        event = town.event("mvd_pass", "a7", PERSON)
        event.occurred_on = "2026-02-30"
        self.refused(event, ErrorCode.INVALID_ARGUMENT, "occurred_on")

    def test_too_many_facts(self):
        event = town.event("mvd_pass", "a8", PERSON)
        event.facts = [ReportedFact(citizen=PERSON, attribute="person.region_code",
                                    value=Value(text="77"))] * 2_000
        self.refused(event, ErrorCode.LIMIT_EXCEEDED, "facts")

    def test_the_calendar_speaks_for_itself(self):
        self.refused(town.event("kstati.calendar", "a9", PERSON), ErrorCode.DENIED, "source")

    def test_one_bad_event_does_not_stop_the_others(self):
        good = town.event("mvd_pass", "b1", PERSON, facts={"person.region_code": "77"})
        bad = town.event("mvd_pass", "b2", PERSON, facts={"person.nonsense": "77"})
        last = town.event("mvd_pass", "b3", PERSON, facts={"person.lives_in_rf": True})
        receipts = self.kstati.submitEvents(town.ENGLISH, [good, bad, last])
        self.assertEqual([receipt.outcome for receipt in receipts],
                         [EventOutcome.ACCEPTED, EventOutcome.REFUSED, EventOutcome.ACCEPTED])

    # --- questions ---

    def fails(self, code, call, *arguments):
        with self.assertRaises(Failure) as caught:
            call(town.ENGLISH, *arguments)
        self.assertEqual(caught.exception.code, code, caught.exception)
        self.assertTrue(caught.exception.place)
        self.assertTrue(caught.exception.remedy)

    def test_questions_about_what_does_not_exist(self):
        self.fails(ErrorCode.NOT_FOUND, self.kstati.suggest, "999", 5)
        self.fails(ErrorCode.NOT_FOUND, self.kstati.explain, PERSON, "no_such_service", "")
        self.fails(ErrorCode.NOT_FOUND, self.kstati.chain, PERSON, "no_such_situation", "")
        self.fails(ErrorCode.INVALID_ARGUMENT, self.kstati.suggest, "Ivanov", 5)
        self.fails(ErrorCode.INVALID_ARGUMENT, self.kstati.suggest, PERSON, 0)
        self.fails(ErrorCode.INVALID_ARGUMENT, self.kstati.profile, PERSON, "yesterday", "")

    def test_channels_are_known_and_asked_about_by_few_calls(self):
        for call, channels in [(lambda context: self.kstati.chain(context, PERSON, "moving", ""), ["pigeon"]),
                               (lambda context: self.kstati.chain(context, PERSON, "moving", ""), []),
                               (lambda context: self.kstati.suggest(context, PERSON, 5), ["mfc"])]:
            with self.assertRaises(Failure) as caught:
                call(CallContext(channels=channels))
            self.assertEqual(caught.exception.code, ErrorCode.INVALID_ARGUMENT)
            self.assertEqual(caught.exception.place, "context.channels")
            self.assertTrue(caught.exception.remedy)

    def test_nothing_is_told_about_strangers(self):
        stranger = "000000000022"
        self.kstati.submitEvents(
            town.ENGLISH, [town.registration(stranger, datetime.date(1980, 1, 1), "male")])
        self.fails(ErrorCode.DENIED, self.kstati.explain, PERSON, "snils_newborn", stranger)

    def test_a_name_of_a_megabyte_is_not_repeated(self):
        with self.assertRaises(Failure) as caught:
            self.kstati.explain(town.ENGLISH, PERSON, "x" * 500_000, "")
        self.assertEqual(caught.exception.code, ErrorCode.LIMIT_EXCEEDED)
        self.assertLess(len(caught.exception.message), 200)

    # --- bytes ---

    def test_a_header_of_fifty_million_elements_costs_no_memory(self):
        before = self.server.resident_mib()
        # submitEvents(context: {}, events: list<struct> of 50,000,000)
        arguments = b"\x1c\x00" + b"\x19\xfc" + varint(50_000_000)
        answer = self.raw(compact_call("submitEvents", arguments))
        self.assertIn(b"limit", answer)
        self.assertLess(self.server.resident_mib() - before, 64)

    def refused_call(self, call, *arguments):
        """Makes a call that breaks a limit; the text of the refusal."""
        with self.server.client() as caller, self.assertRaises(TApplicationException) as caught:
            getattr(caller, call)(*arguments)
        self.assertEqual(caught.exception.type, TApplicationException.PROTOCOL_ERROR)
        return caught.exception.message

    def test_a_batch_over_the_limit_is_refused_with_the_limit_and_what_to_do(self):
        before = self.server.resident_mib()
        event = town.event("mvd_pass", "c1", PERSON, facts={"person.region_code": "7" * 20_000})
        message = self.refused_call("submitEvents", town.ENGLISH, [event] * 600)
        self.assertEqual(message, "the message is longer than the limit of 8388608 bytes "
                         "(at call submitEvents); send it in several calls, fewer events in each")
        self.assertLess(self.server.resident_mib() - before, 4)

    def test_too_many_events_are_refused_with_the_limit_and_what_to_do(self):
        message = self.refused_call("submitEvents", town.ENGLISH,
                                    [town.event("mvd_pass", "c2", PERSON)] * 10_001)
        self.assertEqual(message, "a list is longer than the limit of 10000 elements "
                         "(at call submitEvents); send it in several calls, fewer elements in each")

    def test_a_long_text_is_refused_with_the_limit_and_what_to_do(self):
        message = self.refused_call("explain", town.ENGLISH, PERSON, "x" * 1_500_000, "")
        self.assertEqual(message, "a text is longer than the limit of 1048576 bytes "
                         "(at call explain); shorten the text")

    def test_a_negative_length_is_closed_and_counted(self):
        before = self.malformed("frame")
        self.assertEqual(self.raw(struct.pack("!i", -5) + b"x"), b"")
        self.assertEqual(self.malformed("frame"), before + 1)

    def test_a_giant_frame_that_holds_no_call_is_closed_and_counted(self):
        before = self.malformed("protocol")
        self.assertEqual(self.raw(struct.pack("!i", 0x7FFFFFFF) + b"x"), b"")
        self.assertEqual(self.malformed("protocol"), before + 1)
        self.assertIn("thrift.malformed", self.server.log())

    def test_garbage_is_closed(self):
        self.raw(framed(b"\x00" * 64))
        self.raw(framed(bytes(range(256)) * 16))
        self.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def test_an_unknown_method_is_said_to_be_unknown(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as connection:
            connection.sendall(compact_call("selfDestruct", b"\x00"))
            self.assertIn(b"selfDestruct", connection.recv(4096))

    def metrics(self):
        with urllib.request.urlopen(self.server.http + "metrics", timeout=20) as reply:
            return reply.read().decode()

    def malformed(self, kind):
        """How many messages of this kind were counted so far."""
        start = f'kstati_thrift_malformed_messages_total{{kind="{kind}"}} '
        return sum(int(float(line[len(start):])) for line in self.metrics().splitlines()
                   if line.startswith(start))

    def test_malformed_messages_are_counted(self):
        self.raw(framed(b"\xff" * 16))
        text = self.metrics()
        self.assertIn("kstati_thrift_malformed_messages_total{kind=", text)
        self.assertIn("kstati_thrift_calls_total{method=\"status\"}", text)

    # --- HTTP ---

    def post(self, body, content_type="application/json", headers=None):
        request = urllib.request.Request(self.server.http + "rpc", data=body, method="POST",
                                         headers={"Content-Type": content_type, **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as failed:
            with failed:
                return failed.code, json.loads(failed.read())

    def test_calls_over_json(self):
        status, reply = self.post(b'[1,"status",1,7,{"1":{"rec":{}}}]')
        self.assertEqual((status, reply[1], reply[3]), (200, "status", 7))

    def test_http_bodies_that_are_no_calls(self):
        for body in (b"", b"{}", b"[1", b"hello", b"\xff\xfe", b'[1,"suggest",1,0,{"2":{"rec":', b"[" * 10_000,
                     b'[2,"status",1,0,{}]'):
            status, reply = self.post(body)
            self.assertEqual((status, reply["code"]), (400, "invalid_argument"), body[:20])
            self.assertTrue(reply["message"] and reply["place"] and reply["remedy"])

    def test_a_json_list_announced_too_long(self):
        before = self.server.resident_mib()
        status, reply = self.post(b'[1,"submitEvents",1,0,{"1":{"rec":{}},"2":{"lst":["rec",50000000,{}]}}]')
        self.assertEqual((status, reply["code"]), (400, "invalid_argument"))
        self.assertLess(self.server.resident_mib() - before, 64)

    def test_a_json_list_of_more_than_the_limit(self):
        listed = b",".join([b"{}"] * 10_001)
        status, reply = self.post(b'[1,"submitEvents",1,0,{"1":{"rec":{}},"2":{"lst":["rec",10001,' +
                                  listed + b"]}}]")
        self.assertEqual((status, reply["code"]), (413, "limit_exceeded"))

    def test_a_body_of_another_type_or_length(self):
        status, reply = self.post(b'[1,"status",1,7,{"1":{"rec":{}}}]', content_type="text/plain")
        self.assertEqual((status, reply["code"]), (415, "invalid_argument"))
        connection = http.client.HTTPConnection("127.0.0.1", int(self.server.http.split(":")[2][:-1]),
                                                timeout=20)
        connection.putrequest("POST", "/rpc")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(1 << 40))
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413)
        connection.close()

    def test_pages_of_other_sites_cannot_call(self):
        status, reply = self.post(b'[1,"status",1,7,{"1":{"rec":{}}}]', headers={"Host": "evil.example"})
        self.assertEqual((status, reply["code"]), (403, "denied"))

    def test_unknown_pages(self):
        for path in ("nothing", "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd"):
            with self.assertRaises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(self.server.http + path, timeout=20)
            self.assertIn(caught.exception.code, (400, 404))
            caught.exception.close()

    # --- starting ---

    def test_a_second_server_on_the_same_store_says_so(self):
        again = subprocess.run([town.BINARY, "suggest", PERSON, "--data", str(self.server.folder / "store"),
                                     "--config", str(self.server.folder / "kstati.toml")],
                                    capture_output=True, text=True, timeout=60)
        self.assertEqual(again.returncode, 7, again.stderr)
        self.assertIn("hint:", again.stderr)

    def test_a_used_port_is_named_with_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "kstati.toml"
            text = (self.server.folder / "kstati.toml").read_text()
            config.write_text(text.replace("[thrift]\nport = 0", f"[thrift]\nport = {self.server.port}"))
            second = subprocess.run([town.BINARY, "serve", "--config", str(config)], capture_output=True,
                                    text=True, timeout=60)
        self.assertEqual(second.returncode, 7, second.stderr)
        self.assertIn(f"port {self.server.port} is in use", second.stderr)
        self.assertIn("choose another port", second.stderr)

    def test_no_personal_number_reaches_the_log(self):
        self.fails(ErrorCode.NOT_FOUND, self.kstati.suggest, "000000777555", 5)
        self.assertNotIn("777555", self.server.log())


if __name__ == "__main__":
    unittest.main()

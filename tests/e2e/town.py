# SPDX-License-Identifier: Apache-2.0
"""A running kstati with a store of its own, and the people who use it."""

import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BINARY = os.environ["KSTATI_BINARY"]
SOURCE = pathlib.Path(os.environ["KSTATI_SOURCE"])
GENERATED = pathlib.Path(os.environ["KSTATI_GENERATED"])

GENERATED.mkdir(parents=True, exist_ok=True)
subprocess.run(["thrift", "--gen", "py", "-out", str(GENERATED), str(SOURCE / "thrift/kstati.thrift")],
               check=True)
sys.path.insert(0, str(GENERATED))

from kstati_rpc import Kstati  # noqa: E402  (generated just now)
from kstati_rpc.ttypes import (  # noqa: E402
    CallContext, ConsentGrant, ConsentScope, Language, RegistryEvent, ReportedFact, Value)
from thrift.protocol import TCompactProtocol  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402

TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=3))).date()
ON_REQUEST = "service_on_request"  # a purpose of use: a legal basis of the catalogue
ENGLISH = CallContext(language=Language.EN)


def earlier(days):
    """What stands before a command that runs as if it were so many days ago; signals go to the command itself."""
    if not days:
        return []
    library = subprocess.run(["faketime", "-m", "-f", "+0d", "printenv", "LD_PRELOAD"], capture_output=True, text=True,
                             check=True).stdout.strip()
    return ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", f"FAKETIME=-{days}d", f"LD_PRELOAD={library}"]


def needs_earlier(case):
    return unittest.skipUnless(shutil.which("faketime"), "skipped: faketime is not there")(case)


class Client(Kstati.Client):
    """One connection to the binary door."""

    def __init__(self, port, seconds=60):
        socket = TSocket.TSocket("127.0.0.1", port)
        socket.setTimeout(seconds * 1000)
        self.transport = TTransport.TFramedTransport(socket)
        super().__init__(TCompactProtocol.TCompactProtocol(self.transport))
        self.transport.open()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.transport.close()


class Server:
    """kstati serve on free ports; the store outlives a stop and a start."""

    def __init__(self, step_seconds=3600, security="", store="", catalogue=SOURCE / "data/catalogue"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-e2e-"))
        self.security = security
        self.store = store
        self.catalogue = catalogue
        self.model = ""
        self.start(step_seconds)

    def write_config(self, step_seconds):
        config = self.folder / "kstati.toml"
        config.write_text(f"""
[store]
folder = "store"
block_cache_mib = 16
{self.store}
[catalogue]
folder = "{self.catalogue}"
[messages]
folder = "{SOURCE}/data/messages"
[model]
folder = "model"
{self.model}
[console]
folder = "{os.environ.get('KSTATI_PAGES', self.folder / 'pages')}"
[thrift]
port = 0
[http]
port = 0
[cases]
step_seconds = {step_seconds}
{self.security}
""")
        return config

    def start(self, step_seconds=3600, days_ago=0):
        self.errors = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [*earlier(days_ago), BINARY, "serve", "--config", str(self.write_config(step_seconds))],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        thrift_line = self.process.stdout.readline().split()
        http_line = self.process.stdout.readline().split()
        if len(thrift_line) != 2 or len(http_line) != 2:
            self.process.wait(10)
            raise AssertionError("the server did not start:\n" + self.log())
        self.port = int(thrift_line[1].rsplit(":", 1)[1])
        self.http = http_line[1]

    def stop(self):
        """Ends the server as an operator does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.errors.close()
        return code

    def kill(self):
        """Ends the server as a power cut does."""
        self.process.kill()
        self.process.wait(10)
        self.process.stdout.close()
        self.errors.close()

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self):
        return (self.folder / "log").read_text()

    def resident_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024

    def client(self):
        return Client(self.port)

    def command(self, *words, data=None):
        """Runs the command line against this server."""
        return subprocess.run([BINARY, *words, "--server", f"127.0.0.1:{self.port}"], input=data,
                              capture_output=True, text=True, timeout=60, cwd=self.folder)


def value_of(plain):
    if isinstance(plain, bool):
        return Value(boolean=plain)
    if isinstance(plain, datetime.date):
        return Value(date=plain.isoformat())
    if isinstance(plain, (int, float)):
        return Value(number=str(plain))
    return Value(text=plain)


def facts_of(citizen, facts, since=None):
    return [ReportedFact(citizen=citizen, attribute=attribute, value=value_of(plain), valid_from=since)
            for attribute, plain in facts.items()]


def event(source, id, subject, type="registry.facts", on=TODAY, facts=None, participants=None):
    return RegistryEvent(id=id, source=source, type=type, subject=subject, occurred_on=on.isoformat(),
                         participants=participants or {}, facts=facts_of(subject, facts or {}),
                         relations=[])


def registration(citizen, born, sex, on=TODAY):
    return event("fns_erns", f"person-{citizen}", citizen, type="registry.person_registered", on=on,
                 participants={"person": [citizen]},
                 facts={"person.birth_date": born, "person.sex": sex})


def birth(child, mother, father, id=None):
    return event("egr_zags", id or f"birth-{child}", child, type="event.child_born",
                 participants={"child": [child], "mother": [mother], "father": [father]},
                 facts={"person.birth_date": TODAY, "person.sex": "female",
                        "person.citizenship_rf": True, "doc.birth_record": True})


def grant(citizen, purpose="proactive-start"):
    return ConsentGrant(citizen=citizen, text_version="2026-01", channel="portal",
                        scope=ConsentScope(purpose=purpose, service_id="", situation=""))


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]

# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL server of the test's own, behind a Unix socket in a folder that disappears with it."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")
PLPROXY = pathlib.Path("/usr/share/postgresql/15/extension/plproxy.control")


def why_missing():
    """Why no server can run here; empty when one can."""
    if not (BINARIES / "postgres").exists():
        return f"skipped: there is no {BINARIES}/postgres; install postgresql-15"
    if not PLPROXY.exists():
        return "skipped: PL/Proxy is not installed; install postgresql-15-plproxy"
    return ""


class Server:
    """PostgreSQL runs as an unprivileged user when the test is run by root."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-postgres-"))
        self.user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "kstati", "--locale=C",
                 "--encoding=UTF8", "--no-sync")
        self.start()

    def as_user(self):
        return {"user": self.user.pw_uid, "group": self.user.pw_gid} if self.user else {}

    def run(self, program, *words):
        return subprocess.run([BINARIES / program, *words], check=True, capture_output=True, text=True,
                              cwd=self.folder, timeout=120, **self.as_user())

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [BINARIES / "postgres", "-D", self.folder / "data", "-k", self.folder, "-h", "",
                 "-c", "shared_buffers=32MB", "-c", "fsync=off"],
                stdout=log, stderr=log, cwd=self.folder, **self.as_user())
        deadline = time.monotonic() + 60
        while subprocess.run([BINARIES / "pg_isready", "-q", "-h", self.folder, "-U", "kstati"],
                             check=False).returncode != 0:
            if time.monotonic() > deadline:
                raise AssertionError("PostgreSQL did not start:\n" + (self.folder / "log").read_text())
            time.sleep(0.05)

    def stop(self, how=signal.SIGINT):
        self.process.send_signal(how)
        self.process.wait(60)

    def remove(self):
        if self.process.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def make_database(self, name):
        self.run("createdb", "-h", self.folder, "-U", "kstati", name)

    def command(self, database, text):
        return self.run("psql", "-h", self.folder, "-U", "kstati", "-d", database, "-v", "ON_ERROR_STOP=1",
                        "-Atqc", text).stdout

    def connection(self, database):
        return f"host={self.folder} user=kstati dbname={database}"

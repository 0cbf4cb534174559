# SPDX-License-Identifier: Apache-2.0
"""A RabbitMQ broker of a test's own: one node in a folder of its own, with a user for each registry."""

import base64
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import pika

PROGRAM = pathlib.Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
EVENTS, REFUSED = "kstati.events", "kstati.events.refused"
PASSWORD = "secret of the tests"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def user(name):
    salt = b"salt"
    digest = hashlib.sha256(salt + PASSWORD.encode()).digest()
    return {"name": name, "tags": "", "password_hash": base64.b64encode(salt + digest).decode(),
            "hashing_algorithm": "rabbit_password_hashing_sha256"}


class Broker:
    def __init__(self, users):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kstati-broker-"))
        self.port = free_port()
        self.names_port = free_port()
        definitions = {
            "users": [user(name) for name in users], "vhosts": [{"name": "/"}],
            "permissions": [{"user": name, "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}
                            for name in users]}
        (self.folder / "definitions.json").write_text(json.dumps(definitions))
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\nload_definitions = {self.folder}/definitions.json\n")
        # The node keeps its name, and with it its queues, over a restart.
        self.environment = dict(
            os.environ, HOME=str(self.folder), RABBITMQ_NODENAME=f"kstati{self.port}@localhost",
            RABBITMQ_DIST_PORT=str(free_port()), RABBITMQ_MNESIA_BASE=str(self.folder / "mnesia"),
            RABBITMQ_LOG_BASE=str(self.folder / "log"), RABBITMQ_CONF_ENV_FILE="/dev/null",
            RABBITMQ_CONFIG_FILE=str(self.folder / "rabbitmq"), RABBITMQ_PID_FILE=str(self.folder / "pid"),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(self.folder / "plugins"),
            ERL_EPMD_ADDRESS="127.0.0.1", ERL_EPMD_PORT=str(self.names_port))
        try:
            self.start()
        except BaseException:  # nobody will have it to remove
            self.remove()
            raise

    def start(self):
        self.output = open(self.folder / "output", "ab")
        self.process = subprocess.Popen([str(PROGRAM)], env=self.environment, stdout=self.output,
                                        stderr=self.output, start_new_session=True)
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                self.connect("egr_zags").close()
                return
            except pika.exceptions.AMQPError:
                assert self.process.poll() is None, (self.folder / "output").read_text()
                time.sleep(0.3)
        raise AssertionError("the broker did not start:\n" + (self.folder / "output").read_text())

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it ended by itself
            pass
        self.process.wait(30)
        self.output.close()

    def remove(self):
        self.kill()
        subprocess.run(["epmd", "-port", str(self.names_port), "-kill"], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, name):
        return pika.BlockingConnection(pika.ConnectionParameters(
            "127.0.0.1", self.port, credentials=pika.PlainCredentials(name, PASSWORD), heartbeat=0,
            socket_timeout=5, blocked_connection_timeout=10))

    def publish(self, name, events, user_id=True):
        """Publishes as a registry and returns when the broker has every message on its disk."""
        connection = self.connect(name)
        channel = connection.channel()
        channel.confirm_delivery()
        properties = pika.BasicProperties(delivery_mode=2, user_id=name if user_id else None)
        for event in events:
            body = event if isinstance(event, bytes) else json.dumps(event).encode()
            channel.basic_publish("", EVENTS, body, properties)
        connection.close()

    def count(self, queue):
        connection = self.connect("egr_zags")
        answer = connection.channel().queue_declare(queue, passive=True)
        connection.close()
        return answer.method.message_count

    def take_refused(self):
        """The refused messages: body and headers of each."""
        connection = self.connect("egr_zags")
        channel = connection.channel()
        taken = []
        while True:
            method, properties, body = channel.basic_get(REFUSED, auto_ack=True)
            if method is None:
                break
            taken.append((body, properties.headers))
        connection.close()
        return taken

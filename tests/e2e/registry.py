# SPDX-License-Identifier: Apache-2.0
"""A registry's server that answers questions about people, well or badly."""

import http.server
import json
import socket
import ssl
import threading
import time


class Registry:
    """Answers what `facts` says of a person, in the way that `behaviour` says; counts what it was asked."""

    def __init__(self, certificate=None, key=None):
        self.facts = {}  # citizen -> {attribute: (value, valid_from)}
        self.behaviour = "well"
        self.delay = 0.0
        self.asked = []  # (citizen, attributes)
        self.after_answer = None  # runs when the answer's bytes are out
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):
                self.send_response(405)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_POST(self):
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                registry.asked.append((question["citizen"], tuple(question["attributes"])))
                time.sleep(registry.delay)
                status, body = registry.answer(question)
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                    self.wfile.flush()
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True
                    return
                if registry.after_answer:
                    registry.after_answer()

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a caller that gave up

        self.server = Server(("127.0.0.1", 0), Handler)
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_port}/facts"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def answer(self, question):
        known = self.facts.get(question["citizen"], {})
        said = {"citizen": question["citizen"],
                "facts": [{"attribute": attribute, "value": known[attribute][0], "valid_from": known[attribute][1]}
                          for attribute in question["attributes"] if attribute in known]}
        if self.behaviour == "wrong person":
            said["citizen"] = "000000000099"
        body = json.dumps(said).encode()
        return {"trouble": (500, b"{}"), "broken": (200, body[:-2]), "refuses": (403, b"{}"),
                "too long": (200, body + b" " * 200_000)}.get(self.behaviour, (200, body))

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def free_port():
    """Where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

# SPDX-License-Identifier: Apache-2.0
"""The world outside that messages are delivered to: a webhook and a mail server."""

import email
import email.policy
import http.server
import json
import socketserver
import ssl
import threading


class Webhook:
    """Answers each message with `status`; keeps what came: (headers, body)."""

    def __init__(self):
        self.status = 200
        self.got = []
        self.before_answer = None  # runs when the message is here and nobody knows
        webhook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.got.append((dict(self.headers), body))
                if webhook.before_answer:
                    webhook.before_answer()
                self.send_response(webhook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a caller that was killed

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/messages"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def messages(self):
        return [json.loads(body) for _, body in list(self.got)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Mail:
    """A mail server that takes what comes, with STARTTLS when it has a certificate; `refuses` answers RCPT."""

    def __init__(self, certificate=None, key=None):
        self.got = []  # (sender, recipients, text, by TLS)
        self.refuses = None
        self.before_answer = None
        mail = self
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)

        class Handler(socketserver.StreamRequestHandler):
            secure = False

            def say(self, line):
                self.wfile.write(line.encode() + b"\r\n")

            def finish(self):
                super().finish()
                self.connection.close()

            def handle(self):
                self.say("220 mail")
                sender, recipients = "", []
                for line in iter(lambda: self.rfile.readline(), b""):
                    word, _, rest = line.decode().strip().partition(" ")
                    if word == "EHLO":
                        self.say("250-mail")
                        self.say("250 STARTTLS" if context and not self.secure else "250 8BITMIME")
                    elif word == "STARTTLS":
                        self.say("220 go on")
                        self.connection = context.wrap_socket(self.request, server_side=True)
                        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                        self.secure = True
                    elif word == "MAIL":
                        sender, recipients = rest, []
                        self.say("250 ok")
                    elif word == "RCPT":
                        recipients.append(rest)
                        self.say(mail.refuses or "250 ok")
                    elif word == "DATA":
                        self.say("354 go on")
                        text = b"".join(iter(self.rfile.readline, b".\r\n"))
                        mail.got.append((sender, recipients, text, self.secure))
                        if mail.before_answer:
                            mail.before_answer()
                        self.say("250 ok")
                    elif word == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("502 what")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def messages(self):
        return [email.message_from_bytes(text, policy=email.policy.default) for _, _, text, _ in list(self.got)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()

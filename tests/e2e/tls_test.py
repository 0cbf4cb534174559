# SPDX-License-Identifier: Apache-2.0
"""TLS on both doors."""

import pathlib
import socket
import ssl
import subprocess
import tempfile
import unittest
import urllib.request

import town


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_authority(folder, name):
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.pem")


def make_certificate(folder, name, authority, subject_names):
    (folder / "names").write_text(f"subjectAltName={subject_names}\n")
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.csr")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey",
            f"{authority}.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", f"{name}.pem")


class TlsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        folder = cls.path = pathlib.Path(cls.folder.name)
        make_authority(folder, "authority")
        make_authority(folder, "stranger")
        make_certificate(folder, "server", "authority", "IP:127.0.0.1")
        make_certificate(folder, "portal", "authority", "DNS:portal.example")
        cls.server = town.Server(security=f"""[security]
tls_certificate = "{folder}/server.pem"
tls_key = "{folder}/server.key"
""")
        cls.strict = town.Server(security=f"""[security]
tls_certificate = "{folder}/server.pem"
tls_key = "{folder}/server.key"
tls_client_ca = "{folder}/authority.pem"
""")

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()
        cls.strict.remove()
        cls.folder.cleanup()

    def ask(self, server, authority, *more):
        # "not found" proves that the call was answered.
        return server.command("situations", "5", "--tls-ca", str(self.path / f"{authority}.pem"), *more)

    def test_the_command_line_trusts_the_right_authority_only(self):
        self.assertEqual(self.ask(self.server, "authority").returncode, 5)
        self.assertEqual(self.ask(self.server, "stranger").returncode, 7)
        self.assertEqual(self.server.command("situations", "5", "--tls").returncode, 7)

    def test_a_certificate_for_another_host_is_not_trusted(self):
        authority = str(self.path / "authority.pem")
        other = subprocess.run([town.BINARY, "situations", "5", "--tls-ca", authority,
                                "--server", f"localhost:{self.server.port}"],
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(other.returncode, 7, other.stderr)

    def test_without_tls_nothing_is_answered(self):
        self.assertEqual(self.server.command("situations", "5").returncode, 7)

    def test_old_versions_of_tls_are_refused(self):
        for version, fits in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True),
                              (ssl.TLSVersion.TLSv1_3, True)):
            context = ssl.create_default_context(cafile=str(self.path / "authority.pem"))
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
            for port in (self.server.port, int(self.server.http.split(":")[2][:-1])):
                try:
                    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain, \
                            context.wrap_socket(plain, server_hostname="127.0.0.1"):
                        connected = True
                except (ssl.SSLError, ConnectionResetError):
                    connected = False
                self.assertEqual(connected, fits, (version, port))

    def test_pages_come_over_tls(self):
        context = ssl.create_default_context(cafile=str(self.path / "authority.pem"))
        self.assertTrue(self.server.http.startswith("https://"))
        with urllib.request.urlopen(self.server.http + "health", context=context, timeout=20) as reply:
            self.assertEqual(reply.status, 200)

    def test_a_client_certificate_is_asked_for_where_configured(self):
        self.assertEqual(self.ask(self.strict, "authority").returncode, 7)
        shown = self.ask(self.strict, "authority", "--tls-certificate", str(self.path / "portal.pem"),
                         "--tls-key", str(self.path / "portal.key"))
        self.assertEqual(shown.returncode, 5, shown.stderr)


if __name__ == "__main__":
    unittest.main()

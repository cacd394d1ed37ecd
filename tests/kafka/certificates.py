# SPDX-License-Identifier: Apache-2.0
"""Certificates for one test: an authority, a broker and a client that it vouches for, and an authority that nobody knows."""
import os
import subprocess


def openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.decode()}")


class Certificates:
    """Paths: `ca`, `stranger` (an authority that signed nothing here), `client` with `client_key`, and `broker`, which is key and
    certificate in one file as Kafka reads them. Valid for a day, on loopback."""

    def __init__(self, folder):
        os.makedirs(folder)
        self.folder = folder
        self.ca, _ = self._authority("ca")
        self.stranger, _ = self._authority("stranger")
        certificate, key = self._signed("broker", "subjectAltName=IP:127.0.0.1,DNS:localhost")
        self.client, self.client_key = self._signed("client", "extendedKeyUsage=clientAuth")
        self.broker = self._path("broker-both.pem")
        with open(self.broker, "wb") as both:
            for part in (key, certificate):
                with open(part, "rb") as file:
                    both.write(file.read())

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _authority(self, name):
        certificate, key = self._path(f"{name}.pem"), self._path(f"{name}.key")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                "-subj", f"/CN=weir test {name}", "-keyout", key, "-out", certificate)
        return certificate, key

    def _signed(self, name, extension):
        certificate, key, request = (self._path(name + end) for end in (".pem", ".key", ".csr"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-addext", extension,
                "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self._path("ca.key"), "-CAcreateserial", "-days", "1",
                "-copy_extensions", "copy", "-out", certificate)
        return certificate, key

"""A certificate authority of our own, by the openssl command."""
import pathlib
import ssl
import subprocess
import tempfile
import unittest


class Authority:
    """Makes certificates in a temporary folder; `ca` is the PEM file to trust."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="troupe-ca-")
        self.root = pathlib.Path(self.folder.name)
        self.ca = self.root / "ca.pem"
        self._openssl("req", "-x509", *self._new("ca"), "-out", self.ca, "-days", "30", "-subj", "/CN=Test Authority",
                      "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign,cRLSign")

    def make(self, name, subject):
        """(certificate, key) files; `subject` like "DNS:localhost,IP:127.0.0.1"."""
        certificate, request, extra = (self.root / f"{name}.{end}" for end in ("pem", "csr", "ext"))
        extra.write_text(f"subjectAltName={subject}\n")
        self._openssl("req", *self._new(name), "-out", request, "-subj", f"/CN={name}")
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.root / "ca.key", "-out",
                      certificate, "-days", "30", "-CAcreateserial", "-extfile", extra)
        return str(certificate), str(self.root / f"{name}.key")

    def server(self, name, subject):
        """A server-side TLS context with a new certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.make(name, subject))
        return context

    def close(self):
        self.folder.cleanup()

    def _new(self, name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                self.root / f"{name}.key")

    @staticmethod
    def _openssl(*arguments):
        try:
            subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
        except FileNotFoundError:
            raise unittest.SkipTest("skipped: no openssl command") from None

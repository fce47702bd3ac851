"""What R2's fake needs of its server besides: uploads that break off in the middle, and TLS."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fakes.wire.server import Call, _Handler

if TYPE_CHECKING:
    from tests.fakes.r2.fake import FakeR2


class Handler(_Handler):
    """One connection to R2."""

    @property
    def r2(self) -> "FakeR2":
        return cast("FakeR2", self.server.fake)

    def handle_expect_100(self) -> bool:
        """Say at once that the body may come: boto3 waits a second for it."""
        ready = super().handle_expect_100()
        self.wfile.flush()
        return ready

    def _content(self, call: Call) -> bytes:
        if cut := self.r2.cuts.strike(self.command, self.path, ""):
            self.rfile.read(int(int(call.headers.get("content-length", 0)) * float(cut.options.get("share", 0.5))))
            raise ConnectionError("R2 is gone in the middle of an upload")
        return super()._content(call)

    def _read(self) -> Call:
        call = super()._read()
        self.r2.heads.append((call.method, call.headers))
        return call


def certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 that vouches for itself, its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "r2.pem"
    file.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return file


def server_context(file: Path) -> ssl.SSLContext:
    """Return what a server with this certificate speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context

"""Certificates of an authority of one's own, for a server on this machine."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """Signs what it is asked to; `file`: its own certificate, for who trusts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _named("An authority of our own")
        own = self._certificate(self.name, self.key.public_key(), timedelta(days=1))
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._signed(own))

    def _certificate(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta):
        # A certificate is good by the machine's own clock, which no test moves.
        began = datetime.now(UTC) - timedelta(days=2)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(began)
            .not_valid_after(began + timedelta(days=2) + lasts)
        )

    def _signed(self, certificate: x509.CertificateBuilder) -> bytes:
        return certificate.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def server(self, host: str, lasts: timedelta = timedelta(days=1)) -> ssl.SSLContext:
        """What a server of that name shows; `lasts` may be negative: it has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        shown = self._certificate(_named(host), key.public_key(), lasts)
        shown = shown.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        file = self.folder / "server.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + self._signed(shown)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

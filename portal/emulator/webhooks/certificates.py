"""The keys that sign webhooks: a root, what it issued, and the odd ones that a receiver must refuse.

Made on first use: an RSA key takes a moment, and most emulators never send a webhook. Validity is
reckoned from the real time, as a receiver's own clock judges it.
"""

import base64
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import RLock

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

ROOT = "root"
GENUINE = "pcnotifications"
KINDS = (GENUINE, "wrong-organisation", "expired", "wrong-chain")
MICROSOFT = "Microsoft Corporation"
PATH = "/certificates/"

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()[:16]

    def sign(self, content: bytes) -> str:
        """Return the base64 of the RSA signature over the bytes (rsa-sha256)."""
        return base64.b64encode(
            self.key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        ).decode()


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


class Authority:
    """All certificates of one emulator. ``base`` is the address under which others reach it."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._made: dict[tuple[str, str], Pair] = {}

    @cached_property
    def root(self) -> Pair:
        name = _name("Emulator Root", MICROSOFT)
        return _issue(name, name, None, ca=True)

    def pair(self, kind: str, base: str) -> Pair:
        """Return the key and certificate of one of KINDS. Raise ValueError for another."""
        if kind not in KINDS:
            raise ValueError(f"unknown certificate {kind!r}; known are {', '.join(KINDS)}")
        with self._lock:
            if (kind, base) not in self._made:
                self._made[kind, base] = self._make(kind, base)
            return self._made[kind, base]

    def _make(self, kind: str, base: str) -> Pair:
        organisation = "Contoso Ltd" if kind == "wrong-organisation" else MICROSOFT
        subject = _name("pcnotifications-dispatch.microsoft.com", organisation)
        issuer = f"{base}{PATH}{ROOT}.cer"
        if kind == "wrong-chain":
            impostor = _name("Emulator Root", MICROSOFT)
            return _issue(subject, impostor, _issue(impostor, impostor, None, ca=True), at=issuer)
        name = self.root.certificate.subject
        return _issue(subject, name, self.root, at=issuer, expired=kind == "expired")

    def url(self, kind: str, base: str) -> str:
        """Return where a certificate is served; a new key has a new address."""
        return f"{base}{PATH}{kind}-{self.pair(kind, base).fingerprint}.cer"

    def served(self, path: str) -> bytes | None:
        """Return the DER certificate at a path, None for none."""
        wanted = path.removeprefix(PATH).removesuffix(".cer")
        with self._lock:
            if wanted == ROOT:
                return self.root.der
            for (kind, _base), pair in self._made.items():
                if wanted == f"{kind}-{pair.fingerprint}":
                    return pair.der
        return None


def _issue(
    subject: x509.Name,
    issuer: x509.Name,
    above: Pair | None,
    *,
    ca: bool = False,
    expired: bool = False,
    at: str = "",
) -> Pair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = datetime.fromtimestamp(time.time(), UTC)
    last = now - _DAY if expired else now + 400 * _DAY
    signer = above.key if above else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 90 * _DAY)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(_usage(ca=ca), critical=True)
    )
    if not ca:
        names = [x509.DNSName("pcnotifications-dispatch.microsoft.com")]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if at:
        where = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(at)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([where]), critical=False)
    return Pair(key, builder.sign(signer, hashes.SHA256()))


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )

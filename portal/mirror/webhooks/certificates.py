"""The certificate that a webhook names: read from an allowed host, and followed up to a trusted root.

Worker side only. A certificate that held is kept for an hour, so that a busy day costs a few downloads.
"""

import contextlib
import hashlib
import re
import time
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import certifi
import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from cryptography.x509.verification import (
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from portal.connections.middleware import HttpInWebRequest, in_web_request
from portal.connections.models import Connection
from portal.mirror.webhooks import hosts, reasons
from portal.mirror.webhooks.reasons import LaterError, RefusedError

MICROSOFT = "Microsoft Corporation"
TEST_BED_ROOT = "/certificates/root.cer"
"""Where a test bed publishes the root of its own keys, on its API host."""
KEPT = 3600
LARGEST = 64 * 1024
SECONDS = 10.0
STEPS = 2
"""How many issuers are looked up between the certificate and a root."""
_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def trusted(connection: Connection, url: str) -> x509.Certificate:
    """Give the certificate at ``url`` if it is Microsoft's (or the test bed's own).

    Raises RefusedError with the reason, LaterError if a host did not answer.
    """
    if not hosts.certificate_allowed(connection, url):
        raise RefusedError(reasons.FOREIGN_HOST)
    name = hashlib.sha256(f"{connection.pk} {connection.api_url} {url}".encode()).hexdigest()
    key = f"webhook-certificate:{name}"
    kept = cache.get(key)
    if kept is not None:
        found = x509.load_der_x509_certificate(kept)
        _check_dates(found)
        return found
    found, *more = _certificates(_download(url))
    _check_dates(found)
    _check_chain(connection, found, more)
    _check_organisation(found)
    cache.set(key, found.public_bytes(Encoding.DER), KEPT)
    return found


def _check_dates(found: x509.Certificate) -> None:
    if not found.not_valid_before_utc <= timezone.now() <= found.not_valid_after_utc:
        raise RefusedError(reasons.EXPIRED)


def _check_organisation(found: x509.Certificate) -> None:
    """Both the holder and its issuer are Microsoft; the documented sample looks at the issuer."""
    for name in (found.subject, found.issuer):
        held = [part.value for part in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
        if held != [MICROSOFT]:
            raise RefusedError(reasons.ORGANISATION)


def _check_chain(
    connection: Connection, leaf: x509.Certificate, more: list[x509.Certificate]
) -> None:
    """Follow the issuers up to a trusted root, reading those that did not come along."""
    store = _trust(connection)
    above = list(more)
    for _ in range(STEPS + 1):
        if _holds(store, leaf, above):
            return
        url = _issuer_url(above[-1] if above else leaf)
        if not hosts.issuer_allowed(connection, url):
            break
        above += _certificates(_download(url))
    raise RefusedError(reasons.CHAIN)


def _holds(store: Store, leaf: x509.Certificate, above: Sequence[x509.Certificate]) -> bool:
    verifier = (
        PolicyBuilder()
        .store(store)
        .time(timezone.now())
        .extension_policies(
            ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
        )
        .build_client_verifier()
    )
    try:
        verifier.verify(leaf, list(above))
    except VerificationError:
        return False
    return True


def _issuer_url(found: x509.Certificate) -> str:
    """Where the certificate says that its issuer's own can be read; "" if it does not."""
    try:
        told = found.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return ""
    for one in told:
        issuers = one.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        if issuers and isinstance(one.access_location, x509.UniformResourceIdentifier):
            return one.access_location.value
    return ""


def _trust(connection: Connection) -> Store:
    if hosts.is_test_bed(connection):
        return Store(_certificates(_download(f"{connection.api_url.rstrip('/')}{TEST_BED_ROOT}")))
    return _system_roots(settings.WEBHOOK_ROOTS or certifi.where())


@lru_cache(maxsize=2)
def _system_roots(path: str) -> Store:
    return Store(list(_readable(Path(path).read_bytes())))


def _readable(pem: bytes) -> Iterator[x509.Certificate]:
    """The certificates of a bundle; one that breaks the standard (an odd serial number) is left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        for block in _BLOCK.findall(pem):
            with contextlib.suppress(ValueError, CryptographyDeprecationWarning):
                yield x509.load_pem_x509_certificate(block)


def _certificates(content: bytes) -> list[x509.Certificate]:
    """Read one certificate in DER, or several in PEM. Raises RefusedError for anything else."""
    try:
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except ValueError:
        raise RefusedError(reasons.CERTIFICATE) from None


def _download(url: str) -> bytes:
    """Read a small file: no redirects, bounded in size and time."""
    if in_web_request():
        raise HttpInWebRequest
    until = time.monotonic() + SECONDS
    content = b""
    try:
        with (
            httpx.Client(follow_redirects=False, timeout=SECONDS / 2) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code >= 500:
                raise LaterError
            if answer.status_code != 200:
                raise RefusedError(reasons.CERTIFICATE)
            for part in answer.iter_raw():
                content += part
                if len(content) > LARGEST or time.monotonic() > until:
                    raise RefusedError(reasons.CERTIFICATE)
    except httpx.HTTPError as error:
        raise LaterError from error
    return content

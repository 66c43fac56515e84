"""From which hosts a certificate may be read. Asked before any download, by address alone.

Microsoft's blob storage is shared by everybody who rents a part of it, so a host stands here whole.
"""

from urllib.parse import urlsplit

import httpx
from django.conf import settings

from portal.connections.models import Connection
from portal.partnercenter.clouds import CLOUDS
from portal.partnercenter.spec import Cloud

# The host of the documented delivery (page partner-center-webhooks), and the API's own.
CERTIFICATES = frozenset(
    {"3psostorageacct.blob.core.windows.net"} | {httpx.URL(c.api).host for c in CLOUDS.values()}
)
# Where the issuers that sign Microsoft's certificates publish their own. Plain http is the custom
# there and does no harm: what is read must chain up to a trusted root.
ISSUERS = frozenset({"www.microsoft.com", "caissuers.microsoft.com", "cacerts.digicert.com"})
LONGEST = 500


def is_test_bed(connection: Connection) -> bool:
    """Whether this is a sandbox whose API is not Microsoft's: it signs with keys of its own."""
    theirs = httpx.URL(CLOUDS[Cloud(connection.cloud)].api).host
    return not connection.is_production and httpx.URL(connection.api_url).host != theirs


def certificate_allowed(connection: Connection, url: str) -> bool:
    """Whether the certificate that a webhook names may be asked for at all."""
    if is_test_bed(connection):
        return _origin(url) == _origin(connection.api_url) != ""
    known = CERTIFICATES | set(settings.WEBHOOK_CERTIFICATE_HOSTS)
    return _host(url, {"https"}) in known


def issuer_allowed(connection: Connection, url: str) -> bool:
    """Whether the issuer that a certificate names may be asked for."""
    if is_test_bed(connection):
        return _origin(url) == _origin(connection.api_url) != ""
    return _host(url, {"http", "https"}) in ISSUERS


def _host(url: str, schemes: set[str]) -> str:
    """The host of a plain address on its usual port; "" for any other."""
    origin = _origin(url)
    scheme, _, rest = origin.partition("://")
    host, _, port = rest.partition(":")
    usual = {"http": "80", "https": "443"}
    return host if scheme in schemes and port == usual.get(scheme) else ""


def _origin(url: str) -> str:
    """Scheme, host and port; "" for what is no http address, names a person, or is too long."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    odd = parts.username is not None or parts.password is not None or "\\" in url
    if odd or len(url) > LONGEST or not parts.hostname or port is None:
        return ""
    if not url.isascii() or not url.isprintable() or " " in url:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.scheme in {"http", "https"} else ""

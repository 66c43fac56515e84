"""What may stand in an address field of a connection: a host, nothing behind it."""

import ipaddress
import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def host_url(value: str, *, secure: bool = False, field: str = "") -> None:
    """Refuse what is not ``http(s)://host[:port]``; with ``secure`` also http beyond this machine.

    Raises ValidationError, under ``field`` if one is named.
    """
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise _error(_("Enter an address such as https://host."), field) from None
    if parts.scheme not in {"http", "https"} or not host:
        raise _error(_("Enter an address such as https://host."), field)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _error(_("Enter the host only, without sign-in name, query or fragment."), field)
    if parts.path not in {"", "/"}:
        raise _error(_("Enter the host only, without a path."), field)
    if secure and parts.scheme == "http" and not is_loopback(host):
        raise _error(_("A production connection needs https."), field)


def plain_id(value: str) -> None:
    """Refuse what is no GUID and no domain name: it becomes a part of Microsoft's address."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", value):
        raise ValidationError(_("Enter the ID alone: letters, digits, dots and dashes."))


def is_loopback(host: str) -> bool:
    """Whether the name or address means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _error(message: object, field: str) -> ValidationError:
    return ValidationError({field: [message]} if field else [message])

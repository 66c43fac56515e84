"""What may stand in an address field of a connection: a host, nothing behind it."""

import ipaddress
import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+(?=[A-Za-z0-9-]*[A-Za-z]){_LABEL}")
"""The last part of a domain name has a letter, so an IP address is none."""


def host_url(value: str) -> None:
    """Refuse what is not ``http(s)://host[:port]``; raises ValidationError."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ValidationError(_("Enter an address such as https://host.")) from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValidationError(_("Enter an address such as https://host."))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValidationError(_("Enter the host only, without sign-in name, query or fragment."))
    if parts.path not in {"", "/"}:
        raise ValidationError(_("Enter the host only, without a path."))


def is_exposed(value: str) -> bool:
    """Whether what is sent to this address crosses a network in clear text."""
    try:
        parts = urlsplit(value)
        return parts.scheme == "http" and not is_loopback(parts.hostname or "")
    except ValueError:
        return False


def plain_id(value: str) -> None:
    """Refuse what is no GUID and no domain name: it becomes a part of Microsoft's address."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", value):
        raise ValidationError(_("Enter the ID alone: letters, digits, dots and dashes."))


def tenant(value: str) -> None:
    """Refuse what names no directory: a GUID or one of its domain names; raises ValidationError."""
    if not (_GUID.fullmatch(value) or _DOMAIN.fullmatch(value)):
        raise ValidationError(
            _("Enter the tenant as a GUID or a domain name such as contoso.onmicrosoft.com.")
        )


def is_loopback(host: str) -> bool:
    """Whether the name or address means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

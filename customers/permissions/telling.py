"""What a request asks for, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from customers.permissions import words

END_FIELDS = {"state": _("State")}
FIELDS = {"roles": _("Roles"), "days": _("Duration"), "extended": _("Extended by itself")}


def show(field: str, value: Any) -> str:
    """One value in words."""
    if field == "roles":
        return ", ".join(words.role_names(value or [])) or pgettext("no value", "none")
    if field == "state":
        return words.state(str(value))[1]
    if field == "days":
        return ngettext("%(count)s day", "%(count)s days", int(value)) % {"count": value}
    return str(_("yes") if value else _("no"))

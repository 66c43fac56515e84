"""How old the mirror is, for the top bar and the home page; cached, since every page shows it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.http import scope_of
from portal.access.scope import Scope
from portal.mirror.ages import ages
from portal.ui import shell

STALE = dt.timedelta(hours=24)

LABELS = {
    "resellers": _("Indirect resellers"),
    "relationships": _("Reseller relationships"),
    "admin_relationships": _("Permissions of customers"),
    "customers": _("Customers"),
    "subscriptions": _("Subscriptions"),
    "audit_records": _("Audit records"),
    "invoices": _("Invoices"),
    "invoice_lines": _("Invoice lines"),
}
# Only those who see cost are told how old it is.
OF_COST = {"invoices", "invoice_lines"}


@dataclass(frozen=True)
class FamilyAge:
    """A family of the mirror and the oldest moment at which one of its connections was whole.

    ``records`` is how many there are, None where that is not known or not the reader's to know.
    """

    family: str
    at: dt.datetime | None
    records: int | None = None

    @property
    def label(self) -> object:
        return LABELS.get(self.family, self.family)

    @property
    def level(self) -> str:
        if self.at is None:
            return "is-off"
        return "is-ok" if timezone.now() - self.at <= STALE else "is-warn"


def families(scope: Scope) -> list[FamilyAge]:
    """The age of each family over the connections of this scope; cached for some seconds."""
    found = ages(scope.visible_connection_ids())
    shown = LABELS if scope.can("invoices.view") else LABELS.keys() - OF_COST
    return [FamilyAge(family, found.get(family)) for family in LABELS if family in shown]


def counted(scope: Scope, records: Mapping[str, int]) -> list[FamilyAge]:
    """The same with how many records each has."""
    return [replace(one, records=records.get(one.family)) for one in families(scope)]


def of_request(request: HttpRequest) -> shell.Mirror | None:
    """The top bar's dot: the oldest of customers and subscriptions decides."""
    scope = scope_of(request)
    if scope.user_id is None:
        return None
    shown = [age for age in families(scope) if age.family in {"customers", "subscriptions"}]
    url = reverse("sync") if scope.can("sync.view") and scope.sees_some_whole else ""
    if any(age.at is None for age in shown):
        return shell.Mirror("is-off", _("Mirror not filled yet"), None, url)
    oldest = min(age.at for age in shown if age.at)
    if timezone.now() - oldest > STALE:
        return shell.Mirror("is-warn", _("Mirror is old"), oldest, url)
    return shell.Mirror("is-ok", _("Mirror up to date"), oldest, url)

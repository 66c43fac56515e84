"""The worker's side of licences: read, compare, send one LicenseUpdate, read back.

An update names one licence, so that it is about one licence group. Its answer repeats the request, so
what a read finds afterwards is what counts. Registered in ``licences.setup``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from customers.licences import actions, mapping, sync
from customers.models import CustomerUser
from customers.users import rules as people
from portal.mirror import dirty, families, refresh, upsert
from portal.mirror.values import children, identifier, text, whole
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.users import (
    LIST_AVAILABLE_LICENSES,
    LIST_AVAILABLE_LICENSES_BY_GROUP,
    LIST_LICENSES_OF_USER,
    LIST_LICENSES_OF_USER_BY_GROUP,
    UPDATE_LICENSES_OF_USER,
)

FIRST_GROUP = "group1"
NO_SEATS = "60012"
FIELDS = {
    "licence": gettext_lazy("Licence"),
    # Of a row of a batch that sets it first.
    "usage_location": gettext_lazy("Usage location"),
}


@dataclass(frozen=True)
class Fresh:
    """What the user holds of the product now: None for nothing, else the plans that are on and off."""

    on: frozenset[str] | None
    off: frozenset[str]

    def reached(self, command: Command) -> bool:
        """Whether it is as asked; a plan that is not told of counts as left out."""
        wanted = command.after["licence"]
        if wanted is None or self.on is None:
            return wanted is None and self.on is None
        out = frozenset(wanted["off"])
        return not out & self.on and self.off <= out

    def difference(self, command: Command) -> dict[str, tuple[Any, Any]]:
        """The licence, if it is not as the person saw it: (seen, now)."""
        if "licence" not in command.before:
            return {}
        seen = command.before["licence"]
        same = (seen is None) == (self.on is None)
        if same and (seen is None or frozenset(seen["off"]) == self.off):
            return {}
        now = None if self.on is None else _told(command, self.off)
        return {"licence": (seen, now)}


def _told(command: Command, off: frozenset[str]) -> dict[str, Any]:
    named = (command.after["licence"] or {}) | (command.before.get("licence") or {})
    names = dict(zip(named.get("off", []), named.get("without", []), strict=False))
    return {
        "sku": command.parameters["sku"],
        "product": command.parameters["product"],
        "off": sorted(off),
        "without": sorted(names.get(plan, plan) for plan in off),
    }


def deliver(attempt: Attempt) -> verbs.Delivered:
    """Send it, unless it is so already or somebody else has changed it."""
    command = attempt.command
    fresh = _read(attempt)
    if fresh.reached(command):
        return verbs.Applied(save=_saver(command))
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=_saver(command))
    if fresh.on is None and command.follows_id and not _has_seat(attempt):
        return verbs.Pending(code=NO_SEATS)
    reply = attempt.write(UPDATE_LICENSES_OF_USER, body=body(command), **_ids(command))
    warnings = _warnings(dict(reply.body))
    payload, save = _read_back(attempt)
    if not _fresh(command, payload).reached(command):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return verbs.Applied(save=save, answer=warnings, correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about an update whose answer was lost."""
    command = attempt.command
    fresh = _read(attempt)
    if fresh.reached(command):
        return verbs.Applied(save=_saver(command), correlation_id=attempt.step.correlation_id)
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=_saver(command))
    return verbs.NotApplied()


def body(command: Command) -> dict[str, Any]:
    """A LicenseUpdate about one licence (assign-licenses-to-a-user)."""
    wanted, sku = command.after["licence"], command.parameters["sku"]
    assign = [] if wanted is None else [{"skuId": sku, "excludedPlans": wanted["off"]}]
    return {
        "licensesToAssign": assign,
        "licensesToRemove": [sku] if wanted is None else [],
        "attributes": {"objectType": "LicenseUpdate"},
    }


def _ids(command: Command) -> dict[str, str]:
    return {"customer_id": command.customer_pc_id, "user_id": command.target_pc_id}


def _group(command: Command) -> dict[str, Any]:
    return {"licenseGroupIds": [command.parameters["group"].capitalize()]}


def _read(attempt: Attempt) -> Fresh:
    """What the user holds of the licence's own group; the first one is answered without asking."""
    command = attempt.command
    if command.parameters["group"] in ("", FIRST_GROUP):
        reply = attempt.read(LIST_LICENSES_OF_USER, **_ids(command))
    else:
        reply = attempt.read(LIST_LICENSES_OF_USER_BY_GROUP, query=_group(command), **_ids(command))
    return _fresh(command, dict(reply.body))


def _fresh(command: Command, payload: dict[str, Any]) -> Fresh:
    sku = command.parameters["sku"]
    for licence in children(payload, "items"):
        if identifier((licence.get("productSku") or {}).get("id")) == sku:
            plans = children(licence, "servicePlans")
            off = frozenset(identifier(p.get("id")) for p in plans if mapping.is_off(p))
            return Fresh(frozenset(identifier(p.get("id")) for p in plans) - off, off)
    return Fresh(None, frozenset())


def _has_seat(attempt: Attempt) -> bool:
    """Whether the seats that were bought for this licence have arrived in the tenant."""
    command = attempt.command
    customer = {"customer_id": command.customer_pc_id}
    if command.parameters["group"] in ("", FIRST_GROUP):
        reply = attempt.read(LIST_AVAILABLE_LICENSES, **customer)
    else:
        query = _group(command)
        reply = attempt.read(LIST_AVAILABLE_LICENSES_BY_GROUP, query=query, **customer)
    return any(
        (whole(item.get("availableUnits")) or 0) > 0
        for item in children(dict(reply.body), "items")
        if identifier((item.get("productSku") or {}).get("id")) == command.parameters["sku"]
    )


def _read_back(attempt: Attempt) -> tuple[dict[str, Any], verbs.Save]:
    """Everything that the user holds, for the mirror."""
    command = attempt.command
    reply = attempt.read(LIST_LICENSES_OF_USER_BY_GROUP, query=sync.GROUPS, **_ids(command))
    payload = dict(reply.body)

    def save() -> dict[str, Any]:
        family = families.get(sync.HELD)
        upsert.upsert(
            family,
            family.listing.representation,
            command.connection,
            [payload],
            observed_at=reply.observed_at,
            parent=mapping.place(command.customer_pc_id, command.target_pc_id),
        )
        _units(command)
        return {"licence": command.after["licence"]}

    return payload, save


def _saver(command: Command) -> verbs.Save:
    """Have the mirror read what the user holds; only one group of it has been seen here."""

    def save() -> dict[str, Any]:
        place = mapping.place(command.customer_pc_id, command.target_pc_id)
        refresh.request(
            command.connection,
            sync.HELD,
            "",
            parent=place,
            reason="change",
            priority=dirty.CHANGED,
        )
        _units(command)
        return {"licence": command.after["licence"]}

    return save


def _units(command: Command) -> None:
    """The tenant's units are others now; for a batch, one reading after a while will do."""
    customer = command.customer_pc_id
    if command.batch_id:
        dirty.mark(command.connection, sync.SKUS, [(customer, "")], reason="change")
    else:
        refresh.request(command.connection, sync.SKUS, "", parent=customer, reason="change")


def _warnings(answer: Mapping[str, Any]) -> dict[str, Any] | None:
    """What Partner Center warns of although it did as asked (LicenseWarning)."""
    found = [
        {"code": text(warning.get("code")), "message": text(warning.get("message"))}
        for warning in children(answer, "licenseWarnings")
    ]
    return {"warnings": found} if found else None


# --- the verbs ------------------------------------------------------------------------------------


def target(command: Command) -> CustomerUser | None:
    """The user, None once Partner Center no longer has them."""
    return CustomerUser.objects.filter(pk=command.target_id, gone_at=None).first()


def show(field: str, value: Any) -> str:
    """A licence in words: the product, and the plans left out; a usage location by its country."""
    if field == "usage_location":
        return people.country(str(value)) if value else pgettext("no value", "none")
    if not isinstance(value, Mapping):
        return pgettext("no value", "none")
    product, without = str(value.get("product", "")), value.get("without") or []
    if not without:
        return product
    return _("%(product)s without %(plans)s") % {"product": product, "plans": ", ".join(without)}


def _summary(command: Command) -> str:
    words = {
        actions.ASSIGN: _("Assign licence: %(licence)s"),
        actions.REMOVE: _("Remove licence: %(licence)s"),
        actions.CHANGE: _("Change licence: %(licence)s"),
    }
    licence = show("licence", command.after.get("licence")) if command.after.get("licence") else ""
    return words[command.verb] % {"licence": licence or command.parameters.get("product", "")}


def register() -> None:
    """Enter the verbs; called once from AppConfig.ready."""
    step = verbs.Step(name="UPDATE_LICENSES_OF_USER", deliver=deliver, settle=settle)
    for name, label in (
        (actions.ASSIGN, gettext_lazy("Assign licence")),
        (actions.REMOVE, gettext_lazy("Remove licence")),
        (actions.CHANGE, gettext_lazy("Change licences")),
    ):
        verbs.register(
            verbs.Verb(
                name=name,
                label=label,
                right=actions.RIGHT,
                target_type=actions.TARGET,
                target=target,
                steps=(step,),
                fields=FIELDS,
                target_url="customer_user",
                show=show,
                summary=_summary,
                of_people=True,
            )
        )

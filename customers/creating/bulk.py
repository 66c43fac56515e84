"""The lines of a file as rows of a batch: each is checked, and becomes one Command of its own."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.creating import actions
from customers.creating.places import RIGHT
from customers.models import NewCustomer
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.batches import registry
from portal.outbox.batches.registry import Bulk, Entrance, Parameters, Plan, Told
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui import formats


def _targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    rows = NewCustomer.objects.select_related("connection", "reseller").filter(pk__in=ids)
    found = {row.pk: row for row in scope.filter(rows)}
    used = actions.used((row.connection_id, row.domain) for row in found.values())
    for row in found.values():
        vars(row)["used"] = used
    return found


def _check(target: Model, _parameters: Parameters, _coming: Mapping[str, Any]) -> Plan:
    row = cast("NewCustomer", target)
    actions.check_domain_among((row.connection_id, row.domain), vars(row)["used"])
    after = actions.after_of(row)
    return Plan(dict.fromkeys(after), after)


def _ask(
    actor: Actor, scope: Scope, target: Model, _parameters: Parameters, asked: Asked
) -> Command:
    return actions.create_row(actor, scope, cast("NewCustomer", target), asked)


def _tell(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Create %(n)s customer?", "Create %(n)s customers?", rows) % numbers,
        button=ngettext("Create %(n)s customer", "Create %(n)s customers", rows) % numbers,
        undo=_("Cannot be undone: a tenant at Microsoft stays, and so does its domain."),
        points=[
            _(
                "Each password is shown once, on the page of its change, to you alone, for 24 hours."
            ),
            _("Partner Center checks addresses and domains when each customer is created."),
        ],
    )


def register() -> None:
    """Enter the verb for many and the way to it; called from AppConfig.ready."""
    registry.register(
        Bulk(verb=actions.CREATE, targets=_targets, check=_check, ask=_ask, tell=_tell)
    )
    registry.enter(
        Entrance(gettext_lazy("Import customers"), "customers_import", RIGHT, icon="file-import")
    )

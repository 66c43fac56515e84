"""Deleting many users at once: how each row is checked, asked and told, and the way to it from ticked rows."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import CustomerUser, UserState
from customers.permissions import foreseeing
from customers.permissions.words import Need
from customers.users import actions, directory, queries, rules
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.batches import registry
from portal.outbox.batches.registry import Bulk, Parameters, Plan, Told
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui import bulk as bar
from portal.ui import formats

LISTS = ("customer-users", "all-customer-users")


def _targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    rows = queries.with_reseller(scope, queries.users(scope)).filter(pk__in=ids)
    found = foreseeing.known(scope, rows, Need.USERS)
    customers = {user.customer_id for user in found.values() if user.customer_id}
    ruling = directory.administrators_of(customers)
    for user in found.values():
        vars(user)["ruling"] = ruling.get(user.customer_id or 0, [])
    return found


def _check(target: Model, _parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
    user = cast("CustomerUser", target)
    state = str(coming.get("state", user.state))
    rules.may_delete_among(user, state, vars(user)["ruling"])
    foreseeing.must_stand(user)
    return Plan({"state": user.state}, {"state": UserState.INACTIVE.value})


def _ask(
    actor: Actor, scope: Scope, target: Model, _parameters: Parameters, asked: Asked
) -> Command:
    return actions.delete(actor, scope, cast("CustomerUser", target), asked)


def _tell(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Delete %(n)s user?", "Delete %(n)s users?", rows) % numbers,
        button=ngettext("Delete %(n)s user", "Delete %(n)s users", rows) % numbers,
        undo=_("Can be undone: with Restore, for 30 days. Then Microsoft removes them for good."),
        points=[
            _("They cannot sign in any more. Their licences become free."),
            _("Seats stay bought: a subscription bills them whether they are used or not."),
        ],
        danger=True,
    )


def register() -> None:
    """Enter the verb for many, and its button under both lists; called from ``setup``."""
    registry.register(
        Bulk(verb=actions.DELETE, targets=_targets, check=_check, ask=_ask, tell=_tell)
    )
    action = bar.Action(
        actions.DELETE, gettext_lazy("Delete users"), "users_delete", actions.RIGHT, "trash", 40
    )
    for name in LISTS:
        bar.register(name, action)

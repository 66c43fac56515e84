"""Licences for many users at once: how each row is checked, asked and told.

How many seats are left is counted when the rows are written down: a row for which none is carries
``short``. Where seats are bought for the batch, its first row asks for them and all rows follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.licences import actions, queries, rules, standing
from customers.licences.actions import Seats, Wish
from customers.models import CustomerUser, SubscribedSku
from customers.permissions import foreseeing
from customers.permissions.words import Need
from customers.users import rules as people
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.batches import registry
from portal.outbox.batches.registry import Bulk, Entrance, Parameters, Plan, Told
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui import bulk as bar
from portal.ui import formats
from portal.ui.sentences import Sentence

LIST = "customer-users"
LOCATION = "usage_location"


def _targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    rows = queries.users_with_licences(scope).filter(pk__in=ids)
    found = foreseeing.known(scope, rows, Need.LICENCES)
    products = standing.products_of({user.customer_id for user in found.values()})
    for user in found.values():
        vars(user)["products"] = products.get(user.customer_id, {})
    return found


def _product(user: CustomerUser, parameters: Parameters) -> SubscribedSku:
    known: dict[str, SubscribedSku] = vars(user)["products"]
    found = known.get(str(parameters.get("sku", "")))
    if found is None:
        raise RefusedError("unknown_product", Sentence("licences.unknown_product"))
    return found


def _check_assign(target: Model, parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
    user = cast("CustomerUser", target)
    state = rules.known(user, _product(user, parameters))
    if parameters.get("short"):  # those that are left go to the rows before
        state = replace(state, free=min(0, state.free))
    location = "" if coming.get(LOCATION) else _location(user, parameters)
    located = bool(location or coming.get(LOCATION))
    rules.may_assign(state, (), rules.Coming(not parameters.get("short"), located))
    foreseeing.must_stand(user)
    plan = Plan(actions.before(state), {"licence": rules.named(state.sku, ())})
    return _with_location(plan, user, location, coming) if location else plan


def _with_location(
    plan: Plan, user: CustomerUser, location: str, coming: Mapping[str, Any]
) -> Plan:
    """The plan with the usage location that is set before. Raises RefusedError where it cannot be."""
    people.check_location(location)
    people.is_changeable(user, str(coming.get("state", user.state)))
    return Plan({**plan.before, LOCATION: ""}, {**plan.after, LOCATION: location})


def _location(user: CustomerUser, parameters: Parameters) -> str:
    """The usage location that is set first: the batch's, for a user who has none."""
    return "" if user.usage_location else str(parameters.get(LOCATION, ""))


def _check_remove(target: Model, parameters: Parameters, _coming: Mapping[str, Any]) -> Plan:
    user = cast("CustomerUser", target)
    state = rules.known(user, _product(user, parameters))
    rules.may_remove(state)
    foreseeing.must_stand(user)
    return Plan(actions.before(state), {"licence": None})


def _ask_assign(
    actor: Actor, scope: Scope, target: Model, parameters: Parameters, asked: Asked
) -> Command:
    user = cast("CustomerUser", target)
    asked = replace(asked, follows_id=_seats(actor, scope, parameters, asked))
    wish = Wish(usage_location=_location(user, parameters))
    return actions.assign(actor, scope, user, _product(user, parameters), wish, asked)


def _seats(actor: Actor, scope: Scope, parameters: Parameters, asked: Asked) -> int | None:
    """The change of the seats that the whole batch follows; the same one for each row."""
    wanted = parameters.get("seats")
    if not wanted:
        return None
    seats = Seats(int(wanted["subscription"]), int(wanted["number"]))
    return actions.add_seats(actor, scope, seats, Asked(asked.reason, f"batch-{asked.batch_id}")).pk


def _ask_remove(
    actor: Actor, scope: Scope, target: Model, parameters: Parameters, asked: Asked
) -> Command:
    user = cast("CustomerUser", target)
    return actions.remove(actor, scope, user, _product(user, parameters), asked)


def _removes(parameters: Parameters) -> bool:
    return bool(parameters.get("remove"))


def _check_change(target: Model, parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
    check = _check_remove if _removes(parameters) else _check_assign
    return check(target, parameters, coming)


def _ask_change(
    actor: Actor, scope: Scope, target: Model, parameters: Parameters, asked: Asked
) -> Command:
    ask = _ask_remove if _removes(parameters) else _ask_assign
    return ask(actor, scope, target, parameters, asked)


# --- what a batch will do, before it is confirmed -------------------------------------------------


def _of_assign(rows: int, parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    points = [_("Each row shows the licence. Who has it already is left out.")]
    if parameters.get(LOCATION):
        country = people.country(str(parameters[LOCATION]))
        told = _("Users without a usage location get one before their licence: %(country)s.")
        points.append(told % {"country": country})
    if seats := parameters.get("seats"):
        added = {"n": formats.count(seats["number"]), "name": seats.get("label", "")}
        points.insert(
            0,
            ngettext(
                "%(n)s seat is added to %(name)s first. The licences go out once it is confirmed.",
                "%(n)s seats are added to %(name)s first. The licences go out once they are confirmed.",
                seats["number"],
            )
            % added,
        )
        points += [str(point) for point in seats.get("points", [])]
    return Told(
        title=ngettext("Assign %(n)s licence?", "Assign %(n)s licences?", rows) % numbers,
        button=ngettext("Assign %(n)s licence", "Assign %(n)s licences", rows) % numbers,
        undo=_("Can be undone: with Remove, at any time."),
        points=points,
    )


def _of_remove(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Remove %(n)s licence?", "Remove %(n)s licences?", rows) % numbers,
        button=ngettext("Remove %(n)s licence", "Remove %(n)s licences", rows) % numbers,
        undo=_("Can be undone: with Assign, while a seat is left. Data is kept for a while only."),
        points=[
            _(
                "Who loses a licence loses access within minutes. Microsoft deletes the data after about 30 days."
            ),
            _("The seats stay bought and are billed on."),
        ],
        danger=True,
    )


def _of_change(rows: int, parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Change %(n)s licence?", "Change %(n)s licences?", rows) % numbers,
        button=ngettext("Change %(n)s licence", "Change %(n)s licences", rows) % numbers,
        undo=_("Can be undone: with Assign, while a seat is left. Data is kept for a while only."),
        points=[
            _("Each row shows whether its licence is assigned or removed."),
            *_of_remove(rows, parameters).points,
        ],
        danger=True,
    )


def register() -> None:
    """Enter the verbs for many and the ways to them; called from ``setup``."""
    registry.register(
        Bulk(
            verb=actions.ASSIGN,
            targets=_targets,
            check=_check_assign,
            ask=_ask_assign,
            tell=_of_assign,
        )
    )
    registry.register(
        Bulk(
            verb=actions.REMOVE,
            targets=_targets,
            check=_check_remove,
            ask=_ask_remove,
            tell=_of_remove,
        )
    )
    registry.register(
        Bulk(
            verb=actions.CHANGE,
            targets=_targets,
            check=_check_change,
            ask=_ask_change,
            tell=_of_change,
        )
    )
    for order, (verb, title, url_name) in enumerate(
        (
            (actions.ASSIGN, gettext_lazy("Assign licence"), "users_assign_licence"),
            (actions.REMOVE, gettext_lazy("Remove licence"), "users_remove_licence"),
        )
    ):
        bar.register(LIST, bar.Action(verb, title, url_name, actions.RIGHT, "key", 20 + order))
    registry.enter(
        Entrance(
            gettext_lazy("Assign and remove licences by file"),
            "licences_file",
            actions.RIGHT,
            icon="file-import",
        )
    )

"""What an upgrade will do, said before it is confirmed."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.asking.pages import Consequence
from orders import rules
from orders.consequences import notes
from orders.scheduling import schedules
from orders.upgrades import actions, kinds
from orders.upgrades.targets import WITH_LICENCES
from portal.ui import formats


def of_upgrade(state: rules.Known, told: dict[str, Any]) -> Consequence:
    """Of seats, of an older offer, or of a trial."""
    tell = {kinds.TRIAL: _trial, kinds.OFFER: _offer}.get(kinds.of(state.subscription), _seats)
    return tell(state, told)


def _names(state: rules.Known, told: dict[str, Any]) -> dict[str, str]:
    product = told.get("title") or schedules.product_name(told["product"]) or told["product"]
    numbers = {"n": formats.count(told["quantity"])}
    return numbers | {"name": str(state.subscription), "product": str(product)}


def _seats(state: rules.Known, told: dict[str, Any]) -> Consequence:
    names = _names(state, told)
    part = actions.is_part(state, told["quantity"])
    points = [_place(told, part=part)]
    if told.get("way") == WITH_LICENCES:
        points.append(_("People keep working: their licences move with the seats."))
    else:
        points.append(_("Licences do not move: assign the new ones before people lose the old."))
    if part and state.kept:
        kept = {"schedule": schedules.words(state.kept, state.subscription.offer_id)}
        points.append(_("Put back afterwards: %(schedule)s.") % kept)
    points.append(_("Partner Center works on it for a while. The change shows how far it is."))
    title = ngettext(
        "Upgrade %(n)s seat of %(name)s to %(product)s?",
        "Upgrade %(n)s seats of %(name)s to %(product)s?",
        told["quantity"],
    )
    return Consequence(
        title=title % names,
        undo=_("Cannot be undone: nothing leads back to the smaller product in mid-term."),
        button=_("Upgrade"),
        points=points + notes(state),
        danger=True,
    )


def _place(told: dict[str, Any], *, part: bool) -> str:
    if told.get("into"):
        return _("The seats are added to the subscription %(id)s.") % {"id": told["into"]}
    if part:
        return _(
            "The seats become a subscription of their own, which can be cancelled as long as this one."
        )
    return _("All seats move. The term and billing stay as they are, where they are sold.")


def _offer(state: rules.Known, told: dict[str, Any]) -> Consequence:
    return Consequence(
        title=_("Upgrade %(name)s to %(product)s?") % _names(state, told),
        undo=_("Cannot be undone: the old offer may no longer be sold."),
        button=_("Upgrade"),
        points=[
            _("All seats move to a new subscription. This one ends."),
            _("Licences do not move: assign the new ones before people lose the old."),
            *notes(state),
        ],
        danger=True,
    )


def _trial(state: rules.Known, told: dict[str, Any]) -> Consequence:
    names = _names(state, told)
    title = ngettext(
        "Buy %(n)s seat of %(product)s in place of the trial?",
        "Buy %(n)s seats of %(product)s in place of the trial?",
        told["quantity"],
    )
    return Consequence(
        title=title % names,
        undo=_("Can be taken back: while its cancellation window is open."),
        button=_("Convert trial"),
        points=[
            _("The trial becomes a paid subscription with the same ID. Its first term begins now."),
            _("Billing: %(billing)s.") % {"billing": formats.billing(told.get("cycle"))},
            *notes(state),
        ],
    )

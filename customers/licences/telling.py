"""What a change of licences will do, said before it is confirmed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from customers.asking.pages import Consequence
from customers.licences import rules
from customers.licences.hooks import Offer
from portal.ui import formats


def of_assign(state: rules.Known, offers: Sequence[Offer] = ()) -> Consequence:
    """Giving a licence, or other service plans for one that is held; ``offers`` add the missing seat."""
    names = {"product": str(state.sku), "user": str(state.user)}
    if state.holds:
        return Consequence(
            title=_("Change the service plans of %(product)s for %(user)s?") % names,
            undo=_("Can be undone: by changing them again."),
            points=[
                _(
                    "A plan that is left out is no longer of use to the user. Its data stays a while."
                )
            ],
            button=_("Change service plans"),
        )
    points = [_left(state)] if state.free > 0 else []
    if offers:
        points = [_("The seat comes first. If a later step fails, the seat stays bought.")]
    return Consequence(
        title=_("Assign %(product)s to %(user)s?") % names,
        undo=_("Can be undone: with Remove, at any time."),
        points=[*points, _("The user can work with it within minutes.")],
        button=_("Assign licence") if state.free > 0 else _("Add the seat, then assign"),
    )


def _left(state: rules.Known) -> str:
    return _("Seats left: %(before)s → %(after)s") % {
        "before": formats.count(state.free),
        "after": formats.count(state.free - 1),
    }


def of_remove(state: rules.Known) -> Consequence:
    """Taking a licence away."""
    names = {"product": str(state.sku), "user": str(state.user)}
    return Consequence(
        title=_("Remove %(product)s from %(user)s?") % names,
        undo=_("Can be undone: with Assign, while a seat is left. Data is kept for a while only."),
        points=[
            _(
                "The user loses access within minutes. Microsoft deletes the data after about 30 days."
            ),
            _("The seat stays bought and is billed on. It is free for somebody else."),
        ],
        button=_("Remove licence"),
        danger=True,
    )

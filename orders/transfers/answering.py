"""Pages that answer a transfer: approve with the chosen subscriptions, reject, cancel."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from customers.asking.pages import Consequence
from orders import acting
from orders.acting import Acting, RowForm
from orders.models import Subscription
from orders.transfers import actions, queries
from orders.transfers.models import Transfer
from orders.transfers.part import MANAGE
from portal.access.guard import route
from portal.access.http import Request
from portal.ui import formats


class AcceptForm(RowForm):
    """What is given away."""

    subscriptions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Subscriptions to give away"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        """Offer what can be moved."""
        assert self.scope is not None
        found = queries.movable(self.scope, self.row)
        self.fields["subscriptions"].choices = [(one.pk, _choice(one)) for one in found]  # type: ignore[attr-defined] # a ChoiceField


def _choice(one: Subscription) -> str:
    """Its name; of what is sold by the seat also the seats and the end of the term."""
    if one.unit_type.lower() != "licenses" or one.quantity is None:
        return str(one)
    told = ngettext(
        "%(name)s, %(n)s seat, until %(day)s", "%(name)s, %(n)s seats, until %(day)s", one.quantity
    )
    day = formats.date_short(one.commitment_end_date)
    return told % {"name": one, "n": formats.count(one.quantity), "day": day}


def _tell_accept(row: Transfer, values: dict[str, Any]) -> Consequence:
    actions.may(row, actions.ACCEPT)
    number = len(values["subscriptions"])
    return Consequence(
        title=ngettext(
            "Give %(n)s subscription to %(partner)s?",
            "Give %(n)s subscriptions to %(partner)s?",
            number,
        )
        % {"n": formats.count(number), "partner": row},
        undo=_("Cannot be undone: the other partner would have to give them back."),
        button=_("Approve transfer"),
        points=[
            _("You no longer bill or manage them once it is completed."),
            _("Their history stays here, and they are told as transferred."),
            _("Users keep their licences and their data."),
        ],
        danger=True,
    )


def _tell_reject(row: Transfer, _values: dict[str, Any]) -> Consequence:
    actions.may(row, actions.REJECT)
    return Consequence(
        title=_("Reject the transfer to %(partner)s?") % {"partner": row},
        undo=_("Cannot be undone: the other partner would have to ask again."),
        button=_("Reject transfer"),
        points=[_("The subscriptions stay with you.")],
    )


def _tell_cancel(row: Transfer, _values: dict[str, Any]) -> Consequence:
    actions.may(row, actions.CANCEL)
    return Consequence(
        title=_("Cancel what was asked of %(partner)s?") % {"partner": row},
        undo=_("Cannot be undone: you would have to ask again."),
        button=_("Cancel transfer"),
        points=[_("The subscriptions stay with the other partner.")],
    )


def _acting(verb: str, title: Any, tell: Any, act: Any, form: type[RowForm]) -> Acting[Transfer]:
    return Acting(
        title=title,
        right=MANAGE,
        form=form,
        tell=tell,
        act=act,
        may=lambda row: actions.may(row, verb),
        verb=lambda _row, _values: verb,
        crumbs=lambda _row: [(_("Transfers"), reverse("transfers"))],
        back=Transfer.get_absolute_url,
    )


ACCEPT = _acting(
    actions.ACCEPT, gettext_lazy("Approve transfer"), _tell_accept, actions.accept, AcceptForm
)
REJECT = _acting(
    actions.REJECT, gettext_lazy("Reject transfer"), _tell_reject, actions.reject, RowForm
)
CANCEL = _acting(
    actions.CANCEL, gettext_lazy("Cancel transfer"), _tell_cancel, actions.cancel, RowForm
)


@route(effect="write", right=MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_accept(request: Request, pk: int) -> HttpResponse:
    """Give subscriptions away, as the source."""
    return acting.respond(request, queries.transfer(request.scope, pk), ACCEPT)


@route(effect="write", right=MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_reject(request: Request, pk: int) -> HttpResponse:
    """Keep the subscriptions, as the source."""
    return acting.respond(request, queries.transfer(request.scope, pk), REJECT)


@route(effect="write", right=MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_cancel(request: Request, pk: int) -> HttpResponse:
    """Take back what was asked, as the target."""
    return acting.respond(request, queries.transfer(request.scope, pk), CANCEL)

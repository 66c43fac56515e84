"""The verbs of a subscription: GET says what will happen, POST asks for it.

Each address works as a page by itself and as the content of the dialog on the subscription's page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from orders import actions, consequences, queries, rules
from orders.actions import Confirmed
from orders.consequences import Consequence
from orders.forms import NameForm, QuantityForm, VerbForm
from orders.models import Subscription
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui.pages import page_or_fragment

if TYPE_CHECKING:
    from orders.quantities import Quantity

UNUSABLE = 422
SEATS = _("Change seats")
# Verbs that a scheduled change bars, so that their panels say where none is known of yet.
MID_TERM = frozenset({"subscription_quantity", "subscription_suspend"})


@route(effect="write", right="subscriptions.change_quantity")
@require_http_methods(["GET", "HEAD", "POST"])
def quantity(request: Request, pk: int) -> HttpResponse:
    """More or fewer seats. What was typed is shown as a consequence before it is asked for."""
    row = _row(request, pk, actions.CHANGE_QUANTITY)
    typed = request.GET if "quantity" in request.GET else None
    form = QuantityForm(request.POST if request.method == "POST" else typed)
    if request.method == "POST" and form.is_valid():
        wanted: Quantity = form.cleaned_data["quantity"]
        asked = Asked(form.cleaned_data["reason"], form.key)
        confirmed = Confirmed(form.cleaned_data["seen"], form.cleaned_data["keeps"])
        try:
            command = actions.change_quantity(
                _actor(request), request.scope, row, wanted, asked, confirmed
            )
        except RefusedError as error:
            form.add_error(_place(error), str(error))
        else:
            return _said(request, row, command)
    return _quantity_panel(request, row, form)


@route(effect="write", right="subscriptions.suspend")
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: Request, pk: int) -> HttpResponse:
    """Suspend, which new commerce goes on billing."""
    row = _row(request, pk, actions.SUSPEND)
    return _simple(request, row, rules.may_suspend, _suspended, actions.suspend)


def _suspended(state: rules.Known) -> Consequence:
    return consequences.with_schedule(state, consequences.of_suspend(state))


@route(effect="write", right="subscriptions.reactivate")
@require_http_methods(["GET", "HEAD", "POST"])
def reactivate(request: Request, pk: int) -> HttpResponse:
    """Reactivate a suspended one."""
    row = _row(request, pk, actions.REACTIVATE)
    return _simple(
        request, row, rules.may_reactivate, consequences.of_reactivate, actions.reactivate
    )


@route(effect="write", right="subscriptions.rename")
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: Request, pk: int) -> HttpResponse:
    """Another name."""
    row = _row(request, pk, actions.RENAME)
    return _valued(request, row, _NAME)


@dataclass(frozen=True)
class _Valued:
    """A verb with one value: its form, when it may be asked at all, what it does, how it is asked for."""

    verb: str
    title: str | Promise
    form: type[VerbForm]
    may: Callable[[rules.Known], None]
    now: Callable[[rules.Known], str]
    tell: Callable[[rules.Known, str], Consequence]
    act: Callable[[Actor, Scope, Subscription, str, Asked], Command]


_NAME = _Valued(
    actions.RENAME,
    _("Rename"),
    NameForm,
    rules.may_rename,
    lambda state: state.name,
    consequences.of_name,
    actions.rename,
)


def _valued(request: Request, row: Subscription, asking: _Valued) -> HttpResponse:
    """The field, then the consequence of what stands in it, then the Command."""
    state = rules.state_of(row)
    name = asking.form.value_field
    typed = request.GET if name in request.GET else None
    form = asking.form(
        request.POST if request.method == "POST" else typed, initial={name: asking.now(state)}
    )
    if request.method == "POST" and form.is_valid():
        asked = Asked(form.cleaned_data["reason"], form.key)
        try:
            command = asking.act(
                _actor(request), request.scope, row, form.cleaned_data[name], asked
            )
        except RefusedError as error:
            form.add_error(error.field or None, str(error))
        else:
            return _said(request, row, command)
    return _panel(request, row, form, _told(state, form, asking), title=asking.title)


def _told(state: rules.Known, form: VerbForm, asking: _Valued) -> Consequence | str | None:
    """What the verb would do with what was typed; None while nothing usable was, text if it cannot be asked."""
    name = form.value_field
    try:
        asking.may(state)
        if form.is_bound and form.is_valid():
            value = form.cleaned_data[name]
            return asking.tell(state, actions.plan(asking.verb, state, value).popitem()[1])
    except RefusedError as error:
        if not error.field:
            return str(error)
        form.add_error(name, str(error))
    return None


def _row(request: Request, pk: int, verb: str) -> Subscription:
    row = queries.subscription(request.scope, pk)
    require(request.scope, actions.RIGHTS[verb], row)
    return row


def _simple(
    request: Request,
    row: Subscription,
    check: Callable[[rules.Known], None],
    tell: Callable[[rules.Known], Consequence],
    act: Callable[[Actor, Scope, Subscription, Asked, Confirmed], Command],
) -> HttpResponse:
    """A verb without a value of its own."""
    # The panel tells as if what is scheduled were to be put back, with the box to tick.
    state = rules.state_of(row, keeps=True)
    form = VerbForm(request.POST if request.method == "POST" else None)
    try:
        if request.method == "POST" and form.is_valid():
            asked = Asked(form.cleaned_data["reason"], form.key)
            confirmed = Confirmed(keeps=form.cleaned_data["keeps"])
            return _said(request, row, act(_actor(request), request.scope, row, asked, confirmed))
        check(state)
    except RefusedError as error:
        if error.code != "scheduled_change" or state.kept is None:
            return _panel(request, row, form, str(error))
        form.add_error("keeps", str(error))
    return _panel(request, row, form, tell(state))


def _quantity_panel(request: Request, row: Subscription, form: QuantityForm) -> HttpResponse:
    """The field, and once a possible number stands in it, the consequence with its confirming button."""
    state = rules.state_of(row, keeps=True)
    told: Consequence | str | None = None
    try:
        rules.may_change_quantity(state)
        if form.is_bound and (wanted := form.clean_number()):
            total = rules.new_quantity(state, wanted)
            told = consequences.with_schedule(state, consequences.of_quantity(state, total))
    except RefusedError as error:
        if not error.field:
            told = str(error)
        elif not form.has_error(error.field):
            form.add_error(error.field, str(error))
    return _panel(request, row, form, told, seen=state.quantity)


def _place(error: RefusedError) -> str | None:
    """The field at which a refusal is told: a schedule, at the box that puts it back."""
    return "keeps" if error.code == "scheduled_change" else error.field or None


def _is_mid_term(request: Request) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name in MID_TERM


def _actor(request: Request) -> Actor:
    return Actor.from_request(request)


def _said(request: Request, row: Subscription, command: Command) -> HttpResponse:
    """Back to the subscription, whose page shows the change from here on."""
    if note := actions.waits(command):
        messages.info(request, note)
    return redirect(row)


def _panel(
    request: Request,
    row: Subscription,
    form: VerbForm,
    told: Consequence | str | None,
    *,
    seen: int | None = None,
    title: str | Promise = SEATS,
) -> HttpResponse:
    """The confirming panel; ``told`` as text is why it cannot be asked."""
    consequence = None
    if isinstance(told, Consequence):
        consequence = consequences.with_approval(request.scope, row, told)
    context = {
        "subscription": row,
        "form": form,
        "consequence": consequence,
        "money": consequences.of(request.scope, row, consequence) if consequence else [],
        "refused": told if isinstance(told, str) else "",
        "action": request.path,
        "seen": seen,
        "unread": row.detail_observed_at is None and _is_mid_term(request),
        "title": title,
    }
    refused = bool(form.errors or context["refused"])
    return page_or_fragment(
        request,
        "orders/verb.html",
        "orders/_verb_panel.html",
        context,
        status=UNUSABLE if refused else 200,
    )

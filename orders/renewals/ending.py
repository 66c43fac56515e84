"""The page on which the end of a term is chosen: the choices, what each means, who decided, then the change."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders import actions, consequences, rules
from orders import queries as subscriptions
from orders.consequences import Consequence
from orders.forms import TermEndForm
from orders.models import Subscription
from orders.renewals import deciding, lifecycle
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.outbox.commands import Asked
from portal.ui.pages import page_or_fragment

RIGHT = actions.RIGHTS[actions.SET_TERM_END]
UNUSABLE = 422


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def term_end(request: Request, pk: int) -> HttpResponse:
    """Renew, cancel, or go on month by month; a page by itself and the content of a dialog."""
    row = subscriptions.subscription(request.scope, pk)
    require(request.scope, RIGHT, row)
    state = rules.state_of(row)
    form = _form(request, row, state)
    if request.method == "POST" and form.is_valid():
        try:
            return _asked(request, row, form)
        except RefusedError as error:
            form.add_error(error.field or None, str(error))
    return _panel(request, row, form, _told(state, form))


def _form(request: Request, row: Subscription, state: rules.Known) -> TermEndForm:
    typed = request.GET if "choice" in request.GET else None
    data = request.POST if request.method == "POST" else typed
    files = request.FILES if request.method == "POST" else None
    return TermEndForm(data, files=files, initial={"choice": state.term_end}, row=row)


def _asked(request: Request, row: Subscription, form: TermEndForm) -> HttpResponse:
    """Ask, keep the decision, and lead back to the subscription. Raises RefusedError."""
    told = form.cleaned_data
    command = actions.set_term_end(
        Actor.from_request(request),
        request.scope,
        row,
        told["choice"],
        Asked(told["reason"], form.key),
        form.decision,
    )
    if note := actions.waits(command):
        messages.info(request, note)
    return redirect(row)


def _told(state: rules.Known, form: TermEndForm) -> Consequence | str | None:
    """What the choice would do; None while there is none, text if nothing can be chosen."""
    try:
        rules.may_set_term_end(state)
        if form.is_bound and (choice := form.chosen):
            actions.plan(actions.SET_TERM_END, state, choice, deciding.SOMEBODY)
            told = consequences.of_term_end(state, choice)
            return _as_it_is(told) if choice == state.term_end else told
    except RefusedError as error:
        if not error.field:
            return str(error)
        form.add_error(error.field, str(error))
    return None


def _as_it_is(told: Consequence) -> Consequence:
    """Of what is set already nothing changes; who decided so can still be kept."""
    nothing = _("It is set so already: nothing changes in Partner Center, the decision is kept.")
    return replace(told, points=[nothing, *told.points], button=_("Keep the decision"))


def _panel(
    request: Request, row: Subscription, form: TermEndForm, told: Consequence | str | None
) -> HttpResponse:
    consequence = None
    if isinstance(told, Consequence):
        consequence = consequences.with_approval(request.scope, row, told)
    refused = told if isinstance(told, str) else ""
    context = {
        "subscription": row,
        "form": form,
        "consequence": consequence,
        "money": consequences.of(request.scope, row, consequence) if consequence else [],
        "refused": refused,
        "note": lifecycle.note(row),
        "unread": row.detail_observed_at is None,
        "action": request.path,
    }
    status = UNUSABLE if form.errors or refused else 200
    return page_or_fragment(
        request, "renewals/end.html", "renewals/_end.html", context, status=status
    )

"""The verbs of one user's licences: GET says what will happen, POST asks for it."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.asking.pages import UNUSABLE, AskingForm, Consequence
from customers.licences import actions, hooks, queries, rules, standing, telling
from customers.licences.actions import Seats, Wish
from customers.licences.forms import AssignForm
from customers.licences.hooks import Offer
from customers.models import CustomerUser, SubscribedSku
from customers.permissions.standing import owner
from customers.permissions.standing import standing as standing_of
from customers.permissions.words import Need
from customers.users import actions as changing
from customers.users import queries as users
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.outbox.models import Command
from portal.ui.pages import page


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: Request, pk: int, sku: UUID) -> HttpResponse:
    """Give a licence, or change the service plans of one that is held."""
    user, product = _asked_for(request, pk, sku)
    state = standing.known(user, product)
    offers = _offers(request, state)
    data = request.POST if request.method == "POST" else None
    form = AssignForm(data, sku=product, off=state.off or (), offers=offers)
    refused = _barred(state, offers)
    if request.method == "POST" and not refused and form.is_valid():
        try:
            wish = Wish(form.off, _seats(form, state))
            command = actions.assign(
                _actor(request), request.scope, user, product, wish, form.asked
            )
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, user, command)
    told = telling.of_assign(state)
    return _show(request, (user, product), form, told, refused=refused, offers=offers)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, pk: int, sku: UUID) -> HttpResponse:
    """Take a licence away."""
    user, product = _asked_for(request, pk, sku)
    state = standing.known(user, product)
    form = AskingForm(request.POST if request.method == "POST" else None)
    refused = ""
    try:
        rules.may_remove(state)
        if request.method == "POST" and form.is_valid():
            actor = _actor(request)
            command = actions.remove(actor, request.scope, user, product, form.asked)
            return _done(request, user, command)
    except RefusedError as error:
        refused = str(error)
    return _show(request, (user, product), form, telling.of_remove(state), refused=refused)


def _asked_for(request: Request, pk: int, sku: UUID) -> tuple[CustomerUser, SubscribedSku]:
    user = users.user(request.scope, pk)
    require(request.scope, actions.RIGHT, user)
    assert user.customer is not None, "a user that somebody sees has a customer"
    return user, queries.sku(request.scope, user.customer, str(sku))


def _offers(request: Request, state: rules.Known) -> list[Offer]:
    """Where a seat can be added, if none is left for this user."""
    seller = hooks.seller()
    customer = state.user.customer
    if state.holds or state.free > 0 or seller is None or customer is None:
        return []
    return seller.offers(request.scope, customer, state.sku.pc_id, 1)


def _barred(state: rules.Known, offers: Sequence[Offer]) -> str:
    """Why the licence cannot be asked for at all, "" if it can."""
    follow = any(not offer.refused for offer in offers)
    try:
        rules.may_ask(state, seats_follow=follow)
    except RefusedError as error:
        return str(error)
    return ""


def _seats(form: AssignForm, state: rules.Known) -> Seats | None:
    if state.holds or state.free > 0:
        return None
    if form.seats_of is None:
        raise RefusedError(rules.NO_SEATS, _("Choose where the seat is added."), "seats")
    return Seats(form.seats_of, 1)


def _actor(request: Request) -> Actor:
    return Actor.from_request(request)


def _done(request: Request, user: CustomerUser, command: Command) -> HttpResponse:
    """Back to the user's licences, which show the change from here on."""
    if command.follows_id and command.state == "waiting":
        told = _(
            "The seat is added first: change %(pk)s. The licence goes out once it is confirmed."
        )
        messages.info(request, told % {"pk": command.follows_id})
    elif command.state == "waiting":
        messages.info(
            request, _("Another change of this user is under way. This one goes out after it.")
        )
    elif command.state == "awaiting_approval":
        messages.info(request, _("A second person must approve it before it is sent."))
    return redirect("customer_user_licences", pk=user.pk)


def _show(
    request: Request,
    about: tuple[CustomerUser, SubscribedSku],
    form: AskingForm,
    told: Consequence,
    *,
    refused: str,
    offers: Sequence[Offer] = (),
) -> HttpResponse:
    user, product = about
    context = {
        "user": user,
        "standing": standing_of(request.scope, owner(user), Need.LICENCES),
        "customer": user.customer,
        "sku": product,
        "form": form,
        "consequence": told,
        "refused": refused,
        "offers": offers,
        "may_edit": request.scope.can(changing.RIGHT, user),
    }
    status = UNUSABLE if refused or form.errors else 200
    return page(request, "customers/licences/verb.html", context, status=status)

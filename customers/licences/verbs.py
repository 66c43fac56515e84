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
from customers.users import rules as people
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.outbox.approvals.foretelling import WAITS
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
    form = AssignForm(data, state=state, offers=offers, location=_location(request, user))
    refused = _barred(state, offers, location="usage_location" in form.fields)
    if request.method == "POST" and not refused and form.is_valid():
        try:
            wish = Wish(form.off, _seats(form, state), form.cleaned_data.get("usage_location", ""))
            command = actions.assign(
                _actor(request), request.scope, user, product, wish, form.asked
            )
        except RefusedError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return _done(request, user, command)
    told = telling.of_assign(state, offers)
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


def _location(request: Request, user: CustomerUser) -> str | None:
    """The usage location to begin with, where it is missing and this person may set it in the same step."""
    if user.usage_location or user.is_synchronised or not request.scope.can(changing.RIGHT, user):
        return None
    country = user.customer.country if user.customer else ""
    return country if country in people.codes() else ""


def _barred(state: rules.Known, offers: Sequence[Offer], *, location: bool) -> str:
    """Why the licence cannot be asked for at all, "" if it can."""
    coming = rules.Coming(any(not offer.refused for offer in offers), location)
    try:
        rules.may_ask(state, coming)
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
        told = _("Change %(pk)s goes first. The licence goes out once it is confirmed.")
        messages.info(request, told % {"pk": command.follows_id})
    elif command.state == "waiting":
        messages.info(
            request, _("Another change of this user is under way. This one goes out after it.")
        )
    elif command.state == "awaiting_approval":
        messages.info(request, str(WAITS))
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

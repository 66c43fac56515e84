"""People: the list, one person, and what may be changed about them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import people
from portal.access.guard import route
from portal.access.http import Request
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.administration.actions import invitations, offers
from portal.administration.filters import PersonFilters
from portal.administration.forms.users import MembershipForm, NameForm, PersonForm, place_label
from portal.administration.tables import PeopleTable
from portal.ui import panels
from portal.ui.listing import Listing
from portal.ui.pages import page

PEOPLE = Listing(
    table=PeopleTable,
    filters=PersonFilters,
    title=gettext_lazy("Users"),
    filename="users",
    template="administration/users.html",
)


@route(effect="read", right=people.RIGHT)
@require_safe
def users(request: Request) -> HttpResponseBase:
    """Everybody whom the reader manages."""
    rows = people.people_with_roles(request.scope)
    return PEOPLE.respond(request, rows, {"tabs": panels.tabs(request, "settings", None)})


@route(effect="write", right=people.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def user_new(request: Request) -> HttpResponse:
    """Invite a person by mail, or add them with a first password that is shown this once."""
    form = PersonForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        actor = Actor.from_request(request)
        if "invite" in request.POST:
            return _invited(request, form, actor)
        values = {name: form.cleaned_data[name] for name in ("email", "name", "role")}
        added = _try(
            form, lambda: people.add(actor, request.scope, place=form.chosen_place, **values)
        )
        if added is not None:
            return _person(request, added[0], password=added[1])
    status = 422 if form.is_bound else 200
    return page(request, "administration/users_new.html", {"form": form}, status=status)


@route(effect="read", right=people.RIGHT)
@require_safe
def user(request: Request, pk: int) -> HttpResponse:
    """One person: name, roles, whether they may sign in."""
    return _person(request, people.person(request.scope, pk))


@route(effect="write", right=people.RIGHT)
@require_POST
def user_rename(request: Request, pk: int) -> HttpResponse:
    """Change the name that others see."""
    who = people.person(request.scope, pk)
    form = NameForm(request.POST)
    if form.is_valid():
        people.rename(Actor.from_request(request), request.scope, who, form.cleaned_data["name"])
    return redirect("user", pk)


@route(effect="write", right=people.RIGHT)
@require_POST
def user_grant(request: Request, pk: int) -> HttpResponse:
    """Give a person another role."""
    who = people.person(request.scope, pk)
    form = MembershipForm(request.POST, scope=request.scope)
    actor = Actor.from_request(request)
    if form.is_valid():
        role, place = form.cleaned_data["role"], form.chosen_place
        if _try(form, lambda: people.grant(actor, request.scope, who, role=role, place=place)):
            return redirect("user", pk)
    return _person(request, people.person(request.scope, pk), form=form)


@route(effect="write", right=people.RIGHT)
@require_POST
def user_withdraw(request: Request, pk: int, membership: int) -> HttpResponse:
    """Take one role back."""
    who = people.person(request.scope, pk)
    seen = {held.pk for held in people.memberships(request.scope, who)}
    held = get_object_or_404(who.memberships.filter(pk__in=seen), pk=membership)
    return _done(
        request, pk, lambda: people.withdraw(Actor.from_request(request), request.scope, held)
    )


@route(effect="write", right=people.RIGHT)
@require_POST
def user_active(request: Request, pk: int) -> HttpResponse:
    """Bar a person from signing in, or let them again."""
    who, active = people.person(request.scope, pk), request.POST.get("active") == "1"
    actor = Actor.from_request(request)
    return _done(request, pk, lambda: people.set_active(actor, request.scope, who, active=active))


@route(effect="write", right=people.RIGHT)
@require_POST
def user_password(request: Request, pk: int) -> HttpResponse:
    """Give a person a new password, shown once on the page that answers."""
    who = people.person(request.scope, pk)
    password = people.reset_password(Actor.from_request(request), request.scope, who)
    return _person(request, people.person(request.scope, pk), password=password)


def _invited(request: Request, form: PersonForm, actor: Actor) -> HttpResponse:
    names = ("email", "name", "role", "language")
    values = {name: form.cleaned_data[name] for name in names}
    guest = invitations.Guest(place=form.chosen_place, **values)
    if not _try(form, lambda: _invite(actor, request.scope, guest)):
        return page(request, "administration/users_new.html", {"form": form}, status=422)
    messages.success(request, _("Invitation sent to %(email)s.") % {"email": guest.email})
    return redirect("users")


def _invite(actor: Actor, scope: Scope, guest: invitations.Guest) -> bool:
    """The answer is the same whether the address has an account with somebody else or none."""
    if known := people.elsewhere(scope, guest.email):
        offers.offer(actor, scope, known, guest)
    else:
        invitations.invite(actor, scope, guest)
    return True


def _person(
    request: Request, who: User, *, form: MembershipForm | None = None, password: str = ""
) -> HttpResponse:
    scope = request.scope
    is_self = who.pk == scope.user_id
    context = {
        "person": who,
        "password": password,
        "held": [
            (held, place_label(people.Place(held.connection, held.reseller)))
            for held in people.memberships(scope, who)
        ],
        "form": None if is_self or scope.read_only else form or MembershipForm(scope=scope),
        "name_form": NameForm(instance=who),
        "may_manage": people.may_manage(scope, who),
        "is_self": is_self,
        "is_pending": invitations.is_pending(who),
    }
    response = page(request, "administration/users_one.html", context, status=422 if form else 200)
    if password:
        response["Cache-Control"] = "no-store"
    return response


def _done(request: Request, pk: int, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("user", pk)


def _try(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the act gives, or None with its objection on the form."""
    try:
        return act()
    except ValidationError as error:
        form.add_error(None, error)
        return None

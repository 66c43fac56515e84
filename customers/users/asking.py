"""The pages of the verbs: what happens is said, then asked for.

What is typed goes by POST: much of it is about people and would stay in the logs of addresses.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from customers.asking.pages import Asking, AskingForm, Consequence
from customers.models import Customer, CustomerUser, DirectoryRole
from customers.permissions.standing import owner, standing
from customers.permissions.words import Need
from customers.users import actions, consequences, directory, queries, rules
from customers.users.forms import NewUserForm, PasswordForm, RoleForm, UserForm
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.approvals.foretelling import WAITS
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui.pages import page

UNUSABLE = 422
METHODS = ["GET", "HEAD", "POST"]
Act = Callable[[Actor, Scope, CustomerUser, dict[str, Any], Asked], Command]


def initial(customer: Customer, domains: Sequence[str]) -> dict[str, str]:
    """What the form of a new user starts with."""
    domain = next(iter(domains), "")
    known = customer.country if customer.country in rules.codes() else ""
    return {"usage_location": known, "user_principal_name": f"@{domain}" if domain else ""}


NEW_USER = Asking(
    title=gettext_lazy("New user"),
    right=actions.RIGHT,
    form=NewUserForm,
    tab="customer_users",
    tell=consequences.of_create,
    act=actions.create,
    initial=lambda customer: initial(customer, directory.domains(customer)),
    may=actions.may_create,
    need=Need.USERS,
)


@dataclass(frozen=True)
class Verb:
    """A verb of one user as its page knows it. ``two_steps``: first the fields, then what they change."""

    title: str | Promise
    may: Callable[[CustomerUser], None]
    tell: Callable[[CustomerUser, dict[str, Any]], Consequence]
    act: Act
    form: Callable[..., AskingForm] = AskingForm
    initial: Callable[[CustomerUser], Mapping[str, Any]] = lambda _user: {}
    two_steps: bool = False
    need: Need = Need.USERS


EDIT = Verb(
    title=gettext_lazy("Change user"),
    may=rules.may_change,
    tell=consequences.of_update,
    act=actions.update,
    form=UserForm,
    initial=lambda user: {name: getattr(user, name) for name in actions.FIELDS},
    two_steps=True,
)
DELETE = Verb(
    title=gettext_lazy("Delete user"),
    may=rules.may_delete,
    tell=lambda user, _values: consequences.of_delete(user),
    act=lambda actor, scope, user, _values, asked: actions.delete(actor, scope, user, asked),
)
RESTORE = Verb(
    title=gettext_lazy("Restore user"),
    may=rules.may_restore,
    tell=lambda user, _values: consequences.of_restore(user),
    act=lambda actor, scope, user, _values, asked: actions.restore(actor, scope, user, asked),
)
RESET_PASSWORD = Verb(
    title=gettext_lazy("Reset password"),
    may=rules.may_change,
    tell=lambda user, _values: consequences.of_reset(user),
    act=lambda actor, scope, user, values, asked: actions.reset_password(
        actor, scope, user, actions.Password(values["password"], values["must_change"]), asked
    ),
    form=PasswordForm,
    need=Need.PASSWORDS,
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(METHODS)
def edit(request: Request, pk: int) -> HttpResponse:
    """Other names, another user name, another usage location."""
    return respond(request, _row(request, pk), EDIT)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(METHODS)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a user."""
    return respond(request, _row(request, pk), DELETE)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(METHODS)
def restore(request: Request, pk: int) -> HttpResponse:
    """Restore a deleted user."""
    return respond(request, _row(request, pk), RESTORE)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(METHODS)
def reset_password(request: Request, pk: int) -> HttpResponse:
    """A new password."""
    return respond(request, _row(request, pk), RESET_PASSWORD)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(METHODS)
def add_role(request: Request, pk: int) -> HttpResponse:
    """Give a role that the user lacks."""
    row = _row(request, pk)
    assert row.customer is not None, "a user that somebody sees has a customer"
    lacking = [one for one in directory.roles(row.customer) if row.pc_id not in one.member_ids]

    def act(
        actor: Actor, scope: Scope, user: CustomerUser, values: dict[str, Any], asked: Asked
    ) -> Command:
        role = next(one for one in lacking if str(one.pk) == values["role"])
        return actions.add_role(actor, scope, user, role, asked)

    def form(data: Mapping[str, Any] | None = None, **options: Any) -> AskingForm:
        return RoleForm(data, roles=lacking, **options)

    def may(user: CustomerUser) -> None:
        rules.must_be_there(user)
        if not lacking:
            raise RefusedError("no_roles", _("No role is known here that the user lacks."))

    title = gettext_lazy("Give role")
    return respond(
        request, row, Verb(title, may, consequences.of_adding, act, form=form, need=Need.ROLES)
    )


@route(effect="write", right=actions.RIGHT)
@require_http_methods(METHODS)
def remove_role(request: Request, pk: int, role: int) -> HttpResponse:
    """Take a role back."""
    row = _row(request, pk)
    found = DirectoryRole.objects.filter(pk=role, customer=row.customer, gone_at=None).first()
    if found is None:
        raise Http404
    verb = Verb(
        title=gettext_lazy("Take role back"),
        may=lambda user: rules.may_remove(user, found),
        tell=lambda user, _values: consequences.of_removing(user, found),
        act=lambda actor, scope, user, _values, asked: actions.remove_role(
            actor, scope, user, found, asked
        ),
        need=Need.ROLES,
    )
    return respond(request, row, verb)


def _row(request: Request, pk: int) -> CustomerUser:
    row = queries.user(request.scope, pk)
    require(request.scope, actions.RIGHT, row)
    return row


def respond(request: Request, user: CustomerUser, verb: Verb) -> HttpResponse:
    """Show what happens, or ask for it and lead back to the user."""
    try:
        verb.may(user)
    except RefusedError as error:
        return _show(request, user, verb, refused=str(error))
    initial = verb.initial(user)
    if request.method != "POST":
        return _show(request, user, verb, form=verb.form(customer=user.customer, initial=initial))
    form = verb.form(request.POST, customer=user.customer)
    told: Consequence | None = None
    if form.is_valid() and "back" not in request.POST:
        try:
            told = verb.tell(user, form.values)
            if "confirmed" in request.POST or not verb.two_steps:
                actor = Actor.from_request(request)
                command = verb.act(actor, request.scope, user, form.values, form.asked)
                return _done(request, user, command)
        except RefusedError as error:
            told = None
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _show(request, user, verb, form=form, told=told)


def _done(request: Request, user: CustomerUser, command: Command) -> HttpResponse:
    """Back to the user, whose page shows the change from here on."""
    notes = {
        "waiting": _("Another change of this user is under way. This one goes out after it."),
        "awaiting_approval": str(WAITS),
    }
    if command.state in notes:
        messages.info(request, notes[command.state])
    return redirect(user)


def _show(
    request: Request,
    user: CustomerUser,
    verb: Verb,
    *,
    form: AskingForm | None = None,
    told: Consequence | None = None,
    refused: str = "",
) -> HttpResponse:
    """In one step the consequence stands beside its fields, in two it follows them."""
    if told is None and form is not None and not verb.two_steps:
        told = verb.tell(user, {})
    context = {
        "user": user,
        "standing": standing(request.scope, owner(user), verb.need),
        "customer": user.customer,
        "title": verb.title,
        "form": form,
        "consequence": told,
        "two_steps": verb.two_steps,
        "refused": refused,
    }
    unusable = bool(refused or (form is not None and form.errors))
    return page(request, "customers/users/verb.html", context, status=UNUSABLE if unusable else 200)

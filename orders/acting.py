"""The page of a verb of an order, an Azure subscription, a transfer or a migration: form, consequence, Command.

As ``customers.asking.pages`` for any row; what differs is said by an ``Acting``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from customers.asking.pages import UNUSABLE, AskingForm, Consequence
from portal.access.guard import require
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui.pages import page

M = TypeVar("M", bound=Model)
Crumb = tuple[str, str]


class RowForm(AskingForm):
    """A form about one row: ``prepare`` fits its fields to the row and to what its reader may see."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        row: Any = None,
        scope: Scope | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """Start with a fresh key."""
        self.row, self.scope = row, scope
        super().__init__(data, initial=initial)
        self.prepare()

    def prepare(self) -> None:
        """Nothing to fit."""


@dataclass(frozen=True)
class Acting(Generic[M]):
    """A verb as its page knows it. ``may``, ``tell`` and ``act`` raise RefusedError.

    ``crumbs`` are the places above the row's own; ``back`` is where the page leads.
    """

    title: str | Promise
    right: str
    tell: Callable[[M, dict[str, Any]], Consequence]
    act: Callable[[Actor, Scope, M, dict[str, Any], Asked], Command]
    crumbs: Callable[[M], list[Crumb]]
    back: Callable[[M], str]
    form: type[RowForm] = RowForm
    may: Callable[[M], None] = lambda _row: None
    initial: Callable[[M], Mapping[str, Any]] = lambda _row: {}
    template: str = "customers/verb.html"
    more: Callable[[Request, M, RowForm], Mapping[str, Any]] = field(
        default=lambda _request, _row, _form: {}
    )


def respond(request: Request, row: M, acting: Acting[M]) -> HttpResponse:
    """Show the form, the consequence, or ask and lead back."""
    require(request.scope, acting.right, row)
    try:
        acting.may(row)
    except RefusedError as error:
        return _show(request, row, acting, refused=str(error))
    if request.method != "POST":
        form = acting.form(row=row, scope=request.scope, initial=acting.initial(row))
        return _show(request, row, acting, form=form)
    form = acting.form(request.POST, row=row, scope=request.scope)
    told: Consequence | None = None
    if form.is_valid() and "back" not in request.POST:
        try:
            told = acting.tell(row, form.values)
            if "confirmed" in request.POST:
                actor = Actor.from_request(request)
                command = acting.act(actor, request.scope, row, form.values, form.asked)
                return _done(request, row, acting, command)
        except RefusedError as error:
            told = None
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _show(request, row, acting, form=form, told=told)


def _done(request: Request, row: M, acting: Acting[M], command: Command) -> HttpResponse:
    notes = {
        "waiting": _("Another change is under way. This one goes out after it."),
        "awaiting_approval": _("A second person must approve it before it is sent."),
    }
    if command.state in notes:
        messages.info(request, notes[command.state])
    return redirect(acting.back(row))


def _show(
    request: Request,
    row: M,
    acting: Acting[M],
    *,
    form: RowForm | None = None,
    told: Consequence | None = None,
    refused: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row,
        "title": acting.title,
        "crumbs": acting.crumbs(row),
        "back": acting.back(row),
        "form": form,
        "consequence": told,
        "refused": refused,
    }
    if form is not None:
        context |= acting.more(request, row, form)
    unusable = bool(refused or (form is not None and form.errors))
    return page(request, acting.template, context, status=UNUSABLE if unusable else 200)

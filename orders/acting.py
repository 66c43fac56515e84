"""The page of a verb of an order, an Azure subscription, a transfer or a migration: form, consequence, Command.

As ``customers.asking.pages`` for any row; what differs is said by an ``Acting``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast

from django.db.models import Model
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from customers.asking.pages import AskingForm, Consequence
from customers.asking.turns import Turn, take
from portal.access.guard import require
from portal.access.http import Request
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.approvals import foretelling
from portal.outbox.commands import Asked
from portal.outbox.models import Command

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

    ``verb`` and ``seats`` are what rules of approval look at: "" and None foretell nothing. ``crumbs`` are the places above the row's own; ``back`` is where the page leads.
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
    verb: Callable[[M, dict[str, Any]], str] = lambda _row, _values: ""
    seats: Callable[[dict[str, Any]], int | None] = lambda _values: None
    template: str = "customers/verb.html"
    more: Callable[[Request, M, RowForm], Mapping[str, Any]] = field(
        default=lambda _request, _row, _form: {}
    )


def respond(request: Request, row: M, acting: Acting[M]) -> HttpResponse:
    """Show the form, the consequence, or ask and lead back."""
    require(request.scope, acting.right, row)

    def form(data: Mapping[str, Any] | None) -> RowForm:
        initial = acting.initial(row) if data is None else None
        return acting.form(data, row=row, scope=request.scope, initial=initial)

    turn = Turn(
        template=acting.template,
        context={"row": row, "title": acting.title, "crumbs": acting.crumbs(row)},
        back=acting.back(row),
        waits=_("Another change is under way. This one goes out after it."),
        may=lambda: acting.may(row),
        form=form,
        tell=lambda values: foretold(request.scope, row, acting, values),
        act=lambda actor, values, asked: acting.act(actor, request.scope, row, values, asked),
        more=lambda shown: acting.more(request, row, cast("RowForm", shown)),
    )
    return take(request, turn)


def foretold(scope: Scope, row: M, acting: Acting[M], values: dict[str, Any]) -> Consequence:
    """The consequence, with the note that a rule makes it wait for a second person. One query more."""
    told = acting.tell(row, values)
    verb, seats = acting.verb(row, values), acting.seats(values)
    return replace(told, points=foretelling.told(told.points, scope, row, verb, seats))

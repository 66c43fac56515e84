"""A verb for many as its room tells it: its button, what it asks first, how each row is checked, asked and told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django.db.models import Model

from orders.bulk.forms import ManyForm
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror.models import Question, QuestionState
from portal.outbox.batches import registry
from portal.outbox.batches.registry import Bulk, Live, Parameters, Plan, Told
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui import bulk as bar
from portal.ui import upstream

if TYPE_CHECKING:
    from django.utils.functional import Promise

M = TypeVar("M", bound=Model)
Check = Callable[[M, Parameters, Mapping[str, Any]], Plan]
Ask = Callable[[Actor, Scope, M, Parameters, Asked], Command]
Targets = Callable[[Scope, Sequence[int]], Mapping[int, Model]]


@dataclass(frozen=True, kw_only=True)
class Many(Generic[M]):
    """One verb of the rows of a list.

    ``form`` asks for its value before the rows are written down. ``title``, ``url_name`` and ``icon`` are
    its button; one that only files ask for has none. ``live`` and ``cost`` are those of ``Bulk``.
    """

    verb: str
    right: str
    targets: Targets
    check: Check[M]
    ask: Ask[M]
    tell: Callable[[int, Parameters], Told]
    title: "str | Promise" = ""
    url_name: str = ""
    icon: str = "pencil"
    form: type[ManyForm] | None = None
    cost: "str | Promise" = ""
    live: Live | None = None


def must_be_answered(question: Question) -> None:
    """Raise RefusedError if Partner Center refused to answer about a row, in our words."""
    if question.state == QuestionState.REFUSED:
        told = upstream.refused(question.error or {})
        raise RefusedError(told.code or "refused", told.text)


def enter(list_slug: str, verbs: Iterable[Many[Any]]) -> None:
    """Enter verbs for many, with their buttons under the list in this order."""
    for order, one in enumerate(verbs):
        registry.register(
            Bulk(
                verb=one.verb,
                targets=one.targets,
                check=cast("Any", one.check),
                ask=cast("Any", one.ask),
                tell=one.tell,
                cost=one.cost,
                live=one.live,
            )
        )
        offer(list_slug, one, order)


def offer(list_slug: str, one: Many[Any], order: int = 50, *, url_name: str = "") -> None:
    """A verb's button under a list, which posts to ``url_name`` or the verb's own address."""
    address = url_name or one.url_name
    if address:
        action = bar.Action(one.verb, one.title, address, one.right, one.icon, order)
        bar.register(list_slug, action)

"""What apps above this one know of the seats behind a licence, and can do about them.

``ours`` is an expression over a SubscribedSku row: the seats that the reader's own subscriptions give it.
``Seller`` adds seats to such a subscription, so that a licence can follow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Value

from customers.models import Customer
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.commands import Asked
from portal.outbox.models import Command

OursSource = Callable[[Scope], Any]


@dataclass(frozen=True)
class Offer:
    """Seats that can be added: to which subscription, and what it means.

    ``money`` is what the reader may see of it, and nobody else; ``refused`` tells why it cannot grow now.
    """

    subscription_id: int
    label: str
    present: int
    total: int
    points: tuple[str, ...] = ()
    undo: str = ""
    money: tuple[str, ...] = ()
    refused: str = ""


class Seller(Protocol):
    """Who sells the seats."""

    def offers(self, scope: Scope, customer: Customer, sku_pc_id: str, seats: int) -> list[Offer]:
        """The subscriptions of this customer that give the licence, with what ``seats`` more mean."""

    def add(
        self, actor: Actor, scope: Scope, subscription_id: int, seats: int, asked: Asked
    ) -> Command:
        """Ask for the seats. Raises RefusedError, Http404, PermissionDenied, KeyReusedError."""


_sources: list[OursSource] = []
_sellers: list[Seller] = []


def register(source: OursSource, seller: Seller) -> None:
    """Enter both; called once from the higher app's AppConfig.ready."""
    if source not in _sources:
        _sources.append(source)
        _sellers.append(seller)


def ours(scope: Scope) -> Any:
    """The expression, zero where no app sells anything."""
    return _sources[0](scope) if _sources else Value(0)


def seller() -> Seller | None:
    """Who sells seats, None where no app does."""
    return _sellers[0] if _sellers else None

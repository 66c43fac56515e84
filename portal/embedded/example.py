"""What makes the demo worth a look from its first minutes: price books of both owners, prices and idle seats read soon."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.utils import timezone

from customers.licences.sync import SKUS
from orders.prices import actions
from orders.prices.actions import Given
from orders.prices.models import ChargeSide, PriceBook, RuleKind
from orders.prices.part import SHEETS
from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.mirror import aging, families, tasks

LISTS = 1000
"""More lists of one kind than the demo has."""
YEARS = 3
"""No running term began earlier."""
COPILOT = "CFQ7TTC0MM8R"


@dataclass(frozen=True)
class Example:
    """A book with the markups of its rules, by product; "" is any."""

    name: str
    side: ChargeSide
    markups: dict[str, int]


OF_THE_DISTRIBUTOR = (
    Example("Resellers", ChargeSide.RESELLER, {"": 6, COPILOT: 4}),
    Example("Customers without a reseller", ChargeSide.CUSTOMER, {"": 18}),
)
OF_A_RESELLER = (Example("Our customers", ChargeSide.CUSTOMER, {"": 15, COPILOT: 10}),)


def read_soon(connection: Connection) -> None:
    """Have the workers read price sheets and licences before any other list that is read by age."""
    for name in (SHEETS, SKUS):
        aging.mark(connection, families.get(name), LISTS)
    tasks.drip.delay(connection.pk)


def price_books(connection: Connection, *, distributor: str, reseller: str) -> None:
    """Books in the name of two users (their e-mails); nothing where the connection has a book already."""
    if PriceBook.objects.filter(connection=connection).exists():
        return
    for email, examples in ((distributor, OF_THE_DISTRIBUTOR), (reseller, OF_A_RESELLER)):
        for example in examples:
            _keep(connection, email, example)


def _keep(connection: Connection, email: str, example: Example) -> None:
    user = get_user_model().objects.get(email=email)
    scope, actor = Scope.for_user(user), Actor.for_user(user)
    own = Reseller.objects.filter(connection=connection, pk__in=scope.reseller_ids).first()
    said = {"name": example.name, "side": example.side}
    book = actions.create_book(actor, scope, connection, own, **said)
    first = timezone.now().date().replace(month=1, day=1)
    since = first.replace(year=first.year - YEARS)
    for product, percent in example.markups.items():
        given = Given(RuleKind.MARKUP, Decimal(percent), product=product, valid_from=since)
        actions.add(actor, scope, book, given)

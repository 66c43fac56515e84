"""For whom a customer may be created: the partner of a connection, or one of its indirect resellers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from customers.models import NewCustomer
from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.partnercenter.operations.customers import CREATE_CUSTOMER, CREATE_CUSTOMER_FOR_RESELLER
from portal.partnercenter.resources.customers import Customer
from portal.partnercenter.spec import Cloud, Operation

RIGHT = "customers.create"
ACTIVE = "active"


@dataclass(frozen=True)
class Place:
    """A connection, and the reseller that is credited; None for the partner itself."""

    connection: Connection
    reseller: Reseller | None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.connection.pk}:{self.reseller.pk if self.reseller else ''}"

    @property
    def label(self) -> str:
        if self.reseller is None:
            return _("Ourselves, in %(connection)s") % {"connection": self.connection.name}
        return f"{self.reseller.name} ({self.connection.name})"

    @property
    def row(self) -> NewCustomer:
        """An empty request there, to ask rights about."""
        return NewCustomer(connection=self.connection, reseller=self.reseller)


def places(scope: Scope) -> list[Place]:
    """Where this person may create customers, the partner's own first."""
    connections = {
        row.pk: row for row in Connection.objects.filter(retired_at=None).order_by("name")
    }
    own = [Place(row, None) for row in connections.values() if _offers(row, CREATE_CUSTOMER)]
    rows = scope.filter(Reseller.objects.filter(gone_at=None)).order_by("name", "pk")
    for_resellers = [
        Place(connections[row.connection_id], row)
        for row in rows
        if row.connection_id in connections
        and row.state.lower() == ACTIVE
        and _offers(connections[row.connection_id], CREATE_CUSTOMER_FOR_RESELLER)
    ]
    return [place for place in own + for_resellers if scope.can(RIGHT, place.row)]


def _offers(connection: Connection, operation: Operation[Customer]) -> bool:
    return Cloud(connection.cloud) in operation.clouds


def find(scope: Scope, key: str) -> Place | None:
    """The place of that key, None where this person may not create any."""
    return next((place for place in places(scope) if place.key == key), None)

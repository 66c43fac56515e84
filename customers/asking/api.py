"""The verbs of a customer over the API."""

from typing import ClassVar

from customers import queries
from customers.asking.pages import Asking
from customers.models import Customer
from portal.access.guard import require
from portal.access.scope import Scope
from portal.outbox.api_verbs import By, Told, VerbView
from portal.outbox.commands import Asked
from portal.outbox.models import Command


class AskingView(VerbView[Customer]):
    """A verb of one customer; ``asking`` says what it does, the fields sent are those of its form."""

    asking: ClassVar[Asking]

    def find(self, scope: Scope, pk: int) -> Customer:
        """As the page finds it, with the right for it."""
        customer = queries.customer(scope, pk)
        require(scope, self.right, customer)
        return customer

    def ask(self, by: By, row: Customer, told: Told, asked: Asked) -> Command:
        """As the page asks."""
        self.asking.may(row)
        return self.asking.act(*by, row, told, asked)

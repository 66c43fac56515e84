"""Live reads of the catalogue for a form: what is in stock, and whether something is still sold."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from orders.catalogue.models import Availability, Offer, Product, Sku
from portal.connections.models import Connection
from portal.mirror import questions
from portal.mirror.models import Question, QuestionState
from portal.mirror.questions import Parameters
from portal.partnercenter.operations.catalogue import (
    CHECK_INVENTORY,
    GET_AVAILABILITY,
    GET_OFFER,
    GET_PRODUCT,
    GET_SKU,
    LIST_ADDON_OFFERS,
)
from portal.partnercenter.spec import Operation

# A stock and an availability change at any moment.
KEPT = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Told:
    """How a question stands: ``answer`` is what Partner Center said, ``error`` why it said nothing."""

    waits: bool
    answer: Any = None
    error: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether asking again is worth it."""
        return bool(self.error)


@dataclass(frozen=True)
class Place:
    """Where a reservation is to be used; "" for what the SKU does not ask for."""

    customer: str = ""
    azure_subscription: str = ""
    region: str = ""

    @property
    def context(self) -> dict[str, str]:
        """As the wire names them (check-inventory)."""
        named = {
            "customerId": self.customer,
            "azureSubscriptionId": self.azure_subscription,
            "armRegionName": self.region,
        }
        return {name: value for name, value in named.items() if value}


def stock(product: Product, sku: Sku, place: Place, asker_id: int | None) -> Told:
    """Whether a SKU can be had there: the answer is its item, None where the catalogue left it out."""
    body = {
        "TargetItems": [{"ProductId": product.pc_id, "SkuId": sku.pc_id}],
        "InventoryContext": place.context,
    }
    told = _ask(
        product.connection,
        CHECK_INVENTORY,
        Parameters(query={"country": product.market}, body=body),
        asker_id,
    )
    if told.waits or told.failed:
        return told
    items = [one for one in told.answer or () if isinstance(one, dict)]
    mine = (one for one in items if str(one.get("skuId")) == sku.pc_id)
    return Told(waits=False, answer=next(mine, None))


def availability(product: Product, sku: Sku, row: Availability, asker_id: int | None) -> Told:
    """An availability as it is now: what a cart names may have gone since it was read."""
    path = {"product_id": product.pc_id, "sku_id": sku.pc_id, "availability_id": row.pc_id}
    parameters = Parameters(path=path, query={"country": product.market})
    return _ask(product.connection, GET_AVAILABILITY, parameters, asker_id)


def offer(row: Offer, asker_id: int | None) -> Told:
    """A legacy offer as it is now."""
    return _of_offer(row, GET_OFFER, asker_id)


def addons(row: Offer, asker_id: int | None) -> Told:
    """What can be added to a legacy offer now: a collection."""
    return _of_offer(row, LIST_ADDON_OFFERS, asker_id)


def added(told: Told) -> list[dict[str, Any]]:
    """The offers of an answer about add-ons."""
    return [one for one in (told.answer or {}).get("items") or [] if isinstance(one, dict)]


def _of_offer(row: Offer, operation: Operation[Any], asker_id: int | None) -> Told:
    parameters = Parameters(path={"offer_id": row.pc_id}, query={"country": row.market})
    return _ask(row.connection, operation, parameters, asker_id)


def named(
    connection: Connection, market: str, product_id: str, sku_id: str, asker_id: int | None
) -> Told:
    """A product of a market, or one SKU of it, that the mirror does not know."""
    path = {"product_id": product_id} | ({"sku_id": sku_id} if sku_id else {})
    operation = GET_SKU if sku_id else GET_PRODUCT
    parameters = Parameters(path=path, query={"country": market})
    return _ask(connection, operation, parameters, asker_id)


def _ask(
    connection: Connection, operation: Operation[Any], parameters: Parameters, asker_id: int | None
) -> Told:
    question = questions.ask(connection, operation.name, parameters, asker_id=asker_id, kept=KEPT)
    return _told(question)


def _told(question: Question) -> Told:
    if question.state == QuestionState.WAITING:
        return Told(waits=True)
    if question.state == QuestionState.ANSWERED:
        return Told(waits=False, answer=question.answer)
    return Told(waits=False, error=question.error or {"code": "", "message": ""})

"""Live reads for a line's form and for the checkout: days to end on, promotions, the reseller's agreement."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from orders.carts.choices import Choice
from orders.carts.models import Cart
from orders.catalogue.models import Segment
from portal.mirror import questions
from portal.mirror.models import Question, QuestionState
from portal.mirror.questions import Parameters
from portal.mirror.values import moment
from portal.partnercenter.operations.purchasing import (
    GET_PROMOTION,
    GET_VALIDATION_STATUS,
    LIST_PROMOTIONS,
    LIST_TERM_END_DATES,
    VERIFY_PROMOTIONS,
)
from portal.partnercenter.operations.unlisted import GET_PARTNER_AGREEMENT_STATUS
from portal.partnercenter.spec import Operation
from portal.ui import formats

A_DAY = dt.timedelta(days=1)
SOME_DAYS = dt.timedelta(days=30)
A_MOMENT = dt.timedelta(minutes=5)
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Day:
    """A day on which the term may end; ``shared`` is how many subscriptions end then."""

    day: dt.date
    shared: int

    @property
    def label(self) -> str:
        """In words."""
        return formats.date_short(self.day)


@dataclass(frozen=True)
class Offer:
    """A promotion as this customer gets it, or why not: ``problems`` are Partner Center's kinds."""

    id: str
    name: str
    discount: str
    until: dt.date | None
    problems: tuple[str, ...] = ()


@dataclass
class Options:
    """What Partner Center offers for a line; ``errors`` are what it could not be asked."""

    waits: bool = False
    days: list[Day] = field(default_factory=list)
    promotions: list[Offer] = field(default_factory=list)
    errors: list[Told] = field(default_factory=list)


def options(cart: Cart, choice: Choice, quantity: int, kept: str, asker_id: int | None) -> Options:
    """Ask for days and promotions of a line; ``kept`` is the promotion that it has, whatever is offered."""
    found = Options()
    if choice.term:
        path = {"customer_id": cart.customer.pc_id}
        told = _ask(
            cart,
            LIST_TERM_END_DATES,
            found,
            A_MOMENT,
            asker_id,
            path=path,
            query={"term_duration": choice.term},
        )
        found.days = [one for one in map(_day, _items(told)) if one is not None]
    verified = _verified(cart, choice, quantity, found, asker_id)
    named = {str(one.get("id")): one for one in _listed(cart, choice, found, asker_id)}
    if kept and kept not in named:
        one = _one(cart, kept, found, asker_id)
        named |= {kept: one} if one else {}
    found.promotions = [_offer(one, named) for one in verified if one.get("promotionId")]
    return found


def _verified(
    cart: Cart, choice: Choice, quantity: int, found: Options, asker_id: int | None
) -> list[Told]:
    item = {
        "id": 0,
        "catalogItemId": choice.item_id,
        "quantity": quantity,
        "termDuration": choice.term,
        "billingCycle": choice.cycle,
    }
    told = _ask(
        cart,
        VERIFY_PROMOTIONS,
        found,
        A_MOMENT,
        asker_id,
        path={"customer_id": cart.customer.pc_id},
        body={"items": [item]},
    )
    return [one for row in _items(told) for one in row.get("eligibilities") or ()]


def _listed(cart: Cart, choice: Choice, found: Options, asker_id: int | None) -> list[Told]:
    return _items(_ask(cart, LIST_PROMOTIONS, found, A_DAY, asker_id, query=_where(cart, choice)))


def _where(cart: Cart, choice: Choice) -> dict[str, str]:
    return {"country": cart.customer.country, "segment": choice.segment or Segment.COMMERCIAL}


def told_of(cart: Cart, choice: Choice, promotion_id: str) -> Told | None:
    """A promotion as it was last told for a form, None if it was not in the last days. One query or two."""
    every = Parameters(query=_where(cart, choice))
    listed = questions.told(cart.connection, LIST_PROMOTIONS.name, every, SOME_DAYS)
    for one in _items(listed.answer if listed else None):
        if str(one.get("id")) == promotion_id:
            return one
    alone = Parameters(**_one_of(cart, promotion_id))
    read = questions.told(cart.connection, GET_PROMOTION.name, alone, SOME_DAYS)
    return read.answer if read and isinstance(read.answer, Mapping) else None


def _one_of(cart: Cart, promotion_id: str) -> dict[str, Any]:
    query = {"country": cart.customer.country}
    return {"path": {"promotion_id": promotion_id}, "query": query}


def _one(cart: Cart, promotion_id: str, found: Options, asker_id: int | None) -> Told | None:
    """A promotion that is not in force any more can still be read by its id."""
    told = _ask(cart, GET_PROMOTION, found, A_DAY, asker_id, **_one_of(cart, promotion_id))
    return told if isinstance(told, Mapping) else None


def _ask(
    cart: Cart,
    operation: Operation[Any],
    found: Options,
    kept: dt.timedelta,
    asker_id: int | None,
    **values: Any,
) -> Any:
    """The answer, None while there is none; what stands in the way is noted."""
    parameters = Parameters(**values)
    asked = questions.ask(cart.connection, operation.name, parameters, asker_id=asker_id, kept=kept)
    if asked.state == QuestionState.ANSWERED:
        return asked.answer
    if asked.state == QuestionState.WAITING:
        found.waits = True
    else:
        found.errors.append(asked.error or {})
    return None


def _items(told: Any) -> list[Told]:
    return list(told.get("items") or ()) if isinstance(told, Mapping) else []


def _day(told: Told) -> Day | None:
    text = str(told.get("allowedCustomTermEndDate") or "")[:10]
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return Day(day, len(told.get("cotermSubscriptionIds") or ()))


def _offer(eligibility: Told, named: Mapping[str, Told]) -> Offer:
    promotion_id = str(eligibility["promotionId"])
    told = named.get(promotion_id, {})
    errors: list[Told] = []
    if not eligibility.get("isEligible"):
        errors = eligibility.get("errors") or [{}]
    return Offer(
        id=promotion_id,
        name=str(told.get("name") or promotion_id),
        discount=_discount(told),
        until=until(told),
        problems=tuple(str(one.get("type") or "") for one in errors),
    )


def _discount(told: Told) -> str:
    """As "15 %", "" where the promotion says none."""
    found = [share(required) for required in told.get("requiredProducts") or ()]
    return next((formats.percent(one) for one in found if one is not None), "")


def share(required: Told) -> Decimal | None:
    """What a promotion takes off one of its products (0.15); None where it says none in percent."""
    for policy in required.get("pricingPolicies") or ():
        if str(policy.get("policyType")) == "PercentDiscount":
            try:
                return Decimal(str(policy.get("value")))
            except InvalidOperation:
                return None
    return None


def until(told: Told) -> dt.date | None:
    """The last day of a promotion, None where it has none."""
    try:
        day = dt.date.fromisoformat(str(told.get("endDate") or "")[:10])
    except ValueError:
        return None
    return None if day.year == dt.MAXYEAR else day


def review(cart: Cart, asker_id: int | None) -> Question:
    """How Microsoft's look at the customer stands (rule customer_vetting)."""
    parameters = Parameters(path={"customer_id": cart.customer.pc_id})
    name = GET_VALIDATION_STATUS.name
    return questions.ask(cart.connection, name, parameters, asker_id=asker_id, kept=A_MOMENT)


@dataclass(frozen=True)
class Standing:
    """What bars an order of the customer, whatever is in it: ``review`` is Partner Center's word in small letters."""

    waits: bool
    review: str = ""
    since: dt.datetime | None = None

    @property
    def bars(self) -> bool:
        """Whether an order would be refused."""
        return self.review in {"underreview", "notallowed"}


def standing(asked: Question) -> Standing:
    """The answer in words for the page and the API; a customer that was never looked at bars nothing."""
    told = asked.answer if isinstance(asked.answer, Mapping) else {}
    review = str(told.get("status") or "").lower().replace(" ", "")
    return Standing(not asked.settled, review, moment(told.get("lastUpdateDateTime")))


def partner_agreement(cart: Cart, partner_id: str, asker_id: int | None) -> Question:
    """Whether the reseller on record has signed the Microsoft Partner Agreement (rule mpa)."""
    parameters = Parameters(query={"mpnId": partner_id})
    name = GET_PARTNER_AGREEMENT_STATUS.name
    return questions.ask(cart.connection, name, parameters, asker_id=asker_id)

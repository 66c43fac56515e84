"""Promotions: the documented ones, whom they are for, and why somebody does not get one (verify-promotion-eligibility).

A promotion counts per product and SKU. A term or billing that it is not for is no error of a purchase:
the list price applies.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.emulator.clock import iso
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, Account

SEGMENT = "commercial"


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """One promotion. ``needs`` are SKUs ("product:sku") of which the customer must own one; 0 is no limit."""

    id: str
    name: str
    sku: str
    duration: str
    cycle: str
    discount: str
    least: int = 0
    most: int = 0
    redemptions: int = 0
    first_only: bool = False
    needs: tuple[str, ...] = ()

    def json(self, anchor: datetime) -> JSON:
        """Return it as get-promotion-by-id shows it."""
        product, _, sku = self.sku.partition(":")
        start = (anchor - timedelta(days=60)).replace(hour=0)
        required: JSON = {
            "productId": product,
            "skuId": sku,
            "term": {"duration": self.duration, "billingCycle": self.cycle},
            "pricingPolicies": [{"policyType": "PercentDiscount", "value": self.discount}],
        }
        found: JSON = {
            "id": self.id,
            "name": self.name,
            "description": self.name,
            "startDate": iso(start),
            "endDate": iso(start + timedelta(days=240)),
            "properties": {"isAutoApplicable": True},
            "requiredProducts": [required],
        }
        limits = self._constraints()
        return found | ({"promotionConstraints": limits} if limits else {})

    def _constraints(self) -> JSON:
        found: JSON = {}
        if self.most:
            seats = {"minSeats": self.least, "maxSeats": self.most}
            found["seatConstraints"] = [{**seats, "type": "SubscriptionQuantity"}]
        if self.redemptions:
            limit = {"minAssets": 0, "maxAssets": self.redemptions}
            found["assetOwnershipLimits"] = [{**limit, "type": "LifetimeRedemptionCount"}]
        if self.first_only:
            found["eligibilityConstraints"] = [{"isApplicable": True, "type": "FirstPurchase"}]
        if self.needs:
            owned = [{"bigId": one.replace(":", "/")} for one in self.needs]
            found["productOwnershipConstraints"] = [owned]
        return found


PROMOTIONS: dict[str, Promotion] = {
    one.id: one
    for one in (
        Promotion(
            id="39NFJQT1PJQB:0001:39NFJQT1Q5KN",
            name="Visio Plan 1",
            sku="CFQ7TTC0HD33:0003",
            duration="P1Y",
            cycle="Annual",
            discount="0.05",
        ),
        Promotion(
            id="39NFJQT1PJQC:0001:39NFJQT1Q5KM",
            name="Visio Plan 1, billed monthly",
            sku="CFQ7TTC0HD33:0003",
            duration="P1Y",
            cycle="Monthly",
            discount="0.167",
        ),
        Promotion(
            id="39NFJQT1SNC7:0001:39NFJQT1Q5KM",
            name="Microsoft 365 F3 for owners of F1",
            sku="CFQ7TTC0LH05:0001",
            duration="P1Y",
            cycle="Annual",
            discount="0.5",
            least=10,
            most=100,
            redemptions=3,
            first_only=True,
            needs=("CFQ7TTC0MBMD:0002",),
        ),
        Promotion(
            id="39NFJQT1PM6C:0005:39NFJQT1Q5L7",
            name="Microsoft 365 Business Premium, 10 seats or more",
            sku="CFQ7TTC0LCHC:0002",
            duration="P1Y",
            cycle="Monthly",
            discount="0.15",
            least=10,
            most=300,
            redemptions=2,
        ),
    )
}


def of_market(country: str, segment: str) -> list[Promotion]:
    """Those in force for a segment. Raise ``Refusal`` without a segment."""
    if not country or not segment:
        raise Refusal(3000, "The country and the segment are required.")
    return list(PROMOTIONS.values()) if segment.lower() == SEGMENT else []


def find(promotion_id: str) -> Promotion:
    """One by its id. Raise ``Refusal`` (404)."""
    found = PROMOTIONS.get(promotion_id.upper())
    if found is None:
        raise Refusal(1000, "The promotion was not found.")
    return found


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """A line as far as promotions look at it."""

    sku: str
    quantity: int
    duration: str
    cycle: str

    def fits(self, one: Promotion) -> bool:
        """Whether term and billing are those of the promotion."""
        return (self.duration, self.cycle.lower()) == (one.duration, one.cycle.lower())


def problems(one: Promotion, purchase: Purchase, account: Account) -> list[JSON]:
    """Why this customer does not get it for this purchase; nothing where it does."""
    if one.sku != purchase.sku:
        return [_problem("InvalidPromotion", "The promotion is not for this product.")]
    owned = [item for item in account.subscriptions.values() if item.status != "deleted"]
    mine = [item for item in owned if _sku(item.item.offer_id) == one.sku]
    found = [] if purchase.fits(one) else [_problem("Term", "The term or billing does not fit.")]
    seats = purchase.quantity + sum(item.quantity for item in mine)
    if one.most and not (one.least <= seats and purchase.quantity <= one.most):
        limits = {"minimumRequiredSeats": one.least, "maximumRequiredSeats": one.most}
        told = "The quantity does not satisfy the seat requirements of the promotion."
        found.append(_problem("SeatCount", told) | limits | {"availableSeats": one.most})
    if one.first_only and mine:
        found.append(_problem("OfferPurchasedPreviously", "The offer was purchased before."))
    if one.needs and not {_sku(item.item.offer_id) for item in owned} & set(one.needs):
        found.append(_problem("PrerequisiteProductOwnership", "A product must be owned first."))
    used = sum(1 for item in owned if item.promotion_id == one.id)
    if one.redemptions and used >= one.redemptions:
        found.append(_problem("RedemptionLimit", "The promotion has been used up."))
    return found


def applied(purchase: Purchase, account: Account, *, again: bool = False) -> str:
    """The promotion that a purchase gets by itself, "" for none.

    ``again``: an earlier line of the same order buys the SKU, so it is no first purchase any more
    (rule promotion_order).
    """
    for one in PROMOTIONS.values():
        barred = again and one.first_only
        if one.sku == purchase.sku and not barred and not problems(one, purchase, account):
            return one.id
    return ""


def _sku(offer_id: str) -> str:
    return ":".join(offer_id.split(":")[:2])


def _problem(kind: str, description: str) -> JSON:
    return {"type": kind, "description": description}

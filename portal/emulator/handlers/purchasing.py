"""Promotions and who gets them, and the days on which a new subscription may end."""

from portal.emulator import alignment, carts, founding, promotions, render
from portal.emulator.carts import Buyer
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON
from portal.emulator.promotions import Purchase


@emulates("LIST_PROMOTIONS")
def list_promotions(call: Call) -> Answer:
    found = promotions.of_market(call.query.get("country", ""), call.query.get("segment", ""))
    return ok(render.collection([one.json(call.store.anchor) for one in found]))


@emulates("GET_PROMOTION")
def get_promotion(call: Call) -> Answer:
    return ok(promotions.find(call.params["promotion_id"]).json(call.store.anchor))


@emulates("VERIFY_PROMOTIONS")
def verify_promotions(call: Call) -> Answer:
    told = founding.lower(call.body).get("items")
    if not isinstance(told, list) or not told:
        raise Refusal(800002, "The items are required.")
    with call.store.lock:
        who = carts.buyer(call.store, call.params["customer_id"])
        items = [_verified(founding.lower(one), place, who) for place, one in enumerate(told)]
    return ok(render.collection(items))


def _verified(sent: JSON, place: int, who: Buyer) -> JSON:
    item_id, wanted = str(sent.get("catalogitemid") or ""), str(sent.get("promotionid") or "")
    purchase = Purchase(
        sku=":".join(item_id.upper().split(":")[:2]),
        quantity=int(sent.get("quantity") or 0),
        duration=str(sent.get("termduration") or "").upper(),
        cycle=str(sent.get("billingcycle") or "").lower(),
    )
    return {
        "id": place,
        "catalogItemId": item_id,
        "quantity": purchase.quantity,
        "billingCycle": purchase.cycle,
        "termDuration": purchase.duration,
        "eligibilities": _eligibilities(purchase, wanted, who),
        "attributes": {"objectType": "PromotionEligibilities"},
    }


def _eligibilities(purchase: Purchase, wanted: str, who: Buyer) -> list[JSON]:
    """The promotion asked for, or without one all of the product."""
    every = promotions.PROMOTIONS.values()
    found = [
        one for one in every if wanted.upper() == one.id or (not wanted and one.sku == purchase.sku)
    ]
    if not found:
        kind = "InvalidPromotion" if wanted else "NoPromotionsAvailable"
        error = {"type": kind, "description": "There is no such promotion for the item."}
        return [{"promotionId": wanted, "isEligible": False, "errors": [error]}]
    told = []
    for one in found:
        errors = promotions.problems(one, purchase, who.account)
        more: JSON = {"errors": errors} if errors else {}
        told.append({"promotionId": one.id, "isEligible": not errors, **more})
    return told


@emulates("LIST_TERM_END_DATES")
def term_end_dates(call: Call) -> Answer:
    term = call.query["term_duration"].upper()
    with call.store.lock:
        account = call.store.account(call.params["customer_id"])
        found = alignment.dates(account, term, call.store.clock.now())
    place = f"/customers/{account.customer.id}/subscriptions/customTermEndDates"
    own = render.link(f"{place}?term_duration={term}")
    return ok(render.collection(found, links={"self": own}))

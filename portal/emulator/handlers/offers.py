"""Legacy offers of a market: categories, the list, one, and its add-ons."""

from portal.emulator import offers, render, shelves
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON

LARGEST = 500


def _place(call: Call) -> tuple[str, str]:
    """The market and the language. Raise ``Refusal`` where one lacks (README trap 13)."""
    country = shelves.country_of(call.query)
    locale = call.request.headers.get("X-Locale", "")
    if not locale:
        raise Refusal(3000, "The header X-Locale is required.")
    return country, locale


@emulates("LIST_OFFER_CATEGORIES")
def list_categories(call: Call) -> Answer:
    place = _place(call)
    rows = offers.categories().values()
    return ok(render.collection([offers.category_json(row, *place) for row in rows]))


@emulates("LIST_OFFERS")
def list_offers(call: Call) -> Answer:
    place = _place(call)
    category = call.query.get("offer_category_id", "").lower()
    rows = [row for row in offers.offers().values() if category in {"", row["category"].lower()}]
    return _page(call, rows, place, "/offers")


@emulates("GET_OFFER")
def get_offer(call: Call) -> Answer:
    place = _place(call)
    return ok(offers.offer_json(offers.offer(call.params["offer_id"]), *place))


@emulates("LIST_ADDON_OFFERS")
def list_addons(call: Call) -> Answer:
    country = shelves.country_of(call.query)
    locale = call.request.headers.get("X-Locale", "en-US")
    offer_id = call.params["offer_id"]
    rows = offers.addons(offer_id)
    return _page(call, rows, (country, locale), f"/offers/{offer_id}/addons")


def _page(call: Call, rows: list[JSON], place: tuple[str, str], uri: str) -> Answer:
    size = call.size(default=LARGEST, largest=LARGEST)
    text = call.query.get("offset", "0")
    if not text.isascii() or not text.isdigit():
        raise Refusal(3000, "The offset must be a whole number.")
    start = int(text)
    own = f"{uri}?country={place[0]}&size={size}&offset="
    links = {"self": render.link(f"{own}{start}")}
    if start + size < len(rows):
        links["next"] = render.link(f"{own}{start + size}")
    items = [offers.offer_json(row, *place) for row in rows[start : start + size]]
    return ok(render.collection(items, links=links) | {"totalCount": len(rows)})

"""Legacy offers: the recorded ones of 2019, which every market here has, in every language in English."""

import csv
import json
from functools import cache
from typing import Any

from portal.emulator.catalogue import DATA
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON
from portal.emulator.render import link

PRODUCT_ID_LENGTH = 12


@cache
def categories() -> dict[str, JSON]:
    """Every category by id, in the order of their rank."""
    with (DATA / "offer-categories.csv").open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: int(row["rank"]))
    return {row["id"]: {**row, "rank": int(row["rank"])} for row in rows}


@cache
def offers() -> dict[str, JSON]:
    """Every offer by id in upper case."""
    rows: list[JSON] = json.loads((DATA / "offers.json").read_text(encoding="utf-8"))
    return {str(row["id"]).upper(): row for row in rows}


def offer(offer_id: str) -> JSON:
    """Return one. Raise ``Refusal``: 2100 for the id of a product, 1000 for one that nobody knows."""
    found = offers().get(offer_id.upper())
    if found is not None:
        return found
    if len(offer_id.partition(":")[0]) == PRODUCT_ID_LENGTH:
        raise Refusal(2100)
    raise Refusal(1000, "The offer was not found.")


def addons(offer_id: str) -> list[JSON]:
    """Return the offers that can be added to one."""
    own = str(offer(offer_id)["id"]).upper()
    return [
        row
        for row in offers().values()
        if own in {str(one).upper() for one in row["prerequisiteOffers"]}
    ]


def category_json(row: JSON, country: str, locale: str) -> JSON:
    """Return a category as its list shows it."""
    place: JSON = {"locale": locale, "country": country}
    return {**row, **place, "attributes": {"objectType": "OfferCategory"}}


def offer_json(row: JSON, country: str, locale: str) -> JSON:
    """Return an offer as get-an-offer-by-id shows it."""
    empty: dict[str, Any] = {"id": "", "name": "", "rank": 0}
    category = categories().get(row["category"], empty)
    return {
        **row,
        "locale": locale,
        "country": country,
        "uri": f"/Offers/{row['id']}",
        "category": category_json(category, country, locale),
        "links": {"self": link(f"/offers/{row['id']}?country={country}")},
        "attributes": {"objectType": "Offer"},
    }

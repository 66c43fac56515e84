"""The catalogue of a market: products, SKUs, availabilities, and what is in stock."""

from collections.abc import Iterator

from portal.emulator import founding, render, shelves
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON
from portal.emulator.render import link


def _collection(items: list[JSON], call: Call, path: str) -> Answer:
    query = call.request.query_string.decode("latin-1")
    return ok(render.collection(items, links={"self": link(f"{path}?{query}")}))


@emulates("LIST_PRODUCTS")
def list_products(call: Call) -> Answer:
    country = shelves.country_of(call.query)
    kinds = shelves.view_of(call.query)
    segment = shelves.segment_of(call.query, country)
    items = [
        one.json(country)
        for one in shelves.products().values()
        if one.kind in kinds and shelves.sold_in(one, country) and one.sold_to(segment)
    ]
    return _collection(items, call, "/products")


@emulates("GET_PRODUCT")
def get_product(call: Call) -> Answer:
    country = shelves.country_of(call.query)
    return ok(shelves.product(call.params["product_id"], country).json(country))


@emulates("LIST_SKUS")
def list_skus(call: Call) -> Answer:
    country = shelves.country_of(call.query)
    segment = shelves.segment_of(call.query, country)
    product = shelves.product(call.params["product_id"], country)
    items = [
        sku.json(country)
        for sku in product.skus.values()
        if shelves.sold_in(sku, country) and sku.sold_to(segment)
    ]
    return _collection(items, call, f"/products/{product.id}/skus")


def _sku(call: Call, country: str) -> shelves.Sku:
    return shelves.sku(call.params["product_id"], call.params["sku_id"], country)


@emulates("GET_SKU")
def get_sku(call: Call) -> Answer:
    country = shelves.country_of(call.query)
    return ok(_sku(call, country).json(country))


@emulates("LIST_AVAILABILITIES")
def list_availabilities(call: Call) -> Answer:
    country = shelves.country_of(call.query)
    segment = shelves.segment_of(call.query, country)
    sku = _sku(call, country)
    items = [
        sku.availability(one, country)
        for one in sku.availabilities.values()
        if shelves.fits(one.segment, segment)
    ]
    return _collection(items, call, f"/products/{sku.product.id}/skus/{sku.id}/availabilities")


@emulates("GET_AVAILABILITY")
def get_availability(call: Call) -> Answer:
    country = shelves.country_of(call.query)
    sku = _sku(call, country)
    found = sku.availabilities.get(call.params["availability_id"].upper())
    if found is None:
        raise Refusal(400019)
    return ok(sku.availability(found, country))


@emulates("CHECK_INVENTORY")
def check_inventory(call: Call) -> Answer:
    """A bare list; what the catalogue does not know is left out (check-inventory, notes)."""
    country = shelves.country_of(call.query)
    sent = founding.lower(call.body)
    targets = sent.get("targetitems")
    if not isinstance(targets, list) or not targets:
        raise Refusal(3000, "The target items are required.")
    context = founding.lower(sent.get("inventorycontext") or {})
    customer_id = str(context.get("customerid") or "")
    if customer_id:
        with call.store.lock:
            call.store.customer(customer_id)
    region = str(context.get("armregionname") or "").lower()
    return ok([_stock(sku, region) for sku in _meant(targets, country)])


def _meant(targets: list[object], country: str) -> Iterator[shelves.Sku]:
    for target in targets:
        wanted = founding.lower(target if isinstance(target, dict) else {})
        product = shelves.products().get(str(wanted.get("productid", "")).upper())
        if product is None or not shelves.sold_in(product, country):
            continue
        only = str(wanted.get("skuid") or "").upper()
        yield from (sku for sku in product.skus.values() if only in {"", sku.id})


def _stock(sku: shelves.Sku, region: str) -> JSON:
    """A reservation is for machines of its own region; asked for another, it is restricted."""
    own = str(sku.attributes.get("armRegionName", ""))
    restricted = bool(region and own and region != own)
    restriction = {
        "reasonCode": "NotAvailableForSubscription",
        "description": f"Restriction identified of type 'Location' with values '{region}'.",
        "properties": {"type": "Location", "values": region},
    }
    return {
        "productId": sku.product.id,
        "skuId": sku.id,
        "isRestricted": restricted,
        "restrictions": [restriction] if restricted else [],
    }

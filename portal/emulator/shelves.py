"""What a partner may buy in a market: products, their SKUs and availabilities, from the recorded catalogue.

Ids, terms and limits are recorded ones. The same goods stand in every market, in its currency; offers for
government customers in the United States only.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property

from portal.emulator.catalogue import DATA, availability_id, title_of
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON
from portal.emulator.render import link
from portal.reference.markets import countries, market

# What a caller may ask for; the last ones hold nothing here.
VIEWS: dict[str, frozenset[str]] = {
    "azure": frozenset({"Azure", "AzureReservation", "SavingsPlan"}),
    "azurereservations": frozenset({"AzureReservation"}),
    "azurereservationsvm": frozenset({"AzureReservation"}),
    "microsoftazure": frozenset({"Azure", "SavingsPlan"}),
    "onlineservices": frozenset({"OnlineServicesNCE"}),
    "software": frozenset({"SoftwareSubscription", "Perpetual"}),
    "softwaresubscriptions": frozenset({"SoftwareSubscription"}),
    "softwareperpetual": frozenset({"Perpetual"}),
    "marketplacesaas": frozenset({"SaaS"}),
    "azurereservationssql": frozenset(),
    "azurereservationscosmosdb": frozenset(),
    "softwaresuselinux": frozenset(),
}
# Known, but opened to invited partners only.
CLOSED_VIEW = "specializedoffers"
SEGMENTS = {
    "Commercial": "commercial",
    "Education": "education",
    "Government": "government",
    "Charity": "nonprofit",
}
# Without a segment everything is meant but this one (facts, segment_default).
NOT_BY_DEFAULT = "nonprofit"
GOVERNMENT_MARKETS = frozenset({"US"})

_TYPES: dict[str, tuple[str, str]] = {
    "OnlineServicesNCE": ("OnlineServicesNCE", ""),
    "Azure": ("Azure", "AzurePlan"),
    "AzureReservation": ("Azure", "VirtualMachines"),
    "SavingsPlan": ("Azure", "SavingsPlan"),
    "SoftwareSubscription": ("Software", "SoftwareSubscriptions"),
    "Perpetual": ("Software", "SoftwarePerpetual"),
    "SaaS": ("SaaS", ""),
}
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "$", "CHF": "CHF", "SEK": "kr"}
_PERIODS = {"P1M": "One-Month", "P1Y": "One-Year", "P3Y": "Three-Year"}
_LENGTHS = {"P1Y": "1year", "P3Y": "3years"}
_PACES = {"monthly": "monthly", "annual": "yearly", "triennial": "three-year"}
LEAST_COMMITMENT = "0.001"
"""What a savings plan takes by the hour at least."""
_REFUND = {"P1M": "P7D", "P1Y": "P7D", "P3Y": "P7D"}


@dataclass(frozen=True)
class Term:
    """One way to commit and to be billed."""

    key: str
    duration: str
    cycle: str

    def json(self) -> JSON:
        """Return it with the window in which the purchase can be taken back."""
        if not self.cycle:  # a savings plan's says nothing of billing
            return {"duration": self.duration, "description": _LENGTHS[self.duration]}
        period = _PERIODS.get(self.duration, self.duration)
        pace = _PACES.get(self.cycle.lower(), self.cycle.lower())
        refund = {"sequenceId": 0, "type": "Full", "expiresAfter": _REFUND.get(self.duration, "")}
        return {
            "id": hashlib.sha256(self.key.encode()).hexdigest()[:12],
            "duration": self.duration,
            "description": f"{period} commitment for {pace} billing",
            "billingCycle": self.cycle,
            "cancellationPolicies": [{"refundOptions": [refund]}],
        }


@dataclass
class Availability:
    """In which segment a SKU is sold, on which terms."""

    id: str
    segment: str
    terms: list[Term] = field(default_factory=list)


@dataclass
class Sku:
    """One SKU. ``prerequisites`` are "product:sku" of which the customer must own one."""

    id: str
    product: "Product"
    title: str
    smallest: int
    largest: int
    is_add_on: bool
    prerequisites: tuple[str, ...]
    licence_id: str
    cycles: list[str] = field(default_factory=list)
    availabilities: dict[str, Availability] = field(default_factory=dict)

    def sold_to(self, segment: str) -> bool:
        """Whether a segment may buy it; "" means all but nonprofit."""
        return any(fits(one.segment, segment) for one in self.availabilities.values())

    @property
    def is_attested(self) -> bool:
        """Whether a cart line must accept its terms (facts, cart_attestation)."""
        return self.title.startswith("Windows 365")

    @cached_property
    def attributes(self) -> JSON:
        """What the product's kind adds: a machine's size and place, or what an add-on needs."""
        if self.product.kind == "AzureReservation":
            return _machine(self.title)
        if self.product.kind == "SavingsPlan":
            years = "3years" if "3" in self.title.rpartition(",")[2] else "1year"
            return {"armSkuName": "Compute_Savings_Plan", "duration": years}
        found: JSON = {"isMicrosoftProduct": True, "hasConstraints": bool(self.prerequisites)}
        if self.is_add_on:
            found |= {"isAddon": True, "prerequisiteSkus": list(self.prerequisites)}
        if self.licence_id:
            found["provisioningId"] = self.licence_id
        return found

    def json(self, country: str) -> JSON:
        """Return it as get-a-sku-by-id shows it."""
        here = f"/products/{self.product.id}/skus/{self.id}"
        reserved = self.product.kind == "AzureReservation"
        agreed = ["MicrosoftCustomerAgreement"]
        attested = {"attestationType": "Windows365", "enforceAttestation": True}
        more: JSON = {"attestationProperties": attested} if self.is_attested else {}
        if self.product.kind == "SavingsPlan":
            more["minimumPurchaseCommitment"] = _least(country)
        return more | {
            "id": self.id,
            "productId": self.product.id,
            "title": self.title,
            "description": self.title,
            "minimumQuantity": self.smallest,
            "maximumQuantity": self.largest,
            "isTrial": False,
            "supportedBillingCycles": self.cycles,
            "purchasePrerequisites": (
                ["AzureSubscriptionRegistration", "InventoryCheck"] if reserved else agreed
            ),
            "inventoryVariables": ["CustomerId", "AzureSubscriptionId"] if reserved else [],
            "provisioningVariables": ["Scope", "SubscriptionId", "Duration"] if reserved else [],
            "dynamicAttributes": self.attributes,
            "links": {
                "availabilities": link(f"{here}/availabilities?country={country}"),
                "self": link(f"{here}?country={country}"),
            },
        }

    def availability(self, one: Availability, country: str) -> JSON:
        """Return one of its availabilities with product and SKU inside."""
        found = market(country)
        assert found is not None, "the country was checked"
        here = f"/products/{self.product.id}/skus/{self.id}/availabilities/{one.id}"
        currency = {"code": found.currency, "symbol": _SYMBOLS.get(found.currency, found.currency)}
        return {
            "id": one.id,
            "productId": self.product.id,
            "skuId": self.id,
            "catalogItemId": f"{self.product.id}:{self.id}:{one.id}",
            "defaultCurrency": currency,
            "segment": one.segment,
            "country": country,
            "isPurchasable": True,
            "isRenewable": self.product.kind in {"OnlineServicesNCE", "SoftwareSubscription"},
            "renewalInstructions": [],
            "terms": [term.json() for term in one.terms],
            "product": self.product.json(country),
            "sku": self.json(country),
            "links": {"self": link(f"{here}?country={country}")},
        }


@dataclass
class Product:
    """A product with its SKUs; ``kind`` is the recorded type, savings plans apart."""

    id: str
    title: str
    kind: str
    skus: dict[str, Sku] = field(default_factory=dict)

    def sold_to(self, segment: str) -> bool:
        """Whether a segment may buy any of it."""
        return any(sku.sold_to(segment) for sku in self.skus.values())

    def json(self, country: str) -> JSON:
        """Return it as get-a-product-by-id shows it."""
        kind, sub = _TYPES[self.kind]
        shown: JSON = {"id": kind, "displayName": kind}
        if sub:
            shown["subType"] = {"id": sub, "displayName": sub}
        microsoft = self.kind != "SaaS"
        return {
            "id": self.id,
            "title": self.title,
            "description": self.title,
            "productType": shown,
            "isMicrosoftProduct": microsoft,
            "publisherName": "Microsoft Corporation" if microsoft else self.title.split()[0],
            "links": {
                "skus": link(f"/products/{self.id}/skus?country={country}"),
                "self": link(f"/products/{self.id}?country={country}"),
            },
        }


def fits(own: str, asked: str) -> bool:
    """Whether something of a segment is meant by the segment asked for."""
    return own == asked if asked else own != NOT_BY_DEFAULT


@cache
def products() -> dict[str, Product]:
    """Every product by id, in the order of the records."""
    found: dict[str, Product] = {}
    for row in _rows():
        product = found.setdefault(
            row["product_id"], Product(row["product_id"], _product_title(row), _kind(row))
        )
        _add(product, row)
    return found


def _rows() -> Iterator[dict[str, str]]:
    with (DATA / "nce-catalog.csv").open(encoding="utf-8", newline="") as lines:
        # Without a SKU there is nothing that anybody could order; euro rows repeat those in dollars.
        usable = (row for row in csv.DictReader(lines) if row["sku_id"])
        yield from (row for row in usable if row["currency"] == "USD")


def _kind(row: dict[str, str]) -> str:
    return "SavingsPlan" if "savings plan" in row["product_title"] else row["product_type"]


def _product_title(row: dict[str, str]) -> str:
    title = row["product_title"]
    return title_of(row) if title.startswith("(") else title


def _add(product: Product, row: dict[str, str]) -> None:
    sku = product.skus.get(row["sku_id"]) or Sku(
        id=row["sku_id"],
        product=product,
        title=title_of(row),
        smallest=int(row["min_qty"] or 1),
        largest=int(row["max_qty"] or 10_000_000),
        is_add_on=row["is_addon"] == "true",
        prerequisites=tuple(row["prerequisite_product_ids"].split()),
        licence_id=row["provisioning_sku_id"],
    )
    product.skus[sku.id] = sku
    if product.kind == "SavingsPlan":
        _add_savings_plan(sku, row)
        return
    cycle = {"": "none", "OneTime": "one_time"}.get(row["billing_cycle"], row["billing_cycle"])
    cycle = "one_time" if product.kind == "AzureReservation" else cycle.lower()
    if cycle not in sku.cycles:
        sku.cycles.append(cycle)
    where = availability_id(row)
    one = sku.availabilities.setdefault(where, Availability(where, SEGMENTS[row["segment"]]))
    if not row["term"]:
        return
    named = {"one_time": "OneTime"}.get(cycle, cycle.capitalize())
    term = Term(f"{product.id}:{sku.id}:{row['term']}:{named}", row["term"], named)
    if term not in one.terms:
        one.terms.append(term)


def _add_savings_plan(sku: Sku, row: dict[str, str]) -> None:
    """Its SKU says how it is billed, its terms only how long they are (azure-purchase-savings-plan)."""
    sku.cycles = ["one_time", "monthly"]
    where = availability_id(row)
    one = Availability(where, SEGMENTS[row["segment"]])
    one.terms.append(Term(f"{sku.product.id}:{sku.id}:{row['term']}", row["term"], ""))
    sku.availabilities[where] = one


def _least(country: str) -> JSON:
    found = market(country)
    code = found.currency if found else "USD"
    currency = {"code": code, "symbol": _SYMBOLS.get(code, code)}
    return {"grain": "Hourly", "currencyCode": currency, "amount": LEAST_COMMITMENT}


def _machine(title: str) -> JSON:
    """Read "Reserved VM Instance, Standard_D5 v2, US West 2, 1 Year"."""
    _what, size, region, years = (part.strip() for part in title.split(","))
    land, *rest = region.split()
    digits = "".join(word for word in rest if word.isdigit())
    places = "".join(word.lower() for word in rest if not word.isdigit())
    return {
        "armSkuName": size.replace(" ", "_"),
        "armRegionName": f"{places}{land.lower()}{digits}",
        "region": region,
        "duration": years.replace(" ", ""),
    }


# --- what a call may ask for ---------------------------------------------------------------------


def country_of(query: dict[str, str]) -> str:
    """Return the market asked for. Raise ``Refusal`` for none, an unknown one, or one without CSP."""
    code = query.get("country", "").strip().upper()
    if not code:
        raise Refusal(3000, "The country is required.")
    if code not in countries():
        raise Refusal(3000, f"The country {code} is not known.")
    if market(code) is None:
        raise Refusal(2030)
    return code


def segment_of(query: dict[str, str], country: str) -> str:
    """Return the segment asked for, "" for none. Raise ``Refusal`` for one that is not sold to here."""
    segment = query.get("targetsegment", "").strip().lower()
    if segment and segment not in SEGMENTS.values():
        raise Refusal(3000, f"The target segment {segment} is not known.")
    if segment == "government" and country not in GOVERNMENT_MARKETS:
        raise Refusal(400030)
    return segment


def view_of(query: dict[str, str]) -> frozenset[str]:
    """Return the kinds of product that a view holds. Raise ``Refusal``."""
    view = query.get("targetview", "").strip().lower()
    if not view:
        raise Refusal(3000, "The target view is required.")
    if view == CLOSED_VIEW:
        raise Refusal(400036)
    if view not in VIEWS:
        raise Refusal(3000, f"The target view {view} is not known.")
    return VIEWS[view]


def product(product_id: str, country: str) -> Product:
    """Return one that is sold in a market. Raise ``Refusal`` (404, 400013)."""
    found = products().get(product_id.upper())
    if found is None or not sold_in(found, country):
        raise Refusal(400013)
    return found


def sold_in(one: Product | Sku, country: str) -> bool:
    """Whether somebody in this market may buy it: what is for government alone only in some."""
    segments = set(SEGMENTS.values()) - {"government"}
    if country in GOVERNMENT_MARKETS:
        segments.add("government")
    return any(one.sold_to(segment) for segment in segments)


def sku(product_id: str, sku_id: str, country: str) -> Sku:
    """Return one SKU. Raise ``Refusal`` (404, 400013 or 400018)."""
    found = product(product_id, country).skus.get(sku_id.upper())
    if found is None or not sold_in(found, country):
        raise Refusal(400018)
    return found

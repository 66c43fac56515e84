"""Customers: the list with its filters and pages, one customer, its company profile."""

from portal.emulator import paging, render
from portal.emulator.context import Answer, Call, encoded, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates, tells_apart
from portal.emulator.model import JSON, Customer

LISTS = ("LIST_CUSTOMERS", "SEARCH_CUSTOMERS", "LIST_CUSTOMERS_OF_RESELLER")
PAGE = 500
_RESELLER_FIELDS = {"indirectreseller", "indirectcloudsolutionprovider"}


@tells_apart(*LISTS)
def which_list(call: Call) -> str:
    if "filter" not in call.query:
        return "LIST_CUSTOMERS"
    try:
        content = call.filter or {}
    except Refusal:
        return "SEARCH_CUSTOMERS"
    by_reseller = str(content.get("field", "")).lower() in _RESELLER_FIELDS
    return "LIST_CUSTOMERS_OF_RESELLER" if by_reseller else "SEARCH_CUSTOMERS"


@emulates(*LISTS)
def list_customers(call: Call) -> Answer:
    size = call.size(default=PAGE, largest=PAGE)
    start = paging.continuation(call, "customers") or 0
    condition = call.filter
    with call.store.lock:
        key = (start, size)
        cached = call.store.pages.get(key) if condition is None else None
        if cached is None:
            cached = _page(call, condition, start, size)
            if condition is None:
                call.store.pages[key] = cached
    return encoded(cached)


def _page(call: Call, condition: JSON | None, start: int, size: int) -> bytes:
    """Encode a page of the customers from index ``start`` on that meet the condition."""
    found = [
        customer
        for customer in call.store.customers.values()
        if customer.index >= start and _meets(customer, condition)
    ]
    page, more = found[:size], found[size:]
    links = paging.links(call, "customers", "/customers", more[0].index if more else None)
    return render.encode(render.collection([render.customer(item) for item in page], **links))


def _meets(customer: Customer, condition: JSON | None) -> bool:
    if condition is None:
        return True
    if str(condition.get("operator", "")).lower() != "starts_with":
        raise Refusal(3000, "Only the operator starts_with is valid for customers.")
    value = str(condition.get("value", "")).lower()
    match str(condition.get("field", "")).lower():
        case "companyname":
            return customer.name.lower().startswith(value)
        case "domain":
            return customer.domain.lower().startswith(value)
        case "indirectreseller" | "indirectcloudsolutionprovider":
            return any(reseller.id == value for reseller in customer.resellers)
        case _:
            raise Refusal(3000, "The filter field is not valid for customers.")


@emulates("GET_CUSTOMER")
def get_customer(call: Call) -> Answer:
    customer = call.store.customer(call.params["customer_id"])
    return ok(render.customer_detail(customer, call.store.profile(customer)))


@emulates("GET_CUSTOMER_COMPANY_PROFILE")
def get_company_profile(call: Call) -> Answer:
    customer = call.store.customer(call.params["customer_id"])
    return ok(render.company_profile(customer, call.store.profile(customer)))

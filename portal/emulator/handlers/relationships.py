"""Indirect resellers: all of the provider's, and those of one customer."""

from portal.emulator import render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates


@emulates("LIST_RELATIONSHIPS")
def list_relationships(call: Call) -> Answer:
    """Answer for a provider; asked as what a reseller would be, the list is empty."""
    kind = call.query.get("relationship_type", "").replace("_", "").lower()
    match kind:
        case "isindirectcloudsolutionproviderof":
            items = [render.reseller(item) for item in call.store.resellers]
        case "isindirectresellerof":
            items = []
        case "":
            raise Refusal(3000, "The query parameter relationship_type is required.")
        case _:
            raise Refusal(3000, "The relationship_type is not known.")
    return ok(render.collection(items))


@emulates("LIST_RESELLERS_OF_CUSTOMER")
def list_resellers_of_customer(call: Call) -> Answer:
    customer = call.store.customer(call.params["customer_id"])
    items = [render.reseller(item, of_customer=True) for item in customer.resellers]
    return ok(render.collection(items))

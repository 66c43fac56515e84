"""Indirect resellers: whose customers are whose."""

from portal.partnercenter.operations.shared import PUBLIC_ONLY, USER
from portal.partnercenter.resources.customers import CustomerCollection
from portal.partnercenter.resources.relationships import PartnerRelationshipCollection
from portal.partnercenter.spec import Effect, Method, Operation, Paging, Query, Throttle

LIST_RELATIONSHIPS = Operation(
    name="LIST_RELATIONSHIPS",
    method=Method.GET,
    path="/v1/relationships",
    scenario="retrieve-a-list-of-indirect-resellers",
    returns=PartnerRelationshipCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="relationship_type", required=True),),
    clouds=PUBLIC_ONLY,
)

LIST_RESELLERS_OF_CUSTOMER = Operation(
    name="LIST_RESELLERS_OF_CUSTOMER",
    method=Method.GET,
    path="/v1/customers/{customer_id}/relationships",
    scenario="get-indirect-resellers-of-a-customer",
    returns=PartnerRelationshipCollection,
    effect=Effect.READ,
    auth=USER,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

LIST_CUSTOMERS_OF_RESELLER = Operation(
    name="LIST_CUSTOMERS_OF_RESELLER",
    method=Method.GET,
    path="/v1/customers",
    scenario="get-customers-of-an-indirect-reseller",
    returns=CustomerCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="size"), Query(name="filter", required=True)),
    paging=Paging.CONTINUATION,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

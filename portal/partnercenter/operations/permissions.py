"""Granular delegated admin privileges: calls of Microsoft Graph, with a token of its own (facts gdap)."""

from portal.partnercenter.operations.shared import USER
from portal.partnercenter.resources.common import JsonObject
from portal.partnercenter.resources.permissions import (
    AdminRelationship,
    AdminRelationshipCollection,
    AdminRelationshipRequest,
)
from portal.partnercenter.spec import Cloud, Effect, Host, Method, Operation, Paging, Query

CLOUDS = frozenset({Cloud.PUBLIC, Cloud.US_GOV})
GAPS: dict[str, str] = {Cloud.CHINA: "no delegated admin relationships on Graph"}

# Of the whole partner, customer by customer or not: there is one list.
LIST_ADMIN_RELATIONSHIPS = Operation(
    name="LIST_ADMIN_RELATIONSHIPS",
    method=Method.GET,
    path="/v1.0/tenantRelationships/delegatedAdminRelationships",
    scenario="tenantrelationship-list-delegatedadminrelationships",
    returns=AdminRelationshipCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="$top"),),
    headers=("client-request-id",),
    paging=Paging.NEXT_LINK,
    host=Host.GRAPH,
    clouds=CLOUDS,
    national_gaps=GAPS,
)

GET_ADMIN_RELATIONSHIP = Operation(
    name="GET_ADMIN_RELATIONSHIP",
    method=Method.GET,
    path="/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship_id}",
    scenario="delegatedadminrelationship-get",
    returns=AdminRelationship,
    effect=Effect.READ,
    auth=USER,
    headers=("client-request-id",),
    host=Host.GRAPH,
    clouds=CLOUDS,
    national_gaps=GAPS,
)

CREATE_ADMIN_RELATIONSHIP = Operation(
    name="CREATE_ADMIN_RELATIONSHIP",
    method=Method.POST,
    path="/v1.0/tenantRelationships/delegatedAdminRelationships",
    scenario="tenantrelationship-post-delegatedadminrelationships",
    returns=AdminRelationship,
    effect=Effect.WRITE,
    auth=USER,
    headers=("client-request-id",),
    body=AdminRelationship,
    host=Host.GRAPH,
    clouds=CLOUDS,
    success=(201,),
    national_gaps=GAPS,
)

# ``lockForApproval`` makes the customer's approval possible, ``terminate`` ends an active one.
REQUEST_ADMIN_RELATIONSHIP = Operation(
    name="REQUEST_ADMIN_RELATIONSHIP",
    method=Method.POST,
    path="/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship_id}/requests",
    scenario="delegatedadminrelationship-post-requests",
    returns=AdminRelationshipRequest,
    effect=Effect.WRITE,
    auth=USER,
    headers=("client-request-id",),
    body=JsonObject,
    host=Host.GRAPH,
    clouds=CLOUDS,
    success=(201,),
    national_gaps=GAPS,
)

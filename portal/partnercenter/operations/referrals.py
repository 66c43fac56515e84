"""Referrals: another host, OData manners, App+User only."""

from portal.partnercenter.operations.shared import PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonObject
from portal.partnercenter.spec import Effect, Host, Method, Operation, Paging, Query

LIST_REFERRALS = Operation(
    name="LIST_REFERRALS",
    method=Method.GET,
    path="/v1.0/engagements/referrals",
    scenario="get-a-list-of-referrals",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="$filter"), Query(name="$orderby"), Query(name="$top")),
    headers=("client-request-id",),
    paging=Paging.NEXT_LINK,
    host=Host.REFERRALS,
    clouds=PUBLIC_ONLY,
)

GET_REFERRAL = Operation(
    name="GET_REFERRAL",
    method=Method.GET,
    path="/v1.0/engagements/referrals/{referral_id}",
    scenario="get-a-referral-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    headers=("client-request-id",),
    host=Host.REFERRALS,
    clouds=PUBLIC_ONLY,
)

# The page prints no status.
CREATE_REFERRAL = Operation(
    name="CREATE_REFERRAL",
    method=Method.POST,
    path="/v1.0/engagements/referrals",
    scenario="create-a-referral",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    headers=("client-request-id",),
    body=JsonObject,
    host=Host.REFERRALS,
    clouds=PUBLIC_ONLY,
    success=(200, 201),
)

UPDATE_REFERRAL = Operation(
    name="UPDATE_REFERRAL",
    method=Method.PUT,
    path="/v1.0/engagements/referrals/{referral_id}",
    scenario="update-a-referral",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    headers=("client-request-id",),
    body=JsonObject,
    host=Host.REFERRALS,
    clouds=PUBLIC_ONLY,
    etag=True,
)

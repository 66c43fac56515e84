"""Price sheets: CSV on the host of referrals, with a token of that host's own."""

from portal.partnercenter.operations.shared import PUBLIC_ONLY, USER
from portal.partnercenter.spec import Effect, Host, Method, Operation, Query

# The page shows a user's token; whether the host takes an application's own is not documented.
GET_PRICE_SHEET = Operation(
    name="GET_PRICE_SHEET",
    method=Method.GET,
    path="/v1.0/sales/pricesheets(Market='{market}',PricesheetView='{view}')/$value",
    scenario="get-a-price-sheet",
    returns=bytes,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="timeline"), Query(name="month")),
    headers=("client-request-id",),
    host=Host.SALES,
    clouds=PUBLIC_ONLY,
)

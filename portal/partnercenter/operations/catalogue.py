"""What can be bought in a market: legacy offers, new-commerce products, inventory."""

from portal.partnercenter.operations.shared import PUBLIC_ONLY
from portal.partnercenter.resources.common import JsonArray, JsonCollection, JsonObject
from portal.partnercenter.spec import Effect, Method, Operation, Paging, Query

LIST_OFFER_CATEGORIES = Operation(
    name="LIST_OFFER_CATEGORIES",
    method=Method.GET,
    path="/v1/offercategories",
    scenario="get-a-list-of-offer-categories-by-country-and-locale",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="country", required=True),),
    headers=("X-Locale",),
)

LIST_OFFERS = Operation(
    name="LIST_OFFERS",
    method=Method.GET,
    path="/v1/offers",
    scenario="get-a-list-of-offers-for-a-market",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(
        Query(name="country", required=True),
        Query(name="offset"),
        Query(name="size"),
        Query(name="offer_category_id"),
    ),
    headers=("X-Locale",),
    paging=Paging.OFFSET,
)

GET_OFFER = Operation(
    name="GET_OFFER",
    method=Method.GET,
    path="/v1/offers/{offer_id}",
    scenario="get-an-offer-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    query=(Query(name="country", required=True),),
    headers=("X-Locale",),
)

LIST_ADDON_OFFERS = Operation(
    name="LIST_ADDON_OFFERS",
    method=Method.GET,
    path="/v1/offers/{offer_id}/addons",
    scenario="get-addon-offers-by-offer-id",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="country", required=True), Query(name="offset"), Query(name="size")),
    paging=Paging.OFFSET,
)

LIST_PRODUCTS = Operation(
    name="LIST_PRODUCTS",
    method=Method.GET,
    path="/v1/products",
    scenario="get-a-list-of-products",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(
        Query(name="country", required=True),
        Query(name="targetView", required=True),
        Query(name="targetSegment"),
        Query(name="reservationScope"),
    ),
)

GET_PRODUCT = Operation(
    name="GET_PRODUCT",
    method=Method.GET,
    path="/v1/products/{product_id}",
    scenario="get-a-product-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    query=(Query(name="country", required=True), Query(name="reservationScope")),
    clouds=PUBLIC_ONLY,
)

LIST_SKUS = Operation(
    name="LIST_SKUS",
    method=Method.GET,
    path="/v1/products/{product_id}/skus",
    scenario="get-a-list-of-skus-for-a-product",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(
        Query(name="country", required=True),
        Query(name="targetSegment"),
        Query(name="reservationScope"),
    ),
    clouds=PUBLIC_ONLY,
)

GET_SKU = Operation(
    name="GET_SKU",
    method=Method.GET,
    path="/v1/products/{product_id}/skus/{sku_id}",
    scenario="get-a-sku-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    query=(Query(name="country", required=True), Query(name="reservationScope")),
    clouds=PUBLIC_ONLY,
)

GET_AVAILABILITY = Operation(
    name="GET_AVAILABILITY",
    method=Method.GET,
    path="/v1/products/{product_id}/skus/{sku_id}/availabilities/{availability_id}",
    scenario="get-an-availability-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    query=(Query(name="country", required=True),),
    clouds=PUBLIC_ONLY,
)

CHECK_INVENTORY = Operation(
    name="CHECK_INVENTORY",
    method=Method.POST,
    path="/v1/extensions/product/checkInventory",
    scenario="check-inventory",
    returns=JsonArray,
    effect=Effect.READ,
    query=(Query(name="country", required=True),),
    body=JsonObject,
    clouds=PUBLIC_ONLY,
)

"""Invoices, their documents and their lines."""

from portal.partnercenter.operations.shared import PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.spec import Cloud, Effect, Method, Operation, Paging, Query

LIST_INVOICES = Operation(
    name="LIST_INVOICES",
    method=Method.GET,
    path="/v1/invoices",
    scenario="get-a-collection-of-invoices",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="size"), Query(name="offset"), Query(name="filter")),
    paging=Paging.OFFSET,
)

GET_INVOICE = Operation(
    name="GET_INVOICE",
    method=Method.GET,
    path="/v1/invoices/{invoice_id}",
    scenario="get-invoice-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
)

LIST_INVOICE_SUMMARIES = Operation(
    name="LIST_INVOICE_SUMMARIES",
    method=Method.GET,
    path="/v1/invoices/summaries",
    scenario="get-invoice-summaries",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
)

GET_ACCOUNT_BALANCE = Operation(
    name="GET_ACCOUNT_BALANCE",
    method=Method.GET,
    path="/v1/invoices/summary",
    scenario="get-the-reseller-s-current-account-balance",
    returns=JsonObject,
    effect=Effect.READ,
)

GET_INVOICE_STATEMENT = Operation(
    name="GET_INVOICE_STATEMENT",
    method=Method.GET,
    path="/v1/invoices/{invoice_id}/documents/statement",
    scenario="get-invoice-statement",
    returns=bytes,
    effect=Effect.READ,
    auth=USER,
)

GET_RECEIPT_STATEMENT = Operation(
    name="GET_RECEIPT_STATEMENT",
    method=Method.GET,
    path="/v1/invoices/{invoice_id}/receipts/{receipt_id}/documents/statement",
    scenario="get-invoice-receipt-statement",
    returns=bytes,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

LIST_ESTIMATE_LINKS = Operation(
    name="LIST_ESTIMATE_LINKS",
    method=Method.GET,
    path="/v1/invoices/estimates/links",
    scenario="get-invoice-estimate-links",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="currencycode", required=True),),
)

# New commerce and one-time charges.
LIST_INVOICE_LINES = Operation(
    name="LIST_INVOICE_LINES",
    method=Method.GET,
    path="/v1/invoices/{invoice_id}/lineitems",
    scenario="get-invoiceline-items",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(
        Query(name="provider", required=True, constant="onetime"),
        Query(name="invoicelineitemtype", required=True, constant="billinglineitems"),
        Query(name="size"),
        Query(name="hasPartnerEarnedCredit"),
    ),
    paging=Paging.CONTINUATION,
)

# Providers office and azure.
LIST_LEGACY_INVOICE_LINES = Operation(
    name="LIST_LEGACY_INVOICE_LINES",
    method=Method.GET,
    path="/v1/invoices/{invoice_id}/lineitems",
    scenario="get-invoiceline-items",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(
        Query(name="provider", required=True),
        Query(name="invoicelineitemtype", required=True),
        Query(name="size"),
        Query(name="offset"),
        Query(name="hasPartnerEarnedCredit"),
    ),
    paging=Paging.OFFSET,
)

# The invoice id of the page is always the word "unbilled".
LIST_UNBILLED_LINES = Operation(
    name="LIST_UNBILLED_LINES",
    method=Method.GET,
    path="/v1/invoices/unbilled/lineitems",
    scenario="get-invoice-unbilled-recon-lineitems",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(
        Query(name="provider", required=True, constant="onetime"),
        Query(name="invoicelineitemtype", required=True, constant="billinglineitems"),
        Query(name="currencycode", required=True),
        Query(name="period", required=True),
        Query(name="hasPartnerEarnedCredit"),
        Query(name="size"),
    ),
    paging=Paging.CONTINUATION,
    retired="2026-03-15",
)

LIST_BILLED_USAGE = Operation(
    name="LIST_BILLED_USAGE",
    method=Method.GET,
    path="/v1/invoices/{invoice_id}/lineitems",
    scenario="get-invoice-billed-consumption-lineitems",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(
        Query(name="provider", required=True),
        Query(name="invoicelineitemtype", required=True, constant="usagelineitems"),
        Query(name="currencycode", required=True),
        Query(name="period", required=True),
        Query(name="size"),
    ),
    paging=Paging.CONTINUATION,
    clouds=PUBLIC_ONLY,
    retired="2025-01-21",
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

LIST_UNBILLED_USAGE = Operation(
    name="LIST_UNBILLED_USAGE",
    method=Method.GET,
    path="/v1/invoices/unbilled/lineitems",
    scenario="get-invoice-unbilled-consumption-lineitems",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(
        Query(name="provider", required=True, constant="onetime"),
        Query(name="invoicelineitemtype", required=True, constant="usagelineitems"),
        Query(name="currencycode", required=True),
        Query(name="period", required=True),
        Query(name="size"),
    ),
    paging=Paging.CONTINUATION,
    clouds=PUBLIC_ONLY,
    retired="2025-01-21",
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

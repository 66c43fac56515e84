"""Customer agreements, and the qualification that opens education and government offers."""

from portal.partnercenter.operations.shared import PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonArray, JsonCollection, JsonObject
from portal.partnercenter.spec import Effect, Method, Operation, Query, Throttle

CONFIRM_CONSENT = Operation(
    name="CONFIRM_CONSENT",
    method=Method.POST,
    path="/v1/customers/{customer_id}/agreements",
    scenario="confirm-customer-consent",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
    success=(201,),
)

LIST_AGREEMENT_TEMPLATES = Operation(
    name="LIST_AGREEMENT_TEMPLATES",
    method=Method.GET,
    path="/v1/agreements",
    scenario="get-agreement-metadata",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="agreementType"),),
    clouds=PUBLIC_ONLY,
)

LIST_CONSENTS = Operation(
    name="LIST_CONSENTS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/agreements",
    scenario="get-confirmation-of-customer-consent",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="agreementType"),),
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

LIST_VALIDATION_CODES = Operation(
    name="LIST_VALIDATION_CODES",
    method=Method.GET,
    path="/v1/customers/all/validations",
    scenario="get-a-partner-s-validation-codes",
    returns=JsonArray,
    effect=Effect.READ,
    clouds=PUBLIC_ONLY,
)

# Today's form: the singular page was withdrawn in February 2021.
LIST_QUALIFICATIONS = Operation(
    name="LIST_QUALIFICATIONS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/qualifications",
    scenario="get-a-customer-s-qualification",
    returns=JsonArray,
    effect=Effect.READ,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

GET_QUALIFICATION = Operation(
    name="GET_QUALIFICATION",
    method=Method.GET,
    path="/v1/customers/{customer_id}/qualification",
    scenario="get-a-customer-s-qualification",
    returns=str,
    effect=Effect.READ,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
    retired="2021-02",
)

ADD_QUALIFICATION = Operation(
    name="ADD_QUALIFICATION",
    method=Method.POST,
    path="/v1/customers/{customer_id}/qualifications",
    scenario="update-a-customer-s-qualification",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    query=(Query(name="code"),),
    body=JsonObject,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
    success=(201,),
)

SET_QUALIFICATION = Operation(
    name="SET_QUALIFICATION",
    method=Method.PUT,
    path="/v1/customers/{customer_id}/qualification",
    scenario="update-a-customer-s-qualification",
    returns=str,
    effect=Effect.WRITE,
    auth=USER,
    query=(Query(name="code"),),
    body=int,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
    retired="2021-02",
)

"""Service requests."""

from portal.partnercenter.operations.shared import NOT_CHINA, USER
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.spec import Cloud, Effect, Method, Operation, Paging, Query

LIST_SERVICE_REQUESTS_OF_CUSTOMER = Operation(
    name="LIST_SERVICE_REQUESTS_OF_CUSTOMER",
    method=Method.GET,
    path="/v1/customers/{customer_id}/servicerequests",
    scenario="get-all-service-requests-for-a-customer",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="filter"), Query(name="offset"), Query(name="size")),
    paging=Paging.OFFSET,
    clouds=NOT_CHINA,
    national_gaps={Cloud.CHINA: "no service requests"},
)

GET_SERVICE_REQUEST = Operation(
    name="GET_SERVICE_REQUEST",
    method=Method.GET,
    path="/v1/servicerequests/{service_request_id}",
    scenario="get-service-request-details-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    clouds=NOT_CHINA,
    national_gaps={Cloud.CHINA: "no service requests"},
)

UPDATE_SERVICE_REQUEST = Operation(
    name="UPDATE_SERVICE_REQUEST",
    method=Method.PATCH,
    path="/v1/servicerequests/{service_request_id}",
    scenario="update-a-service-request",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=NOT_CHINA,
    national_gaps={Cloud.CHINA: "no service requests"},
)

CREATE_SERVICE_REQUEST = Operation(
    name="CREATE_SERVICE_REQUEST",
    method=Method.POST,
    path="/v1/servicerequests/{agent_locale}",
    scenario="create-a-service-request-",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=NOT_CHINA,
    success=(201,),
    retired="2020-08-31",
    national_gaps={Cloud.CHINA: "no service requests"},
)

LIST_SUPPORT_TOPICS = Operation(
    name="LIST_SUPPORT_TOPICS",
    method=Method.GET,
    path="/v1/servicerequests/supporttopics",
    scenario="get-service-request-support-topics--pending-",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=NOT_CHINA,
    retired="2020-08-31",
    national_gaps={Cloud.CHINA: "no service requests"},
)

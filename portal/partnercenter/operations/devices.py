"""Device deployment: batches, devices and their configuration policies."""

from portal.partnercenter.operations.shared import PUBLIC_GERMANY, USER
from portal.partnercenter.resources.common import JsonArray, JsonCollection, JsonObject
from portal.partnercenter.spec import Effect, Method, Operation, Paging

LIST_DEVICE_BATCHES = Operation(
    name="LIST_DEVICE_BATCHES",
    method=Method.GET,
    path="/v1/customers/{customer_id}/deviceBatches",
    scenario="get-the-list-of-device-batches-for-the-specified-customer",
    returns=JsonCollection,
    effect=Effect.READ,
    clouds=PUBLIC_GERMANY,
)

LIST_DEVICES = Operation(
    name="LIST_DEVICES",
    method=Method.GET,
    path="/v1/customers/{customer_id}/deviceBatches/{device_batch_id}/devices",
    scenario="get-a-list-of-devices-for-the-specified-batch-and-customer",
    returns=JsonCollection,
    effect=Effect.READ,
    paging=Paging.HEADER,
    clouds=PUBLIC_GERMANY,
)

CREATE_DEVICE_BATCH = Operation(
    name="CREATE_DEVICE_BATCH",
    method=Method.POST,
    path="/v1/customers/{customer_id}/deviceBatches",
    scenario="upload-a-list-of-devices-to-create-a-new-batch-for-the-specified-customer",
    returns=type(None),
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=PUBLIC_GERMANY,
    success=(202,),
)

UPLOAD_DEVICES = Operation(
    name="UPLOAD_DEVICES",
    method=Method.POST,
    path="/v1/customers/{customer_id}/deviceBatches/{device_batch_id}/devices",
    scenario="upload-a-list-of-devices-for-the-specified-customer",
    returns=type(None),
    effect=Effect.WRITE,
    body=JsonArray,
    clouds=PUBLIC_GERMANY,
    success=(202,),
)

GET_BATCH_STATUS = Operation(
    name="GET_BATCH_STATUS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/batchJobStatus/{batch_tracking_id}",
    scenario="get-the-status-of-a-device-batch-upload",
    returns=JsonObject,
    effect=Effect.READ,
    clouds=PUBLIC_GERMANY,
)

DELETE_DEVICE = Operation(
    name="DELETE_DEVICE",
    method=Method.DELETE,
    path="/v1/customers/{customer_id}/deviceBatches/{device_batch_id}/devices/{device_id}",
    scenario="delete-a-device-for-the-specified-customer",
    returns=type(None),
    effect=Effect.WRITE,
    clouds=PUBLIC_GERMANY,
    success=(204,),
)

LIST_POLICIES = Operation(
    name="LIST_POLICIES",
    method=Method.GET,
    path="/v1/customers/{customer_id}/policies",
    scenario="get-a-list-of-a-customer-s-policies",
    returns=JsonCollection,
    effect=Effect.READ,
    clouds=PUBLIC_GERMANY,
)

GET_POLICY = Operation(
    name="GET_POLICY",
    method=Method.GET,
    path="/v1/customers/{customer_id}/policies/{policy_id}",
    scenario="retrieve-a-customer-s-configuration-policy",
    returns=JsonObject,
    effect=Effect.READ,
    clouds=PUBLIC_GERMANY,
)

CREATE_POLICY = Operation(
    name="CREATE_POLICY",
    method=Method.POST,
    path="/v1/customers/{customer_id}/policies",
    scenario="create-a-new-configuration-policy-for-the-specified-customer",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    clouds=PUBLIC_GERMANY,
)

UPDATE_POLICY = Operation(
    name="UPDATE_POLICY",
    method=Method.PUT,
    path="/v1/customers/{customer_id}/policies/{policy_id}",
    scenario="update-a-configuration-policy-for-the-specified-customer",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    clouds=PUBLIC_GERMANY,
)

DELETE_POLICY = Operation(
    name="DELETE_POLICY",
    method=Method.DELETE,
    path="/v1/customers/{customer_id}/policies/{policy_id}",
    scenario="delete-a-configuration-policy-for-the-specified-customer",
    returns=type(None),
    effect=Effect.WRITE,
    clouds=PUBLIC_GERMANY,
    success=(204,),
)

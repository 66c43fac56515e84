"""The record of who did what in Partner Center: at most 90 days back, 30 unless asked."""

from portal.partnercenter.operations.shared import NOT_CHINA
from portal.partnercenter.resources.audit import AuditRecordCollection
from portal.partnercenter.spec import Effect, Method, Operation, Paging, Query

LIST_AUDIT_RECORDS = Operation(
    name="LIST_AUDIT_RECORDS",
    method=Method.GET,
    path="/v1/auditrecords",
    scenario="get-a-record-of-partner-center-activity-by-user",
    returns=AuditRecordCollection,
    effect=Effect.READ,
    query=(
        Query(name="startDate"),
        Query(name="endDate"),
        Query(name="filter"),
        Query(name="size"),
    ),
    paging=Paging.CONTINUATION,
    clouds=NOT_CHINA,
)

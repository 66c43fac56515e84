"""Audit records, newest first, a page at a time."""

from portal.emulator import audit, paging, render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.handlers.registry import emulates

LARGEST = 500


@emulates("LIST_AUDIT_RECORDS")
def list_audit_records(call: Call) -> Answer:
    start, end = audit.parse_range(
        call.query.get("startdate"), call.query.get("enddate"), call.store.clock.now()
    )
    query = audit.Query(start, end, *audit.parse_filter(call.filter))
    size = call.size(default=audit.DEFAULT_SIZE, largest=LARGEST)
    before = paging.continuation(call, "auditrecords")
    with call.store.lock:
        call.store.permissions.settle()
        records, next_before = call.store.audit.page(query, size, before)
    links = paging.links(call, "auditrecords", "/auditrecords", next_before)
    return ok(render.collection(records, **links))

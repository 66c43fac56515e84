"""Delegated admin relationships as Microsoft Graph serves them, on the same host as everything else."""

from portal.emulator.audit import Event
from portal.emulator.clock import iso
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.permissions import Relationship

LARGEST = 300
PATH = "/v1.0/tenantRelationships"
_METADATA = "https://graph.microsoft.com/v1.0/tenantRelationships/$metadata#"


@emulates("LIST_ADMIN_RELATIONSHIPS")
def list_relationships(call: Call) -> Answer:
    """All of the partner, 300 at most on a page; ``@odata.nextLink`` leads on."""
    _check(call)
    size, start = _number(call, "$top", LARGEST), _number(call, "$skiptoken", 0)
    with call.store.lock:
        items, following = call.store.permissions.page(start, max(1, min(size, LARGEST)))
    content = {"@odata.context": f"{_METADATA}delegatedAdminRelationships", "value": items}
    if following is not None:
        own = f"{call.request.host_url.rstrip('/')}{PATH}/delegatedAdminRelationships"
        content["@odata.nextLink"] = f"{own}?$top={size}&$skiptoken={following}"
    return ok(content)


def _check(call: Call, *more: str) -> None:
    """Refuse what the application has no permission for (facts gdap permissions)."""
    if call.emulator.graph not in (more or ("write", "read")):
        raise Refusal(0, "Insufficient privileges to complete the operation.", status=403)


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise Refusal(3000, f"{name} is not valid.")
    return int(text)


@emulates("GET_ADMIN_RELATIONSHIP")
def get_relationship(call: Call) -> Answer:
    _check(call)
    with call.store.lock:
        customer, found = call.store.permissions.find(call.params["relationship_id"])
        return ok(call.store.permissions.json(customer, found))


@emulates("CREATE_ADMIN_RELATIONSHIP")
def create_relationship(call: Call) -> Answer:
    """201; the customer is asked only once the relationship is locked for its approval."""
    _check(call, "write")
    body = call.body
    with call.store.lock:
        customer, made = call.store.permissions.create(body)
        answer = ok(call.store.permissions.json(customer, made), 201)
    own = f"{call.request.host_url.rstrip('/')}{PATH}/delegatedAdminRelationships/{made.id}"
    answer.headers["Location"] = own
    return answer


@emulates("REQUEST_ADMIN_RELATIONSHIP")
def request_relationship(call: Call) -> Answer:
    """201 with the request; what it does to the relationship stands there at the next read."""
    _check(call, "write")
    body = call.body
    action = str(body.get("action", "")) if isinstance(body, dict) else ""
    with call.store.lock:
        found = call.store.permissions.request(call.params["relationship_id"], action)
        at, key = iso(found.modified), call.store.ids.guid()
        if found.status == "terminated":
            _record_end(call, found)
    told = {"id": key, "action": action, "status": "created"}
    return ok({**told, "createdDateTime": at, "lastModifiedDateTime": at}, 201)


def _record_end(call: Call, found: Relationship) -> None:
    """Partner Center's own records tell of it, with who asked."""
    kind = "granular_admin_relationship"
    customer = call.store.customers[found.customer_id]
    call.store.audit.write(
        Event(customer, kind, f"{kind}_terminated", "succeeded"), call.actor, found.modified
    )

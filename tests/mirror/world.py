"""A small Partner Center in memory, in front of which stands the real client."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import InvalidInput, NotFound
from portal.partnercenter.spec import Operation
from portal.partnercenter.transport import utc_now
from portal.partnercenter.wire import Answer, Ask
from tests.factories import guid, wire_customer, wire_reseller, wire_subscription

Fault = Callable[[Ask], None]


@dataclass
class World:
    """What exists upstream. ``faults`` (by operation name) may raise before an answer is made."""

    customers: dict[str, dict[str, Any]] = field(default_factory=dict)
    subscriptions: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    resellers: list[dict[str, Any]] = field(default_factory=list)
    sold_by: dict[str, list[str]] = field(default_factory=dict)
    audit: list[dict[str, Any]] = field(default_factory=list)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    permissions: list[dict[str, Any]] = field(default_factory=list)
    page_size: int = 500
    faults: dict[str, Fault] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    # --- filling ---

    def customer(self, name: str, **fields: Any) -> str:
        payload = wire_customer(name, **fields)
        self.customers[payload["id"]] = payload
        self.subscriptions.setdefault(payload["id"], {})
        return str(payload["id"])

    def subscription(self, customer_id: str, name: str, **fields: Any) -> str:
        payload = wire_subscription(name, **fields)
        self.subscriptions[customer_id][payload["id"]] = payload
        return str(payload["id"])

    def reseller(self, name: str, mpn: str = "", customers: tuple[str, ...] = ()) -> str:
        self.resellers.append(wire_reseller(name, mpn))
        self.sold_by[guid(name)] = list(customers)
        return guid(name)

    def record(self, **fields: Any) -> None:
        at = utc_now().isoformat()
        base = {"operationDate": at, "operationStatus": "succeeded", "id": guid(f"{at} {fields}")}
        self.audit.append(base | fields)

    def estate(self, customers: int, each: int) -> list[str]:
        """Customers C0, C1, … with S0.0, S0.1, … subscriptions."""
        ids = [self.customer(f"C{number}") for number in range(customers)]
        for number, pc_id in enumerate(ids):
            for place in range(each):
                self.subscription(pc_id, f"S{number}.{place}")
        return ids

    # --- answering ---

    def clients(self, _connection: object, _purpose: str, count: int) -> list[PartnerClient]:
        return [PartnerClient(self) for _ in range(count)]

    def asked(self, name: str) -> int:
        return Counter(call for call, _ in self.calls)[name]

    def send(self, operation: Operation[Any], ask: Ask) -> Answer:
        at = utc_now()
        with self.lock:
            self.calls.append((operation.name, dict(ask.path)))
        if operation.name in self.faults:
            self.faults[operation.name](ask)
        body = getattr(self, f"_{operation.name.lower()}")(ask)
        return Answer(
            operation=operation.name,
            status=200,
            body=body,
            request_id="r",
            correlation_id="c",
            sent_at=at,
        )

    def _page(self, rows: list[dict[str, Any]], ask: Ask) -> dict[str, Any]:
        start = int(ask.token or 0)
        body: dict[str, Any] = {"items": rows[start : start + self.page_size]}
        if start + self.page_size < len(rows):
            body["continuationToken"] = str(start + self.page_size)
        return body

    def _list_customers(self, ask: Ask) -> dict[str, Any]:
        return self._page(list(self.customers.values()), ask)

    def _list_customers_of_reseller(self, ask: Ask) -> dict[str, Any]:
        rows = [
            self.customers[pc_id]
            for reseller, ids in self.sold_by.items()
            if reseller in ask.query["filter"]
            for pc_id in ids
        ]
        return self._page(rows, ask)

    def _list_resellers_of_customer(self, ask: Ask) -> dict[str, Any]:
        wanted = ask.path["customer_id"]
        return {"items": [r for r in self.resellers if wanted in self.sold_by[r["id"]]]}

    def _list_relationships(self, _ask: Ask) -> dict[str, Any]:
        return {"items": self.resellers}

    def _list_subscriptions(self, ask: Ask) -> dict[str, Any]:
        if ask.path["customer_id"] not in self.customers:
            raise NotFound("no such customer", status=404)
        return {"items": list(self.subscriptions[ask.path["customer_id"]].values())}

    def _get_customer(self, ask: Ask) -> dict[str, Any]:
        return self._one(self.customers, ask.path["customer_id"])

    def _get_subscription(self, ask: Ask) -> dict[str, Any]:
        rows = self.subscriptions.get(ask.path["customer_id"], {})
        return self._one(rows, ask.path["subscription_id"])

    def _one(self, rows: dict[str, dict[str, Any]], pc_id: str) -> dict[str, Any]:
        if pc_id not in rows:
            raise NotFound("not known", status=404)
        return rows[pc_id] | self.details.get(pc_id, {})

    def _list_invoices(self, _ask: Ask) -> dict[str, Any]:
        return {"items": []}

    def _list_admin_relationships(self, _ask: Ask) -> dict[str, Any]:
        return {"value": self.permissions}

    def _list_audit_records(self, ask: Ask) -> dict[str, Any]:
        return self._page(self.audit[::-1], ask)


def expired(ask: Ask) -> None:
    """A fault: every continuation is refused."""
    if ask.token is not None:
        raise InvalidInput("the continuation token has expired", status=400)

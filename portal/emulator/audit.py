"""The audit trail: one record for every change, whoever made it and however it ended."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portal.emulator import render
from portal.emulator.clock import iso
from portal.emulator.errors import Refusal
from portal.emulator.ids import Ids
from portal.emulator.model import JSON, Actor, Customer

WINDOW = timedelta(days=90)
DEFAULT_WINDOW = timedelta(days=30)
DEFAULT_SIZE = 500

_AMERICAN = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y")
_DAY_ONLY = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?/\d\d?/\d{4}")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one resource. ``old`` and ``new`` are its wire JSON, None for none."""

    customer: Customer
    resource_type: str
    operation_type: str
    status: str
    old: JSON | None = None
    new: JSON | None = None
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    start: datetime
    end: datetime
    field: str = ""
    value: str = ""


class AuditLog:
    """Records in the order in which they were written; the caller holds the store's lock."""

    def __init__(self, partner_id: str, ids: Ids) -> None:
        self._partner_id = partner_id
        self._ids = ids
        self._records: list[tuple[datetime, JSON]] = []

    def __len__(self) -> int:
        return len(self._records)

    def write(self, event: Event, actor: Actor, moment: datetime) -> JSON:
        record: JSON = {
            "id": self._ids.guid(),
            "partnerId": self._partner_id,
            "customerId": event.customer.id,
            "customerName": event.customer.name,
        }
        if actor.user is not None:
            record["userPrincipalName"] = actor.user
        record["applicationId"] = actor.application
        record["resourceType"] = event.resource_type
        if event.old is not None:
            record["resourceOldValue"] = _value(event.old)
        if event.new is not None:
            record["resourceNewValue"] = _value(event.new)
        record |= {
            "operationType": event.operation_type,
            "originalCorrelationId": actor.correlation_id,
            "operationDate": iso(moment),
            "operationStatus": event.status,
            "customizedData": [{"key": key, "value": value} for key, value in event.data],
            "attributes": {"objectType": "AuditRecord"},
        }
        self._records.append((moment, record))
        return record

    def records(self) -> list[tuple[datetime, JSON]]:
        return list(self._records)

    def restore(self, records: list[tuple[datetime, JSON]]) -> None:
        self._records = list(records)

    def sort(self) -> None:
        """Bring records that a seed wrote into the order of their dates."""
        self._records.sort(key=lambda pair: pair[0])

    def page(self, query: Query, size: int, before: int | None) -> tuple[list[JSON], int | None]:
        """Return a page, newest first, and the position before which the next one begins.

        Records written between two pages stand after the first position, so that none is seen
        twice or missed.
        """
        found: list[JSON] = []
        limit = len(self._records) if before is None else min(before, len(self._records))
        for position, record in self._backwards(query, limit):
            if len(found) == size:
                return found, position + 1
            found.append(record)
        return found, None

    def _backwards(self, query: Query, limit: int) -> Iterator[tuple[int, JSON]]:
        for position in range(limit - 1, -1, -1):
            moment, record = self._records[position]
            if query.start <= moment <= query.end and _matches(record, query):
                yield position, record


def _value(resource: JSON) -> str:
    return render.encode(render.pascal(resource)).decode()


def _matches(record: JSON, query: Query) -> bool:
    value = query.value.lower()
    match query.field:
        case "companyname":
            return value in str(record["customerName"]).lower()
        case "customerid":
            return value == str(record["customerId"]).lower()
        case "resourcetype":
            return value == str(record["resourceType"]).lower()
        case _:
            return True


_OPERATORS = {"companyname": "substring", "customerid": "equals", "resourcetype": "equals"}


def parse_filter(content: JSON | None) -> tuple[str, str]:
    """Return (field, value) of a filter, ("", "") for none.

    Raise ``Refusal`` for a field or operator that get-a-record-of-partner-center-activity-by-user
    does not name.
    """
    if content is None:
        return "", ""
    field = str(content.get("field", "")).lower()
    if str(content.get("operator", "")).lower() != _OPERATORS.get(field, "none"):
        raise Refusal(3000, "The filter is not valid for audit records.")
    return field, str(content.get("value", ""))


def parse_date(text: str, *, is_end: bool = False) -> datetime:
    """Read a date in any documented form; an end without a time includes its whole day.

    Raise ``Refusal`` for text that is no date.
    """
    text = text.strip()
    moment = _read(text)
    if is_end and _DAY_ONLY.fullmatch(text):
        moment += timedelta(days=1, microseconds=-1)
    return moment


def _read(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _read_american(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _read_american(text: str) -> datetime:
    for form in _AMERICAN:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise Refusal(800002, "A date of the request cannot be read.")


def parse_range(start: str | None, end: str | None, now: datetime) -> tuple[datetime, datetime]:
    """Return the range asked for: at most 90 days back (else 400), the last 30 unless said."""
    last = parse_date(end, is_end=True) if end else now
    first = parse_date(start) if start else now - DEFAULT_WINDOW
    # A start given as a date counts from its midnight, so the oldest day is allowed whole.
    if first < (now - WINDOW).replace(hour=0, minute=0, second=0, microsecond=0):
        raise Refusal(800002, "Audit records are kept for 90 days.")
    if last < first:
        raise Refusal(800002, "The end date is before the start date.")
    return first, last

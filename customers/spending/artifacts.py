"""What stands behind a reservation: asked of Partner Center when somebody looks (get-a-collection-of-entitlements)."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from customers.models import Customer, Entitlement
from portal.mirror import questions
from portal.mirror.models import Question, QuestionState
from portal.mirror.questions import Parameters
from portal.mirror.values import child, children, moment, text, whole
from portal.partnercenter.operations.orders import GET_ENTITLEMENT_ARTIFACT

KEPT = dt.timedelta(hours=1)
# The link is all that an entitlement tells of its artifact.
_LINK = re.compile(
    r"/artifacts/(?P<artifact_type>[^/]+)/groups/(?P<group_id>[^/]+)"
    r"/lineitems/(?P<line_item_id>[^/]+)/resource/(?P<resource_id>[^/?]+)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reservation:
    """A reservation as Partner Center tells it; ``ends`` is its last moment."""

    pc_id: str
    name: str
    scope: str
    quantity: int | None
    began: dt.datetime | None
    ends: dt.datetime | None
    state: str


@dataclass(frozen=True)
class Found:
    """How the asking stands; ``error`` says why Partner Center tells nothing."""

    waits: bool
    error: Mapping[str, Any]
    reservations: list[Reservation]


def entitlement(customer: Customer, pk: int) -> Entitlement:
    """One entitlement of a customer behind which something stands, or 404."""
    found = Entitlement.objects.filter(customer=customer, pk=pk, gone_at=None).first()
    if found is None or not places(found):
        raise Http404
    return found


def places(row: Entitlement) -> list[dict[str, str]]:
    """The paths of its artifacts, without the customer; empty for software."""
    return list(_places(row.list_payload or {}))


def ask(customer: Customer, row: Entitlement, asker_id: int | None) -> Found:
    """Ask for all artifacts of an entitlement, as far as that has not been answered within the hour."""
    asked = [
        questions.ask(
            customer.connection,
            GET_ENTITLEMENT_ARTIFACT.name,
            Parameters(path={"customer_id": customer.pc_id} | place),
            asker_id=asker_id,
            kept=KEPT,
        )
        for place in places(row)
    ]
    failed = [one for one in asked if one.state in (QuestionState.FAILED, QuestionState.REFUSED)]
    return Found(
        waits=any(one.state == QuestionState.WAITING for one in asked),
        error=(failed[0].error or {"code": "", "message": ""}) if failed else {},
        reservations=[held for one in asked for held in _held(one)],
    )


def _places(payload: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for artifact in children(payload, "entitledArtifacts"):
        if found := _LINK.search(text(child(artifact, "link").get("uri"))):
            yield found.groupdict()
    for included in children(payload, "includedEntitlements"):
        yield from _places(included)


def _held(question: Question) -> Iterator[Reservation]:
    """Both shapes of the answer; the newer resource calls the list ``reservations``."""
    for name in ("reservations", "virtualMachineReservations"):
        for one in children(question.answer, name):
            yield Reservation(
                pc_id=text(one.get("reservationId")),
                name=text(one.get("displayName")),
                scope=text(one.get("scopeType")),
                quantity=whole(one.get("quantity")),
                began=moment(one.get("effectiveDateTime")),
                ends=moment(one.get("expiryDateTime")),
                state=text(one.get("provisioningState")),
            )

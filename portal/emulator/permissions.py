"""What customers let the partner do in their tenants: the relationships that Graph lists (facts gdap).

They are drawn from the seed whenever somebody asks; only what was made or changed by a call is kept.
The same rows decide about users and licences, so that a refusal there is one that Graph foretells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal.emulator.audit import Event
from portal.emulator.clock import iso
from portal.emulator.errors import Refusal
from portal.emulator.ids import guid, seeded
from portal.emulator.model import JSON, Actor, Customer

if TYPE_CHECKING:
    from portal.emulator.store import Store

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"
LICENSE_ADMINISTRATOR = "4d6ac14f-3453-41d0-bef9-a3e0c569773a"
PRIVILEGED_ROLES = "e8611ab8-c189-46e8-94e1-60213ab1f814"
PRIVILEGED_AUTHENTICATION = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
DIRECTORY_READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
DIRECTORY_WRITERS = "9360feb5-f418-4baa-8175-e2a00bac4301"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
SERVICE_SUPPORT = "f023fd81-a637-4b56-95fd-791ac0226033"

# Roles of which one opens a call (facts gdap roles_by_call); the global administrator opens all.
READ = frozenset({DIRECTORY_READERS, GLOBAL_READER, USER_ADMINISTRATOR})
MANAGE_USERS = frozenset({USER_ADMINISTRATOR, DIRECTORY_WRITERS})
ASSIGN_LICENCES = frozenset({LICENSE_ADMINISTRATOR, USER_ADMINISTRATOR, DIRECTORY_WRITERS})
GIVE_ROLES = frozenset({PRIVILEGED_ROLES})
RESET_PASSWORDS = frozenset({USER_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION})

USUAL = (
    *(USER_ADMINISTRATOR, LICENSE_ADMINISTRATOR, PRIVILEGED_ROLES),
    *(DIRECTORY_READERS, SERVICE_SUPPORT),
)
NARROW = (GLOBAL_READER, SERVICE_SUPPORT)
HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
# What comes with a new customer unless enableGDAPByDefault is false.
BY_DEFAULT = (
    *(DIRECTORY_READERS, DIRECTORY_WRITERS, LICENSE_ADMINISTRATOR, SERVICE_SUPPORT),
    *(USER_ADMINISTRATOR, PRIVILEGED_ROLES, HELPDESK, PRIVILEGED_AUTHENTICATION, GLOBAL_READER),
)
NO_EXTENSION = ("P0D", "PT0S")
EXTENSION = "P180D"
LONGEST_NAME = 50
LONGEST = 731
APPROVED_AFTER = timedelta(minutes=10)
"""How long an emulated customer takes to approve what it was asked for."""
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")


@dataclass(slots=True, kw_only=True)
class Relationship:
    """One relationship. ``days`` is its duration, ``duration`` the same as it was written."""

    id: str
    customer_id: str
    name: str
    status: str
    created: datetime
    modified: datetime
    roles: tuple[str, ...]
    duration: str
    days: int
    extension: str
    activated: datetime | None = None
    ends: datetime | None = None
    locked: datetime | None = None


def roles_of(found: Relationship) -> set[str]:
    """What it opens: nothing unless it is active."""
    return set(found.roles) if found.status == "active" else set()


class Permissions:
    """Relationships by customer. The caller holds the store's lock."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._changed: dict[str, list[Relationship]] = {}

    # Reading

    def of(self, customer: Customer) -> list[Relationship]:
        """The customer's relationships as they stand now."""
        kept = self._changed.get(customer.id)
        found = seed(self._store.settings.seed, customer, self._store) if kept is None else kept
        for one in found:
            self._settle(customer, one)
        return found

    def check(self, customer: Customer, roles: frozenset[str]) -> None:
        """Raise ``Refusal`` (403, 900308) where no active relationship holds one of these roles."""
        wanted = roles | {GLOBAL_ADMINISTRATOR}
        if not any(wanted & roles_of(one) for one in self.of(customer)):
            raise Refusal(900308)

    def page(self, start: int, size: int) -> tuple[list[JSON], int | None]:
        """Relationships from a customer's place on, and the place at which the next page begins."""
        items: list[JSON] = []
        for customer in self._from(start):
            if len(items) >= size:
                return items, customer.index
            items += [self.json(customer, one) for one in self.of(customer)]
        return items, None

    def _from(self, start: int) -> Iterator[Customer]:
        return (one for one in self._store.customers.values() if one.index >= start)

    def find(self, key: str) -> tuple[Customer, Relationship]:
        """Return a relationship with its customer. Raise ``Refusal`` (404)."""
        customers = self._store.customers
        touched = [customers[one] for one in self._changed if one in customers]
        for customer in (*touched, *customers.values()):
            for one in self.of(customer):
                if one.id == key.lower():
                    return customer, one
        raise Refusal(1000, "The relationship was not found.", status=404)

    def json(self, customer: Customer, found: Relationship) -> JSON:
        """The resource as Graph writes it (tenantrelationship-post-delegatedadminrelationships)."""
        return {
            "@odata.etag": f'W/"{found.modified.timestamp():.0f}"',
            "id": found.id,
            "displayName": found.name,
            "duration": found.duration,
            "customer": {"tenantId": customer.id, "displayName": customer.name},
            "accessDetails": {"unifiedRoles": [{"roleDefinitionId": r} for r in found.roles]},
            "status": found.status,
            "autoExtendDuration": found.extension,
            "createdDateTime": iso(found.created),
            "lastModifiedDateTime": iso(found.modified),
            "activatedDateTime": iso(found.activated) if found.activated else "",
            "endDateTime": iso(found.ends) if found.ends else "",
        }

    # Changing

    def create(self, body: object) -> tuple[Customer, Relationship]:
        """Make a relationship that nobody is asked for yet. Raise ``Refusal`` for a bad one."""
        sent = _object(body)
        customer = self._customer(sent)
        name = str(sent.get("displayname") or "")
        if not name or len(name) > LONGEST_NAME:
            raise _bad("displayName is required and has 50 characters at most.")
        if any(one.name == name for other in self._changed.values() for one in other):
            raise Refusal(1000, "A relationship of this displayName exists.", status=409)
        roles, extension = _roles(sent), str(sent.get("autoextendduration") or "PT0S")
        if extension not in (*NO_EXTENSION, EXTENSION):
            raise _bad("autoExtendDuration is P0D, PT0S or P180D.")
        if extension == EXTENSION and GLOBAL_ADMINISTRATOR in roles:
            raise _bad("A relationship with the Global Administrator role is not extended.")
        duration = str(sent.get("duration") or "")
        now, ids = self._store.clock.now(), self._store.ids
        made = Relationship(
            id=f"{ids.guid()}-{ids.guid()}",
            customer_id=customer.id,
            name=name,
            status="created",
            created=now,
            modified=now,
            roles=roles,
            duration=duration,
            days=_days(duration),
            extension=extension,
        )
        self._changed[customer.id] = [*self.of(customer), made]
        return customer, made

    def begin(self, customer: Customer, *, by_default: bool) -> None:
        """What a customer that was just created permits: the default relationship, or nothing."""
        now, ids, days = self._store.clock.now(), self._store.ids, 730
        made = Relationship(
            id=f"{ids.guid()}-{ids.guid()}",
            customer_id=customer.id,
            name=f"Default_{customer.id}",
            status="active",
            created=now,
            modified=now,
            roles=BY_DEFAULT,
            duration=f"P{days}D",
            days=days,
            extension=EXTENSION,
            activated=now,
            ends=now + timedelta(days=days),
        )
        self._changed[customer.id] = [made] if by_default else []

    def request(self, key: str, action: str) -> Relationship:
        """Carry out ``lockForApproval`` or ``terminate``. Raise ``Refusal`` in another state."""
        customer, found = self.find(key)
        now = self._store.clock.now()
        match action.lower(), found.status:
            case "lockforapproval", "created":
                made = replace(found, status="approvalPending", locked=now, modified=now)
            case "terminate", "active":
                made = replace(found, status="terminated", ends=now, modified=now)
            case (("lockforapproval" | "terminate"), _):
                text = f"The relationship is {found.status}."
                raise Refusal(1000, text, status=409)
            case _:
                raise _bad("action is lockForApproval or terminate.")
        self._changed[customer.id] = [
            made if one.id == made.id else one for one in self.of(customer)
        ]
        return made

    def _customer(self, sent: JSON) -> Customer:
        tenant = str(_object(sent.get("customer") or {}).get("tenantid") or "").lower()
        if tenant not in self._store.customers:
            raise _bad("customer.tenantId is not known.")
        return self._store.customers[tenant]

    def _settle(self, customer: Customer, found: Relationship) -> None:
        """Let time pass: the customer approves, terms end or are extended."""
        now = self._store.clock.now()
        if found.status == "approvalPending" and found.locked:
            approved = found.locked + APPROVED_AFTER
            if approved <= now:
                found.status, found.activated, found.modified = "active", approved, approved
                found.ends = approved + timedelta(days=found.days)
                self._tell(customer, "granular_admin_relationship_approved", approved)
        while found.status == "active" and found.ends and found.ends <= now:
            if found.extension in NO_EXTENSION:
                found.status = "expired"
            else:
                found.ends += timedelta(days=180)

    def begun(self, customer: Customer) -> None:
        """Record what a new customer's first user has agreed to."""
        for one in self.of(customer):
            if one.status == "active":
                self._tell_now(customer, "activated")

    def ended(self, customer: Customer) -> None:
        """Record that all of a customer's relationships are gone from the list."""
        for one in self.of(customer):
            self._tell_now(customer, "terminated" if one.status == "active" else "cleaned_up")

    def _tell_now(self, customer: Customer, what: str) -> None:
        self._tell(customer, f"granular_admin_relationship_{what}", self._store.clock.now())

    def settle(self) -> None:
        """Let time pass for all that a call has made or changed, so that records tell of it."""
        for key in list(self._changed):
            if key in self._store.customers:
                self.of(self._store.customers[key])

    def _tell(self, customer: Customer, operation: str, at: datetime) -> None:
        event = Event(customer, "granular_admin_relationship", operation, "succeeded")
        self._store.audit.write(event, Actor(None, "", self._store.ids.guid()), at)

    # Keeping

    def changed(self) -> dict[str, list[Relationship]]:
        """What differs from the seed, by customer."""
        return self._changed

    def restore(self, kept: dict[str, list[Relationship]]) -> None:
        """Take over what an earlier run left."""
        self._changed = dict(kept)


def seed(number: int, customer: Customer, store: "Store") -> list[Relationship]:
    """What a customer's relationships are before anybody changes them.

    Most have one with all that the portal does; some have none or let one end, some let it read only,
    and some have one that ends within a month.
    """
    random, anchor, index = (
        seeded(number, "permissions", customer.index),
        store.anchor,
        customer.index,
    )
    days = 730
    since = anchor - timedelta(days=random.randint(20, 300))
    made = Relationship(
        id=f"{guid(random)}-{guid(random)}",
        customer_id=customer.id,
        # The name stays when the customer's changes.
        name=f"{customer.domain.partition('.')[0][:40]} {index}",
        status="active",
        created=since - timedelta(days=2),
        modified=since,
        roles=NARROW if index % 13 == 8 else USUAL,
        duration=f"P{days}D",
        days=days,
        extension=EXTENSION,
        activated=since,
        ends=since + timedelta(days=days),
    )
    if index % 9 == 4:
        if index % 2 == 0:
            return []
        made.status, made.extension, made.ends = "terminated", "PT0S", anchor - timedelta(days=9)
    elif index % 13 == 5:
        made.extension, made.ends = "PT0S", anchor + timedelta(days=3 + index % 25, hours=6)
    return [made]


def _object(body: object) -> JSON:
    if not isinstance(body, dict):
        raise _bad("The body is not a JSON object.")
    return {str(name).lower(): value for name, value in body.items()}


def _roles(sent: JSON) -> tuple[str, ...]:
    listed = _object(sent.get("accessdetails") or {}).get("unifiedroles") or []
    found = tuple(str(_object(one).get("roledefinitionid") or "").lower() for one in listed)
    if not found or not all(found):
        raise _bad("accessDetails.unifiedRoles names the roles by roleDefinitionId.")
    return found


def _days(duration: str) -> int:
    found = _DURATION.fullmatch(duration)
    years, months, days = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    total = years * 365 + months * 30 + days
    if not 1 <= total <= LONGEST:
        raise _bad("duration is between P1D and P2Y.")
    return total


def _bad(text: str) -> Refusal:
    return Refusal(3000, text)

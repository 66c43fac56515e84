"""What an emulated directory keeps: plain records and their wire JSON."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.emulator.clock import iso
from portal.emulator.model import JSON
from portal.emulator.render import link

KEPT = timedelta(days=30)
"""How long a deleted user can be restored (facts user_delete, restore-a-user-for-a-customer)."""

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
# Roles carry the ids of their templates, alike in every directory (get-user-roles-for-a-customer).
ROLES: dict[str, str] = {
    GLOBAL_ADMINISTRATOR: "Company Administrator",
    "729827e3-9c14-49f7-bb1b-9608f156bbb8": "Helpdesk Administrator",
    "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Account Administrator",
    "b0f54661-2d74-4c50-afa3-1ec803f12efe": "Billing Administrator",
    "f023fd81-a637-4b56-95fd-791ac0226033": "Service Support Administrator",
    "88d8e3e3-8f55-4a1e-953a-9b9898b8876b": "Directory Readers",
}


@dataclass(slots=True, kw_only=True)
class User:
    """One account. ``number`` is its place in the unsorted list; ``deleted_at`` set means inactive."""

    id: str
    number: int
    upn: str
    first_name: str = ""
    last_name: str = ""
    display_name: str = ""
    usage_location: str = ""
    phone_number: str = ""
    immutable_id: str = ""
    deleted_at: datetime | None = None
    synced_at: datetime | None = None

    @property
    def current_upn(self) -> str:
        """The name as it is shown: a deleted user's carries its id, so that it is free for others."""
        return f"{self.id.replace('-', '')}{self.upn}" if self.deleted_at else self.upn

    @property
    def local_part(self) -> str:
        return self.upn.partition("@")[0]


@dataclass(slots=True, kw_only=True)
class Directory:
    """A customer's users by id and the members of its roles by role id. ``made`` counts all users ever."""

    customer_id: str
    users: dict[str, User] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    made: int = 0

    def add(self, user: User) -> None:
        self.users[user.id] = user
        self.made = max(self.made, user.number + 1)

    def holders(self, role_id: str) -> list[User]:
        """Return the active members of a role."""
        found = (self.users.get(user_id) for user_id in self.members.get(role_id, []))
        return [user for user in found if user is not None and user.deleted_at is None]

    def purge(self, now: datetime) -> None:
        """Drop the users whose days are over."""
        for user in [u for u in self.users.values() if u.deleted_at and u.deleted_at + KEPT <= now]:
            del self.users[user.id]
            for members in self.members.values():
                if user.id in members:
                    members.remove(user.id)


def user_json(customer_id: str, user: User) -> JSON:
    """Return a user as lists and get-by-id show it (user-resources)."""
    content: JSON = {}
    if user.usage_location:
        content["usageLocation"] = user.usage_location
    content |= {
        "id": user.id,
        "userPrincipalName": user.current_upn,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "displayName": user.display_name,
    }
    if user.immutable_id:
        content["immutableId"] = user.immutable_id
    if user.phone_number:
        content["phoneNumber"] = user.phone_number
    if user.synced_at:
        content["lastDirectorySyncTime"] = iso(user.synced_at)
    content |= {"userDomainType": "none", "state": "inactive" if user.deleted_at else "active"}
    if user.deleted_at:
        content["softDeletionTime"] = iso(user.deleted_at)
    return content | {
        "links": {"self": link(f"/customers/{customer_id}/users/{user.id}")},
        "attributes": {"objectType": "CustomerUser"},
    }


def role_json(role_id: str) -> JSON:
    return {
        "name": ROLES[role_id],
        "id": role_id,
        "attributes": {"objectType": "DirectoryRole"},
    }


def member_json(role_id: str, user: User) -> JSON:
    return {
        "displayName": user.display_name,
        "userPrincipalName": user.upn,
        "roleId": role_id,
        "id": user.id,
        "attributes": {"objectType": "UserMember"},
    }

"""All directories of one emulated partner. The caller holds the store's lock.

A distributor's estate has users by the hundred thousand, so a directory is made anew from the seed
whenever it is asked for and was not changed; only a few stay at hand.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.emulator import permissions
from portal.emulator.audit import Event
from portal.emulator.directory import rules, seed
from portal.emulator.directory.model import ROLES, Directory, User, member_json, user_json
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, Actor, Customer

if TYPE_CHECKING:
    from portal.emulator.store import Store

AT_HAND = 100


@dataclass(frozen=True, slots=True)
class Act:
    """A change of a user as the audit trail tells it."""

    customer: Customer
    operation: str
    actor: Actor
    old: JSON | None = None


class Directories:
    """Directories by customer. Every change leaves an audit record, a refused one too."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._changed: dict[str, Directory] = {}
        self._clean: OrderedDict[str, Directory] = OrderedDict()

    # Reading

    def of(self, customer_id: str, need: frozenset[str] = permissions.READ) -> Directory:
        """Return a customer's directory as it stands now.

        Raise ``Refusal``: 404 for an unknown customer, 403 900308 for one that granted none of the roles
        that the call needs.
        """
        customer = self._store.customer(customer_id)
        self._store.permissions.check(customer, need)
        found = self._changed.get(customer.id) or self._made(customer)
        found.purge(self._store.clock.now())
        return found

    def _made(self, customer: Customer) -> Directory:
        found = self._clean.get(customer.id)
        if found is None:
            found = seed.make(self._store.settings, customer, self._store.anchor)
            self._clean[customer.id] = found
            if len(self._clean) > AT_HAND:
                self._clean.popitem(last=False)
        self._clean.move_to_end(customer.id)
        return found

    def user(
        self, customer_id: str, user_id: str, need: frozenset[str] = permissions.READ
    ) -> tuple[Directory, User]:
        """Return a user with the directory. Raise ``Refusal`` (404, 60002) for an unknown id."""
        found = self.of(customer_id, need)
        user = found.users.get(user_id.lower())
        if user is None:
            raise Refusal(rules.UNKNOWN_USER)
        return found, user

    def changed(self) -> list[Directory]:
        """Return what differs from the seed."""
        return list(self._changed.values())

    def restore(self, kept: list[Directory]) -> None:
        """Take over what an earlier run left."""
        self._changed = {one.customer_id: one for one in kept}
        self._clean.clear()

    # Changing

    def begin(self, directory: Directory) -> None:
        """Take up the directory of a customer that somebody has just created."""
        self._keep(directory)

    def create(self, customer_id: str, body: object, actor: Actor) -> User:
        """Add a user. Raise ``Refusal`` for what the rules forbid."""
        found = self.of(customer_id, permissions.MANAGE_USERS)
        customer = self._store.customer(customer_id)
        act = Act(customer, "create_customer_user", actor)
        with self._told(act):
            wanted = rules.read(body)
            rules.check_new(found, seed.domains(customer), wanted)
        user = User(id=self._store.ids.guid(), number=found.made, upn=wanted.upn or "")
        user = wanted.written(user)
        self._keep(found)
        found.add(user)
        self._record(act, "succeeded", user)
        return user

    def update(self, customer_id: str, user_id: str, body: object, actor: Actor) -> User:
        """Change names, location or the user name."""
        found, user = self.user(customer_id, user_id, permissions.MANAGE_USERS)
        customer = self._store.customer(customer_id)
        wanted = rules.read(body)
        renamed = wanted.upn is not None and wanted.upn != user.upn
        operation = "update_customer_user_principal_name" if renamed else "update_customer_user"
        act = Act(customer, operation, actor, old=user_json(customer.id, user))
        with self._told(act, user):
            rules.check_own(user)
            rules.check_texts(wanted.texts)
            if wanted.upn is not None and renamed:
                rules.check_name(found, seed.domains(customer), wanted.upn, user.id)
        self._keep(found)
        found.users[user.id] = wanted.written(user)
        self._record(act, "succeeded", found.users[user.id])
        return found.users[user.id]

    def reset_password(self, customer_id: str, user_id: str, body: object, actor: Actor) -> User:
        """Check and forget a new password: the emulator keeps none."""
        _, user = self.user(customer_id, user_id, permissions.RESET_PASSWORDS)
        act = Act(self._store.customer(customer_id), "reset_customer_user_password", actor)
        with self._told(act, user):
            rules.check_own(user)
            rules.check_password(rules.read(body).password or "", user.local_part)
        self._record(act, "succeeded", user)
        return user

    def delete(self, customer_id: str, user_id: str, actor: Actor) -> None:
        """Make a user inactive: for thirty days it can be restored."""
        found, user = self.user(customer_id, user_id, permissions.MANAGE_USERS)
        act = self._act(customer_id, "delete_customer_user", actor, user)
        with self._told(act, user):
            rules.check_active(user)
            rules.check_own(user)
            rules.check_not_last(found, user)
        self._keep(found)
        user.deleted_at = self._store.clock.now()
        self._record(act, "succeeded", user)

    def undelete(self, customer_id: str, user_id: str, actor: Actor) -> User:
        """Make a deleted user active again, unless another one has its name by now."""
        found, user = self.user(customer_id, user_id, permissions.MANAGE_USERS)
        act = self._act(customer_id, "restore_customer_user", actor, user)
        with self._told(act, user):
            rules.check_name(found, seed.domains(act.customer), user.upn, user.id)
        self._keep(found)
        user.deleted_at = None
        self._record(act, "succeeded", user)
        return user

    # Roles

    def roles_of(self, customer_id: str, user_id: str) -> list[str]:
        found, user = self.user(customer_id, user_id)
        return [role for role in ROLES if user.id in found.members.get(role, [])]

    def members(self, customer_id: str, role_id: str) -> list[User]:
        return self.of(customer_id).holders(self._role(role_id))

    def add_member(self, customer_id: str, role_id: str, body: object, actor: Actor) -> JSON:
        """Give a user a role; twice changes nothing."""
        role = self._role(role_id)
        content = {str(name).lower(): value for name, value in _object(body).items()}
        user_id = str(content.get("id", ""))
        found, user = self.user(customer_id, user_id, permissions.GIVE_ROLES)
        rules.check_active(user)
        if user.id not in found.members[role]:
            self._keep(found)
            found.members[role].append(user.id)
        self._record_role("add_user_member", customer_id, role, user, actor)
        return member_json(role, user)

    def remove_member(self, customer_id: str, role_id: str, user_id: str, actor: Actor) -> None:
        """Take a role back. Raise ``Refusal`` for who has it not, and for the last administrator."""
        role = self._role(role_id)
        found, user = self.user(customer_id, user_id, permissions.GIVE_ROLES)
        if user.id not in found.members[role]:
            raise Refusal(1000, "The user is no member of the role.")
        if role == next(iter(ROLES)):
            rules.check_not_last(found, user)
        self._keep(found)
        found.members[role].remove(user.id)
        self._record_role("remove_user_member", customer_id, role, user, actor)

    def _role(self, role_id: str) -> str:
        role = role_id.lower()
        if role not in ROLES:
            raise Refusal(1000, "The directory role was not found.")
        return role

    # Books

    def _keep(self, found: Directory) -> None:
        self._changed[found.customer_id] = found
        self._clean.pop(found.customer_id, None)

    def _record_role(
        self, operation: str, customer_id: str, role: str, user: User, actor: Actor
    ) -> None:
        customer = self._store.customer(customer_id)
        data = (("RoleName", ROLES[role]), *_names(user))
        event = Event(customer, "customer_directory_role", operation, "succeeded", data=data)
        self._store.audit.write(event, actor, self._store.clock.now())

    def _act(self, customer_id: str, operation: str, actor: Actor, user: User) -> Act:
        customer = self._store.customer(customer_id)
        return Act(customer, operation, actor, old=user_json(customer.id, user))

    @contextmanager
    def _told(self, act: Act, user: User | None = None) -> Iterator[None]:
        """Leave a record of what was refused within."""
        try:
            yield
        except Refusal:
            self._record(act, "failed", user)
            raise

    def _record(self, act: Act, status: str, user: User | None) -> None:
        done = user is not None and status == "succeeded"
        new = user_json(act.customer.id, user) if user is not None and done else None
        data = _names(user) if user is not None else ()
        event = Event(act.customer, "customer_user", act.operation, status, act.old, new, data)
        self._store.audit.write(event, act.actor, self._store.clock.now())


def _names(user: User) -> tuple[tuple[str, str], ...]:
    return (("CustomerUserId", user.id), ("UserPrincipalName", user.current_upn))


def _object(body: object) -> JSON:
    if not isinstance(body, dict):
        raise Refusal(800002)
    return body

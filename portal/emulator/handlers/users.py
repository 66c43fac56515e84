"""Users of a customer: the lists, one user, its life from creation to restoring, and its roles."""

from portal.emulator import paging, render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.directory import rules
from portal.emulator.directory.model import ROLES, User, member_json, role_json, user_json
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates, tells_apart
from portal.emulator.model import JSON

PAGE = 500
LISTS = ("LIST_USERS", "LIST_DELETED_USERS")
PATCHES = ("UPDATE_USER", "RESET_PASSWORD_BY_UPDATE", "RESTORE_USER")
_STATE_FIELDS = {"userstate", "userstatus"}
_SORTS = {"displayname": "display_name", "userprincipalname": "upn"}


@tells_apart(*LISTS)
def which_list(call: Call) -> str:
    try:
        return "LIST_DELETED_USERS" if _wants_deleted(call.filter) else "LIST_USERS"
    except Refusal:
        return "LIST_USERS"


def _wants_deleted(condition: JSON | None) -> bool:
    """Read the filter of view-a-deleted-user. Raise ``Refusal`` for any other."""
    if condition is None:
        return False
    field = str(condition.get("field", "")).lower()
    equals = str(condition.get("operator", "")).lower() == "equals"
    value = str(condition.get("value", "")).lower()
    if field not in _STATE_FIELDS or not equals or value not in {"active", "inactive"}:
        raise Refusal(3000, "The filter is not valid for users.")
    return value == "inactive"


@emulates(*LISTS)
def list_users(call: Call) -> Answer:
    customer_id = call.params["customer_id"]
    deleted = _wants_deleted(call.filter)
    size = call.size(default=PAGE, largest=PAGE)
    kind = f"users {customer_id.lower()}"
    start = paging.continuation(call, kind) or 0
    with call.store.lock:
        users = call.store.directories.of(customer_id).users.values()
        ranked = _ranked(call, [one for one in users if bool(one.deleted_at) == deleted])
        found = [(place, one) for place, one in ranked if place >= start]
        items = [user_json(customer_id, one) for _, one in found[:size]]
    following = found[size][0] if len(found) > size else None
    links = paging.links(call, kind, f"/customers/{customer_id}/users", following)
    return ok(render.collection(items, **links))


def _ranked(call: Call, users: list[User]) -> list[tuple[int, User]]:
    """Return users with the place at which a listing may go on: steady where nothing is sorted."""
    field = call.query.get("sortfield", "")
    if not field:
        return [(user.number, user) for user in users]
    name = _SORTS.get(field.lower())
    if name is None:
        raise Refusal(3000, "The sort field is not valid for users.")
    down = call.query.get("sortdirection", "").lower() == "descending"
    ordered = sorted(users, key=lambda user: str(getattr(user, name)).lower(), reverse=down)
    return list(enumerate(ordered))


@emulates("GET_USER")
def get_user(call: Call) -> Answer:
    with call.store.lock:
        found, user = call.store.directories.user(
            call.params["customer_id"], call.params["user_id"]
        )
        return ok(user_json(found.customer_id, user))


@emulates("CREATE_USER")
def create_user(call: Call) -> Answer:
    """Answer 200, not 201, and the password in clear, as the documented example does."""
    body = call.body
    with call.store.lock:
        user = call.store.directories.create(call.params["customer_id"], body, call.actor)
        return ok(_told(call, user, body))


def _told(call: Call, user: User, body: JSON) -> JSON:
    profile: JSON = next((body[name] for name in body if name.lower() == "passwordprofile"), {})
    content = {name[:1].lower() + name[1:]: value for name, value in profile.items()}
    empty = {"lastDirectorySyncTime": None, "softDeletionTime": None}
    told = empty | user_json(call.params["customer_id"], user)
    return told | {"passwordProfile": {"forceChangePassword": False, **content}}


@tells_apart(*PATCHES)
def which_patch(call: Call) -> str:
    try:
        wanted = rules.read(call.body)
    except Refusal:
        return PATCHES[0]
    if wanted.state == "active":
        return "RESTORE_USER"
    return "RESET_PASSWORD_BY_UPDATE" if wanted.password is not None else "UPDATE_USER"


@emulates("UPDATE_USER")
def update_user(call: Call) -> Answer:
    body = call.body
    with call.store.lock:
        user = call.store.directories.update(**_place(call), body=body, actor=call.actor)
        return ok(user_json(call.params["customer_id"], user))


@emulates("RESET_PASSWORD", "RESET_PASSWORD_BY_UPDATE")
def reset_password(call: Call) -> Answer:
    body = call.body
    with call.store.lock:
        user = call.store.directories.reset_password(**_place(call), body=body, actor=call.actor)
        return ok(_told(call, user, body))


@emulates("RESTORE_USER")
def restore_user(call: Call) -> Answer:
    with call.store.lock:
        user = call.store.directories.undelete(**_place(call), actor=call.actor)
        return ok(user_json(call.params["customer_id"], user))


@emulates("DELETE_USER")
def delete_user(call: Call) -> Answer:
    with call.store.lock:
        call.store.directories.delete(**_place(call), actor=call.actor)
    return Answer(204)


@emulates("LIST_ROLES_OF_USER")
def list_roles_of_user(call: Call) -> Answer:
    with call.store.lock:
        roles = call.store.directories.roles_of(**_place(call))
    return ok(render.collection([role_json(role) for role in roles]))


@emulates("LIST_DIRECTORY_ROLES")
def list_directory_roles(call: Call) -> Answer:
    with call.store.lock:
        call.store.directories.of(call.params["customer_id"])
    return ok(render.collection([role_json(role) for role in ROLES]))


@emulates("LIST_MEMBERS_OF_ROLE")
def list_members(call: Call) -> Answer:
    customer_id, role_id = call.params["customer_id"], call.params["role_id"]
    size = call.size(default=PAGE, largest=PAGE)
    kind = f"members {customer_id.lower()} {role_id.lower()}"
    start = paging.continuation(call, kind) or 0
    with call.store.lock:
        users = call.store.directories.members(customer_id, role_id)
        items = [member_json(role_id.lower(), user) for user in users[start : start + size]]
    following = start + size if len(users) > start + size else None
    uri = f"/customers/{customer_id}/directoryroles/{role_id}/usermembers"
    return ok(render.collection(items, **paging.links(call, kind, uri, following)))


@emulates("ADD_ROLE_MEMBER")
def add_member(call: Call) -> Answer:
    body = call.body
    customer_id, role_id = call.params["customer_id"], call.params["role_id"]
    with call.store.lock:
        return ok(call.store.directories.add_member(customer_id, role_id, body, call.actor), 201)


@emulates("REMOVE_ROLE_MEMBER")
def remove_member(call: Call) -> Answer:
    customer_id, role_id = call.params["customer_id"], call.params["role_id"]
    user_id = call.params["user_id"]
    with call.store.lock:
        call.store.directories.remove_member(customer_id, role_id, user_id, call.actor)
    return Answer(204)


def _place(call: Call) -> dict[str, str]:
    return {"customer_id": call.params["customer_id"], "user_id": call.params["user_id"]}

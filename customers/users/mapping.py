"""Users and roles of the wire as columns: pure functions (user-resources, get-user-roles-for-a-customer)."""

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import children, identifier, moment, text

COLUMNS = (
    "pc_id",
    "customer_pc_id",
    "display_name",
    "first_name",
    "last_name",
    "user_principal_name",
    "phone_number",
    "usage_location",
    "domain_type",
    "immutable_id",
    "state",
    "soft_deleted_at",
    "last_directory_sync_at",
)
ROLE_COLUMNS = ("pc_id", "customer_pc_id", "name", "member_ids")
# What an answer may carry that no row and no payload keeps.
SECRET = "passwordprofile"  # noqa: S105 - the name of a field


def user(payload: Payload, reading: Reading) -> Columns:
    """Map a user of either list, of get-by-id, or of the answer to a change."""
    return {
        "pc_id": identifier(payload.get("id")),
        "customer_pc_id": reading.parent,
        "display_name": text(payload.get("displayName")),
        "first_name": text(payload.get("firstName")),
        "last_name": text(payload.get("lastName")),
        "user_principal_name": _user_name(payload),
        "phone_number": text(payload.get("phoneNumber")),
        "usage_location": text(payload.get("usageLocation")).upper(),
        "domain_type": text(payload.get("userDomainType")),
        "immutable_id": text(payload.get("immutableId")),
        "state": text(payload.get("state")).lower(),
        "soft_deleted_at": moment(payload.get("softDeletionTime")),
        "last_directory_sync_at": moment(payload.get("lastDirectorySyncTime")),
    }


def _user_name(payload: Payload) -> str:
    """The name that the user signs in with; before a deleted user's Partner Center puts its id."""
    name, own = text(payload.get("userPrincipalName")), identifier(payload.get("id"))
    mark = own.replace("-", "")
    rest = name[len(mark) :]
    deleted = text(payload.get("state")).lower() == "inactive"
    marked = deleted and mark and name.lower().startswith(mark) and rest.partition("@")[0]
    return rest if marked else name


def without_secret(payload: Payload) -> Payload:
    """Leave out the password that some answers carry in clear (create-user-accounts-for-a-customer)."""
    return {name: value for name, value in payload.items() if name.lower() != SECRET}


def role(payload: Payload, reading: Reading) -> Columns:
    """Map a role that was put together with its members by ``sync.roles``."""
    return {
        "pc_id": identifier(payload.get("id")),
        "customer_pc_id": reading.parent,
        "name": text(payload.get("name")),
        "member_ids": sorted(
            {identifier(member.get("id")) for member in children(payload, "members")} - {""}
        ),
    }

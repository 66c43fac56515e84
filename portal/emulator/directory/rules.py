"""What Partner Center refuses of a user: names, domains, passwords, the last administrator."""

import re
from dataclasses import dataclass, replace
from typing import Any

from portal.emulator.directory.model import GLOBAL_ADMINISTRATOR, Directory, User
from portal.emulator.errors import Refusal
from portal.emulator.seeds.places import BY_CODE

INVALID = 3000
UNKNOWN_USER = 60002
_LOCAL = re.compile(r"[A-Za-z0-9!#^~'_.-]{1,64}")
_CLASSES = ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]")
_SHORTEST, _LONGEST, _OF_CLASSES = 8, 256, 3
TEXTS = {
    "firstname": "first_name",
    "lastname": "last_name",
    "displayname": "display_name",
    "usagelocation": "usage_location",
    "phonenumber": "phone_number",
    "immutableid": "immutable_id",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a body asks for; None where it does not name it."""

    upn: str | None
    texts: dict[str, str]
    password: str | None
    state: str | None

    def written(self, user: User) -> User:
        """Return the user with what the body names."""
        texts: dict[str, Any] = dict(self.texts)
        return replace(user, upn=self.upn or user.upn, **texts)


def read(body: Any) -> Wanted:
    """Read a user's body, names in any case. Raise ``Refusal`` (400) for one that is none."""
    if not isinstance(body, dict):
        raise Refusal(800002)
    content = {str(name).lower(): value for name, value in body.items()}
    texts = {TEXTS[name]: str(content[name] or "") for name in TEXTS if name in content}
    upn, state = content.get("userprincipalname"), content.get("state")
    return Wanted(
        None if upn is None else str(upn).strip(),
        texts,
        _password(content.get("passwordprofile")),
        None if state is None else str(state).lower(),
    )


def _password(profile: Any) -> str | None:
    if profile is None:
        return None
    if not isinstance(profile, dict):
        raise Refusal(INVALID, "The password profile is not valid.")
    content = {str(name).lower(): value for name, value in profile.items()}
    return str(content.get("password") or "")


def check_name(directory: Directory, domains: tuple[str, ...], upn: str, own: str = "") -> None:
    """Raise ``Refusal`` (400) for a bad form, a foreign domain, or a name that another user has."""
    local, at, domain = upn.partition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith("."):
        raise Refusal(INVALID, "Property userPrincipalName is invalid.")
    if domain.lower() not in {known.lower() for known in domains}:
        raise Refusal(
            INVALID,
            "The domain portion of the userPrincipalName property is invalid. You must use one of"
            " the verified domain names in your organization.",
        )
    for other in directory.users.values():
        if other.deleted_at is None and other.id != own and other.upn.lower() == upn.lower():
            raise Refusal(
                INVALID,
                "Another object with the same value for property userPrincipalName already exists.",
            )


def check_new(directory: Directory, domains: tuple[str, ...], wanted: Wanted) -> None:
    """Raise ``Refusal`` (400) for what cannot become a user."""
    upn = wanted.upn or ""
    check_name(directory, domains, upn)
    check_texts(wanted.texts)
    if not wanted.texts.get("display_name"):
        raise Refusal(INVALID, "A value is required for property displayName.")
    check_password(wanted.password or "", upn.partition("@")[0])


def check_active(user: User) -> None:
    """Raise ``Refusal`` (404) for a deleted user."""
    if user.deleted_at is not None:
        raise Refusal(UNKNOWN_USER)


def check_texts(texts: dict[str, str]) -> None:
    """Raise ``Refusal`` (400) for a usage location that is no country."""
    location = texts.get("usage_location", "")
    known = location in BY_CODE or re.fullmatch("[A-Z]{2}", location)
    if location and not known:
        raise Refusal(INVALID, "Property usageLocation is invalid.")


def check_password(password: str, local_part: str) -> None:
    """Raise ``Refusal`` (400) for a password that Microsoft's rule calls weak."""
    classes = sum(bool(re.search(kind, password)) for kind in _CLASSES)
    fits = _SHORTEST <= len(password) <= _LONGEST and classes >= _OF_CLASSES
    if not fits or local_part.lower() in password.lower():
        raise Refusal(
            INVALID,
            "The specified password does not comply with password complexity requirements."
            " Please provide a different password.",
        )


def check_own(user: User) -> None:
    """Raise ``Refusal`` (400) for an account that the customer's own directory rules."""
    if user.synced_at is not None:
        raise Refusal(
            INVALID,
            "Unable to update the specified properties for on-premises mastered Directory Sync"
            " objects or objects currently undergoing migration.",
        )


def check_not_last(directory: Directory, user: User) -> None:
    """Raise ``Refusal`` (400) where the user is the only one who rules the directory."""
    holders = directory.holders(GLOBAL_ADMINISTRATOR)
    if [holder.id for holder in holders] == [user.id]:
        raise Refusal(INVALID, "The last administrator of the directory cannot be removed.")

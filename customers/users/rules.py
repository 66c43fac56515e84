"""What Microsoft refuses of a user, as far as it can be known before anything is sent.

Only what is certain is refused here; Partner Center has the last word.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from babel.core import Locale
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from customers.models import Customer, CustomerUser, DirectoryRole, UserState
from customers.users import directory
from customers.users.part import TARGET as _TARGET
from portal.access.refusing import RefusedError
from portal.outbox import queries as changes
from portal.ui import formats
from portal.ui.sentences import Sentence

TARGET = _TARGET
Rule = Callable[[CustomerUser], None]
KEPT = dt.timedelta(days=30)
"""How long a deleted user can be restored (restore-a-user-for-a-customer, facts user_delete)."""
LOCAL = re.compile(r"[A-Za-z0-9!#^~'_-](?:[A-Za-z0-9!#^~'_.-]{0,62}[A-Za-z0-9!#^~'_-])?")
# Microsoft's rule for passwords: length, signs, three of four classes, and not the user name.
SHORTEST, LONGEST, CLASSES = 8, 256, 3
_CLASSES = ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]")
_SIGNS = re.compile(r"[ -~]*")
_COUNTRY = re.compile("[A-Z]{2}")
# Territories that are no countries: unions, the unknown, test regions.
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})

# Kept on rows of batches, which each reader reads in their language.
WORDS = {
    "users.gone": gettext_lazy("This user is no longer in Partner Center."),
    "users.deleted": gettext_lazy("The user is deleted. Restore it first."),
    "users.synchronised": gettext_lazy(
        "This account comes from the customer's own directory and is changed there."
    ),
    "users.last_administrator": gettext_lazy(
        "This is the last global administrator of the customer, as far as is known here."
        " Give the role to another user first."
    ),
}


def countries() -> list[tuple[str, str]]:
    """Codes with the names of countries in the reader's language, by name."""
    names = Locale.parse((get_language() or "en")[:2]).territories
    named = ((code, str(names.get(code, code))) for code in codes())  # not every language knows all
    return sorted(named, key=lambda pair: formats.alphabetical(pair[1]))


@cache
def codes() -> frozenset[str]:
    """The two letters of every country."""
    found = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in found if _COUNTRY.fullmatch(code)) - _NO_COUNTRY


def country(code: str) -> str:
    """A country in the reader's language; a code that is none stays as it is."""
    return str(Locale.parse((get_language() or "en")[:2]).territories.get(code, code))


def check_names(values: Mapping[str, Any]) -> None:
    """Raise RefusedError without a name to show, or for a usage location that is no country."""
    if not values.get("display_name"):
        raise RefusedError("missing", _("Write the name to show."), "display_name")
    check_location(str(values.get("usage_location") or ""))


def check_location(location: str) -> None:
    """Raise RefusedError for a usage location that is no country; there may be none."""
    if location and location not in codes():
        raise RefusedError("country", _("Choose a country."), "usage_location")


def check_user_name(customer: Customer, name: str, own: CustomerUser | None = None) -> None:
    """Raise RefusedError for a bad form, a domain that is not the customer's, or a name that is taken."""
    field = "user_principal_name"
    local, at, domain = name.partition("@")
    if not at or not domain or not LOCAL.fullmatch(local):
        told = _("Write it like an e-mail address: letters, digits, dots and hyphens before the @.")
        raise RefusedError("user_name", told, field)
    known = directory.domains(customer)
    if domain.lower() not in known:
        told = _("%(domain)s is no known domain of this customer. Known: %(known)s.") % {
            "domain": domain,
            "known": ", ".join(known) or "–",
        }
        raise RefusedError("domain", told, field)
    if directory.taken(customer, name, own):
        raise RefusedError("taken", _("Another user of this customer has this user name."), field)


def check_password(password: str, user_name: str) -> None:
    """Raise RefusedError for a password that Microsoft would call weak."""
    if not SHORTEST <= len(password) <= LONGEST or not _SIGNS.fullmatch(password):
        told = _("A password has 8 to 256 signs: letters without accents, digits, marks.")
        raise RefusedError("password", told, "password")
    if sum(bool(re.search(kind, password)) for kind in _CLASSES) < CLASSES:
        told = _("Use three of these: small letters, capital letters, digits, marks.")
        raise RefusedError("password", told, "password")
    local = user_name.partition("@")[0].lower()
    if local and local in password.lower():
        raise RefusedError("password", _("A password must not hold the user name."), "password")


def state_of(user: CustomerUser) -> str:
    """The state that open changes of the user will leave."""
    return str(changes.expected(TARGET, user.pk).get("state", user.state))


def must_be_there(user: CustomerUser) -> None:
    """Raise RefusedError for a user or customer that Partner Center no longer has."""
    customer = user.customer
    if user.gone_at or customer is None or customer.gone_at or user.connection.is_retired:
        raise RefusedError("gone", Sentence("users.gone"))


def may_change(user: CustomerUser) -> None:
    """Raise RefusedError for deleted users, and those that the customer's own directory rules."""
    must_be_there(user)
    is_changeable(user, state_of(user))


def is_changeable(user: CustomerUser, state: str) -> None:
    """As ``may_change`` for a user that is there and whose expected state has been read."""
    if state == UserState.INACTIVE:
        raise RefusedError("deleted", Sentence("users.deleted"))
    if user.is_synchronised:
        raise RefusedError("synchronised", Sentence("users.synchronised"))


def may_delete(user: CustomerUser) -> None:
    """Raise as ``may_change``, and for the last one who rules the directory."""
    may_change(user)
    assert user.customer is not None, "there, as may_change has seen"
    _is_not_last(user, directory.administrators(user.customer))


def may_delete_among(user: CustomerUser, state: str, ruling: Sequence[str]) -> None:
    """As ``may_delete`` where the expected state and who rules the directory were read for many at once."""
    must_be_there(user)
    is_changeable(user, state)
    _is_not_last(user, ruling)


def _is_not_last(user: CustomerUser, ruling: Sequence[str]) -> None:
    if list(ruling) == [user.pc_id]:
        raise RefusedError("last_administrator", _last())


def may_restore(user: CustomerUser) -> None:
    """Raise as ``is_restorable``, and where another user has the user name by now."""
    is_restorable(user)
    assert user.customer is not None, "there, as is_restorable has seen"
    if directory.taken(user.customer, user.user_principal_name, user):
        told = _("Another user of this customer has the user name %(name)s by now.")
        raise RefusedError("taken", told % {"name": user.user_principal_name})


def is_restorable(user: CustomerUser) -> None:
    """Raise RefusedError unless the user is deleted and its 30 days are not over."""
    must_be_there(user)
    if state_of(user) != UserState.INACTIVE:
        raise RefusedError("active", _("The user is not deleted."))
    until = restorable_until(user)
    if until is not None and until <= user.connection.now():
        told = _("It could be restored until %(day)s.") % {"day": formats.date_short(until)}
        raise RefusedError("too_late", told)


def restorable_until(user: CustomerUser) -> dt.datetime | None:
    """The moment at which Partner Center removes a deleted user for good."""
    return user.soft_deleted_at + KEPT if user.soft_deleted_at else None


def may_add(user: CustomerUser, role: DirectoryRole) -> None:
    """Raise RefusedError where the user has the role, or cannot be given any."""
    must_be_there(user)
    if state_of(user) == UserState.INACTIVE:
        raise RefusedError("deleted", Sentence("users.deleted"))
    if user.pc_id in role.member_ids:
        raise RefusedError("has_role", _("The user has this role already."), "role")


def may_remove(user: CustomerUser, role: DirectoryRole) -> None:
    """Raise RefusedError where the user lacks the role, and for the last administrator's."""
    must_be_there(user)
    if user.pc_id not in role.member_ids:
        raise RefusedError("no_role", _("The user does not have this role."), "role")
    assert user.customer is not None, "there, as must_be_there has seen"
    ruling = role.is_global_administrator
    if ruling and directory.administrators(user.customer) == [user.pc_id]:
        raise RefusedError("last_administrator", _last(), "role")


def _last() -> Sentence:
    return Sentence("users.last_administrator")

"""What can be known before a licence is asked for: seats, usage location, what the user holds already.

Only what is certain is refused here. What the mirror has not read is let through to Partner Center.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import CustomerUser, SubscribedSku, UserLicences
from portal.access.refusing import RefusedError
from portal.outbox import clouds
from portal.partnercenter.operations.users import UPDATE_LICENSES_OF_USER
from portal.ui import formats
from portal.ui.sentences import Facts, Sentence

NO_SEATS = "no_seats_left"
NO_LOCATION = "no_usage_location"
# What a cloud whose licences no API manages lacks (national_gaps of assign-licenses-to-a-user).
CHANGE = UPDATE_LICENSES_OF_USER.name


def _no_seats(facts: Facts) -> str:
    told = _("No seat of %(product)s is left: %(used)s of %(all)s are assigned or under way.")
    numbers = {name: formats.count(facts[name]) for name in ("used", "all")}
    return told % {"product": facts["product"], **numbers}


# Kept on rows of batches, which each reader reads in their language.
WORDS: dict[str, Any] = {
    "licences.already_assigned": gettext_lazy("%(user)s has %(product)s already."),
    "licences.no_location": gettext_lazy(
        "%(user)s has no usage location, so Microsoft gives no licence. Set it first."
    ),
    "licences.no_seats": _no_seats,
    "licences.not_assigned": gettext_lazy("%(user)s does not have %(product)s."),
    "licences.gone": gettext_lazy("This user is no longer in Partner Center."),
    "licences.deleted": gettext_lazy("This user is deleted. Restore it first."),
    "licences.unknown_product": gettext_lazy(
        "The customer of this user does not have this product."
    ),
}


@dataclass(frozen=True)
class Known:
    """A user with one product: what the user holds of it, and how many seats are free.

    ``off`` are the plans left out of a licence that is held, None where it is not. ``is_read`` is
    false while nobody has read what the user holds. ``free`` counts assignments under way.
    """

    user: CustomerUser
    sku: SubscribedSku
    off: list[str] | None
    is_read: bool
    free: int

    @property
    def holds(self) -> bool:
        return self.off is not None


def known(user: CustomerUser, sku: SubscribedSku, under_way: int = 0) -> Known:
    """What the rows say; ``under_way`` is how many assignments of this product are still to be sent."""
    held: UserLicences | None = getattr(user, "held", None)
    is_read = held is not None and held.gone_at is None
    licence = held.licences.get(sku.pc_id) if held is not None and is_read else None
    off = sorted(licence.get("off", [])) if licence is not None else None
    return Known(user, sku, off, is_read, sku.units_available - under_way)


@dataclass(frozen=True)
class Coming:
    """What is asked for in the same step, before the licence."""

    seats: bool = False
    location: bool = False


NOTHING = Coming()


def may_assign(state: Known, off: Sequence[str], coming: Coming = NOTHING) -> None:
    """Raise RefusedError for what Partner Center would refuse, or what changes nothing."""
    may_ask(state, coming)
    _plans_exist(state.sku, off)
    if state.off is not None and state.off == sorted(off):
        raise RefusedError(
            "already_assigned",
            Sentence("licences.already_assigned", user=str(state.user), product=str(state.sku)),
        )


def may_ask(state: Known, coming: Coming = NOTHING) -> None:
    """Raise RefusedError where a licence cannot be given, whatever its plans."""
    _is_there(state)
    if not state.user.usage_location and not coming.location:
        raise RefusedError(NO_LOCATION, Sentence("licences.no_location", user=str(state.user)))
    if state.free < 1 and not state.holds and not coming.seats:
        raise RefusedError(
            NO_SEATS,
            Sentence(
                "licences.no_seats",
                product=str(state.sku),
                used=usable(state.sku) - state.free,
                all=usable(state.sku),
            ),
        )


def may_remove(state: Known) -> None:
    """Raise RefusedError if there is nothing to remove."""
    _is_there(state)
    if state.is_read and not state.holds:
        raise RefusedError(
            "not_assigned",
            Sentence("licences.not_assigned", user=str(state.user), product=str(state.sku)),
        )


def usable(sku: SubscribedSku) -> int:
    """Units that can be assigned: active ones, and those of an expired subscription for a while."""
    return sku.units_active + sku.units_warning


def _plans_exist(sku: SubscribedSku, off: Sequence[str]) -> None:
    unknown = set(off) - {str(plan["id"]) for plan in sku.service_plans}
    if unknown:
        raise RefusedError(
            "unknown_plan",
            _("%(product)s has no service plan %(plan)s.") % {"product": sku, "plan": min(unknown)},
            "off",
        )
    if sku.service_plans and len(set(off)) == len(sku.service_plans):
        raise RefusedError(
            "nothing_left",
            _("Leave at least one service plan on, or remove the licence."),
            "off",
        )


def _is_there(state: Known) -> None:
    user = state.user
    if user.gone_at is not None or user.connection.is_retired:
        raise RefusedError("gone", Sentence("licences.gone"))
    if user.is_deleted:
        raise RefusedError("deleted", Sentence("licences.deleted"))
    clouds.must_have(user.connection, CHANGE)


def named(sku: SubscribedSku, off: Sequence[str]) -> dict[str, Any]:
    """A licence as a change tells it: the product, and the plans left out by name."""
    names = {str(plan["id"]): str(plan["name"]) for plan in sku.service_plans}
    return {
        "sku": sku.pc_id,
        "product": str(sku),
        "off": sorted(off),
        "without": sorted(names.get(plan, plan) for plan in off),
    }

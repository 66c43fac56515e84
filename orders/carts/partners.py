"""Resellers beside the one on record: up to five PartnerIDs a line, in the EU and EFTA alone (rule cart_resellers)."""

import re

from django.utils.translation import gettext as _

from orders.carts import ordering
from orders.carts.models import Cart
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.reference.markets import is_european

MOST = 5
FIELD = "more_partner_ids"
_ID = re.compile(r"\d{1,10}")


def may(scope: Scope, cart: Cart) -> bool:
    """Whether this person may name them here: as the reseller on record, only the partner's own staff does."""
    in_europe = is_european(cart.customer.country)
    return in_europe and cart.reseller_id is not None and scope.sees_whole(cart.connection_id)


def read(text: str) -> list[str]:
    """PartnerIDs as somebody wrote them, apart by spaces, commas or lines."""
    return list(dict.fromkeys(re.findall(r"[^\s,;]+", text)))


def checked(scope: Scope, cart: Cart, wanted: list[str], kept: list[str]) -> list[str]:
    """Those that a line is to name; who may not choose keeps what is there. Raises RefusedError."""
    if not may(scope, cart):
        if wanted and wanted != kept:
            told = _(
                "Additional resellers are named by the partner's own staff, in the EU and EFTA."
            )
            raise RefusedError("participants", told, FIELD)
        return kept
    odd = [one for one in wanted if not _ID.fullmatch(one)]
    if odd:
        told = _("“%(text)s” is no PartnerID. It has digits only.") % {"text": odd[0]}
        raise RefusedError("participants", told, FIELD)
    if len(wanted) > MOST:
        told = _("At most %(most)s additional resellers.") % {"most": MOST}
        raise RefusedError("participants", told, FIELD)
    if ordering.partner_id(cart) in wanted:
        told = _("The reseller on record is named already.")
        raise RefusedError("participants", told, FIELD)
    return wanted

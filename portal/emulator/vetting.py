"""Microsoft's look at a customer, and the partner's credit: what refuses an order whatever is in it.

The control plane says how a customer stands (rules customer_vetting and credit_limit).
"""

from portal.emulator.dossiers import Dossier
from portal.emulator.errors import Refusal

# How a customer may stand, with the code that refuses its orders.
CODES: dict[str, int] = {
    "under_review": 800073,
    "not_approved": 800075,
    "risk": 800069,
    "credit_line": 800023,
    "credit_limit": 900121,
}
_STATUSES = {"under_review": "UnderReview", "not_approved": "NotAllowed"}


def may_order(dossier: Dossier) -> None:
    """Raise ``Refusal`` for a customer that nothing is ordered for."""
    if dossier.standing:
        raise Refusal(CODES[dossier.standing])


def status(dossier: Dossier) -> str:
    """What validationStatus says of it."""
    return _STATUSES.get(dossier.standing, "Allowed")


def check(standing: str) -> None:
    """Raise ValueError for a standing that there is not."""
    if standing and standing not in CODES:
        raise ValueError(f"unknown standing {standing!r}; known are {', '.join(CODES)}")

"""How long a term is and how it is billed: what may follow what (rules term_change, billing_cycle_change)."""

from collections.abc import Mapping
from typing import Any

_MONTHS = {"P1M": 1, "P1Y": 12, "P3Y": 36}
_CYCLE_MONTHS = {"monthly": 1, "annual": 12, "triennial": 36}


def months(term: str) -> int:
    """The length of a term, 0 for one that is not known."""
    return _MONTHS.get(term.upper(), 0)


def fits(term: str, cycle: str) -> bool:
    """Whether a billing cycle is no longer than the term; what is not known is Partner Center's to judge."""
    known = months(term) and _CYCLE_MONTHS.get(cycle.lower(), 0)
    return not known or _CYCLE_MONTHS[cycle.lower()] <= months(term)


def next_cycle(payload: Mapping[str, Any]) -> str:
    """The billing cycle from the next charge on, "" where it stays (nextChargeInstructions)."""
    product = (payload.get("nextChargeInstructions") or {}).get("product") or {}
    named = {str(name).lower(): value for name, value in product.items()}
    return str(named.get("billingcycle") or "").lower()

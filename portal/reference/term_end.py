"""What happens at the end of a term since the Extended Service Term came: whom it is for, and its surcharge.

Known at second hand (new-commerce facts, rule extended_service_term), so a portal's settings may say otherwise.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.reference.tables import rows


@dataclass(frozen=True)
class Rules:
    """Terms bought or renewed since the first day that end since the second roll on; percent on a month's price.

    The larger surcharge holds where a product has no monthly plan whose price could be raised.
    """

    bought_since: date
    ending_since: date
    uplift_percent: int
    uplift_without_monthly_plan_percent: int

    def rolls_on(self, began: date, ends: date) -> bool:
        """Whether a seat term of these days goes on by the month unless somebody chose otherwise."""
        return began >= self.bought_since and ends >= self.ending_since


@lru_cache(maxsize=1)
def shipped() -> Rules:
    """The rules as far as they are known."""
    found = {row["name"]: row["value"] for row in rows("term-end")}
    return Rules(
        bought_since=date.fromisoformat(found["bought_since"]),
        ending_since=date.fromisoformat(found["ending_since"]),
        uplift_percent=int(found["uplift_percent"]),
        uplift_without_monthly_plan_percent=int(found["uplift_without_monthly_plan_percent"]),
    )

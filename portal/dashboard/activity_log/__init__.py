"""The activity log as people read it: list, one entry, the newest on the home page, the API."""

from portal.dashboard.activity_log.queries import recent
from portal.dashboard.activity_log.views import (
    activity,
    activity_entry,
    activity_record,
    customer_activity,
)

__all__ = ["activity", "activity_entry", "activity_record", "customer_activity", "recent"]

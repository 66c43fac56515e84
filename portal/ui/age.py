"""How old the data on a page are, said in one line under its title."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.ui import formats


@dataclass(frozen=True)
class Age:
    """The moment that a scope was last read whole, and where to ask for a newer reading.

    ``at`` is None while nothing was read yet. ``refresh_url`` takes a POST. Data older than
    ``stale_after`` are marked as such; they stay readable. While ``reading`` the line asks
    again by itself, and once that is over for the page's new content.
    """

    at: datetime | None
    refresh_url: str = ""
    stale_after: timedelta = timedelta(hours=24)
    note: str | Promise = ""
    reading: bool = False

    @property
    def css(self) -> str:
        """The status class of the dot before the line."""
        if self.at is None:
            return "is-off"
        return "is-ok" if timezone.now() - self.at <= self.stale_after else "is-warn"

    @property
    def text(self) -> str:
        """When the data were read, local and UTC, and how long ago; the day too if not today."""
        if self.at is None:
            return _("Not read from Partner Center yet")
        same_day = timezone.localtime(self.at).date() == timezone.localdate()
        moment = formats.when(self.at)
        if same_day:
            moment = moment.removeprefix(formats.date_short(self.at)).strip()
        age = formats.ago(self.at)
        values = {"moment": moment, "age": age}
        if age == _("now"):
            return _("Read from Partner Center %(moment)s, just now") % values
        return _("Read from Partner Center %(moment)s, %(age)s ago") % values

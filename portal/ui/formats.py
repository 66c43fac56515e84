"""Numbers, money, dates and lengths of time as people of the active language read them.

Everything takes plain values and returns plain text; templates reach it through
portal.ui.templatetags.portal. Minus is U+2212, money always names its currency, times are local
with UTC beside them.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

DASH = "–"
MINUS = "−"
_DATES = {"en": "d MMM y", "fr": "d MMM y"}
_ISO_TERM = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?")


def locale() -> Locale:
    """Babel's locale of the active language; English is the European one (24 Nov 2026, €1.00)."""
    language = (get_language() or "en").replace("-", "_")
    return Locale.parse({"en": "en_GB", "fr": "fr_FR"}.get(language, language))


def language(code: str) -> str:
    """The name of a language by its tag ("fr", "fr-FR"); the tag itself if it has none."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(locale())
    except (ValueError, UnknownLocaleError):
        return code
    return f"{name[:1].upper()}{name[1:]}" if name else code


def country(code: str) -> str:
    """The name of a country by its two letters; what is no such code stays as it is."""
    return str(locale().territories.get(code, code))


def alphabetical(text: str) -> str:
    """What names are sorted by, so that an accent puts none behind the last letter."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def _dates() -> Locale:
    """Babel's locale for days: months of three letters, where en_GB writes "Sept"."""
    found = locale()
    return Locale("en") if found.language == "en" else found


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def money(amount: Decimal | int | None, currency: str | None) -> str:
    """An amount with its currency, in that currency's decimals; a dash for None.

    An amount whose currency is not known says so instead of passing for another one.
    """
    if amount is None:
        return DASH
    if not currency:
        shown = format_decimal(amount, format="#,##0.00", locale=locale())
        return _("%(amount)s (no currency)") % {"amount": _signed(shown)}
    return _signed(format_currency(amount, currency.upper(), locale=locale()))


def count(value: int | None, *, capped: bool = False) -> str:
    """A whole number with thousands marks; "10,000+" when the counting stopped there."""
    if value is None:
        return DASH
    return _signed(format_decimal(value, format="#,##0", locale=locale())) + ("+" if capped else "")


def number(value: Decimal | float | None, least: int = 0) -> str:
    """A number with as many decimals as it has, at ``least`` so many and at most six."""
    if value is None:
        return DASH
    return _signed(format_decimal(value, format=f"#,##0.{'0' * least:#<6}", locale=locale()))


def percent(share: Decimal | float | None) -> str:
    """A share (0.912) as "91.2%" or "91,2 %"."""
    if share is None:
        return DASH
    pattern = "#,##0.#%" if locale().language == "en" else "#,##0.#\u00a0%"
    return _signed(format_percent(share, format=pattern, locale=locale()))


def _day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def date_short(value: date | None) -> str:
    """A local day, "24 Nov 2026"."""
    if value is None:
        return DASH
    return babel_date(_day(value), _DATES.get(get_language() or "en", "medium"), _dates())


def month(value: date) -> str:
    """A month, "Sep 2026"."""
    return babel_date(value, "MMM y", _dates())


def clock(value: datetime | None) -> str:
    """The local time of day, "09:40"."""
    if value is None:
        return DASH
    return babel_time(timezone.localtime(value), "HH:mm", tzinfo=None, locale=locale())


def local(value: datetime | None) -> str:
    """A local day and time, "24 Nov 2026 09:40"."""
    return DASH if value is None else f"{date_short(value)} {clock(value)}"


def utc(value: datetime | None) -> str:
    """The same moment in UTC, its day only where that differs: "08:40 UTC"; "UTC" where local is UTC."""
    if value is None:
        return DASH
    if _is_utc(value):
        return "UTC"
    moment = value.astimezone(UTC)
    text = f"{moment:%H:%M} UTC"
    if moment.date() != _day(value):
        text = f"{babel_date(moment.date(), 'd MMM', _dates())} {text}"
    return text


def when(value: datetime | None) -> str:
    """Local time with UTC beside it; once only where both are the same."""
    if value is None:
        return DASH
    if _is_utc(value):
        return f"{local(value)} UTC"
    return f"{local(value)} ({utc(value)})"


def recently(value: datetime | None) -> str:
    """A local moment in a list of the newest: "09:38" today, "23 Nov 2026 09:38" before."""
    today = value is not None and _day(value) == timezone.localdate()
    return clock(value) if today else local(value)


def _is_utc(value: datetime) -> bool:
    return timezone.localtime(value).utcoffset() == timedelta(0)


def _parts(seconds: int) -> tuple[int, int, int]:
    minutes = seconds // 60
    return minutes // 1440, minutes // 60 % 24, minutes % 60


def length(seconds: float) -> str:
    """A length of time in its two largest units: "3 h 18 min", "6 d 0 h", "12 s"."""
    whole = max(0, int(seconds))
    days, hours, minutes = _parts(whole)
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(seconds)s s") % {"seconds": whole}


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How old something is, in one unit: "2 min", "41 min", "3 h", "5 d"."""
    if value is None:
        return DASH
    days, hours, minutes = _parts(max(0, int(((now or timezone.now()) - value).total_seconds())))
    if days:
        return _("%(days)s d") % {"days": days}
    if hours:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(minutes)s min") % {"minutes": minutes} if minutes else _("now")


def left(value: datetime | None, now: datetime | None = None) -> str:
    """The time until a moment; "closed" once it has passed."""
    if value is None:
        return DASH
    seconds = (value - (now or timezone.now())).total_seconds()
    return length(seconds) if seconds > 0 else _("closed")


def left_class(value: datetime | None, now: datetime | None = None) -> str:
    """The status class of a time left: over 72 h, under 72 h, under 24 h, passed."""
    if value is None:
        return "is-off"
    hours = (value - (now or timezone.now())).total_seconds() / 3600
    if hours <= 0:
        return "is-off"
    if hours < 24:
        return "is-bad"
    return "is-warn" if hours < 72 else "is-ok"


def days_away(value: date | None, today: date | None = None) -> str:
    """A day seen from today: "tomorrow", "in 6 d", "3 d ago"."""
    if value is None:
        return ""
    days = (_day(value) - (today or timezone.localdate())).days
    named = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if days in named:
        return named[days]
    return (
        _("in %(days)s d") % {"days": days} if days > 0 else _("%(days)s d ago") % {"days": -days}
    )


def term(value: str | None) -> str:
    """An ISO 8601 length as Partner Center writes terms: P1M, P1Y, P3Y; others verbatim."""
    if not value:
        return DASH
    found = _ISO_TERM.fullmatch(value.upper())
    if found is None or not any(found.groups()):
        return value
    years, months, days = (int(part or 0) for part in found.groups())
    words = [
        ngettext("%(n)s year", "%(n)s years", years) % {"n": years} if years else "",
        ngettext("%(n)s month", "%(n)s months", months) % {"n": months} if months else "",
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
    ]
    return " ".join(word for word in words if word)


def billing(value: str | None) -> str:
    """A billing cycle (monthly, annual, triennial, one_time, none); unknown values verbatim."""
    words = {
        "monthly": _("billed monthly"),
        "annual": _("billed yearly"),
        "triennial": _("billed every 3 years"),
        "one_time": _("billed once"),
        "onetime": _("billed once"),
        "none": _("not billed"),
        "unknown": _("billing not known"),
    }
    return DASH if not value else words.get(value.lower(), value)


def yes_no(value: bool | None) -> str:  # noqa: FBT001 - the value itself, not an option
    """On and off switches of Partner Center as words."""
    if value is None:
        return DASH
    return _("yes") if value else _("no")

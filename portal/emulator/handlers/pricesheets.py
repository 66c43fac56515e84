"""Price sheets: one CSV for a market, a view and a month, packed as the caller takes it."""

import io
import zipfile
import zlib
from datetime import date

from portal.emulator import pricesheets
from portal.emulator.context import Answer, Call
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.shelves import country_of

NAME = "sheets.csv"
CONTENT = "application/octet-stream"
_DIGITS = 6


@emulates("GET_PRICE_SHEET")
def price_sheet(call: Call) -> Answer:
    country = country_of({"country": call.params["market"]})
    view = call.params["view"].lower()
    if view not in pricesheets.VIEWS:
        raise Refusal(3000, f"The price sheet view {view} is not known.")
    content = pricesheets.sheet(view, country, _month(call), call.store.anchor.date())
    return _packed(call, content)


def _month(call: Call) -> date:
    """The month asked for: this one, an earlier one by its name, or the next."""
    today = call.emulator.clock.now().date().replace(day=1)
    match call.query.get("timeline", "current").lower():
        case "current":
            return today
        case "future":
            return pricesheets.following(today)
        case "history":
            found = _named(call.query.get("month", ""))
            if found >= today:
                raise Refusal(3000, "The month has no history yet.")
            return found
        case other:
            raise Refusal(3000, f"The timeline {other} is not known.")


def _named(text: str) -> date:
    wrong = Refusal(3000, "The month must be written as YYYYMM.")
    if len(text) != _DIGITS or not text.isdecimal():
        raise wrong
    try:
        return date(int(text[:4]), int(text[4:]), 1)
    except ValueError:
        raise wrong from None


def _packed(call: Call, content: bytes) -> Answer:
    accepted = call.request.headers.get("Accept-Encoding", "").lower()
    headers = {"Content-Disposition": f"attachment; filename={NAME}"}
    if "deflate" in accepted:
        headers["Content-Encoding"] = "deflate"
        return Answer(200, zlib.compress(content), headers, CONTENT)
    if "zip" in accepted.replace("gzip", ""):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(NAME, content)
        return Answer(200, packed.getvalue(), headers, "application/zip")
    return Answer(200, content, headers, CONTENT)

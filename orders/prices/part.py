"""How a sheet is named, and what its family is called."""

import datetime as dt

SHEETS = "price_sheets"


def sheet_id(market: str, view: str, month: dt.date) -> str:
    """The name of a sheet: "FR/software/202611"."""
    return f"{market}/{view}/{month:%Y%m}"


def parts(sheet: str) -> tuple[str, str, dt.date]:
    """Market, view and month (its first day) of such a name."""
    market, view, month = sheet.split("/")
    return market, view, dt.date(int(month[:4]), int(month[4:]), 1)


def month_of(day: dt.date) -> dt.date:
    """The first day of a month."""
    return day.replace(day=1)

"""XLSX row by row in constant memory. Text is written as text: no cell can be a formula or a link."""

import tempfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.utils import timezone
from xlsxwriter import Workbook

ROWS_A_SHEET = 1_000_000
LONGEST = 32_767  # characters that a cell can hold
# A float holds 15 digits; a longer number stays text rather than becoming another number.
EXACT = 1e15
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

Read = Callable[[], list[list[Any]]]


class Writer:
    """A workbook being written. A new sheet begins where one is full."""

    def __init__(self, path: str, head: list[str]) -> None:
        self.head, self.rows = head, 0
        self._book = Workbook(path, _OPTIONS)
        self._bold = self._book.add_format({"bold": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._begin()

    def _begin(self) -> None:
        self._sheet, self._line = self._book.add_worksheet(), 1
        self._sheet.freeze_panes(1, 0)
        for column, word in enumerate(self.head):
            self._sheet.write_string(0, column, word[:LONGEST], self._bold)

    def add(self, rows: list[list[Any]]) -> None:
        """Write some rows."""
        for row in rows:
            if self._line > ROWS_A_SHEET:
                self._begin()
            for column, value in enumerate(row):
                self._cell(column, value)
            self._line += 1
        self.rows += len(rows)

    def _cell(self, column: int, value: Any) -> None:
        place = (self._line, column)
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self._sheet.write_boolean(*place, value)
        elif isinstance(value, int | float | Decimal) and abs(float(value)) < EXACT:
            self._sheet.write_number(*place, float(value))
        elif isinstance(value, datetime):
            # A sheet knows no time zones: the moment as the reader's clock shows it.
            local = timezone.make_naive(value) if timezone.is_aware(value) else value
            self._sheet.write_datetime(*place, local, self._moment)
        elif isinstance(value, date):
            self._sheet.write_datetime(*place, value, self._day)
        else:
            self._sheet.write_string(*place, str(value)[:LONGEST])

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


def write(path: Path, head: list[str], read: Read) -> None:
    """Write a whole workbook to a path."""
    writer = Writer(str(path), head)
    while rows := read():
        writer.add(rows)
    writer.close()


def temporary(head: list[str], read: Read) -> IO[bytes]:
    """A whole workbook as an open file that vanishes when it is closed."""
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        path = Path(folder) / "export.xlsx"
        write(path, head, read)
        # The open file outlives its name.
        return path.open("rb")

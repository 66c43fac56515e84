"""A price sheet as it comes: CSV, or a zip archive with one. Every row becomes a mapping of its own names."""

import csv
import io
import zipfile
from collections.abc import Iterator

from portal.partnercenter.errors import BadAnswer

ZIP = b"PK\x03\x04"
LARGEST = 400_000_000
"""No sheet that is kept comes near; an archive that unpacks to more is not read."""


def rows(content: bytes) -> Iterator[dict[str, str]]:
    """The rows of a sheet, by names without blanks and quotes, in small letters. Raises ``BadAnswer``."""
    text = io.TextIOWrapper(_plain(content), encoding="utf-8-sig", errors="replace", newline="")
    lines = csv.reader(text)
    header = [_name(one) for one in next(lines, [])]
    if "productid" not in header or "unitprice" not in header:
        raise BadAnswer("the answer is no price sheet", operation="GET_PRICE_SHEET")
    for line in lines:
        if len(line) == len(header):
            yield dict(zip(header, line, strict=True))


def _name(text: str) -> str:
    """Letters and digits alone: "ERP Price" is erpprice."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _plain(content: bytes) -> io.BytesIO:
    if not content.startswith(ZIP):
        return io.BytesIO(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if not found or found[0].file_size > LARGEST:
                raise BadAnswer("the archive holds no price sheet", operation="GET_PRICE_SHEET")
            return io.BytesIO(archive.read(found[0]))
    except zipfile.BadZipFile as error:
        raise BadAnswer("the archive cannot be read", operation="GET_PRICE_SHEET") from error

"""From bytes to text: the encodings that spreadsheets write, and no guess beyond them."""

import codecs
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from portal.ui import formats

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class FileRefusedError(ValueError):
    """The file as a whole cannot be read; ``str`` says why and what to do. ``code`` is for machines."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.code = code


def too_large() -> FileRefusedError:
    """The refusal of a file over the cap."""
    most = formats.number(settings.INTAKE_MAX_BYTES / 1_000_000)
    return FileRefusedError(
        "too_large", _("The file is larger than %(n)s MB. Split it.") % {"n": most}
    )


def empty() -> FileRefusedError:
    """The refusal of a file without a letter, or of none."""
    return FileRefusedError("empty", _("The file is empty."))


def read(chunks: Iterable[bytes]) -> tuple[str, str]:
    """The text and the name of its encoding. Raises FileRefusedError."""
    data = _joined(chunks)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _without_nul(_decoded(data, encoding)), encoding.removesuffix("-sig")
    if b"\0" in data:
        raise _binary()
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded(data, "cp1252"), "cp1252"


def _joined(chunks: Iterable[bytes]) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > settings.INTAKE_MAX_BYTES:
            raise too_large()
    if not data.strip():
        raise empty()
    return bytes(data)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _binary() from error


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise _binary()
    return text


def _binary() -> FileRefusedError:
    return FileRefusedError(
        "not_text", _("This is no text file. Save the table as CSV (UTF-8) and upload that.")
    )

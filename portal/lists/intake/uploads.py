"""The cap on an uploaded table, before it takes memory or disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

FIELD = "table"
"""The form field in which every table arrives."""


class CappedUploadHandler(FileUploadHandler):
    """Stops reading a table once it is larger than INTAKE_MAX_BYTES; other files pass through."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        """Start with nothing counted."""
        super().__init__(request)
        self.seen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Count each file for itself."""
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        """Pass the piece on, or skip the rest of the file and note that it was too large."""
        self.seen += len(raw_data)
        if self.field_name == FIELD and self.seen > settings.INTAKE_MAX_BYTES:
            if self.request is not None:
                self.request.table_too_large = True  # type: ignore[attr-defined] # our own mark
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        """The handlers after this one make the file."""
        return


def too_large(request: HttpRequest) -> bool:
    """Whether the table of this request was cut off."""
    return getattr(request, "table_too_large", False)

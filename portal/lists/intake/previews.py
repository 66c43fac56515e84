"""A table that is looked at before it is done: kept as it was uploaded until its reader has decided."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.http import Request
from portal.lists import files
from portal.lists.intake import decoding, uploads
from portal.lists.models import StoredFile

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]

KEPT = dt.timedelta(hours=1)


def uploaded(request: Request) -> "Upload":
    """The table that was sent. Raises FileRefusedError."""
    if uploads.too_large(request):
        raise decoding.too_large()
    upload = request.FILES.get(uploads.FIELD)
    if not isinstance(upload, UploadedFile):
        raise decoding.empty()
    return upload


def keep(request: Request, upload: "Upload", kind: str) -> StoredFile:
    """The table as it was uploaded, for KEPT and its reader alone."""
    return files.store(
        upload.chunks(),
        owner=request.user,
        kind=kind,
        name=upload.name or "",
        content_type="text/csv",
        expires_at=timezone.now() + KEPT,
    )


def kept(request: Request, kind: str) -> list[bytes]:
    """The bytes of the table that the form names as ``kept``. Raises FileRefusedError."""
    try:
        found = files.readable(request.scope, uuid.UUID(request.POST["kept"]))
    except (Http404, ValueError):
        found = None
    if found is None or found.kind != kind:
        raise decoding.FileRefusedError("gone", _("The file is no longer here. Upload it again."))
    return [found.path.read_bytes()]

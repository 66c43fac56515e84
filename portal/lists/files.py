"""Keep bytes under our own id, and give them out so that no browser takes them for something else."""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.http import content_disposition_header

from portal.access.models import User
from portal.access.scope import Scope
from portal.lists.models import StoredFile

LONGEST_NAME = 120
Rule = Callable[[Scope, StoredFile], bool]
_rules: dict[str, Rule] = {}
_ODD = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def register(kind: str, may_read: Rule) -> None:
    """Say who may read files of a kind; without a rule it is the owner alone."""
    _rules[kind] = may_read


def safe_name(name: str) -> str:
    """A name without folders, control characters and signs that turn the reading direction."""
    plain = "".join(c for c in name if unicodedata.category(c) not in {"Cf", "Cc", "Cs", "Co"})
    words = _ODD.sub("_", plain).strip(" ._")
    return words[-LONGEST_NAME:] or "file"


def reserve() -> tuple[uuid.UUID, Path]:
    """An id and the path for bytes to be written before their row is there."""
    made = StoredFile(id=uuid.uuid4())
    made.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made.id, made.path


def adopt(
    file_id: uuid.UUID,
    *,
    owner: User | None,
    kind: str,
    name: str,
    content_type: str,
    **fields: Any,
) -> StoredFile:
    """Make the row of bytes that already lie at their path (``reserve``). In the caller's transaction."""
    made = StoredFile(
        id=file_id,
        owner=owner,
        kind=kind,
        name=safe_name(name),
        content_type=content_type,
        **fields,
    )
    with made.path.open("rb") as source:
        made.sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        made.size = source.tell()
    made.save(force_insert=True)
    return made


def store(
    chunks: Iterable[bytes],
    *,
    owner: User | None,
    kind: str,
    name: str,
    content_type: str,
    **fields: Any,
) -> StoredFile:
    """Write the bytes and their row. ``fields``: ``subject_id``, ``expires_at``."""
    file_id, path = reserve()
    with path.open("xb") as target:
        for chunk in chunks:
            target.write(chunk)
    return adopt(file_id, owner=owner, kind=kind, name=name, content_type=content_type, **fields)


def readable(scope: Scope, file_id: uuid.UUID) -> StoredFile:
    """A file that this scope may read and whose bytes are there; Http404 for every other."""
    found = StoredFile.objects.filter(pk=file_id).first()
    if found is None or not _may(scope, found) or not found.path.is_file():
        raise Http404
    if found.expires_at is not None and found.expires_at <= timezone.now():
        raise Http404
    return found


def _may(scope: Scope, found: StoredFile) -> bool:
    rule = _rules.get(found.kind)
    if rule is not None:
        return rule(scope, found)
    return found.owner_id is not None and found.owner_id == scope.user_id


def serve(_request: HttpRequest, found: StoredFile) -> FileResponse:
    """The bytes, always as a download."""
    response = FileResponse(found.path.open("rb"), content_type=found.content_type)
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=safe_name(found.name)
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def remove_expired(now: datetime) -> int:
    """Delete the bytes and rows of files whose time is over; run by a worker. The number removed."""
    gone = list(StoredFile.objects.filter(expires_at__lte=now)[:500])
    for found in gone:
        found.path.unlink(missing_ok=True)
        found.delete()
    return len(gone)

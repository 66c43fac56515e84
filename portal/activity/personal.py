"""Personal values of the log, each person's under a key of their own.

Erasing the key makes every value of that person unreadable at once, while the entries, and the
digests that seals stand on, stay as they were.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.fernet import Fernet
from django.utils import timezone

from portal.activity.models import EntryPersonal, SubjectKey


@dataclass(frozen=True)
class Personal:
    """Values about one person. ``subject`` names them: "user:7"."""

    subject: str
    values: Mapping[str, str]


class Erased(Exception):  # noqa: N818 - a state, not a fault
    """The person's key is gone; nothing more is written about them."""


def subject_of(user_id: int) -> str:
    """The subject of a portal user."""
    return f"user:{user_id}"


def seal(entry_ids: Iterable[int], personal: Personal) -> list[EntryPersonal]:
    """A row an entry with the values under their subject's key, made on first use; Erased if it was erased."""
    holder = key_of(personal.subject)
    if not holder.key:
        raise Erased
    box = Fernet(holder.key.reveal())
    plain = json.dumps(dict(personal.values), sort_keys=True).encode()
    return [_sealed(number, holder, box.encrypt(plain)) for number in entry_ids]


def _sealed(entry_id: int, holder: SubjectKey, ciphertext: bytes) -> EntryPersonal:
    digest = hashlib.sha256(ciphertext).digest()
    return EntryPersonal(entry_id=entry_id, subject=holder, ciphertext=ciphertext, digest=digest)


def key_of(subject: str) -> SubjectKey:
    """The key row of a subject; two requests at once end up with the same one."""
    found = SubjectKey.objects.filter(subject=subject).first()
    if found is None:
        key = Fernet.generate_key().decode()
        SubjectKey.objects.bulk_create(
            [SubjectKey(subject=subject, key=key)], ignore_conflicts=True
        )
        found = SubjectKey.objects.get(subject=subject)
    return found


def reveal(rows: Iterable[EntryPersonal]) -> dict[str, str]:
    """The values of an entry's rows (with ``subject`` loaded); those of erased persons are absent."""
    values: dict[str, str] = {}
    for row in rows:
        if row.subject.key:
            plain = Fernet(row.subject.key.reveal()).decrypt(bytes(row.ciphertext))
            values |= json.loads(plain)
    return values


def erase(subject: str) -> bool:
    """Forget a person for ever; whether there was a key to erase. Only the owner role may."""
    erased = SubjectKey.objects.filter(subject=subject, key__isnull=False).update(
        key=None, erased_at=timezone.now()
    )
    return bool(erased)

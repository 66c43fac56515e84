"""Secrets at rest: text in, ciphertext in the database, text out only when asked by name.

The keys are settings.FIELD_KEYS. The first one encrypts, every one decrypts, so a key is rotated by
putting a new one in front, running ``manage.py rotate_secrets`` and dropping the old one.
"""

import base64
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

if TYPE_CHECKING:
    from collections.abc import Sequence

    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField

MASK = "••••••"


class WrongKey(ImproperlyConfigured):
    """A stored secret was written with a key that FIELD_KEYS does not hold."""

    def __init__(self) -> None:
        super().__init__(
            "A stored secret cannot be decrypted: FIELD_KEYS does not hold the key it was written "
            "with. Put the former key back behind the new one, or enter the secret again."
        )


@lru_cache(maxsize=32)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    """Any long random text makes a key; HKDF only brings it to the length that Fernet wants."""
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"portal field key")
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))


def _current() -> MultiFernet:
    keys: Sequence[str] = settings.FIELD_KEYS
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS must name at least one key.")
    return _fernet(tuple(keys))


def encrypt(text: str) -> str:
    """Seal ``text`` under the first key; the result differs at each call."""
    return _current().encrypt(text.encode()).decode()


def decrypt(ciphertext: str) -> str:
    """Open ``ciphertext``; WrongKey if none of the keys opens it."""
    try:
        return _current().decrypt(ciphertext.encode()).decode()
    except InvalidToken:
        raise WrongKey from None


class Secret:
    """A secret that shows itself only through ``reveal``; printed, logged or rendered it is a mask."""

    __slots__ = ("ciphertext",)

    def __init__(self, ciphertext: str) -> None:
        self.ciphertext = ciphertext

    @classmethod
    def of(cls, text: str) -> "Secret":
        return cls(encrypt(text) if text else "")

    def reveal(self) -> str:
        """Give the text; WrongKey if it was written with a key we no longer hold."""
        return decrypt(self.ciphertext) if self.ciphertext else ""

    def rotated(self) -> str:
        """Seal the same text under the first key; WrongKey as for ``reveal``."""
        return encrypt(self.reveal())

    def __bool__(self) -> bool:
        return bool(self.ciphertext)

    def __str__(self) -> str:
        return MASK if self.ciphertext else ""

    def __repr__(self) -> str:
        return f"<Secret {self}>"


class _SecretAttribute(DeferredAttribute):
    """Turns whatever is assigned into a Secret, so that plain text never stays on the instance."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        name = self.field.attname
        instance.__dict__[name] = Secret.of(value) if isinstance(value, str) else value


class SecretField(_TextField):
    """A text column that holds ciphertext. Reads give a Secret (or None); plain text may be assigned.

    Decryption happens in ``Secret.reveal``, not on load: a page that lists connections neither pays
    for it nor holds a secret in memory.
    """

    descriptor_class = _SecretAttribute

    def from_db_value(self, value: str | None, *_args: Any) -> Secret | None:
        return None if value is None else Secret(value)

    def get_prep_value(self, value: Any) -> str | None:
        if isinstance(value, str):
            value = Secret.of(value)
        return None if value is None else value.ciphertext

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """Give a fixture or dump the ciphertext."""
        return self.get_prep_value(self.value_from_object(obj)) or ""

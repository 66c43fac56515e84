"""Columns that a mirror needs and Django does not bring."""

from typing import Any

from django.db import models


class ExactDecimalField(models.DecimalField):  # type: ignore[type-arg] # no brackets at run time
    """A ``numeric`` without bounds: an amount keeps every digit that Microsoft wrote."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_digits", 1000)
        options.setdefault("decimal_places", 100)
        super().__init__(*args, **options)

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's signature
        """No precision in the type, so Postgres rounds nothing."""
        return "numeric"

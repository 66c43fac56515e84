"""``manage.py rotate_secrets``: seals every stored secret again with the first key of FIELD_KEYS."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from portal.connections.secrets import Secret, SecretField, WrongKey


class Command(BaseCommand):
    help = (
        "Seals every stored secret again with the first key of FIELD_KEYS. Afterwards the other "
        "keys can be dropped."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            with transaction.atomic():
                count = sum(_rotate(model) for model in apps.get_models())
        except WrongKey as error:
            raise CommandError(f"Nothing was changed. {error}") from None
        self.stdout.write(f"{count} secrets sealed with the first key.")


def _rotate(model: type[models.Model]) -> int:
    """Seal the secrets of one table again; each row is locked against workers that replace it."""
    names = [field.name for field in model._meta.concrete_fields if isinstance(field, SecretField)]  # noqa: SLF001 - Django's own name
    if not names:
        return 0
    count = 0
    for row in model._default_manager.select_for_update(of=("self",)).only("pk", *names):  # noqa: SLF001
        sealed = [name for name in names if getattr(row, name)]
        for name in sealed:
            setattr(row, name, Secret(getattr(row, name).rotated()))
        if sealed:
            row.save(update_fields=sealed)
        count += len(sealed)
    return count

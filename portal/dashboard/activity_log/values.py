"""What entries keep by its code or field name, in words of the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, TextChoices
from django.utils.functional import Promise
from django.utils.text import capfirst

from orders.prices.models import PriceRule
from orders.term_end import TermEnd
from portal.access.models import User
from portal.access.roles import Role
from portal.administration.syncing import FAMILIES
from portal.administration.webhooks import REASONS
from portal.connections.models import CloudName, Connection, Environment, Mode
from portal.mirror.models import Kind
from portal.notifications import letters
from portal.notifications.models import MailTemplate

_CHOICES: dict[str, type[TextChoices]] = {
    "choice": TermEnd,
    "cloud": CloudName,
    "environment": Environment,
    "from": Mode,
    "kind": Kind,
    "mode": Mode,
    "role": Role,
    "to": Mode,
}
_WORDS: dict[str, Callable[[], Mapping[str, str | Promise]]] = {
    "family": lambda: FAMILIES,
    "language": lambda: dict(settings.LANGUAGES),
    "letter": letters.labels,
    "reason": lambda: REASONS,
}
_MODELS: dict[str, type[Model]] = {
    "connection": Connection,
    "mail_template": MailTemplate,
    "price_book": PriceRule,
    "user": User,
}


def word(name: str, value: Any) -> str | Promise | Any:
    """The label of a code that stands for a choice; any other value as it is."""
    if name in _WORDS and isinstance(value, str):
        return _WORDS[name]().get(value, value)
    choices = _CHOICES.get(name)
    return choices(value).label if choices and value in choices.values else value


def field(target_type: str, name: str) -> str:
    """The label of a field of what the entry is about; its name where the record has none."""
    try:
        found = _MODELS[target_type]._meta.get_field(name)  # noqa: SLF001 - Django's public name
    except (KeyError, FieldDoesNotExist):
        return str(capfirst(name.replace("_", " ")))
    return str(capfirst(found.verbose_name if isinstance(found, Field) else name))

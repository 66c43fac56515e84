"""Staff rewrite the text of a mail, or go back to the text that it stands in for; each with its entry."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.guard import require
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.kinds import kind
from portal.activity.log import record
from portal.notifications import letters
from portal.notifications.letters import Edition, Text
from portal.notifications.models import MailTemplate
from portal.notifications.queries import RIGHT


def register() -> None:
    """Name what the log is told; called from NotificationsConfig.ready."""
    kind("mail_template.changed", _("Mail text changed: {letter}, {language}"))
    kind("mail_template.reset", _("Mail text back to the default: {letter}, {language}"))


def check(scope: Scope, edition: Edition) -> None:
    """PermissionDenied or Http404 unless the scope may rewrite it; the text for all asks for all."""
    if edition.connection is not None:
        require(scope, RIGHT, edition.connection)
    elif not scope.narrowed(RIGHT).all_connections:
        raise PermissionDenied


@transaction.atomic
def keep(actor: Actor, scope: Scope, edition: Edition, text: Text) -> bool:
    """Write mails with this text from now on; False if they are written so already. Raises as ``check``."""
    check(scope, edition)
    row = _rows(edition).select_for_update().first()
    before = Text(row.subject, row.body) if row else letters.inherited(edition)
    if before == text:
        return False
    values = text.as_dict() | {"author_id": actor.user_id}
    MailTemplate.objects.update_or_create(defaults=values, **_key(edition))
    _note("changed", actor, edition, (before, text))
    return True


@transaction.atomic
def drop(actor: Actor, scope: Scope, edition: Edition) -> bool:
    """Go back to the default text; False if it has no text of its own. Raises as ``check``."""
    check(scope, edition)
    row = _rows(edition).select_for_update().first()
    if row is None:
        return False
    before = Text(row.subject, row.body)
    row.delete()
    _note("reset", actor, edition, (before, letters.inherited(edition)))
    return True


def _key(edition: Edition) -> dict[str, Any]:
    return {
        "kind": edition.letter.slug,
        "language": edition.language,
        "connection": edition.connection,
    }


def _rows(edition: Edition) -> QuerySet[MailTemplate]:
    return MailTemplate.objects.filter(**_key(edition))


def _note(event: str, actor: Actor, edition: Edition, texts: tuple[Text, Text]) -> None:
    before, after = texts
    changed = [name for name in before.as_dict() if getattr(before, name) != getattr(after, name)]
    record(
        f"mail_template.{event}",
        actor=actor,
        connection=edition.connection,
        target=("mail_template", None, ""),
        parameters={"letter": edition.letter.slug, "language": edition.language},
        before={name: getattr(before, name) for name in changed},
        after={name: getattr(after, name) for name in changed},
    )

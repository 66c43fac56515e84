"""Managing rules: each edit is a new version, so that an entry can name the one that held."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from portal.access.guard import require
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.outbox.approvals.models import Rule

RIGHT = "approvals.manage"


@transaction.atomic
def make(actor: Actor, scope: Scope, values: Mapping[str, Any]) -> Rule:
    """A new rule. Raises Http404 or PermissionDenied for a connection that the person does not manage."""
    require(scope, RIGHT, values["connection"])
    rule = Rule.objects.create(author_id=actor.user_id, **values)
    _note("created", actor, rule)
    return rule


@transaction.atomic
def change(actor: Actor, scope: Scope, rule: Rule, values: Mapping[str, Any]) -> Rule:
    """The next version; what already waits goes on under the one it was asked with."""
    require(scope, RIGHT, rule.connection)
    require(scope, RIGHT, values["connection"])
    current = Rule.objects.select_for_update().get(key=rule.key, is_current=True)
    if all(getattr(current, name) == value for name, value in values.items()):
        return current
    Rule.objects.filter(pk=current.pk).update(is_current=False)
    changed = Rule.objects.create(
        key=current.key, version=current.version + 1, author_id=actor.user_id, **values
    )
    _note("changed", actor, changed)
    return changed


@transaction.atomic
def end(actor: Actor, scope: Scope, rule: Rule) -> None:
    """No change waits by this rule any more; those that wait already go on waiting."""
    require(scope, RIGHT, rule.connection)
    if Rule.objects.filter(pk=rule.pk, is_current=True).update(is_current=False):
        _note("ended", actor, rule)


def _note(event: str, actor: Actor, rule: Rule) -> None:
    record(
        f"approval_rule.{event}",
        actor=actor,
        connection=rule.connection,
        target=("approval_rule", rule.pk, rule.name),
        parameters={"rule": rule.name, "version": rule.version},
    )

"""What people are told about approvals, in the portal and by mail."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from portal.access.models import User
from portal.activity.kinds import kind
from portal.notifications import kinds
from portal.notifications.telling import News, notify
from portal.outbox import wording
from portal.outbox.approvals import amounts, stakes
from portal.outbox.approvals.models import Approval, BatchApproval, Outcome, Wait
from portal.outbox.models import Batch, BatchRow, Command
from portal.ui import formats

AWAITS = "change.awaiting_approval"
REMINDS = "change.approval_reminder"
DECIDED = "change.approval_decided"
OUTCOMES = {
    Outcome.APPROVED: pgettext_lazy("approval", "approved"),
    Outcome.DECLINED: pgettext_lazy("approval", "declined"),
    Outcome.EXPIRED: pgettext_lazy("approval", "expired, nobody decided in time"),
}


def register() -> None:
    """Enter the kinds; called from ApprovalsConfig.ready."""
    asked = gettext_lazy("{person} asks for: {change}\n{target}\n{why}")
    kinds.register(
        kinds.Kind(
            slug=AWAITS,
            label=gettext_lazy("A change waits for my approval"),
            subject=gettext_lazy("Approval needed: {change}, {target}"),
            text=asked,
            words=_words,
        )
    )
    kinds.register(
        kinds.Kind(
            slug=REMINDS,
            label=gettext_lazy("A change still waits for my approval"),
            subject=gettext_lazy("Still waits for approval: {change}, {target}"),
            text=asked,
            words=_words,
        )
    )
    kinds.register(
        kinds.Kind(
            slug=DECIDED,
            label=gettext_lazy("My change was approved, declined or has expired"),
            subject=gettext_lazy("{outcome}: {change}, {target}"),
            text=gettext_lazy("You asked for: {change}\n{target}\n{decided}"),
            words=_words,
        )
    )
    kind("approval_rule.created", gettext_lazy("Approval rule {rule} made"))
    kind("approval_rule.changed", gettext_lazy("Approval rule {rule} changed: version {version}"))
    kind("approval_rule.ended", gettext_lazy("Approval rule {rule} ended"))


def ask(
    command: Command, approval: Approval, people: Iterable[User], *, again: bool = False
) -> None:
    """Tell those who may decide."""
    told = _wish(command.actor, approval, command.reason)
    told |= {"about": approval.seats}
    items = [amounts.Item(command.target_id, approval.seats)]
    for stake, some in stakes.by_sight(
        command.verb, [command.connection_id], lambda: items, people
    ):
        _tell(command, REMINDS if again else AWAITS, {**told, **stake}, some)


def decided(command: Command, outcome: Outcome, by: User | None = None) -> None:
    """Tell the person who asked; ``by`` is who decided, if somebody did."""
    told = {"outcome": outcome.value, "decider": str(by) if by else ""}
    _tell(command, DECIDED, told, [command.actor])


def ask_batch(approval: BatchApproval, people: Iterable[User], *, again: bool = False) -> None:
    """Tell those who may decide, once for all rows of the batch."""
    batch = approval.batch
    told = _wish(batch.actor, approval, batch.reason)
    for stake, some in stakes.by_sight(
        batch.verb, batch.connection_ids, lambda: _items(batch), people
    ):
        _tell_batch(approval, REMINDS if again else AWAITS, {**told, **stake}, some)


def _items(batch: Batch) -> list[amounts.Item]:
    rows = batch.rows.filter(state=BatchRow.State.READY)
    return [amounts.Item(*row) for row in rows.values_list("target_id", "seats")]


def batch_decided(approval: BatchApproval, outcome: Outcome) -> None:
    """Tell the person who asked for the batch."""
    by = approval.decided_by
    told = {"outcome": outcome.value, "decider": str(by) if by else ""}
    _tell_batch(approval, DECIDED, told, [approval.batch.actor])


def _wish(person: User, approval: Wait, reason: str) -> dict[str, Any]:
    rule = approval.rule
    return {
        "person": str(person),
        "reason": reason,
        "rule": rule.name if rule else "",
        "version": rule.version if rule else 0,
    }


def _tell_batch(
    approval: BatchApproval, slug: str, told: Mapping[str, Any], people: Iterable[User]
) -> None:
    batch = approval.batch
    news = News(
        kind=slug,
        parameters={
            "verb": batch.verb,
            "number": batch.pk,
            "rows": approval.rows,
            "seats": approval.seats,
            **told,
        },
        url=reverse("batch", args=[batch.pk]),
        connection_id=batch.connection_ids[0] if len(batch.connection_ids) == 1 else None,
        reseller_id=(batch.reseller_ids[0] or None) if len(batch.reseller_ids) == 1 else None,
    )
    notify(news, people)


def _tell(command: Command, slug: str, told: Mapping[str, Any], people: Iterable[User]) -> None:
    news = News(
        kind=slug,
        parameters={
            "verb": command.verb,
            "number": command.pk,
            "target": command.target_label,
            **told,
        },
        url=reverse("change", args=[command.pk]),
        connection_id=command.connection_id,
        reseller_id=command.reseller_id,
    )
    notify(news, people)


def _words(told: Mapping[str, Any]) -> Mapping[str, Any]:
    why = _("The connection asks for a second person.")
    if told.get("rule"):
        why = _("Rule: %(rule)s, version %(version)s") % {
            "rule": told["rule"],
            "version": told.get("version"),
        }
    why = "\n".join([why, *_weight(told)])
    outcome = str(OUTCOMES.get(told.get("outcome", ""), ""))
    change = wording.verb_label(str(told.get("verb", "")))
    words = {"change": change, "why": why, "outcome": outcome[:1].upper() + outcome[1:]}
    words["decided"] = _("Nobody decided.")
    if told.get("decider"):
        words["decided"] = _("Decided by %(person)s.") % {"person": told["decider"]}
    if "rows" in told:
        words["target"] = _batch_words(told)
    return {**told, **words}


def _weight(told: Mapping[str, Any]) -> Iterator[str]:
    """What the second person weighs: seats, money (for who is told it), the reason given."""
    if told.get("about") is not None:
        yield _("Seats: %(n)s") % {"n": formats.count(told["about"])}
    if told.get("stake"):
        yield _("At stake: %(amount)s") % {"amount": stakes.words(told["stake"])}
    if told.get("reason"):
        yield _("Reason: %(reason)s") % {"reason": told["reason"]}


def _batch_words(told: Mapping[str, Any]) -> str:
    """A batch as the target: "batch 12, 300 changes, 1,200 seats"."""
    rows, seats = int(told["rows"]), int(told.get("seats") or 0)
    changes = ngettext("%(n)s change", "%(n)s changes", rows) % {"n": formats.count(rows)}
    about = ngettext("%(n)s seat", "%(n)s seats", seats) % {"n": formats.count(seats)}
    return _("batch %(number)s: %(changes)s, %(seats)s") % {
        "number": told["number"],
        "changes": changes,
        "seats": about,
    }

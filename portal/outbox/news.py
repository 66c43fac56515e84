"""What people are told of their own changes: that a batch has ended, that a single change has failed.

A change of a batch tells nothing by itself: its batch tells once, at the end, how all of them ended.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.notifications import kinds
from portal.notifications.models import Channel
from portal.notifications.telling import News, notify
from portal.outbox import events, wording
from portal.outbox.models import Batch, BatchRow, Command
from portal.outbox.states import State
from portal.ui import formats

FAILED = "change.failed"
FINISHED = "batch.finished"


def register() -> None:
    """Enter the kinds; called from OutboxConfig.ready."""
    kinds.register(
        kinds.Kind(
            slug=FAILED,
            label=gettext_lazy("A change that I asked for has failed"),
            subject=gettext_lazy("Failed: {change}, {target}"),
            text=gettext_lazy("The page of the change says why, and what can be done."),
            default=Channel.PORTAL.value,
            words=_words,
        )
    )
    kinds.register(
        kinds.Kind(
            slug=FINISHED,
            label=gettext_lazy("A batch that I started has ended"),
            subject=gettext_lazy("Batch {number} finished: {change}"),
            text="{outcome}",
            words=_words,
        )
    )


def failed(command: Command) -> None:
    """Tell who asked for this single change, in the caller's transaction.

    Also for a change that goes before a row of a batch: the row waits for it, and nothing else tells.
    """
    if command.batch_id is not None and BatchRow.objects.filter(command=command).exists():
        return
    told = {"verb": command.verb, "number": command.pk, "target": events.target(command)[2]}
    news = News(
        kind=FAILED,
        parameters=told,
        url=reverse("change", args=[command.pk]),
        connection_id=command.connection_id,
        reseller_id=command.reseller_id,
    )
    notify(news, [command.actor])


def finished(batch: Batch) -> None:
    """Tell who started the batch how its rows ended, in the caller's transaction."""
    found = batch.rows.aggregate(
        rows=Count("pk"),
        confirmed=Count("pk", filter=Q(command__state=State.SUCCEEDED)),
        failed=Count("pk", filter=Q(command__state=State.FAILED)),
    )
    told = {"verb": batch.verb, "number": batch.pk, **found}
    url = reverse("batch", args=[batch.pk])
    notify(News(kind=FINISHED, parameters=told, url=url), [batch.actor])


def _words(told: Mapping[str, Any]) -> Mapping[str, Any]:
    words = {"change": wording.verb_label(str(told.get("verb", "")))}
    if "rows" in told:
        words["outcome"] = _outcome(told)
    return {**told, **words}


def _outcome(told: Mapping[str, Any]) -> str:
    """How the rows ended, a line for each way: "290 changes confirmed", "3 failed", "7 not sent"."""
    confirmed, bad = int(told["confirmed"]), int(told["failed"])
    rest = int(told["rows"]) - confirmed - bad
    lines = [ngettext("%(n)s change confirmed", "%(n)s changes confirmed", confirmed), "", ""]
    if bad:
        lines[1] = ngettext("%(n)s failed", "%(n)s failed", bad)
    if rest:
        lines[2] = ngettext("%(n)s not sent", "%(n)s not sent", rest)
    numbers = (confirmed, bad, rest)
    parts = [line % {"n": formats.count(n)} for line, n in zip(lines, numbers, strict=True) if line]
    return "\n".join([*parts, _("The page of the batch has the result file.")])

"""What needs a person today, most urgent first: only what can still be decided."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import lots
from orders.models import Subscription
from orders.renewals import counting, lifecycle
from orders.renewals import queries as renewals
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.dashboard import stakes
from portal.outbox import queries as changes
from portal.outbox.approvals import queries as approvals
from portal.outbox.approvals.deciding import APPROVE
from portal.outbox.models import Command
from portal.ui import formats

EACH = 8


@dataclass(frozen=True)
class Item:
    """One line of the to-do list. ``due`` is the last moment of the decision by our clock, None if it stays open.

    ``at`` is that moment by Partner Center's clock, where it may be another. ``stake`` is the money that the ``seats`` come to, for who sees cost.
    """

    level: str
    icon: str
    kind: str
    title: str
    detail: str
    url: str
    action: str
    due: dt.datetime | None
    seats: stakes.Seats | None = None
    stake: stakes.Stake | None = None
    at: dt.datetime | None = None


def items(scope: Scope) -> list[Item]:
    """Everything that waits for this reader, the nearest deadline first, then what has none."""
    found = [
        *_refused(scope),
        *_batches(scope),
        *_changes(scope),
        *_windows(scope),
        *_renewals(scope),
    ]
    far = timezone.now() + dt.timedelta(days=3650)
    found.sort(key=lambda item: item.due or far)
    priced = stakes.priced(scope, [item.seats for item in found])
    return [replace(item, stake=stake) for item, stake in zip(found, priced, strict=True)]


def ending_today(found: list[Item]) -> int:
    """How many of them can be decided for less than 24 hours more."""
    return sum(item.due is not None and formats.left_class(item.due) == "is-bad" for item in found)


def _refused(scope: Scope) -> Iterator[Item]:
    """Connections that Microsoft no longer lets in, and those that nobody consented to."""
    if not scope.can("connections.view"):
        return
    for row in Connection.objects.filter(retired_at=None):
        if not scope.can("connections.view", row):
            continue
        url = reverse("connection", args=[row.name])
        if row.is_paused:
            title = _("Connection %(name)s was refused by Microsoft") % {"name": row.name}
            detail = _("%(code)s · nothing is read or sent until it is mended") % {
                "code": row.problem_code or _("no code")
            }
            yield Item(
                "is-bad", "plug-connected", _("Connection"), title, detail, url, _("Mend"), None
            )
        elif not row.has_consent:
            title = _("Connection %(name)s has no consent yet") % {"name": row.name}
            detail = _("Resellers and relationships cannot be read without it")
            yield Item(
                "is-info",
                "plug-connected",
                _("Consent"),
                title,
                detail,
                url,
                _("Give consent"),
                None,
            )


def _batches(scope: Scope) -> Iterator[Item]:
    """Whole batches that wait for this person's word."""
    if not scope.can(APPROVE):
        return
    for wait in approvals.inbox_batches(scope)[:EACH]:
        rows = ngettext("%(rows)s row", "%(rows)s rows", wait.rows)
        detail = _("Batch %(pk)s · asked by %(name)s") % {
            "pk": wait.batch_id,
            "name": wait.asked_by,
        }
        yield Item(
            "is-info",
            "user-check",
            _("Approval"),
            f"{wait.batch.label}, {rows % {'rows': formats.count(wait.rows)}}",
            detail,
            wait.batch.get_absolute_url(),
            _("Review"),
            wait.expires_at,
        )


def _changes(scope: Scope) -> Iterator[Item]:
    if not scope.can("changes.view"):
        return
    for command in changes.attention(scope, EACH):
        yield _change(command)


def _change(command: Command) -> Item:
    words = {
        "in_doubt": ("is-bad", "help-hexagon", _("In doubt"), _("not sent twice")),
        "awaiting_approval": (
            "is-info",
            "user-check",
            _("Approval"),
            _("waits for a second person"),
        ),
        "failed": ("is-warn", "alert-triangle", _("Change failed"), command.error_line),
        "withheld": ("is-warn", "alert-triangle", _("Withheld"), _("the connection is read only")),
    }
    level, icon, kind, note = words.get(
        command.state, ("is-info", "list-check", _("Change"), command.state)
    )
    return Item(
        level,
        icon,
        kind,
        command.summary,
        f"{command.target_label} · {note}" if note else command.target_label,
        reverse("change", args=[command.pk]),
        _("Open"),
        None,
        stakes.of_change(command),
    )


def _windows(scope: Scope) -> Iterator[Item]:
    if not scope.can("subscriptions.view"):
        return
    for row in counting.windows(scope, EACH):
        seats = lots.refundable(row) or row.quantity or 0
        title = ngettext(
            "%(seats)s seat of %(product)s can still be taken back",
            "%(seats)s seats of %(product)s can still be taken back",
            seats,
        ) % {"seats": formats.count(seats), "product": row.friendly_name}
        item = _subscription(row, vars(row)["closes"], "clock-exclamation", _("Window"), title)
        yield replace(item, detail=_with_idle(item, row), seats=stakes.Seats(row.pk, seats))


def _renewals(scope: Scope) -> Iterator[Item]:
    if not scope.can("subscriptions.view"):
        return
    for row in renewals.to_decide(scope)[:EACH]:
        item = _subscription(
            row, lifecycle.last_moment(row), "calendar-due", _("Renewal"), _ends(row)
        )
        seats = stakes.Seats(row.pk, row.quantity or 0)
        yield replace(item, detail=_with_idle(item, row), seats=seats)


def _with_idle(item: Item, row: Subscription) -> str:
    """Its detail, with how many seats nobody holds where that is known."""
    free = vars(row)["idle"]
    if not free:
        return item.detail
    idle = ngettext("%(n)s seat is idle", "%(n)s seats are idle", free)
    return f"{item.detail} · {idle % {'n': formats.count(free)}}"


def _ends(row: Subscription) -> str:
    """What happens at the end of its term, with how many seats."""
    seats = row.quantity or 0
    if row.auto_renew:
        told = ngettext(
            "%(product)s renews: %(seats)s seat", "%(product)s renews: %(seats)s seats", seats
        )
    else:
        told = ngettext(
            "The term of %(product)s ends, nobody decided: %(seats)s seat",
            "The term of %(product)s ends, nobody decided: %(seats)s seats",
            seats,
        )
    return told % {"seats": formats.count(seats), "product": row.friendly_name}


def _subscription(
    row: Subscription, due: dt.datetime | None, icon: str, kind: str, title: str
) -> Item:
    who = [row.customer.name if row.customer else row.customer_pc_id]
    if row.reseller:
        who.append(row.reseller.name)
    ours = due and row.connection.by_our_clock(due)
    level = formats.left_class(ours) if ours else "is-info"
    told = (level, icon, kind, title, " · ".join(who), row.get_absolute_url(), _("Review"))
    return Item(*told, due=ours, at=due)

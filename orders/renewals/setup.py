"""What renewals enter in the registries; called once from ``OrdersConfig.ready``."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders import actions, lists
from orders.bulk import shape, subscriptions, terms
from orders.renewals import counting, deciding, intake, queries, views, writing
from orders.renewals.alerts import kinds as alerts
from orders.renewals.alerts import tasks
from orders.renewals.mailing import verb
from orders.renewals.mailing import views as mailing
from orders.renewals.queries import RIGHT
from portal.access.scope import Scope
from portal.activity.kinds import kind
from portal.lists import files
from portal.lists.intake import columns
from portal.outbox.batches import registry
from portal.outbox.batches.registry import Entrance
from portal.ui import bulk, menu, panels, search
from portal.ui.listing import Listing

TASKS = (tasks.tell,)
"""Loaded with the room: what the clock starts is known to every worker."""


def setup() -> None:
    """Lists with their bars, tabs, the menu, what the log tells, who may read a proof."""
    _list(views.DUE, queries.upcoming, "renewals", 22)
    _list(views.ROLLING, queries.rolling_on, "renewals_unchosen", 23)
    _list(views.RENEWED, queries.renewed, "renewals_renewed", 24)
    _list(
        views.DECISIONS, queries.decisions, "renewal_decisions", 26, selectable=False, partial=False
    )
    _list(mailing.LETTERS, queries.letters, "renewal_letters", 27, selectable=False, partial=False)
    for listing, one, url_name in (
        (views.DUE, terms.END, "renewals_term_end"),
        (views.ROLLING, terms.END, "renewals_unchosen_term_end"),
        (views.RENEWED, subscriptions.SEATS, "renewals_renewed_quantity"),
        (views.RENEWED, subscriptions.CANCEL, "renewals_renewed_cancel"),
    ):
        shape.offer(listing.slug, one, url_name=url_name)
    for listing, url_name in (
        (views.DUE, "renewals_many_write"),
        (views.ROLLING, "renewals_unchosen_write"),
    ):
        title = _("Write to customers")
        action = bulk.Action(verb.WRITE, title, url_name, writing.RIGHT, "send", 60)
        bulk.register(listing.slug, action)
    verb.register()
    menu.register(
        menu.Item(
            _("Renewals"),
            "renewals",
            icon="calendar-due",
            order=22,
            right=RIGHT,
            badge=counting.badge,
        )
    )
    _tabs()
    _acts()
    columns.enter(intake.COLUMNS)
    registry.enter(
        Entrance(
            _("Ends of terms by file"),
            "renewals_file",
            actions.RIGHTS[actions.SET_TERM_END],
            icon="file-import",
        )
    )
    kind(deciding.KIND, _("Decision on the end of the term kept: {choice}"))
    kind(writing.WRITTEN, _("Written to the customer: {letter}"))
    writing.register()
    alerts.register()
    files.register(deciding.FILE, deciding.may_read)


def _acts() -> None:
    """What the palette offers for a subscription and a customer."""
    for source, url_name in (
        ("subscriptions", "subscription_what_if"),
        ("customers", "customer_what_if"),
    ):
        act = search.Act("what_if", _("What if…"), url_name, right=RIGHT, icon="calendar-due")
        search.register_act(source, act)
    act = search.Act(
        "renewals_write",
        _("Write about renewals…"),
        "customer_renewals_write",
        right=writing.RIGHT,
        icon="calendar-due",
    )
    search.register_act("customers", act)


def _list(
    listing: Listing,
    rows: Callable[[Scope], QuerySet[Any]],
    url_name: str,
    order: int,
    **more: bool,
) -> None:
    entry: dict[str, Any] = {"right": RIGHT, "icon": "calendar-due", "partial": True, **more}
    lists.enter(listing, rows, url_name, order=order, **entry)


def _tabs() -> None:
    for order, (slug, title, url_name, count) in enumerate(
        (
            ("due", _("Due list"), "renewals", None),
            ("unchosen", _("Rolls on unchosen"), "renewals_unchosen", "rolling"),
            ("renewed", _("Renewed"), "renewals_renewed", "renewed"),
            ("decisions", _("Decisions"), "renewal_decisions", None),
            ("mails", _("Mails"), "renewal_letters", None),
            ("calendar", _("Calendar"), "renewals_calendar", None),
            ("what_if", _("What if"), "renewals_what_if", None),
        )
    ):
        panels.register(
            "renewals",
            panels.Panel(slug, title, url_name, order=order, right=RIGHT, count=_number(count)),
        )


def _number(name: str | None) -> Callable[[Any], int | None] | None:
    return None if name is None else lambda found: found[name] or None

"""Columns of the lists of renewals and of decisions."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders import term_end
from orders.columns import TermDateColumn
from orders.models import Subscription, TermDecision
from orders.prices.columns import MonthlyColumn
from orders.prices.quoting import Side
from orders.renewals import lifecycle
from orders.renewals.columns import NowColumn, RenewedColumn
from portal.lists.columns import ProductItemColumn
from portal.notifications.models import MailState
from portal.notifications.tables import STATES
from portal.outbox import columns
from portal.ui import formats, tables

WEEK = dt.timedelta(days=7)


class DeadlineColumn(tables.Column):
    """How long a decision is possible, and the last day of the term below."""

    css = "nowrap"

    def __init__(self) -> None:
        super().__init__(
            _("Decide within"),
            accessor="commitment_end_date",
            sort="commitment_end_date",
            filled=True,  # these lists are of terms that end
        )
        self.plain = formats_day

    def render(self, record: Subscription) -> SafeString:
        """Coloured as every time left."""
        until, now = lifecycle.last_moment(record), record.connection.now()
        day = formats.date_short(lifecycle.last_day(record))
        css = f"t-{formats.left_class(until, now).removeprefix('is-')}"
        return format_html(
            '<span class="{}">{}</span><small>{}</small>', css, formats.left(until, now), day
        )


def formats_day(value: dt.datetime) -> str:
    """The last day of a term as a file holds it."""
    return value.astimezone(dt.UTC).date().isoformat()


class DecisionColumn(tables.Column):
    """What somebody at the customer decided about this term, and who; of rows with ``decision``."""

    def __init__(self) -> None:
        super().__init__(_("Decision"), accessor="decision", priority=2)
        self.plain = decided

    def render(self, value: dict[str, Any]) -> SafeString:
        """The choice, the person below."""
        return format_html("{}<small>{}</small>", term_end.words(value["choice"]), _by(value))


def decided(value: dict[str, Any]) -> str:
    """The same as text."""
    return f"{term_end.words(value['choice'])} ({_by(value)})"


def _by(value: dict[str, Any]) -> str:
    by = value["by"] or gettext("who decided is not known")
    on = value["on"]
    return f"{by}, {formats.date_short(dt.date.fromisoformat(on))}" if on else by


class WrittenColumn(tables.Column):
    """When the customer was written to last about this term, to whom, and how the mail went; of rows with ``written``."""

    css = "nowrap"

    def __init__(self) -> None:
        super().__init__(_("Written to the customer"), accessor="written", visible=False)
        self.plain = written

    def render(self, value: dict[str, Any]) -> SafeString:
        """The day with the mail's state, the address below."""
        at = parse_datetime(str(value["at"]))
        css = STATES.get(MailState(value["state"]), "is-off") if value["state"] else "is-off"
        return format_html(
            '<span class="st {}">{}</span><small>{}</small>',
            css,
            formats.date_short(at),
            value["to"],
        )


def written(value: dict[str, Any]) -> str:
    """The same as text."""
    word = MailState(value["state"]).label if value["state"] else ""
    told = [formats.local(parse_datetime(str(value["at"]))), value["to"], str(word)]
    return ", ".join(filter(None, told))


class TermTable(tables.Table):
    """What every list of terms shows first."""

    name = columns.TargetColumn(
        _("Subscription"),
        changes=columns.of_target("subscription"),
        accessor="friendly_name",
        sort="friendly_name",
        narrow="customer__name",
    )
    customer = tables.Column(
        _("Customer"), accessor="customer__name", sort="customer__name", priority=2
    )
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", priority=3)
    quantity = tables.CountColumn(_("Seats"), sort="quantity")
    monthly_cost = MonthlyColumn(Side.COST)
    monthly_reseller = MonthlyColumn(Side.RESELLER)
    monthly_customer = MonthlyColumn(Side.CUSTOMER)

    def render_customer(self, record: Subscription, value: str) -> SafeString | str:
        if record.customer is None:
            return value
        return format_html('<a href="{}">{}</a>', record.customer.get_absolute_url(), value)


class EndTable(TermTable):
    """Terms that end, in groups by the week or month of their last day where they stand in that order."""

    default_sort = "ends"

    renewed_cost = RenewedColumn(Side.COST, visible=True)
    renewed_reseller = RenewedColumn(Side.RESELLER, visible=True)
    idle = tables.CountColumn(_("Idle"), priority=2)
    term = tables.TermColumn(_("Term"), accessor="term_duration", visible=False)
    ends = DeadlineColumn()
    at_end = tables.Column(_("Set to"), accessor="pk", priority=2, css="words")
    decision = DecisionColumn()
    written = WrittenColumn()
    lifecycle = tables.Column(_("Rules at the end"), accessor="pk", visible=False)
    billing = tables.WordColumn(
        _("Billing"), accessor="billing_cycle", words=formats.billing, visible=False
    )
    auto_renew = tables.WordColumn(
        _("Renews by itself"), accessor="auto_renew", words=formats.yes_no, visible=False
    )
    offer = tables.Column(_("Product"), accessor="offer_name", visible=False)
    subscription_id = tables.Column(_("Subscription ID"), accessor="pc_id", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)
    product_item = ProductItemColumn(product="product_id", sku="sku_id")
    monthly_cost = NowColumn(Side.COST, visible=True)
    monthly_reseller = NowColumn(Side.RESELLER, visible=True)
    monthly_customer = NowColumn(Side.CUSTOMER)
    renewed_customer = RenewedColumn(Side.CUSTOMER)

    def render_at_end(self, record: Subscription) -> str:
        choice = lifecycle.chosen(record)
        if choice in term_end.TermEnd.values:
            return str(term_end.SHORT[term_end.TermEnd(choice)])
        return lifecycle.happens(record)

    def value_at_end(self, record: Subscription) -> str:
        return lifecycle.happens(record)

    def render_lifecycle(self, record: Subscription) -> str:
        return lifecycle.note(record)

    def value_lifecycle(self, record: Subscription) -> str:
        return lifecycle.note(record)

    def body(self) -> SafeString:
        """The rows; by their day with a line for each week or month between them."""
        if self.sort.removeprefix("-") != "ends":
            return super().body()
        made = []
        for label, rows in groupby(self.data, key=_period_of):
            part = type(self)(list(rows), sort="", columns=self.chosen, selectable=self.selectable)
            width = len(self.chosen) + self.selectable
            head = '<tr class="group"><th scope="rowgroup" colspan="{}">{}</th></tr>'
            made += [format_html(head, width, label), part.body()]
        return mark_safe("".join(made))  # noqa: S308 - every part was escaped above


def _period_of(row: Subscription) -> str:
    return period(lifecycle.last_day(row), lifecycle.today(row.connection.now()).date())


def period(day: dt.date | None, today: dt.date) -> str:
    """This week, next week, or the month of a day."""
    if day is None:
        return ""
    monday = today - dt.timedelta(days=today.weekday())
    if day < monday + WEEK:
        return gettext("This week")
    if day < monday + 2 * WEEK:
        return gettext("Next week")
    return formats.month(day)


class RenewalTable(EndTable):
    caption = _("Terms that end")
    empty = tables.Empty(
        _("No term ends here"),
        _("Terms of more than a month stand here until their last day is over."),
        icon="calendar-due",
    )


class RollingTable(EndTable):
    caption = _("Will roll on although nobody chose it")
    empty = tables.Empty(
        _("Nothing rolls on unchosen"),
        _(
            "Subscriptions without auto-renew stand here until somebody chooses what becomes of them."
        ),
        icon="circle-check",
    )


class RenewedTable(TermTable):
    caption = _("Renewed, can still be taken back")
    default_sort = "cancel"
    empty = tables.Empty(
        _("Nothing that was renewed can be taken back now"),
        _(
            "After a renewal its seats can be taken back until the date that Partner Center returns."
        ),
        icon="clock-exclamation",
    )

    idle = tables.CountColumn(_("Idle"), priority=2)
    renewed = TermDateColumn(_("Renewed"), accessor="effective_start_date", priority=2)
    seats = tables.CountColumn(_("Seats that can be taken back"), accessor="refundable_total")
    seats_until = TermDateColumn(
        _("Seats can be taken back until"),
        accessor="refund_until",
        sort="refund_until",
        priority=2,
    )
    cancel = TermDateColumn(
        _("Can be cancelled until"),
        accessor="cancellation_allowed_until",
        sort="cancellation_allowed_until",
    )
    ends = TermDateColumn(_("Term ends"), accessor="commitment_end_date", visible=False)
    offer = tables.Column(_("Product"), accessor="offer_name", visible=False)
    subscription_id = tables.Column(_("Subscription ID"), accessor="pc_id", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)


class DecisionTable(tables.Table):
    caption = _("Decisions")
    default_sort = "-kept"
    empty = tables.Empty(
        _("No decision is kept yet"),
        _("Choosing the end of a term keeps who at the customer decided, when, and the proof."),
        icon="user-check",
    )

    name = tables.NameColumn(
        _("Subscription"),
        accessor="subscription__friendly_name",
        detail="subscription__customer__name",
    )
    choice = tables.WordColumn(_("Decision"), words=term_end.words)
    decided_by = tables.Column(_("Decided by"))
    decided_on = tables.DateColumn(_("Decided on"), priority=2)
    proof = tables.Column(_("Proof"), accessor="pk", priority=3)
    ends = tables.DateColumn(_("End of term"), accessor="ends_on", sort="ends_on", priority=2)
    state = tables.StatusColumn(_("Change"), accessor="command__state", kind="change")
    kept_by = tables.Column(_("Kept by"), accessor="recorded_by", priority=3)
    kept = tables.DateTimeColumn(_("Kept"), accessor="recorded_at", sort="recorded_at", priority=3)
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", visible=False)
    customer = tables.Column(_("Customer"), accessor="subscription__customer__name", visible=False)
    subscription_id = tables.Column(
        _("Subscription ID"), accessor="subscription__pc_id", visible=False
    )
    change = tables.Column(_("Number of the change"), accessor="command_id", visible=False)

    def render_proof(self, record: TermDecision) -> SafeString | str:
        if record.file_id is None:
            return record.proof or formats.DASH
        url = reverse("renewal_proof", args=[record.pk])
        name = record.file.name if record.file else gettext("File that proves it")
        link = format_html('<a href="{}">{}</a>', url, name)
        return format_html("{} {}", record.proof, link)

    def value_proof(self, record: TermDecision) -> str:
        return " ".join(filter(None, [record.proof, record.file.name if record.file else ""]))

    def render_state(self, record: TermDecision, value: str) -> SafeString:
        shown = tables.StatusColumn("", kind="change").render(value)
        return format_html(
            '<a href="{}">{}</a>', reverse("change", args=[record.command_id]), shown
        )

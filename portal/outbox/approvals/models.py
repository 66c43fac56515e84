"""Rules that make a change wait for a second person, and the approvals that they have asked for."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.access.roles import Role
from portal.connections.models import Connection
from portal.outbox.models import Batch, Command

HOURS = 72
LONGEST = 24 * 30


class Rule(models.Model):
    """One version of a rule. Editing adds the next version and leaves this one as it was.

    Empty conditions hold for everything: any verb, any role, any reseller, any number of seats.
    ``least_seats`` is the number of seats from which the rule holds: those of the subscription, or
    the difference where seats are changed. ``least_amount`` is the same in money: the cost of those
    seats a month, net, in ``currency``. Of a batch the sum of its rows counts.
    """

    # Read by whoever asks for a change, a reseller's staff too; pages show it to who manages it.
    web_access = "select, insert, update"

    key = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    name = models.CharField(_("name"), max_length=80)
    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="+", verbose_name=_("connection")
    )
    reseller = models.ForeignKey(
        "access.Reseller",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("indirect reseller"),
    )
    verb = models.CharField(_("change"), max_length=60, blank=True)
    role = models.CharField(_("asked by the role"), max_length=20, choices=Role.choices, blank=True)
    least_seats = models.PositiveIntegerField(_("from how many seats"), null=True, blank=True)
    least_amount = models.DecimalField(
        _("from which amount a month"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    currency = models.CharField(_("currency"), max_length=3, default="", blank=True)
    hours = models.PositiveIntegerField(
        _("hours until it expires"),
        default=HOURS,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="approval_rule_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(is_current=True), name="approval_rule_one_current"
            ),
            models.CheckConstraint(
                condition=Q(least_amount=None, currency="")
                | (Q(least_amount__isnull=False) & ~Q(currency="")),
                name="approval_rule_amount_has_currency",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["connection"], condition=Q(is_current=True), name="approval_rule_current"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Taken back")


class Wait(models.Model):
    """What a single change's wait and a batch's have in common. Without ``rule`` it is the connection's mode that asks.

    ``cost_unknown``: the rule is one by amount, and holds because the cost could not be told.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    cost_unknown = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def named(wait: Wait | None) -> dict[str, str | int]:
    """The rule and its version, for the log; nothing where the connection's mode asked."""
    if wait is None or wait.rule is None:
        return {}
    return {"rule": wait.rule.name, "version": wait.rule.version}


def _decided_by_another(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
    )


def _decided_by_somebody(name: str) -> models.CheckConstraint:
    decided = Q(outcome__in=[Outcome.APPROVED, Outcome.DECLINED])
    return models.CheckConstraint(name=name, condition=~decided | Q(decided_by__isnull=False))


def _by_expiry(name: str) -> models.Index:
    return models.Index(fields=["expires_at"], condition=Q(outcome=Outcome.PENDING), name=name)


class Approval(Wait):
    """A Command's wait for a second person.

    The database itself refuses that ``decided_by`` is the one who asked. ``seats`` are those that the
    change is about, as rules count them; None if nobody knew them.
    """

    scope_path = "command__reseller"
    web_access = "select, insert, update"

    command = models.ForeignKey(Command, models.CASCADE, related_name="approval_rows")
    seats = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["command"], name="approval_once"),
            _decided_by_another("approval_four_eyes"),
            _decided_by_somebody("approval_decided_by_somebody"),
        ]
        indexes: ClassVar = [_by_expiry("approval_expires")]

    def __str__(self) -> str:
        return f"{self.command_id} {self.outcome}"


class BatchApproval(Wait):
    """A batch's wait for a second person: one request, decided once for all of its rows.

    ``rows`` and ``seats`` are what was asked for; ``unknown`` are the rows whose seats nobody knows.
    """

    web_access = "select, insert, update"

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="approval")
    rows = models.PositiveIntegerField()
    seats = models.PositiveBigIntegerField()
    unknown = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            _decided_by_another("approval_batch_four_eyes"),
            _decided_by_somebody("approval_batch_decided_by_somebody"),
        ]
        indexes: ClassVar = [_by_expiry("approval_batch_expires")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.outcome}"

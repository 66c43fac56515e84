"""What the portal has been asked to change at Partner Center, and how far each request has come."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.connections.models import Connection
from portal.connections.secrets import SecretField
from portal.outbox import wording
from portal.outbox.states import LIVE, SETTLED, State, StepState


class Command(models.Model):
    """One change, asked for by one person, sent once.

    ``before`` is what the person saw (or what an earlier Command of the same target will leave),
    ``after`` what the target shall be; delivery compares ``before`` with a fresh read, field by field.
    ``reseller`` is the target's at the moment of asking and never changes.
    ``lease_owner`` fences: only the delivery that holds it may write the outcome.
    """

    scope_path = "reseller"
    web_access = "select, insert, update"

    verb = models.CharField(_("change"), max_length=60)
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="commands")
    reseller = models.ForeignKey(
        "access.Reseller", models.PROTECT, null=True, blank=True, related_name="commands"
    )
    customer_pc_id = models.TextField(default="", blank=True)
    customer_name = models.TextField(_("customer"), default="", blank=True)
    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField()
    target_pc_id = models.TextField()
    target_label = models.TextField(_("what"))

    parameters = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=500, default="", blank=True)

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="commands", verbose_name=_("person")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="approvals"
    )
    batch = models.ForeignKey(
        "outbox.Batch", models.PROTECT, null=True, blank=True, related_name="commands"
    )
    # A step of a chain waits until the one before is confirmed; a failed one stops the rest.
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers"
    )
    # A form or an API client repeats this key when it repeats itself; "" for neither.
    submission = models.CharField(max_length=255, default="", blank=True)

    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    lease_owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)

    error = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    withheld_body = models.JSONField(null=True, blank=True)

    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["target_type", "target_id"],
                condition=Q(state__in=LIVE),
                name="outbox_one_live_per_target",
            ),
            models.UniqueConstraint(
                fields=["actor", "submission"],
                condition=~Q(submission=""),
                name="outbox_submission_once",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="outbox_state_known"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("actor")),
                name="outbox_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, settled_at__isnull=False)
                | (~Q(state__in=SETTLED) & Q(settled_at__isnull=True)),
                name="outbox_settled_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WITHHELD) | Q(withheld_body__isnull=False),
                name="outbox_withheld_has_body",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FAILED) | Q(error__isnull=False),
                name="outbox_failed_has_error",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["dispatched_at", "id"], condition=Q(state__in=LIVE), name="outbox_live"
            ),
            models.Index(
                fields=["target_type", "target_id", "id"],
                condition=Q(state=State.WAITING),
                name="outbox_waiting",
            ),
            models.Index(fields=["target_type", "target_id", "-id"], name="outbox_target"),
            models.Index(fields=["reseller", "-id"], name="outbox_reseller"),
            models.Index(fields=["connection", "-id"], name="outbox_connection"),
            models.Index(fields=["state", "-id"], name="outbox_state"),
            models.Index(fields=["connection", "customer_pc_id", "-id"], name="outbox_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("change", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it can still change by itself or by a person's approval."""
        return self.state not in SETTLED

    @property
    def summary(self) -> str:
        """The change in a line, in the reader's language: "Change seats: 12 → 15"."""
        return wording.summary(self)

    @property
    def verb_label(self) -> str:
        """What is done, in words."""
        return wording.label(self)

    @property
    def error_line(self) -> str:
        """Why it did not go through, in a line; "" if nothing is wrong."""
        problem = wording.problem(self)
        return problem.text if problem else ""


class CommandStep(models.Model):
    """One write of a Command. Its row is committed before the write leaves.

    ``request_id`` is the MS-RequestId: kept while no answer is known, replaced after any answer.
    """

    scope_path = "command__reseller"
    web_access = "select"

    command = models.ForeignKey(Command, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    request_id = models.UUIDField(default=uuid.uuid4)
    correlation_id = models.TextField(default="", blank=True)
    state = models.CharField(max_length=12, choices=StepState.choices, default=StepState.READY)
    answer = models.JSONField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["command", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["command", "position"], name="outbox_step_once"),
            models.UniqueConstraint(fields=["request_id"], name="outbox_request_id_once"),
            models.CheckConstraint(
                condition=Q(state__in=StepState.values), name="outbox_step_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.command_id}.{self.position} {self.name}"


class CommandSecret(models.Model):
    """A value that is shown once to the person who asked, and to nobody else; see portal.outbox.secrets.

    Without ``expires_at`` it has been handed over and not sent yet.
    """

    web_access = "select, insert, delete"
    scope_private = "actor_id"

    command = models.ForeignKey(Command, models.CASCADE, related_name="secrets")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    label = models.CharField(max_length=120)
    value = SecretField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["command", "label"], name="outbox_secret_once"),
        ]

    def __str__(self) -> str:
        return f"{self.command_id} {self.label}"


class Batch(models.Model):
    """One verb asked for many targets by one person: each row becomes a Command of its own.

    ``parameters`` hold for every row that brings none of its own. ``connection_ids`` and
    ``reseller_ids`` are those of its rows (0 for none), so that whoever sees all of them sees the batch. ``left_out`` are lines of the file that
    could not be used. The lease is that of the worker who checks rows.
    """

    web_access = "select, insert, update"
    scope_arrays = ("connection_ids", "reseller_ids")
    scope_owner = "actor_id"

    class State(models.TextChoices):
        DRAFT = "draft", _("Being checked")
        READY = "ready", _("Checked, not started")
        AWAITING = "awaiting", _("Awaiting approval")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    verb = models.CharField(_("change"), max_length=60)
    parameters = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=500, default="", blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="batches", verbose_name=_("person")
    )
    connection_ids = ArrayField(models.BigIntegerField(), default=list)
    reseller_ids = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    source = models.CharField(max_length=255, default="", blank=True)
    left_out = models.JSONField(default=list, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        indexes: ClassVar = [
            models.Index(fields=["actor", "-id"], name="outbox_batch_actor"),
            models.Index(
                fields=["id"],
                condition=Q(state__in=["draft", "running"]),
                name="outbox_batch_at_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.pk])

    @property
    def label(self) -> str:
        """The verb's words."""
        return wording.verb_label(self.verb)

    @property
    def css(self) -> str:
        """The class of its state: its shape and colour."""
        return _SHAPES.get(self.state, "is-info")


_SHAPES: dict[str, str] = {
    Batch.State.FINISHED: "is-ok",
    Batch.State.PAUSED: "is-warn",
    Batch.State.CANCELLED: "is-off",
}


class BatchRow(models.Model):
    """One target of a batch. ``before`` and ``after`` are what the dry run found.

    ``seats`` is what approval rules look at, negative where seats are given back; None if it is not known.
    ``problem`` {code, says, facts} is why it cannot work, worded when it is shown; older rows hold {code, message}.
    The outcome is the Command's own: it is read there and kept nowhere else.
    """

    scope_path = "reseller"
    web_access = "select, insert, update"

    class State(models.TextChoices):
        NEW = "new", _("Not checked yet")
        READY = "ready", _("Can be done")
        REFUSED = "refused", _("Cannot be done")
        ASKED = "asked", _("Asked")
        SKIPPED = "skipped", _("Not asked")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField(null=True, blank=True)
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+")
    reseller = models.ForeignKey(
        "access.Reseller", models.PROTECT, null=True, blank=True, related_name="+"
    )
    target_id = models.BigIntegerField()
    target_pc_id = models.CharField(max_length=120)
    target_label = models.CharField(_("what"), max_length=255)
    parameters = models.JSONField(default=dict, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    seats = models.BigIntegerField(_("seats"), null=True, blank=True)
    problem = models.JSONField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    command = models.OneToOneField(
        Command, models.PROTECT, null=True, blank=True, related_name="batch_row"
    )

    class Meta:
        ordering: ClassVar = ["batch", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "position"], name="outbox_row_once"),
            # Lines of a file may be about the same target, each with another wish.
            models.UniqueConstraint(
                fields=["batch", "target_id"],
                condition=Q(line=None),
                name="outbox_row_target_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "state", "position"], name="outbox_row_state"),
            models.Index(fields=["reseller", "batch"], name="outbox_row_reseller"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}.{self.position} {self.state}"

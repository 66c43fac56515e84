"""The tables of the mirror: what a mirrored row carries, and the books a sync keeps about itself.

A mirrored row has typed columns for what the portal filters, sorts or joins, and per representation
(list, detail) the payload as Microsoft sent it, its digest and the moment before it was asked for.
"""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MirrorModel(models.Model):
    """A row that Partner Center owns. Nothing but a sync writes it.

    ``scope_path`` names the ORM path to the reseller that tenancy compares.
    """

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    pc_id = models.TextField()
    first_seen_at = models.DateTimeField(db_default=Now(), editable=False)
    gone_at = models.DateTimeField(null=True, editable=False)
    list_payload = models.JSONField(null=True, editable=False)
    list_digest = models.BinaryField(null=True, editable=False)
    list_observed_at = models.DateTimeField(null=True, editable=False)

    web_access: ClassVar[str] = "select"
    scope_path: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def observed_at(self) -> dt.datetime | None:
        """The moment of the latest read that changed this row, whichever representation it was."""
        seen = (self.list_observed_at, getattr(self, "detail_observed_at", None))
        return max((moment for moment in seen if moment), default=None)


class DetailMixin(models.Model):
    """What get-by-id answered, for families whose list lacks fields."""

    detail_payload = models.JSONField(null=True, editable=False)
    detail_digest = models.BinaryField(null=True, editable=False)
    detail_observed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class Kind(models.TextChoices):
    FULL = "full", _("Full")
    CHANGES = "changes", _("Changes")


class RunState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    BLOCKED = "blocked", _("Needs a decision")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")


class SyncRun(models.Model):
    """One sync of one connection. Whoever holds the lease works on it, a slice at a time."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, related_name="sync_runs"
    )
    kind = models.TextField(choices=Kind.choices)
    families = models.JSONField(default=list)
    state = models.TextField(choices=RunState.choices, default=RunState.RUNNING)
    actor_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.TextField(default="", db_default="")
    not_before = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0, db_default=0)
    error = models.JSONField(null=True)

    web_access: ClassVar[str] = "select, insert, update"

    class Meta:
        indexes = [models.Index(fields=["connection", "-started_at"], name="run_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind"],
                condition=models.Q(state__in=[RunState.RUNNING, RunState.PAUSED]),
                name="run_one_active",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PassState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    BLOCKED = "blocked", _("Needs a decision")
    CONFIRMED = "confirmed", _("Removal confirmed")
    REJECTED = "rejected", _("Removal refused")
    SUPERSEDED = "superseded", _("Replaced by a later run")
    DONE = "done", _("Done")
    NOT_PERMITTED = "not_permitted", _("Not permitted")
    FAILED = "failed", _("Failed")


class SyncPass(models.Model):
    """One family within a run: its place (cursor), its counters, its verdict.

    ``total`` is what the pass expects to read (rows or parents), null while unknown; ``done`` counts
    towards it. ``seen_count`` is how many keys stand in mirror_seen, to notice a table lost in a crash.
    """

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="passes")
    family = models.TextField()
    position = models.IntegerField()
    state = models.TextField(choices=PassState.choices, default=PassState.WAITING)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cursor: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    restarts = models.IntegerField(default=0, db_default=0)
    seen_count = models.BigIntegerField(default=0, db_default=0)
    total = models.BigIntegerField(null=True)
    done = models.BigIntegerField(default=0, db_default=0)
    fetched = models.BigIntegerField(default=0, db_default=0)
    inserted = models.BigIntegerField(default=0, db_default=0)
    updated = models.BigIntegerField(default=0, db_default=0)
    unchanged = models.BigIntegerField(default=0, db_default=0)
    gone = models.BigIntegerField(default=0, db_default=0)
    requests = models.BigIntegerField(default=0, db_default=0)
    seconds = models.FloatField(default=0, db_default=0)
    would_remove = models.BigIntegerField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    error = models.JSONField(null=True)

    web_access: ClassVar[str] = "select, insert, update"

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "family"], name="pass_one_per_family")
        ]

    def __str__(self) -> str:
        return f"{self.family} of run {self.run_id}"


class Freshness(models.Model):
    """When one scope (a family, or a family below one parent) was last read completely.

    ``followed_at`` is how far the changes since then were followed, for families of which Partner
    Center's audit records tell. ``barred`` is the refusal of a family that takes a permission of its
    own, until it is read again.
    """

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, db_index=False, related_name="freshness"
    )
    family = models.TextField()
    parent = models.TextField(default="", db_default="")
    complete_at = models.DateTimeField(null=True)
    followed_at = models.DateTimeField(null=True)
    cursor = models.JSONField(null=True)
    barred: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    web_access: ClassVar[str] = "select"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "family", "parent"], name="freshness_one_per_scope"
            )
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.parent}".strip()

    @property
    def current_at(self) -> dt.datetime | None:
        """The moment that the rows of this scope stand for."""
        return max((at for at in (self.complete_at, self.followed_at) if at), default=None)


class DirtyMark(models.Model):
    """One resource to read again. ``version`` rises with each mark, so one set during a read stays."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    family = models.TextField()
    parent = models.TextField(default="", db_default="")
    key = models.TextField()
    priority = models.SmallIntegerField(default=0, db_default=0)
    reason = models.TextField()
    version = models.IntegerField(default=1, db_default=1)
    marked_at = models.DateTimeField(db_default=Now())
    not_before = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0, db_default=0)
    error = models.JSONField(null=True)

    web_access: ClassVar[str] = "select, insert, update"

    class Meta:
        indexes = [
            models.Index(fields=["connection", "-priority", "id"], name="dirty_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "family", "parent", "key"], name="dirty_one_per_resource"
            )
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.key}"


class Seen(models.Model):
    """Keys that a running pass has met. Unlogged (see the migration): a crash may empty it."""

    pk = models.CompositePrimaryKey("run_id", "family", "key")
    run_id = models.BigIntegerField()
    family = models.TextField()
    key = models.TextField()

    web_access: ClassVar[str] = ""

    class Meta:
        db_table = "mirror_seen"

    def __str__(self) -> str:
        return self.key


class RawPage(models.Model):
    """One page of a bulk list as it came, kept only if one of its rows was new.

    ``body`` is a Zstandard frame; of pages that an earlier version kept, a zlib stream.
    """

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, related_name="+"
    )
    family = models.TextField()
    observed_at = models.DateTimeField()
    body = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    web_access: ClassVar[str] = ""

    def __str__(self) -> str:
        return f"{self.family} {self.observed_at:%Y-%m-%d %H:%M}"


class QuestionState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ANSWERED = "answered", _("Answered")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class Question(models.Model):
    """A live read that a form needs; a worker asks it, a fragment waits for the answer."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    operation = models.TextField()
    parameters = models.JSONField(default=dict)
    digest = models.TextField()
    asker_id = models.BigIntegerField(null=True)
    state = models.TextField(choices=QuestionState.choices, default=QuestionState.WAITING)
    answer: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    error = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    web_access: ClassVar[str] = "select, insert, update"
    scope_path: ClassVar[str] = ""  # whoever sees the connection whole, and
    scope_owner: ClassVar[str] = "asker_id"

    class Meta:
        indexes = [
            models.Index(fields=["connection", "digest", "-expires_at"], name="question_equal")
        ]

    def __str__(self) -> str:
        return self.operation

    @property
    def settled(self) -> bool:
        """Whether a poll need not come again."""
        return self.state != QuestionState.WAITING


class EventState(models.TextChoices):
    RECEIVED = "received", _("Being checked")
    ACCEPTED = "accepted", _("Accepted")
    DUPLICATE = "duplicate", _("Seen before")
    REFUSED = "refused", _("Refused")


class WebhookEvent(models.Model):
    """One request to the webhook receiver, kept before anybody judges it.

    ``headers`` holds those that a check needs. ``body`` is at most a few kilobytes. What it says
    stands in ``event``, ``resource_uri`` and ``changed_at`` as soon as it could be read. ``digest``
    names the event among the accepted ones, so that a second delivery has no effect.
    """

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    received_at = models.DateTimeField(db_default=Now())
    state = models.TextField(choices=EventState.choices, default=EventState.RECEIVED)
    reason = models.TextField(default="", db_default="")
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    event = models.TextField(default="", db_default="")
    resource_uri = models.TextField(default="", db_default="")
    changed_at = models.DateTimeField(null=True)
    digest = models.TextField(default="", db_default="")
    checked_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0, db_default=0)

    web_access: ClassVar[str] = "select, insert"

    class Meta:
        indexes = [
            models.Index(fields=["connection", "-id"], name="webhook_latest"),
            models.Index(
                fields=["received_at"],
                name="webhook_unchecked",
                condition=models.Q(state=EventState.RECEIVED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "digest"],
                condition=models.Q(state=EventState.ACCEPTED),
                name="webhook_accepted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event or '?'} {self.pk}"


class WebhookRegistration(models.Model):
    """What Partner Center last said about where it sends a connection's events."""

    connection = models.OneToOneField(
        "connections.Connection", on_delete=models.CASCADE, related_name="webhook"
    )
    url = models.TextField(default="", db_default="")
    events = models.JSONField(default=list)
    supported = models.JSONField(default=list)
    ms_signature = models.BooleanField(default=False, db_default=False)
    observed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    error = models.JSONField(null=True)

    web_access: ClassVar[str] = "select, insert, update"

    def __str__(self) -> str:
        return self.url or "-"

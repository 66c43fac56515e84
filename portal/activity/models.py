"""Entries that are only ever added, the personal values beside them, and Microsoft's audit records.

Which of those records tell of an entry stands in AuditMatch; Happening shows both in one order.

An entry keeps a dotted kind and parameters, never a sentence, and the ids of its moment rather than
references: it outlives what it speaks of, and after a customer moved, the reseller of then stays.
"""

from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.connections.models import Connection
from portal.connections.secrets import SecretField
from portal.mirror.models import RawPage

if TYPE_CHECKING:
    _Field = models.Field[str, str]
else:
    _Field = models.Field


class Xid8Field(_Field):
    """Postgres' 64-bit transaction id; a sealer takes only entries below every running one."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 - Django's signature
        return "xid8"


class CurrentTransaction(models.Func):
    function = "pg_current_xact_id"
    output_field: ClassVar[Xid8Field] = Xid8Field()


def _append_only() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    ]


class Via(models.TextChoices):
    WEB = "web"
    API = "api"
    WORKER = "worker"
    COMMAND = "command"


class Entry(models.Model):
    """Who did what, when, to what. Written in the transaction of the change itself."""

    scope_path = "reseller_id"
    web_access = "select, insert"

    at = models.DateTimeField(db_default=Now(), editable=False)
    xid = Xid8Field(db_default=CurrentTransaction(), editable=False)
    kind = models.CharField(max_length=100)
    actor_id = models.BigIntegerField(null=True)
    via = models.CharField(max_length=10, choices=Via.choices)
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reseller_id = models.BigIntegerField(null=True)
    customer_pc_id = models.TextField(blank=True)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.BigIntegerField(null=True)
    target_label = models.TextField(blank=True)
    parameters = models.JSONField(default=dict)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    correlation_id = models.TextField(blank=True)
    command_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at", "id"], name="entry_at"),
            # The order of the timeline, see Happening.
            models.Index(F("at"), F("id") * 2, name="entry_timeline"),
            models.Index(fields=["actor_id", "-id"], name="entry_actor"),
            models.Index(fields=["reseller_id", "-id"], name="entry_reseller"),
            models.Index(fields=["customer_pc_id", "-id"], name="entry_customer"),
            models.Index(fields=["kind", "-id"], name="entry_kind"),
            models.Index(fields=["command_id"], name="entry_command"),
            models.Index(
                fields=["correlation_id"],
                name="entry_correlation",
                condition=~models.Q(correlation_id=""),
            ),
        ]
        triggers = _append_only()

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class SubjectKey(models.Model):
    """The key of one person's values in the log; erasing it makes them unreadable for ever."""

    web_access = "select, insert"

    subject = models.CharField(max_length=64, unique=True)
    key = SecretField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.subject


class EntryPersonal(models.Model):
    """Personal values of an entry, encrypted with their subject's key.

    ``digest`` is that of the ciphertext, so that a seal over it still holds once the key is gone.
    """

    web_access = "select, insert"
    # The row stands and falls with its entry: the policy asks for the entry's visibility.
    scope_path = "entry__reseller_id"

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="personal")
    subject = models.ForeignKey(SubjectKey, on_delete=models.PROTECT, related_name="+")
    ciphertext = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "subject"], name="entry_subject_once")
        ]
        triggers = _append_only()

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.subject_id}"


class AuditRecord(models.Model):
    """One record of Partner Center's own audit trail; the raw page keeps the rest."""

    scope_path = "reseller_id"
    web_access = "select"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    pc_id = models.TextField()
    reseller_id = models.BigIntegerField(null=True)
    resource_type = models.TextField()
    resource_pc_id = models.TextField(blank=True)
    operation_type = models.TextField()
    operation_status = models.TextField(blank=True)
    operation_date = models.DateTimeField()
    customer_pc_id = models.TextField(blank=True)
    customer_name = models.TextField(blank=True)
    user_principal_name = models.TextField(blank=True)
    application_id = models.TextField(blank=True)
    correlation_id = models.TextField(blank=True)
    summary = models.JSONField(default=dict)
    page = models.ForeignKey(RawPage, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-operation_date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="audit_record_once")
        ]
        indexes = [
            models.Index(fields=["operation_date", "id"], name="audit_date"),
            models.Index(F("operation_date"), F("id") * 2 + 1, name="audit_timeline"),
            models.Index(fields=["customer_pc_id", "-operation_date"], name="audit_customer"),
            models.Index(fields=["correlation_id"], name="audit_correlation"),
        ]

    def __str__(self) -> str:
        return f"{self.operation_type} {self.pc_id}"


class Certainty(models.TextChoices):
    SAME = "same", _("Same request")
    PROBABLE = "probable", _("Probably the same")


class AuditMatch(models.Model):
    """That an audit record and an entry tell of one change: by correlation id, or by all that is known."""

    # It stands and falls with the record, so that whoever sees the record knows that it is ours.
    scope_path = "audit__reseller_id"
    web_access = "select"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="matches")
    audit = models.ForeignKey(
        AuditRecord, on_delete=models.CASCADE, db_index=False, related_name="matches"
    )
    certainty = models.TextField(choices=Certainty.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit"], name="audit_match_once")]

    def __str__(self) -> str:
        return f"{self.audit_id} {self.certainty} {self.entry_id}"


class Source(models.TextChoices):
    PORTAL = "portal", _("Portal")
    PARTNER_CENTER = "partner_center", _("Partner Center")


class Happening(models.Model):
    """An entry or an audit record, as one line of the timeline: a view, ordered by (at, id).

    ``id`` is twice the row's own, one more for a record, so that it is unique over both. The view runs
    with the rights of whoever asks: the row policies of both tables hold.
    """

    scope_path = "reseller_id"
    web_access = "select"
    is_view = True

    id = models.BigIntegerField(primary_key=True)
    source = models.TextField(choices=Source.choices)
    row_id = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    who = models.TextField()
    via = models.TextField()
    connection = models.ForeignKey(
        Connection, on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    reseller_id = models.BigIntegerField(null=True)
    customer_pc_id = models.TextField()
    recorded_name = models.TextField()
    target_type = models.TextField()
    target_id = models.BigIntegerField(null=True)
    target_label = models.TextField()
    parameters = models.JSONField()
    correlation_id = models.TextField()
    command_id = models.BigIntegerField(null=True)
    status = models.TextField()

    class Meta:
        managed = False
        db_table = "activity_happening"

    def __str__(self) -> str:
        return f"{self.source} {self.row_id}"

    @property
    def is_record(self) -> bool:
        """Whether Partner Center tells of it."""
        return self.source == Source.PARTNER_CENTER

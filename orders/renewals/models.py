"""What a customer decided and was written about a term, and what people were told of it: nothing goes to Partner Center."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders import term_end
from portal.notifications import letters

LONGEST_PERSON = 200
LONGEST_PROOF = 2_000


class TermDecision(models.Model):
    """One decision. ``ends_on`` is the last day of the term that it is about, ``command`` the change that it became.

    ``reseller`` is the subscription's at the moment of the decision. A file may prove it, or words.
    """

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    subscription = models.ForeignKey(
        "orders.Subscription", on_delete=models.CASCADE, db_index=False, related_name="decisions"
    )
    command = models.ForeignKey(
        "outbox.Command", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ends_on = models.DateField(_("end of term"), null=True)
    choice = models.CharField(_("decision"), max_length=20)
    decided_by = models.CharField(
        _("decided by"), max_length=LONGEST_PERSON, default="", db_default=""
    )
    decided_on = models.DateField(_("decided on"), null=True)
    proof = models.TextField(_("proof"), max_length=LONGEST_PROOF, default="", db_default="")
    file = models.ForeignKey(
        "lists.StoredFile", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("kept"), auto_now_add=True)

    web_access: ClassVar[str] = "select, insert"
    scope_path: ClassVar[str] = "reseller"

    class Meta:
        verbose_name = _("decision on a term's end")
        verbose_name_plural = _("decisions on ends of terms")
        indexes = [
            models.Index("subscription", "id", name="term_decision_of"),
            models.Index("recorded_at", "id", name="term_decision_kept"),
            models.Index("ends_on", "id", name="term_decision_ends"),
        ]

    def __str__(self) -> str:
        return self.choice

    def get_absolute_url(self) -> str:
        return self.subscription.get_absolute_url()

    @property
    def words(self) -> str:
        """The choice as people read it."""
        return term_end.words(self.choice)


class TermLetter(models.Model):
    """What a customer was written about a term: the newest mail of each letter (``slug``), so that none is sent twice.

    ``reseller`` is the subscription's at that moment. Without ``mail`` its row is no longer kept.
    """

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    reseller = models.ForeignKey(
        "access.Reseller", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    subscription = models.ForeignKey(
        "orders.Subscription", on_delete=models.CASCADE, db_index=False, related_name="letters"
    )
    ends_on = models.DateField(_("end of term"), null=True)
    slug = models.CharField(_("letter"), max_length=60)
    to = models.EmailField(pgettext_lazy("mail", "to"))
    language = models.CharField(_("language"), max_length=10)
    mail = models.ForeignKey(
        "notifications.Mail", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written"))

    web_access: ClassVar[str] = "select, insert, update"
    scope_path: ClassVar[str] = "reseller"

    class Meta:
        verbose_name = _("mail about a term")
        verbose_name_plural = _("mails about terms")
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "ends_on", "slug"],
                name="term_letter_once",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index("written_at", "id", name="term_letter_written")]

    def __str__(self) -> str:
        return f"{self.slug} {self.to}"

    def get_absolute_url(self) -> str:
        return self.subscription.get_absolute_url()

    @property
    def label(self) -> str:
        """The letter by name; its slug if no app has it any more."""
        return str(letters.labels().get(self.slug, self.slug))


class TermAlert(models.Model):
    """What people were told of a subscription: once, until it is about something else (``about``)."""

    subscription = models.ForeignKey(
        "orders.Subscription", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=120)
    told_at = models.DateTimeField()

    web_access: ClassVar[str] = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "kind"], name="term_alert_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

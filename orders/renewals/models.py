"""What a customer decided about the end of a term: kept by the portal, nothing of it goes to Partner Center."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders import term_end

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

"""What a customer has agreed to, and what it is qualified for; whom it names stays in the payload."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.profile import OfCustomer

LIVE = models.Q(gone_at__isnull=True)


class Confirmation(OfCustomer):
    """A confirmation that the customer accepted an agreement. It has no id: customer, template, day make one."""

    template_id = models.TextField(default="", db_default="")
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    link = models.TextField(default="", db_default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.pc_id

    @property
    def contact(self) -> str:
        """Who agreed, as the confirmation names them."""
        found = (self.list_payload or {}).get("primaryContact") or {}
        name = f"{found.get('firstName') or ''} {found.get('lastName') or ''}".strip()
        return f"{name} <{found['email']}>" if found.get("email") else name


class Agreement(Confirmation):
    """Of the Microsoft Customer Agreement, without which nothing can be ordered (facts mca)."""

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [models.UniqueConstraint(fields=["connection", "pc_id"], name="agreement_id")]
        indexes = [models.Index("customer", name="agreement_of", condition=LIVE)]


class CloudAgreement(Confirmation):
    """Of the Microsoft Cloud Agreement, which ended in 2020: readable only."""

    class Meta:
        verbose_name = _("Microsoft Cloud Agreement")
        verbose_name_plural = _("Microsoft Cloud Agreements")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="cloud_agreement_id")
        ]


class DirectSignature(OfCustomer):
    """Whether the customer has signed the Customer Agreement with Microsoft itself."""

    is_signed = models.BooleanField(_("signed directly"), null=True)

    class Meta:
        verbose_name = _("direct signature")
        verbose_name_plural = _("direct signatures")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="direct_signature_id")
        ]

    def __str__(self) -> str:
        return self.pc_id


class Qualification(OfCustomer):
    """What opens education and government offers, with the state of its vetting."""

    kind = models.TextField(_("qualification"), default="", db_default="")
    status = models.TextField(_("status"), default="", db_default="")
    asked_at = models.DateTimeField(_("asked for"), null=True)

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="qualification_id")
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def why(self) -> str:
        """The reason that Partner Center gives for its decision, "" for none."""
        return str((self.list_payload or {}).get("vettingReason") or "")

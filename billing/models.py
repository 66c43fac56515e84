"""Invoices as Partner Center lists them, and their lines: what the partner pays to Microsoft.

Every amount here is *cost*. Indirect resellers never see cost, so these rows belong to whoever sees
their connection whole, also where a line names a reseller.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.mirror.fields import ExactDecimalField
from portal.mirror.models import MirrorModel

LIVE = models.Q(gone_at__isnull=True)


class Side(models.TextChoices):
    """Whose money an amount is."""

    COST = "cost", _("Cost")


class Invoice(MirrorModel):
    """One invoice. ``has_lines`` says that it has new-commerce lines, the ones that are mirrored."""

    invoice_date = models.DateTimeField(_("date"), null=True)
    period_start = models.DateTimeField(_("period start"), null=True)
    period_end = models.DateTimeField(_("period end"), null=True)
    total_charges = ExactDecimalField(_("total"), null=True)
    paid_amount = ExactDecimalField(_("paid"), null=True)
    currency = models.TextField(_("currency"), default="", db_default="")
    document_type = models.TextField(_("document"), default="", db_default="")
    invoice_type = models.TextField(_("type"), default="", db_default="")
    amends_pc_id = models.TextField(_("amends"), default="", db_default="")
    has_lines = models.BooleanField(default=False, db_default=False)
    providers: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    amendments: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    receipts: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    side: ClassVar[Side] = Side.COST
    scope_path: ClassVar[str] = ""

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.UniqueConstraint(fields=["connection", "pc_id"], name="invoice_pc_id")
        ]
        indexes = [
            models.Index("invoice_date", "id", name="invoice_by_date", condition=LIVE),
            models.Index("pc_id", "id", name="invoice_by_number", condition=LIVE),
            models.Index("total_charges", "id", name="invoice_by_total", condition=LIVE),
        ]

    def __str__(self) -> str:
        return self.pc_id

    def get_absolute_url(self) -> str:
        return reverse("invoice", args=[self.pk])


class InvoiceLine(models.Model):
    """One new-commerce line (get-invoiceline-items, provider onetime, type billinglineitems).

    Lines carry no id: ``position`` is the place in the invoice's list. The line as it came is in a
    ``mirror.RawPage``. ``reseller`` is the tenancy by the line's own MPN id, kept for later use.

    The database checks the invoice alone: the other ids were read from their tables in the transaction
    that writes them, mirrored rows are never deleted, and four checks a line are a third of the time.
    """

    connection = models.ForeignKey(
        "connections.Connection",
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.CASCADE, db_index=False, related_name="lines"
    )
    position = models.IntegerField()
    digest = models.BigIntegerField(editable=False)
    gone_at = models.DateTimeField(null=True, editable=False)
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    subscription = models.ForeignKey(
        "orders.Subscription",
        on_delete=models.SET_NULL,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    reseller = models.ForeignKey(
        "access.Reseller",
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    customer_pc_id = models.TextField(_("tenant id"))
    customer_name = models.TextField(_("customer"))
    reseller_mpn_id = models.TextField(_("reseller MPN id"))
    subscription_pc_id = models.TextField(_("subscription id"))
    order_pc_id = models.TextField(_("order"))
    product_id = models.TextField()
    sku_id = models.TextField()
    product_name = models.TextField(_("product"))
    charge_type = models.TextField(_("charge"))
    charge_start = models.DateField(_("from"), null=True)
    charge_end = models.DateField(_("to"), null=True)
    unit_price = ExactDecimalField(_("unit price"), null=True)
    effective_unit_price = ExactDecimalField(_("effective unit price"), null=True)
    unit_type = models.TextField(_("unit"))
    quantity = ExactDecimalField(_("quantity"), null=True)
    subtotal = ExactDecimalField(_("net"), null=True)
    tax = ExactDecimalField(_("tax"), null=True)
    total = ExactDecimalField(_("total"), null=True)
    currency = models.TextField(_("currency"))
    term_and_billing_cycle = models.TextField(_("term"))
    billing_frequency = models.TextField(_("billing cycle"))
    promotion_id = models.TextField(_("promotion"))

    web_access: ClassVar[str] = "select"
    side: ClassVar[Side] = Side.COST
    scope_path: ClassVar[str] = ""

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="line_position")
        ]
        indexes = [
            models.Index(fields=["invoice", "customer_pc_id"], name="line_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.position}"


class InvoiceLinePage(models.Model):
    """The digest of one page of lines, so that the same page is not written again, and its bytes."""

    invoice = models.ForeignKey(
        Invoice, on_delete=models.CASCADE, db_index=False, related_name="line_pages"
    )
    start = models.IntegerField()
    rows = models.IntegerField()
    digest = models.BinaryField()
    observed_at = models.DateTimeField()
    raw = models.ForeignKey(
        "mirror.RawPage", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    web_access: ClassVar[str] = ""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "start"], name="line_page_start")]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.start}"


class InvoiceTotal(models.Model):
    """What the lines of an invoice come to in one currency; kept by the sync, row by row exact.

    ``seats`` and ``recurring`` (net) are those of charges for a whole cycle; ``month`` is the month
    of the invoice's date.
    """

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.CASCADE, db_index=False, related_name="totals"
    )
    side = models.TextField(choices=Side.choices, default=Side.COST, db_default=Side.COST)
    currency = models.TextField()
    month = models.DateField(null=True)
    lines = models.BigIntegerField()
    seats = ExactDecimalField()
    recurring = ExactDecimalField()
    subtotal = ExactDecimalField()
    tax = ExactDecimalField()
    total = ExactDecimalField()

    web_access: ClassVar[str] = "select"
    scope_path: ClassVar[str] = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "side", "currency"], name="invoice_total_one"
            )
        ]
        indexes = [models.Index(fields=["connection", "month"], name="invoice_total_month")]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.currency}"


class StatementState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class InvoiceStatement(models.Model):
    """The PDF of an invoice: asked for by a person, fetched by a worker, kept under our own id."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    invoice = models.OneToOneField(Invoice, on_delete=models.CASCADE, related_name="statement")
    state = models.TextField(choices=StatementState.choices, default=StatementState.WAITING)
    file = models.ForeignKey(
        "lists.StoredFile", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    error: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    web_access: ClassVar[str] = "select, insert, update"
    scope_path: ClassVar[str] = ""

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.state}"

"""Invoices and their lines over the API: the same rows and scope as the pages; every amount is cost."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from billing import queries
from billing.models import Invoice, InvoiceLine
from portal.access.api import ScopedViewSet
from portal.connections.models import Connection


def amount() -> serializers.DecimalField:
    """An amount with every digit that it came with, as text; null where none came."""
    return serializers.DecimalField(
        max_digits=None, decimal_places=None, read_only=True, allow_null=True
    )


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """An invoice as the mirror knows it. ``side``: whose money the amounts are."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    side = serializers.CharField(read_only=True)
    total_charges = amount()
    paid_amount = amount()

    class Meta:
        model = Invoice
        fields = [
            "id",
            "pc_id",
            "connection",
            "invoice_date",
            "period_start",
            "period_end",
            "document_type",
            "invoice_type",
            "amends_pc_id",
            "side",
            "currency",
            "total_charges",
            "paid_amount",
            "gone_at",
        ]
        read_only_fields = fields


class InvoiceLineSerializer(serializers.ModelSerializer[InvoiceLine]):
    """A new-commerce line. ``position`` counts from 0 within the invoice.

    ``currency`` is that of net, tax and total; unit prices are in the currency of the market's price sheet.
    """

    invoice_pc_id = serializers.CharField(source="invoice.pc_id", read_only=True)
    side = serializers.CharField(read_only=True)
    unit_price = amount()
    effective_unit_price = amount()
    quantity = amount()
    subtotal = amount()
    tax = amount()
    total = amount()

    class Meta:
        model = InvoiceLine
        fields = [
            "id",
            "invoice",
            "invoice_pc_id",
            "position",
            "customer",
            "customer_pc_id",
            "customer_name",
            "subscription",
            "subscription_pc_id",
            "reseller_mpn_id",
            "order_pc_id",
            "product_id",
            "sku_id",
            "product_name",
            "charge_type",
            "charge_start",
            "charge_end",
            "quantity",
            "unit_type",
            "side",
            "currency",
            "unit_price",
            "effective_unit_price",
            "subtotal",
            "tax",
            "total",
            "term_and_billing_cycle",
            "billing_frequency",
            "promotion_id",
        ]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="List invoices",
        parameters=[OpenApiParameter("q", str, description="Part of an invoice number")],
    ),
    retrieve=extend_schema(summary="Get an invoice"),
)
class InvoiceViewSet(ScopedViewSet[Invoice], viewsets.ReadOnlyModelViewSet[Invoice]):
    serializer_class = InvoiceSerializer
    rights = {"list": queries.RIGHT, "retrieve": queries.RIGHT}

    def get_queryset(self) -> QuerySet[Invoice]:
        rows = queries.invoices(self.scope)
        text = self.request.query_params.get("q", "").strip()
        return rows.filter(pc_id__icontains=text) if text else rows


@extend_schema_view(
    list=extend_schema(
        summary="List invoice lines",
        parameters=[
            OpenApiParameter("invoice", str, description="The invoice's number"),
            OpenApiParameter("customer", str, description="The customer's tenant id"),
            OpenApiParameter("subscription", str, description="The subscription's id"),
            OpenApiParameter("q", str, description="Text in names, or a whole id"),
        ],
    ),
    retrieve=extend_schema(summary="Get an invoice line"),
)
class InvoiceLineViewSet(ScopedViewSet[InvoiceLine], viewsets.ReadOnlyModelViewSet[InvoiceLine]):
    serializer_class = InvoiceLineSerializer
    rights = {"list": queries.RIGHT, "retrieve": queries.RIGHT}

    def get_queryset(self) -> QuerySet[InvoiceLine]:
        rows = queries.all_lines(self.scope)
        asked = self.request.query_params
        columns = {
            "invoice": "invoice__pc_id",
            "customer": "customer_pc_id",
            "subscription": "subscription_pc_id",
        }
        for name, column in columns.items():
            if value := asked.get(name):
                rows = rows.filter(**{column: value})
        if text := asked.get("q", "").strip():
            rows = queries.matching(rows, text)
        return rows

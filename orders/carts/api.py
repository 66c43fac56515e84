"""Carts over the API: what the pages show and do. No cost is told to a reseller, and no price of anybody else."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from customers import queries as customer_queries
from orders.carts import actions, contents, problems, queries, saying, totals
from orders.carts.models import Cart, CartLine, CartState
from orders.carts.part import RIGHT, VIEW
from portal.access.api import ScopedViewSet
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.outbox.api_verbs import KEY
from portal.outbox.repeating import once

Told = dict[str, Any]


class CartLineSerializer(serializers.ModelSerializer[CartLine]):
    """A line. ``problem`` says in words what ``error_code`` means, ``error_text`` Partner Center's; ``state`` where it stands.

    ``commitment`` is what a savings plan commits to: amount, currency, grain.
    """

    problem = serializers.SerializerMethodField()

    class Meta:
        model = CartLine
        fields = [
            "id",
            "catalog_item_id",
            "title",
            "segment",
            "name",
            "quantity",
            "term",
            "cycle",
            "end_date",
            "promotion_id",
            "attested",
            "provisioning",
            "commitment",
            "more_partner_ids",
            "state",
            "error_code",
            "error_text",
            "error_correlation_id",
            "problem",
            "order_pc_id",
            "subscription_pc_id",
        ]
        read_only_fields = fields

    def get_problem(self, row: CartLine) -> str:
        """Our words, "" for a line without an error."""
        return problems.words(row.error_code) if row.error_code else ""


class CartSumSerializer(serializers.Serializer[totals.Sum]):
    """What all lines of one billing cycle and currency come to; ``term`` over their terms."""

    cycle = serializers.CharField()
    currency = serializers.CharField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=None)
    term = serializers.DecimalField(max_digits=20, decimal_places=None, allow_null=True)


class CartTotalSerializer(serializers.Serializer[totals.Total]):
    """One side, net: cost, reseller (charge to the reseller) or customer (charge to the customer).

    A promotion that was chosen comes off the cost; charges are those of the price book.
    """

    side = serializers.CharField()
    sums = CartSumSerializer(many=True)
    unknown = serializers.IntegerField(
        help_text="Lines for which there is no price; those billed by use are not counted"
    )


class CartSerializer(serializers.ModelSerializer[Cart]):
    """A cart without its lines."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    reseller_name = serializers.CharField(source="reseller.name", default="", read_only=True)
    person = serializers.EmailField(source="author.email", read_only=True)
    line_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Cart
        fields = [
            "id",
            "name",
            "connection",
            "customer",
            "customer_name",
            "reseller",
            "reseller_name",
            "purchase_order",
            "state",
            "line_count",
            "person",
            "created_at",
            "changed_at",
            "checked_at",
            "upstream_expires_at",
            "ordered_at",
            "next_look_at",
        ]
        read_only_fields: list[str] = fields


class CartDetailSerializer(CartSerializer):
    """With its lines, and what they come to by each side that the caller may see.

    ``lacks`` says in words what Partner Center will refuse the checkout for, as far as is known.
    """

    lines = serializers.SerializerMethodField()
    totals = serializers.SerializerMethodField()
    lacks = serializers.SerializerMethodField()

    class Meta(CartSerializer.Meta):
        fields = [*CartSerializer.Meta.fields, "lines", "totals", "lacks"]
        read_only_fields = fields

    def get_lacks(self, row: Cart) -> list[str]:
        """Nothing of a cart that was ordered."""
        is_open = row.state == CartState.OPEN
        return [one.text for one in saying.lacks(row, self._lines())] if is_open else []

    @extend_schema_field(CartLineSerializer(many=True))
    def get_lines(self, _row: Cart) -> Any:
        """In their order."""
        return CartLineSerializer(self._lines(), many=True).data

    @extend_schema_field(CartTotalSerializer(many=True))
    def get_totals(self, row: Cart) -> Any:
        """A side that the caller may not see is absent."""
        priced = totals.price(self.context["scope"], row, self._lines())
        return [CartTotalSerializer(one).data for one in priced.totals]

    def _lines(self) -> list[CartLine]:
        lines: list[CartLine] = self.context["lines"]
        return lines


def told(request: Request, row: Cart) -> Any:
    """A cart as the API tells it, read again."""
    scope = scope_of(request)
    found = queries.cart(scope, row.pk)
    return CartDetailSerializer(
        found, context={"scope": scope, "lines": contents.lines(found)}
    ).data


class NewCartSerializer(serializers.Serializer[Told]):
    """``customer`` is its id here."""

    customer = serializers.IntegerField()
    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class ChangedCartSerializer(serializers.Serializer[Told]):
    """What is left out stays. ``reseller`` is an id here, null for none; the partner's own staff choose it."""

    name = serializers.CharField(max_length=120, required=False)
    purchase_order = serializers.CharField(max_length=60, required=False, allow_blank=True)
    reseller = serializers.IntegerField(required=False, allow_null=True)


@extend_schema_view(
    list=extend_schema(
        summary="List carts",
        parameters=[
            OpenApiParameter("customer", int, description="Id of the customer here"),
            OpenApiParameter("state", str, enum=CartState.values),
        ],
    ),
    retrieve=extend_schema(
        summary="Get a cart with its lines and totals", responses={200: CartDetailSerializer}
    ),
)
class CartViewSet(ScopedViewSet[Cart], viewsets.ReadOnlyModelViewSet[Cart]):
    serializer_class = CartSerializer
    rights = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": RIGHT,
        "partial_update": RIGHT,
        "destroy": RIGHT,
    }
    ordering = ("-pk",)

    def get_queryset(self) -> QuerySet[Cart]:
        """The rows of the reader, narrowed by the query."""
        rows = queries.carts(self.scope)
        asked = self.request.query_params
        if customer := asked.get("customer", ""):
            rows = rows.filter(customer=int(customer))
        if state := asked.get("state", ""):
            rows = rows.filter(state=state)
        return rows

    def retrieve(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """One cart with everything."""
        return Response(told(request, self.get_object()))

    @extend_schema(
        summary="Create an empty cart",
        request=NewCartSerializer,
        parameters=[KEY],
        responses={201: CartDetailSerializer, 409: RefusalSerializer},
    )
    @once
    def create(self, request: Request) -> Response:
        """For a customer that the caller sees."""
        sent = NewCartSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        customer = customer_queries.customer(self.scope, values["customer"])
        made = actions.create(Actor.from_request(request), self.scope, customer, values["name"])
        return Response(told(request, made), status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Change a cart's name, purchase order or reseller on record",
        request=ChangedCartSerializer,
        responses={200: CartDetailSerializer, 409: RefusalSerializer},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """What is left out stays."""
        row = queries.cart(self.scope, int(pk))
        sent = ChangedCartSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        reseller = row.reseller
        if "reseller" in values:
            known = {one.pk: one for one in queries.resellers_of(self.scope, row.customer)}
            reseller = known.get(values["reseller"])
            if values["reseller"] is not None and reseller is None:
                told_why = _("The customer does not buy through them.")
                raise serializers.ValidationError({"reseller": [told_why]})
        with transaction.atomic():
            actions.describe(
                self.scope,
                row,
                name=values.get("name", row.name),
                purchase_order=values.get("purchase_order", row.purchase_order),
                reseller=reseller,
            )
        return Response(told(request, row))

    @extend_schema(summary="Throw an open cart away", responses={204: None, 409: RefusalSerializer})
    def destroy(self, request: Request, pk: str) -> Response:
        """What was ordered stays."""
        row = queries.cart(self.scope, int(pk))
        actions.delete(Actor.from_request(request), self.scope, row)
        return Response(status=status.HTTP_204_NO_CONTENT)

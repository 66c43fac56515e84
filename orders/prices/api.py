"""Price books, their rules and price sheets over the API: the same rows, rights and checks as the pages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders.catalogue.filters import CYCLES, TERMS
from orders.catalogue.models import Segment
from orders.prices import actions, queries
from orders.prices.actions import Given
from orders.prices.finding import Whom
from orders.prices.models import ChargeSide, PriceBook, PriceRule, RuleKind, SheetPrice
from orders.prices.queries import CHANGE, COST_RIGHT
from orders.prices.quoting import RIGHT
from portal.access.api import ScopedViewSet
from portal.access.guard import require
from portal.access.refusals import RefusalSerializer
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.outbox.api_verbs import KEY, naming
from portal.outbox.repeating import once

# What is sent here for what the columns of a file are called.
SENT = {"product": "product_id", "sku": "sku_id", "cycle": "billing_cycle"}
REFUSED = {404: RefusalSerializer, 409: RefusalSerializer}


class PriceBookSerializer(serializers.ModelSerializer[PriceBook]):
    """A price book. ``reseller`` is its owner's id here, null for the distributor's own."""

    connection = serializers.SlugRelatedField[Connection](
        slug_field="name", queryset=Connection.objects.none()
    )
    reseller = serializers.IntegerField(source="reseller_id", allow_null=True, required=False)
    side = serializers.ChoiceField(choices=ChargeSide.choices)
    name = serializers.CharField(max_length=100)
    rule_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = PriceBook
        fields = ["id", "connection", "reseller", "side", "name", "rule_count", "created_at"]
        read_only_fields = ["created_at"]
        validators: ClassVar[list[Any]] = []  # the action answers for uniqueness, in scope

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The connections in which the caller may keep prices."""
        fields = super().get_fields()
        view = self.context.get("view")
        if view is not None and view.action == "create":
            ids = {connection.pk for connection, _reseller in queries.owners(view.scope)}
            named = cast("Any", fields["connection"])
            named.queryset = Connection.objects.filter(pk__in=ids)
        return fields


class BookNameSerializer(serializers.Serializer[dict[str, Any]]):
    """Another name."""

    name = serializers.CharField(max_length=100)


@extend_schema_view(
    list=extend_schema(summary="List price books"),
    retrieve=extend_schema(summary="Get a price book"),
)
class PriceBookViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet[PriceBook]):
    serializer_class = PriceBookSerializer
    rights = {"list": RIGHT, "retrieve": RIGHT, "create": CHANGE, "partial_update": CHANGE}
    effects = {"create": "write", "partial_update": "write"}

    def get_queryset(self) -> QuerySet[PriceBook]:
        """The books in whose name the caller works."""
        return queries.books(self.scope)

    @extend_schema(
        summary="Create a price book",
        parameters=[KEY],
        responses={201: PriceBookSerializer, **REFUSED},
    )
    @once
    def create(self, request: Request) -> Response:
        """Begin one, in the name of a connection or of one of its resellers."""
        told = self.get_serializer(data=request.data)
        told.is_valid(raise_exception=True)
        said = dict(told.validated_data)
        connection, reseller_id = said.pop("connection"), said.pop("reseller_id", None)
        named = {one.pk: one for _owned, one in queries.owners(self.scope) if one is not None}
        if reseller_id is not None and reseller_id not in named:
            raise Http404
        owner = named[reseller_id] if reseller_id is not None else None
        actor = Actor.from_request(request)
        with naming({"owner": "connection"}, PriceBookSerializer.Meta.fields):
            made = actions.create_book(actor, self.scope, connection, owner, **said)
        found = queries.book(self.scope, made.pk)
        return Response(self.get_serializer(found).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Rename a price book",
        request=BookNameSerializer,
        responses={200: PriceBookSerializer, **REFUSED},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Its owner and side stay."""
        del pk
        row, told = self.get_object(), BookNameSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        name = told.validated_data["name"]
        actions.rename_book(Actor.from_request(request), self.scope, row, name)
        return Response(self.get_serializer(queries.book(self.scope, row.pk)).data)


class CodeField(serializers.CharField):
    """One of some codes, or empty for any."""

    def __init__(self, choices: Iterable[tuple[str, object]] = (), **options: Any) -> None:
        super().__init__(default="", allow_blank=True, **options)
        self.codes = [code for code, _label in choices]

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is none of them."""
        found = super().to_internal_value(data)
        if found and found not in self.codes:
            told = _("One of: %(values)s.") % {"values": ", ".join(self.codes)}
            raise serializers.ValidationError(told)
        return found


class PriceRuleSerializer(serializers.ModelSerializer[PriceRule]):
    """A rule. Empty means any; ``reseller`` and ``customer`` are named by Partner Center's ids.

    ``value`` is per cent for a markup or a discount, an amount for one seat and billing cycle if fixed.
    """

    book = serializers.IntegerField(source="book_id")
    product_id = serializers.CharField(
        source="product_pc_id", default="", allow_blank=True, max_length=60
    )
    sku_id = serializers.CharField(source="sku_pc_id", default="", allow_blank=True, max_length=60)
    segment = CodeField(Segment.choices)
    term = CodeField(TERMS)
    billing_cycle = CodeField(CYCLES, source="cycle")
    kind = serializers.ChoiceField(choices=RuleKind.choices)
    reseller = serializers.CharField(
        source="for_reseller.pc_id", default="", allow_blank=True, max_length=200
    )
    customer = serializers.CharField(
        source="customer.pc_id", default="", allow_blank=True, max_length=200
    )

    class Meta:
        model = PriceRule
        fields = [
            "id",
            "book",
            "kind",
            "value",
            "currency",
            "product_id",
            "sku_id",
            "segment",
            "term",
            "billing_cycle",
            "reseller",
            "customer",
            "valid_from",
            "valid_to",
        ]
        validators: ClassVar[list[Any]] = []


class RuleEndSerializer(serializers.Serializer[dict[str, Any]]):
    """The last day on which a rule holds."""

    last = serializers.DateField()


@extend_schema_view(
    list=extend_schema(
        summary="List price rules",
        parameters=[OpenApiParameter("book", int, description="Id of the price book")],
    ),
    retrieve=extend_schema(summary="Get a price rule"),
)
class PriceRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet[PriceRule]):
    serializer_class = PriceRuleSerializer
    rights = {
        "list": RIGHT,
        "retrieve": RIGHT,
        "create": CHANGE,
        "update": CHANGE,
        "end": CHANGE,
    }
    effects = {"create": "write", "update": "write", "end": "write"}

    def get_queryset(self) -> QuerySet[PriceRule]:
        """The rules of the caller's books."""
        rows = queries.rules(self.scope)
        book = self.request.query_params.get("book", "")
        return rows.filter(book=int(book)) if book else rows

    @extend_schema(
        summary="Add a price rule",
        parameters=[KEY],
        responses={201: PriceRuleSerializer, **REFUSED},
    )
    @once
    def create(self, request: Request) -> Response:
        """Add one to a book."""
        said = self._said(request)
        book = queries.book(self.scope, said["book_id"])
        require(self.scope, CHANGE, book)
        with naming(SENT, PriceRuleSerializer.Meta.fields):
            given = self._given(book, said)
            row = actions.add(Actor.from_request(request), self.scope, book, given)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Change a price rule", responses={200: PriceRuleSerializer, **REFUSED})
    def update(self, request: Request, pk: str) -> Response:
        """Put another in its place; it stays in its book."""
        del pk
        row, said = self.get_object(), self._said(request)
        require(self.scope, CHANGE, row)
        with naming(SENT, PriceRuleSerializer.Meta.fields):
            given = self._given(row.book, said)
            actions.change(Actor.from_request(request), self.scope, row, given)
        return Response(self.get_serializer(row).data)

    @extend_schema(
        summary="End a price rule",
        request=RuleEndSerializer,
        responses={200: PriceRuleSerializer, 204: None, **REFUSED},
    )
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Let it hold until a day; 204 where it had not begun and is gone."""
        del pk
        row, told = self.get_object(), RuleEndSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        last = told.validated_data["last"]
        if actions.end(Actor.from_request(request), self.scope, row, last):
            return Response(self.get_serializer(row).data)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _said(self, request: Request) -> dict[str, Any]:
        told = self.get_serializer(data=request.data)
        told.is_valid(raise_exception=True)
        return dict(told.validated_data)

    def _given(self, book: PriceBook, said: dict[str, Any]) -> Given:
        reseller = _text(said.get("for_reseller"))
        customer = _text(said.get("customer"))
        whom = Whom(self.scope, book, {reseller}, {customer})
        return Given(
            kind=said["kind"],
            value=said["value"],
            currency=said.get("currency", ""),
            product=said["product_pc_id"],
            sku=said["sku_pc_id"],
            segment=said["segment"],
            term=said["term"],
            cycle=said["cycle"],
            reseller=whom.reseller(reseller),
            customer=whom.customer(customer),
            valid_from=said["valid_from"],
            valid_to=said.get("valid_to"),
        )


def _text(nested: Any) -> str:
    """The id out of what a dotted source makes of it."""
    return str(nested.get("pc_id", "")) if isinstance(nested, dict) else ""


class SheetPriceSerializer(serializers.ModelSerializer[SheetPrice]):
    """A row of a price sheet: cost, net, for one seat and a whole term."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    product_id = serializers.CharField(source="product_pc_id")
    sku_id = serializers.CharField(source="sku_pc_id")
    billing_cycle = serializers.CharField(source="cycle")

    class Meta:
        model = SheetPrice
        fields = [
            "id",
            "connection",
            "market",
            "view",
            "month",
            "product_id",
            "sku_id",
            "title",
            "term",
            "billing_cycle",
            "segment",
            "currency",
            "unit_price",
            "list_price",
            "starts_on",
            "ends_on",
        ]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="List prices of price sheets",
        parameters=[
            OpenApiParameter("market", str, description="Two letters"),
            OpenApiParameter("month", dt.date, description="For example 2026-11-01"),
            OpenApiParameter("product_id", str),
        ],
    ),
    retrieve=extend_schema(summary="Get a price of a price sheet"),
)
class SheetPriceViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet[SheetPrice]
):
    serializer_class = SheetPriceSerializer
    rights = {"list": COST_RIGHT, "retrieve": COST_RIGHT}

    def get_queryset(self) -> QuerySet[SheetPrice]:
        """The prices of connections whose cost the caller sees."""
        rows = queries.sheet_prices(self.scope)
        asked = self.request.query_params
        if market := asked.get("market", ""):
            rows = rows.filter(market=market.upper())
        if month := asked.get("month", ""):
            rows = rows.filter(month=month)
        if product := asked.get("product_id", ""):
            rows = rows.filter(product_pc_id=product.upper())
        return rows

"""Renewals over the API: terms that end, what was renewed, decisions, and what each choice would cost."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries as customers
from orders import queries as subscriptions
from orders.models import Subscription, TermDecision
from orders.renewals import costing, deciding, lifecycle, queries, whatif
from orders.renewals.filters import PERIODS, by_choice
from orders.renewals.queries import RIGHT
from orders.term_end import OPEN, TermEnd
from portal.access import asked
from portal.access.api import ScopedViewSet
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer
from portal.connections.models import Connection

LISTS = {"due": queries.upcoming, "unchosen": queries.rolling_on}
DAYS = [str(days) for days in PERIODS]
CHOSEN = [*TermEnd.values, OPEN]


class RenewalSerializer(serializers.ModelSerializer[Subscription]):
    """A term that ends. ``at_end`` is renew, cancel, extended, or open where nothing is chosen.

    ``lifecycle``: "choices" rolls on by the month unless somebody chose, "before" has the older one.
    ``written``: the newest mail to the customer about this term. ``idle`` is null where it is not known, or where another seller's seats are among the customer's.
    """

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    customer_name = serializers.CharField(source="customer.name", default="", read_only=True)
    reseller = serializers.CharField(source="reseller.name", default="", read_only=True)
    last_day = serializers.DateField(read_only=True)
    decide_until = serializers.SerializerMethodField()
    at_end = serializers.SerializerMethodField()
    lifecycle = serializers.SerializerMethodField()
    idle = serializers.IntegerField(read_only=True, default=None, allow_null=True)
    decision = serializers.JSONField(read_only=True)
    written = serializers.JSONField(read_only=True)

    class Meta:
        model = Subscription
        fields = [
            "id",
            "pc_id",
            "connection",
            "customer",
            "customer_pc_id",
            "customer_name",
            "reseller",
            "friendly_name",
            "offer_name",
            "quantity",
            "idle",
            "term_duration",
            "billing_cycle",
            "last_day",
            "decide_until",
            "auto_renew",
            "at_end",
            "lifecycle",
            "decision",
            "written",
        ]
        read_only_fields = fields

    def get_decide_until(self, row: Subscription) -> str | None:
        """The last moment of the term."""
        until = lifecycle.last_moment(row)
        return until.isoformat() if until else None

    def get_at_end(self, row: Subscription) -> str:
        """What is chosen."""
        return lifecycle.chosen(row)

    def get_lifecycle(self, row: Subscription) -> str:
        """Which rules hold."""
        return lifecycle.of(row).value


@extend_schema_view(
    list=extend_schema(
        summary="List terms that end",
        parameters=[
            OpenApiParameter(
                "list",
                str,
                enum=list(LISTS),
                description="due: terms of more than a month; unchosen: what rolls on by the month",
            ),
            OpenApiParameter("within", str, enum=DAYS, description="Days until the term ends"),
            OpenApiParameter("decision", str, enum=["none", "kept"]),
            OpenApiParameter("choice", str, enum=CHOSEN, description="What is set"),
            OpenApiParameter("customer", str, description="The customer's tenant id"),
        ],
    )
)
class RenewalViewSet(mixins.ListModelMixin, ScopedViewSet[Subscription]):
    serializer_class = RenewalSerializer
    rights = {"list": RIGHT}

    def get_queryset(self) -> QuerySet[Subscription]:
        """The rows of the reader, narrowed by the query."""
        told = self.request.query_params
        rows = LISTS[told.get("list") or "due"](self.scope)
        if days := told.get("within"):
            rows = queries.within(rows, int(days))
        if decision := told.get("decision"):
            rows = rows.filter(queries.UNDECIDED if decision == "none" else ~queries.UNDECIDED)
        if choice := told.get("choice"):
            rows = rows.filter(by_choice(choice))
        if customer := told.get("customer"):
            rows = rows.filter(customer_pc_id=customer)
        return rows


class RenewedSerializer(serializers.ModelSerializer[Subscription]):
    """What was renewed and can still be taken back, or some of its seats."""

    customer_name = serializers.CharField(source="customer.name", default="", read_only=True)
    idle = serializers.IntegerField(read_only=True, default=None)

    class Meta:
        model = Subscription
        fields = [
            "id",
            "pc_id",
            "customer",
            "customer_name",
            "friendly_name",
            "quantity",
            "idle",
            "effective_start_date",
            "refundable_total",
            "refund_until",
            "cancellation_allowed_until",
        ]
        read_only_fields = fields


@extend_schema_view(list=extend_schema(summary="List what was renewed and can still be taken back"))
class RenewedViewSet(mixins.ListModelMixin, ScopedViewSet[Subscription]):
    serializer_class = RenewedSerializer
    rights = {"list": RIGHT}

    def get_queryset(self) -> QuerySet[Subscription]:
        """The rows of the reader."""
        return queries.renewed(self.scope)


class TermDecisionSerializer(serializers.ModelSerializer[TermDecision]):
    """Who at the customer decided what becomes of a term, when, and the proof; ``change`` is what it became."""

    subscription_pc_id = serializers.CharField(source="subscription.pc_id", read_only=True)
    change = serializers.IntegerField(source="command_id", read_only=True, allow_null=True)
    state = serializers.CharField(source="command.state", default="", read_only=True)
    recorded_by = serializers.CharField(source="recorded_by.email", default="", read_only=True)
    has_file = serializers.SerializerMethodField()

    class Meta:
        model = TermDecision
        fields = [
            "id",
            "subscription",
            "subscription_pc_id",
            "ends_on",
            "choice",
            "decided_by",
            "decided_on",
            "proof",
            "has_file",
            "change",
            "state",
            "recorded_by",
            "recorded_at",
        ]
        read_only_fields = fields

    def get_has_file(self, row: TermDecision) -> bool:
        """Whether a file proves it."""
        return row.file_id is not None


@extend_schema_view(
    list=extend_schema(
        summary="List decisions on ends of terms",
        parameters=[OpenApiParameter("subscription", int, description="Id of the subscription")],
    ),
    retrieve=extend_schema(summary="Get a decision on the end of a term"),
)
class TermDecisionViewSet(ScopedViewSet[TermDecision], viewsets.ReadOnlyModelViewSet[TermDecision]):
    serializer_class = TermDecisionSerializer
    rights = {"list": RIGHT, "retrieve": RIGHT, "file": RIGHT}

    def get_queryset(self) -> QuerySet[TermDecision]:
        """The rows of the reader, narrowed by the query."""
        rows = queries.decisions(self.scope)
        subscription = self.request.query_params.get("subscription", "")
        return rows.filter(subscription=int(subscription)) if subscription else rows

    @extend_schema(
        summary="Get the file that proves a decision",
        responses={(200, "application/octet-stream"): bytes, 404: RefusalSerializer},
    )
    @action(detail=True, methods=["get"])
    def file(self, request: Request, **_path: Any) -> HttpResponseBase:
        """As it was handed in, always as a download."""
        return deciding.served(request, self.scope, self.get_object())


class FigureSerializer(serializers.Serializer[Any]):
    """An amount for all seats and one month, net. ``side``: cost, reseller or customer (what each is charged)."""

    way = serializers.ChoiceField(choices=[way.value for way in whatif.Way])
    side = serializers.CharField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    currency = serializers.CharField()
    note = serializers.CharField(allow_blank=True)


class LineSerializer(serializers.Serializer[Any]):
    """One subscription; what is not known, or not the caller's to see, is absent."""

    subscription = serializers.IntegerField()
    figures = FigureSerializer(many=True)


class TotalSerializer(serializers.Serializer[Any]):
    """A sum over the subscriptions of which the amount is known."""

    way = serializers.CharField()
    side = serializers.CharField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    currency = serializers.CharField()
    subscriptions = serializers.IntegerField()


class BookSerializer(serializers.Serializer[Any]):
    """``cut``: more terms end than are compared at once."""

    totals = TotalSerializer(many=True)
    lines = LineSerializer(many=True)
    unpriced = serializers.IntegerField()
    cut = serializers.BooleanField()


class AssumedSerializer(serializers.Serializer[Any]):
    """What may be assumed of prices that are not announced."""

    percent = serializers.DecimalField(
        max_digits=6, decimal_places=2, required=False, min_value=-90, max_value=500
    )
    within = serializers.ChoiceField(choices=DAYS, required=False)


PERCENT = OpenApiParameter("percent", str, description="Price change where none is announced")


class WhatIfView(APIView):
    """The comparison of some subscriptions."""

    right = RIGHT
    effect = "read"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a parameter that is unknown here, as the lists do."""
        super().initial(request, *args, **kwargs)
        if request.method == "GET":
            asked.check(self, "get")

    def answer(self, request: Request, rows: QuerySet[Subscription]) -> Response:
        """What each way comes to."""
        told = self.told(request)
        listed = list(rows.order_by("commitment_end_date", "pk")[: costing.MOST + 1])
        most = listed[: costing.MOST]
        found = whatif.book(scope_of(request), most, told.get("percent"))
        answer = _book(found) | {"cut": len(listed) > len(most)}
        return Response(BookSerializer(answer).data)

    def told(self, request: Request) -> dict[str, Any]:
        """The query, checked."""
        told = AssumedSerializer(data=request.query_params)
        told.is_valid(raise_exception=True)
        return dict(told.validated_data)


class SubscriptionWhatIfView(WhatIfView):
    @extend_schema(
        summary="Compare what a subscription would cost after its term",
        parameters=[PERCENT],
        responses={200: BookSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Of one subscription."""
        row = subscriptions.subscription(scope_of(request), pk)
        return self.answer(request, Subscription.objects.filter(pk=row.pk))


class CustomerWhatIfView(WhatIfView):
    @extend_schema(
        summary="Compare what a customer's subscriptions would cost after their terms",
        parameters=[PERCENT],
        responses={200: BookSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Of all that ends at a customer."""
        customer = customers.customer(scope_of(request), pk)
        rows = queries.upcoming(scope_of(request)).filter(customer=customer)
        return self.answer(request, rows)


class BookWhatIfView(WhatIfView):
    @extend_schema(
        summary="Compare what everything that ends in a period would cost after",
        parameters=[PERCENT, OpenApiParameter("within", str, enum=DAYS)],
        responses={200: BookSerializer},
    )
    def get(self, request: Request) -> Response:
        """Of the next 30 days, or another period."""
        days = int(self.told(request).get("within") or PERIODS[1])
        return self.answer(request, queries.within(queries.upcoming(scope_of(request)), days))


def _book(found: whatif.Book) -> dict[str, Any]:
    totals = [
        {"way": way.value, "side": one.side.value, "amount": value, "currency": one.currency}
        | {"subscriptions": one.known[way]}
        for one in found.totals
        for way, value in one.sums.items()
    ]
    lines = [
        {
            "subscription": line.row.pk,
            "figures": [
                {"way": way.value, "side": side.value, "amount": figure.value}
                | {"currency": figure.currency, "note": figure.note}
                for way, figures in line.ways.items()
                for side, figure in figures.items()
            ],
        }
        for line in found.lines
    ]
    return {"totals": totals, "lines": lines, "unpriced": found.unpriced}

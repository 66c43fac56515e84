"""What is done to a cart over the API: lines, copies, what Partner Center offers, its check and checkout."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries as customer_queries
from orders.carts import actions, asking, choices, contents, ordering, queries
from orders.carts.actions import Wish
from orders.carts.api import CartDetailSerializer, Told, told
from orders.carts.models import Cart, CartLine
from orders.carts.part import RIGHT
from orders.catalogue.models import Sku
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.api_verbs import KEY, By, ReasonSerializer, VerbView, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.outbox.repeating import once

ANSWERS: dict[int, Any] = {200: CartDetailSerializer} | dict.fromkeys(
    (400, 404, 409), RefusalSerializer
)


class CartItemSerializer(serializers.Serializer[Told]):
    """A catalogue item ("product:sku:availability") on one of its terms; ``term`` "" for what has none."""

    catalog_item_id = serializers.CharField(max_length=60)
    term = serializers.CharField(max_length=10, required=False, default="", allow_blank=True)
    billing_cycle = serializers.CharField(max_length=20)
    quantity = serializers.IntegerField(min_value=1, max_value=10**9)


class CartLineWishSerializer(CartItemSerializer):
    """``end_date`` is one of the days that ``options`` tells; ``attested`` accepts the product's own terms.

    ``provisioning`` holds what the SKU's provisioning variables name, as scope and subscriptionId. A savings
    plan takes its ``commitment`` by the hour and a scope: shared, or single with an entitlementId.
    ``more_partner_ids`` are PartnerIDs of resellers beside the one on record; left out they stay.
    """

    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    end_date = serializers.DateField(required=False, allow_null=True, default=None)
    promotion_id = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True
    )
    attested = serializers.BooleanField(required=False, default=False)
    provisioning = serializers.DictField(
        child=serializers.CharField(max_length=100), required=False, default=dict
    )
    commitment = serializers.DecimalField(
        max_digits=12, decimal_places=3, min_value=Decimal(0), required=False, default=None
    )
    more_partner_ids = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, max_length=5
    )


def wish(cart: Cart, values: Told, line: CartLine | None = None) -> tuple[Sku, Wish]:
    """What was sent, found in the catalogue of the cart's market. Raises RefusedError."""
    item_id = values["catalog_item_id"].strip()
    sku = contents.sku_named(cart, item_id)
    found = choices.of_sku(sku, contents.sold(sku)) if sku is not None else []
    key = f"{item_id}|{values['term']}|{values['billing_cycle'].lower()}"
    choice = choices.find(found, key)
    if sku is None or choice is None:
        told = _("The catalogue of this market does not sell this item on these terms.")
        raise RefusedError("catalog_item_id", told, "catalog_item_id")
    return sku, Wish(
        choice=choice,
        quantity=values["quantity"],
        name=values.get("name", ""),
        end_date=values.get("end_date"),
        promotion_id=values.get("promotion_id", ""),
        attested=values.get("attested", False),
        provisioning=values.get("provisioning", {}),
        commitment=values.get("commitment"),
        more_partner_ids=values.get("more_partner_ids", line.more_partner_ids if line else []),
    )


class CartActView(APIView):
    """Something that is done to the portal's own cart; nothing is sent."""

    right = RIGHT
    effect = "write"

    def _cart(self, request: Request, pk: int) -> Cart:
        row = queries.cart(scope_of(request), pk)
        require(scope_of(request), RIGHT, row)
        return row


class AddLineView(CartActView):
    @extend_schema(
        summary="Add a line to a cart",
        request=CartLineWishSerializer,
        parameters=[KEY],
        responses=ANSWERS,
    )
    @once
    def post(self, request: Request, pk: int) -> Response:
        """At the end."""
        row = self._cart(request, pk)
        sent = CartLineWishSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.add(
            Actor.from_request(request), scope_of(request), row, *wish(row, sent.validated_data)
        )
        return Response(told(request, row))


class ChangeLineView(CartActView):
    @extend_schema(summary="Change a line", request=CartLineWishSerializer, responses=ANSWERS)
    def post(self, request: Request, pk: int, line: int) -> Response:
        """All of it: what is left out is reset."""
        row = self._cart(request, pk)
        one = contents.line(row, line)
        one.cart = row
        sent = CartLineWishSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.change(
            Actor.from_request(request),
            scope_of(request),
            one,
            *wish(row, sent.validated_data, one),
        )
        return Response(told(request, row))


class RemoveLineView(CartActView):
    @extend_schema(summary="Remove a line", request=None, responses=ANSWERS)
    def post(self, request: Request, pk: int, line: int) -> Response:
        """The others stay as they are."""
        row = self._cart(request, pk)
        one = contents.line(row, line)
        one.cart = row
        actions.remove(Actor.from_request(request), scope_of(request), one)
        return Response(told(request, row))


class CartCopySerializer(serializers.Serializer[Told]):
    """Ids of customers here; ``only_refused`` takes the lines that were not ordered."""

    customers = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=50)
    only_refused = serializers.BooleanField(required=False, default=False)


class CopyView(CartActView):
    @extend_schema(
        summary="Copy a cart to customers of the same market",
        request=CartCopySerializer,
        parameters=[KEY],
        responses={201: CartDetailSerializer(many=True), 409: RefusalSerializer},
    )
    @once
    def post(self, request: Request, pk: int) -> Response:
        """All of them, or none."""
        row, scope = self._cart(request, pk), scope_of(request)
        sent = CartCopySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        customers = [customer_queries.customer(scope, one) for one in values["customers"]]
        made = actions.copy_all(
            Actor.from_request(request),
            scope,
            row,
            customers,
            only_refused=values["only_refused"],
        )
        return Response([told(request, one) for one in made], status=status.HTTP_201_CREATED)


class CartPromotionSerializer(serializers.Serializer[asking.Offer]):
    """A promotion; ``problems`` are Partner Center's reasons why this customer does not get it."""

    id = serializers.CharField()
    name = serializers.CharField()
    discount = serializers.CharField()
    until = serializers.DateField(allow_null=True)
    problems = serializers.ListField(child=serializers.CharField())


class CartDaySerializer(serializers.Serializer[asking.Day]):
    """A day on which the term may end, and how many subscriptions end then."""

    day = serializers.DateField()
    shared = serializers.IntegerField()


class CartOptionsSerializer(serializers.Serializer[asking.Options]):
    """Ask again while it ``waits``; ``refused`` are the answers that Partner Center did not give."""

    waits = serializers.BooleanField()
    days = CartDaySerializer(many=True)
    promotions = CartPromotionSerializer(many=True)
    refused = serializers.JSONField(source="errors")


class OptionsView(CartActView):
    @extend_schema(
        summary="Ask for end dates and promotions of a line",
        request=CartItemSerializer,
        responses={200: CartOptionsSerializer, 409: RefusalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A worker asks Partner Center; repeat it until nothing waits."""
        row = self._cart(request, pk)
        sent = CartItemSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        _sku, one = wish(row, sent.validated_data)
        found = asking.options(row, one.choice, one.quantity, "", scope_of(request).user_id)
        return Response(CartOptionsSerializer(found).data)


class CartStandingSerializer(serializers.Serializer[asking.Standing]):
    """``bars``: an order would be refused, whatever is in it. ``review`` is Partner Center's word; ask again while it ``waits``."""

    waits = serializers.BooleanField()
    review = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    bars = serializers.BooleanField()


class StandingView(CartActView):
    @extend_schema(
        summary="Ask whether Microsoft is reviewing the customer",
        request=None,
        responses={200: CartStandingSerializer, 404: RefusalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A worker asks Partner Center; repeat it until nothing waits."""
        row = self._cart(request, pk)
        told = asking.standing(asking.review(row, scope_of(request).user_id))
        return Response(CartStandingSerializer(told).data)


class CartCheckoutSerializer(ReasonSerializer):
    """``attested``: the reseller on record makes this sale; needed where there is one.

    ``whole``: all lines in one order or none; they share a billing cycle.
    """

    attested = serializers.BooleanField(required=False, default=False)
    whole = serializers.BooleanField(required=False, default=False)


class CartVerbView(VerbView[Cart]):
    """A verb of one cart."""

    right = RIGHT

    def find(self, scope: Scope, pk: int) -> Cart:
        """As its page finds it."""
        return queries.cart(scope, pk)


@described("Check a cart", "Partner Center says what is wrong with its lines. Nothing is bought.")
class CheckView(CartVerbView):
    def ask(self, by: By, row: Cart, _told: Told, asked: Asked) -> Command:
        """Without a value."""
        return ordering.check(*by, row, asked)


@described("Check a cart out", "Orders it once, however often the request is repeated.")
class CheckoutView(CartVerbView):
    serializer_class = CartCheckoutSerializer

    def ask(self, by: By, row: Cart, told: Told, asked: Asked) -> Command:
        """As it stands now."""
        return ordering.checkout(*by, row, asked, ordering.Word(**told))

"""A new customer over the API: the same form, the same refusals, 202 with the change."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.agreements.part import KINDS, SEGMENTS
from customers.creating import actions, checks, following, rules
from customers.creating.first_user import ROLES
from customers.creating.more import WizardForm
from customers.creating.places import Place, places
from customers.users import rules as of_users
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, refusal
from portal.activity.actors import Actor
from portal.outbox.api_verbs import ANSWERS, KEY, accepted, key_of
from portal.outbox.commands import Asked
from portal.reference import markets


class CheckedSerializer(serializers.Serializer[dict[str, Any]]):
    """What can be checked. ``reseller`` is a local id; without it the partner sells itself."""

    connection = serializers.SlugField()
    reseller = serializers.IntegerField(required=False, allow_null=True, default=None)
    country = serializers.ChoiceField(choices=sorted(markets.countries()))
    domain = serializers.CharField(max_length=253)
    address_line1 = serializers.CharField(max_length=100)
    address_line2 = serializers.CharField(required=False, allow_blank=True, max_length=100)
    postal_code = serializers.CharField(required=False, allow_blank=True, max_length=20)
    city = serializers.CharField(max_length=80)
    state = serializers.CharField(required=False, allow_blank=True, max_length=60)


class CheckSerializer(serializers.Serializer[Any]):
    """A verdict. ``state`` is waiting, is-ok, is-warn or is-bad; the last bars the creation."""

    name = serializers.CharField()
    state = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    suggestions = serializers.ListField(child=serializers.DictField())


class CountrySerializer(serializers.Serializer[dict[str, Any]]):
    """Where a customer would be created, and in which country."""

    connection = serializers.SlugField()
    reseller = serializers.IntegerField(required=False, allow_null=True, default=None)
    country = serializers.ChoiceField(choices=sorted(markets.countries()))


class CountryRulesSerializer(serializers.Serializer[Any]):
    """What a country asks of an address. ``is_own``: said by Partner Center itself, not by our reference.

    ``waits``: Partner Center is being asked; until then these are those of the reference.
    """

    waits = serializers.BooleanField()
    country = serializers.CharField()
    states = serializers.ListField(child=serializers.CharField())
    state_required = serializers.BooleanField()
    postal_code_required = serializers.BooleanField(source="postal_required")
    postal_code_regex = serializers.CharField(source="postal_regex")
    postal_code_sample = serializers.CharField(source="sample")
    cultures = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    registration_number_required = serializers.BooleanField(source="registration")
    is_own = serializers.BooleanField()


class NewCustomerSerializer(CheckedSerializer):
    """What Partner Center needs. Language and formats default to the country's.

    ``permission`` is Microsoft's usual permission for the partner in the new tenant (enableGDAPByDefault).

    What begins with ``agreed`` or ``user``, and what follows ``qualification``, become changes of their own, sent once the customer
    is there; who may not ask for them has them left out. Without a person the contact is the one who agreed. ``user_role`` is the id
    of a directory role; the user's password is made, and read once at the ``secrets`` of its own change.
    """

    company_name = serializers.CharField(max_length=120)
    first_name = serializers.CharField(max_length=50)
    last_name = serializers.CharField(max_length=50)
    email = serializers.EmailField(max_length=320)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=30)
    registration_number = serializers.CharField(required=False, max_length=30)
    language = serializers.CharField(required=False)
    culture = serializers.CharField(required=False)
    agreed_on = serializers.DateField(required=False)
    agreed_first_name = serializers.CharField(required=False, max_length=255)
    agreed_last_name = serializers.CharField(required=False, max_length=255)
    agreed_email = serializers.EmailField(required=False, max_length=255)
    agreed_phone = serializers.CharField(required=False, max_length=60)
    qualification = serializers.ChoiceField(required=False, choices=list(KINDS))
    segment = serializers.ChoiceField(required=False, choices=list(SEGMENTS))
    website = serializers.URLField(required=False)
    code = serializers.CharField(required=False, max_length=60)
    permission = serializers.BooleanField(default=True)
    user_display_name = serializers.CharField(required=False, max_length=256)
    user_first_name = serializers.CharField(required=False, max_length=64)
    user_last_name = serializers.CharField(required=False, max_length=64)
    user_name = serializers.CharField(required=False, max_length=113)
    user_location = serializers.ChoiceField(required=False, choices=sorted(of_users.codes()))
    user_role = serializers.ChoiceField(required=False, choices=list(ROLES))
    user_must_change = serializers.BooleanField(default=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class CreateMixin:
    """``POST /api/v1/customers/``; mixed into the view set of customers."""

    @extend_schema(
        summary="Create a customer, for the partner or one of its indirect resellers",
        request=NewCustomerSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def create(self, request: Request) -> Response:
        """The first user's password is read once at the change's ``secrets``."""
        key = key_of(request)
        told = NewCustomerSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        values = dict(told.validated_data)
        place = _place(request, values.pop("connection"), values.pop("reseller"))
        return _not_offered() if place is None else _asked(request, place, values, key)

    @extend_schema(
        summary="Check a new customer's address, domain and reseller at Partner Center",
        request=CheckedSerializer,
        responses={200: CheckSerializer(many=True), 400: RefusalSerializer, 404: RefusalSerializer},
    )
    @action(detail=False, methods=["post"])
    def check(self, request: Request) -> Response:
        """Repeat it until no verdict is waiting; nothing is created."""
        told = CheckedSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        values = dict(told.validated_data)
        place = _place(request, values.pop("connection"), values.pop("reseller"))
        if place is None:
            return _not_offered()
        values["domain"] = values["domain"].lower()
        found = checks.run(place, values, scope_of(request).user_id)
        return Response(CheckSerializer(found, many=True).data)

    @extend_schema(
        summary="Get what a country asks of a new customer's address",
        request=CountrySerializer,
        responses={200: CountryRulesSerializer, 404: RefusalSerializer},
    )
    @action(detail=False, methods=["post"], url_path="country-rules")
    def country_rules(self, request: Request) -> Response:
        """As Partner Center says. Repeat it while it waits."""
        told = CountrySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        values = told.validated_data
        place = _place(request, values["connection"], values["reseller"])
        if place is None:
            return _not_offered()
        country = values["country"]
        found = checks.country_rules(place, country, scope_of(request).user_id)
        known = vars(found or rules.reference(country)) | {"waits": found is None}
        return Response(CountryRulesSerializer(known).data)


def _not_offered() -> Response:
    message = _("You may not create customers there.")
    return refusal("not_offered", message, status.HTTP_404_NOT_FOUND)


def _place(request: Request, connection: str, reseller: int | None) -> Place | None:
    for place in places(scope_of(request)):
        if (
            place.connection.name == connection
            and (place.reseller.pk if place.reseller else None) == reseller
        ):
            return place
    return None


def _asked(request: Request, place: Place, values: dict[str, Any], key: str) -> Response:
    known = rules.reference(values["country"])
    defaults = {"culture": known.culture, "language": known.culture.partition("-")[0]}
    offered = following.offered(scope_of(request), place)
    form = WizardForm(defaults | values, known, offered)
    if not form.is_valid():
        raise serializers.ValidationError(
            {name: [str(e) for e in errors] for name, errors in form.errors.items()}
        )
    actor, scope = Actor.from_request(request), scope_of(request)
    wish = actions.Wish(form.values, form.more)
    return accepted(actions.create(actor, scope, place, wish, Asked(values["reason"], key)))

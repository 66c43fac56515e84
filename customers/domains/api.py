"""Adding a verified domain over the API."""

from typing import ClassVar

from rest_framework import serializers

from customers.asking.api import AskingView
from customers.asking.pages import Asking
from customers.domains import actions, views
from portal.outbox.api_verbs import ReasonSerializer, described


class DomainSerializer(ReasonSerializer):
    """The federation settings are needed where ``authentication`` is Federated."""

    domain = serializers.CharField(max_length=253)
    authentication = serializers.ChoiceField(choices=[actions.MANAGED, actions.FEDERATED])
    issuer_uri = serializers.CharField(required=False, max_length=500)
    passive_log_on_uri = serializers.CharField(required=False, max_length=500)
    log_off_uri = serializers.CharField(required=False, max_length=500)
    signing_certificate = serializers.CharField(required=False)
    active_log_on_uri = serializers.CharField(required=False, max_length=500)
    metadata_exchange_uri = serializers.CharField(required=False, max_length=500)
    brand_name = serializers.CharField(required=False, max_length=200)
    protocol = serializers.ChoiceField(required=False, choices=["WsFed", "Samlp"])


@described(
    "Add a verified domain to a customer",
    "Partner Center accepts it from domain registrars only.",
)
class AddDomainView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = views.DOMAIN
    serializer_class = DomainSerializer

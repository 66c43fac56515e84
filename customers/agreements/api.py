"""Agreements and qualifications over the API: what stands as last read, and the two verbs."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import demand, queries
from customers.agreements import views
from customers.agreements.part import KINDS, PART, SEGMENTS
from customers.asking.api import AskingView
from customers.asking.pages import Asking
from customers.models import Agreement, CloudAgreement, DirectSignature, Qualification
from portal.access.permissions import scope_of
from portal.outbox.api_verbs import ReasonSerializer, described


class AgreementSerializer(serializers.Serializer[Agreement]):
    """A confirmation; ``contact`` is who agreed."""

    template_id = serializers.CharField()
    agreed_at = serializers.DateTimeField(allow_null=True)
    contact = serializers.CharField()
    link = serializers.CharField()


class QualificationSerializer(serializers.Serializer[Qualification]):
    """A qualification with the state of its vetting as Partner Center names it."""

    kind = serializers.CharField()
    status = serializers.CharField()
    asked_at = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField()


class AgreementsSerializer(serializers.Serializer[dict[str, Any]]):
    """Empty until somebody has had them read; ``state`` and ``observed_at`` tell."""

    customer_agreements = AgreementSerializer(many=True)
    cloud_agreements = AgreementSerializer(many=True)
    signed_directly = serializers.BooleanField(allow_null=True)
    qualifications = QualificationSerializer(many=True)
    state = serializers.CharField()
    observed_at = serializers.DateTimeField(allow_null=True)


class AgreementsView(APIView):
    right = "customers.view"
    effect = "read"

    @extend_schema(
        summary="Get a customer's agreements and qualifications",
        responses={200: AgreementsSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """As last read."""
        customer = queries.customer(scope_of(request), pk)
        signed = DirectSignature.objects.filter(customer=customer, gone_at=None).first()
        found = demand.reading(customer, PART)
        told = {
            "customer_agreements": Agreement.objects.filter(customer=customer, gone_at=None),
            "cloud_agreements": CloudAgreement.objects.filter(customer=customer, gone_at=None),
            "signed_directly": signed.is_signed if signed else None,
            "qualifications": Qualification.objects.filter(customer=customer, gone_at=None),
            "state": str(found.state),
            "observed_at": found.at,
        }
        return Response(AgreementsSerializer(told).data)


class ConfirmSerializer(ReasonSerializer):
    """Who accepted the Microsoft Customer Agreement, and when."""

    first_name = serializers.CharField(max_length=255)
    last_name = serializers.CharField(max_length=255)
    email = serializers.EmailField(max_length=255)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=60)
    agreed_on = serializers.DateField()


@described(
    "Confirm a customer's agreement",
    "The Microsoft Customer Agreement; the Microsoft Cloud Agreement can no longer be confirmed.",
)
class ConfirmAgreementView(AskingView):
    right = views.AGREEMENT.right
    asking: ClassVar[Asking] = views.AGREEMENT
    serializer_class = ConfirmSerializer


class QualifySerializer(ReasonSerializer):
    """``segment`` is needed for Education, ``code`` for Government Community Cloud."""

    qualification = serializers.ChoiceField(choices=list(KINDS))
    segment = serializers.ChoiceField(choices=list(SEGMENTS), required=False)
    website = serializers.URLField(required=False, allow_blank=True)
    code = serializers.CharField(required=False, allow_blank=True, max_length=60)


@described(
    "Ask for a qualification of a customer",
    "Microsoft decides later; the state is read with the agreements.",
)
class SetQualificationView(AskingView):
    right = views.QUALIFICATION.right
    asking: ClassVar[Asking] = views.QUALIFICATION
    serializer_class = QualifySerializer

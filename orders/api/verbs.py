"""The verbs of a subscription over the API."""

import base64
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders import actions, queries, refusals
from orders.models import Subscription
from orders.quantities import MOST, Quantity, misread, parse
from orders.renewals.deciding import Decision
from orders.renewals.models import LONGEST_PERSON, LONGEST_PROOF
from orders.term_end import TermEnd
from portal.access.scope import Scope
from portal.outbox.api_verbs import By, Told, VerbSerializer, VerbView, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command

LARGEST_PROOF = 1_000_000


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 1},
            {"type": "string", "pattern": "^[+-]?[0-9]{1,9}$", "example": "+5"},
        ]
    }
)
class NumberField(serializers.Field[Quantity, Any, Any, Any]):
    """A total (12 or "12") or a difference ("+5", "-3")."""

    def to_internal_value(self, data: Any) -> Quantity:
        """Read it; booleans and fractions are no numbers of seats."""
        text = str(data) if isinstance(data, int) and not isinstance(data, bool) else data
        found = parse(text) if isinstance(text, str) else None
        if found is None:
            if isinstance(text, str) and misread(text) == "too_many":
                raise serializers.ValidationError(str(refusals.say("too_many")), code="quantity")
            raise serializers.ValidationError(
                _("Write a whole number: a total (12) or a difference (“+5”, “-3”)."),
                code="quantity",
            )
        return found if isinstance(data, str) else Quantity(int(data))

    def to_representation(self, value: Quantity) -> str:
        """As it was written."""
        return str(value)


class KeepingSerializer(VerbSerializer):
    """``keep_schedule``: what is scheduled for the next term is put back after the change has deleted it."""

    keep_schedule = serializers.BooleanField(required=False, default=False)


class QuantitySerializer(KeepingSerializer):
    """``seen``: the number of seats that the wish is based on; the change is refused if it is another now."""

    quantity = NumberField()
    seen = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=MOST
    )


class NameSerializer(VerbSerializer):
    """The new name."""

    name = serializers.CharField(max_length=500)


class ProofFileSerializer(serializers.Serializer[Told]):
    """A file that proves a decision; ``content`` in base64, a megabyte at most."""

    name = serializers.CharField(max_length=200)
    content = serializers.CharField(max_length=LARGEST_PROOF * 4 // 3 + 4, trim_whitespace=False)

    def validate_content(self, value: str) -> bytes:
        """The bytes."""
        try:
            return base64.b64decode(value, validate=True)
        except ValueError:
            raise serializers.ValidationError(_("This is no base64.")) from None


class TermEndSerializer(VerbSerializer):
    """What happens when the term ends, and who at the customer decided it, when, and the proof."""

    choice = serializers.ChoiceField(choices=TermEnd.choices)
    decided_by = serializers.CharField(
        max_length=LONGEST_PERSON, required=False, allow_blank=True, default=""
    )
    decided_on = serializers.DateField(required=False, allow_null=True, default=None)
    proof = serializers.CharField(
        max_length=LONGEST_PROOF, required=False, allow_blank=True, default=""
    )

    proof_file = ProofFileSerializer(required=False, allow_null=True, default=None)

    def validate_decided_on(self, value: Any) -> Any:
        """Nobody has decided tomorrow."""
        if value and value > timezone.localdate():
            raise serializers.ValidationError(str(refusals.say("day_to_come")))
        return value


class SubscriptionVerbView(VerbView[Subscription]):
    """A verb of one subscription."""

    serializer_class = VerbSerializer

    def find(self, scope: Scope, pk: int) -> Subscription:
        """As its page finds it."""
        return queries.subscription(scope, pk)


@described("Change the number of seats", "A total or a difference.")
class ChangeQuantityView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.CHANGE_QUANTITY]
    serializer_class = QuantitySerializer

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """With the number."""
        confirmed = actions.Confirmed(told["seen"], told["keep_schedule"])
        return actions.change_quantity(*by, row, told["quantity"], asked, confirmed)


@described("Suspend a subscription", "New commerce goes on billing.")
class SuspendView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.SUSPEND]
    serializer_class = KeepingSerializer

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """Without a value."""
        confirmed = actions.Confirmed(keeps=told["keep_schedule"])
        return actions.suspend(*by, row, asked, confirmed)


@described("Reactivate a suspended subscription", "People get their access back.")
class ReactivateView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.REACTIVATE]
    serializer_class = KeepingSerializer

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """Without a value."""
        confirmed = actions.Confirmed(keeps=told["keep_schedule"])
        return actions.reactivate(*by, row, asked, confirmed)


@described("Rename a subscription", "Seats, term and price stay as they are.")
class RenameView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.RENAME]
    serializer_class = NameSerializer

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """With the name."""
        return actions.rename(*by, row, told["name"], asked)


@described(
    "Choose what happens at the end of the term",
    "Confirmed once a read after the write finds it so.",
)
class TermEndView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.SET_TERM_END]
    serializer_class = TermEndSerializer

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """With the choice and the decision."""
        sent = told["proof_file"]
        proof = SimpleUploadedFile(sent["name"], sent["content"]) if sent else None
        decision = Decision(told["decided_by"], told["decided_on"], told["proof"], proof)
        return actions.set_term_end(*by, row, told["choice"], asked, decision)

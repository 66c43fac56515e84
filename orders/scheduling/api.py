"""The verbs about a term over the API."""

from rest_framework import serializers

from orders import actions, cancelling
from orders.api.verbs import KeepingSerializer, NumberField, SubscriptionVerbView
from orders.models import Subscription
from orders.scheduling import actions as own
from orders.scheduling.rules import Wish
from portal.outbox.api_verbs import By, Told, VerbSerializer, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command

TERMS = ["P1M", "P1Y", "P3Y"]
CYCLES = "monthly, annual or triennial, as the product is sold"


class NextTermSerializer(VerbSerializer):
    """The next term; what is left out stays as it is. ``ends``: its last day, unless it is whole."""

    quantity = NumberField(required=False, allow_null=True, default=None)
    term = serializers.ChoiceField(choices=TERMS, required=False, allow_blank=True, default="")
    billing_cycle = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=20, help_text=CYCLES
    )
    product = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=100,
        help_text="product:sku:availability, for another product",
    )
    ends = serializers.DateField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The end of a month, or the last day of another subscription of the customer",
    )


class LongerTermSerializer(KeepingSerializer):
    """The longer term and how it is billed."""

    term = serializers.ChoiceField(choices=TERMS)
    billing_cycle = serializers.CharField(max_length=20, help_text=CYCLES)


class NextBillingSerializer(VerbSerializer):
    """How it is billed from the next charge on."""

    billing_cycle = serializers.CharField(max_length=20, help_text=CYCLES)


def _wish(told: Told) -> Wish:
    return Wish(
        quantity=told.get("quantity"),
        term=told.get("term", ""),
        cycle=told.get("billing_cycle", ""),
        product=told.get("product", ""),
        ends=told.get("ends"),
    )


@described("Schedule a change of the next term", "It needs automatic renewal.")
class ScheduleView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.SCHEDULE_CHANGE]
    serializer_class = NextTermSerializer
    names = {"seats": "quantity", "terms": "billing_cycle"}

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """With what shall be otherwise."""
        return own.schedule(*by, row, _wish(told), asked)


@described("Cancel what is scheduled", "The next term is then as this one.")
class CancelScheduleView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.CANCEL_SCHEDULE]

    def ask(self, by: By, row: Subscription, _told: Told, asked: Asked) -> Command:
        """Without a value."""
        return own.cancel_schedule(*by, row, asked)


@described("Commit to a longer term", "It begins at once. In mid-term a term can only get longer.")
class TermView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.CHANGE_TERM]
    serializer_class = LongerTermSerializer
    names = {"terms": "term"}

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """With the term."""
        confirmed = actions.Confirmed(keeps=told["keep_schedule"])
        return own.change_term(*by, row, _wish(told), asked, confirmed)


@described("Change how it is billed", "It holds from the next charge on.")
class CycleView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.CHANGE_CYCLE]
    serializer_class = NextBillingSerializer
    names = {"terms": "billing_cycle"}

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """With the cycle."""
        return own.change_cycle(*by, row, _wish(told), asked)


@described("Cancel a subscription", "While its window is open. It cannot be undone.")
class CancelView(SubscriptionVerbView):
    right = actions.RIGHTS[actions.CANCEL]

    def ask(self, by: By, row: Subscription, _told: Told, asked: Asked) -> Command:
        """Without a value."""
        return cancelling.cancel(*by, row, asked)

"""The page of a verb of a customer: its form, then the consequence of what stands in it, then the Command.

What is typed goes by POST, since much of it is about people and would stay in the logs of addresses.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import queries
from customers.asking.turns import UNUSABLE, Turn, take
from customers.models import Customer
from customers.permissions.standing import standing
from customers.permissions.words import Need
from portal.access.guard import require
from portal.access.http import Request
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.commands import Asked
from portal.outbox.models import Command

__all__ = ["UNUSABLE", "Asking", "AskingForm", "Consequence", "answer", "respond"]


class AskingForm(forms.Form):
    """The part of every verb: an optional reason, and the key that makes a double click one change."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Optional, kept with the change."),
    )
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        customer: Customer | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """Start with a fresh key; ``customer`` is whom the form is about."""
        self.customer = customer
        super().__init__(data, initial={"submission": str(uuid.uuid4()), **(initial or {})})
        self.order_fields([name for name in self.fields if name != "reason"])

    @property
    def asked(self) -> Asked:
        """The reason and key of a valid form."""
        key = self.cleaned_data.get("submission")
        return Asked(self.cleaned_data["reason"], str(key or ""))

    @property
    def values(self) -> dict[str, Any]:
        """What the verb itself takes."""
        shared = ("reason", "submission")
        return {name: v for name, v in self.cleaned_data.items() if name not in shared}


@dataclass(frozen=True)
class Consequence:
    """The confirming panel: a title that asks, how to undo it, what happens, old and new, the verb again."""

    title: str
    undo: str
    button: str
    points: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    danger: bool = False


@dataclass(frozen=True)
class Asking:
    """A verb as its page knows it. ``tell`` and ``act`` raise RefusedError.

    ``need`` is what it takes of the customer's permission, which the page tells beforehand.
    """

    title: str | Promise
    right: str
    form: Callable[..., AskingForm]
    tab: str
    tell: Callable[[Customer, dict[str, Any]], Consequence]
    act: Callable[[Actor, Scope, Customer, dict[str, Any], Asked], Command]
    initial: Callable[[Customer], Mapping[str, Any]] = lambda _customer: {}
    may: Callable[[Customer], None] = lambda _customer: None
    template: str = "customers/verb.html"
    need: Need | None = None


def respond(request: Request, pk: int, asking: Asking) -> HttpResponse:
    """Show the form, the consequence, or ask and lead back to the tab."""
    customer = queries.customer(request.scope, pk)
    require(request.scope, asking.right, customer)
    return answer(request, customer, asking)


def answer(request: Request, customer: Customer, asking: Asking) -> HttpResponse:
    """The same for a customer that was found, by a person who may."""
    context: dict[str, Any] = {
        "customer": customer,
        "row": customer,
        "title": asking.title,
        "crumbs": [(_("Customers"), reverse("customers"))],
    }
    if asking.need is not None:
        context["standing"] = standing(request.scope, customer, asking.need)

    def form(data: Mapping[str, Any] | None) -> AskingForm:
        if data is None:
            return asking.form(customer=customer, initial=asking.initial(customer))
        return asking.form(data, customer=customer)

    turn = Turn(
        template=asking.template,
        context=context,
        back=reverse(asking.tab, args=[customer.pk]),
        waits=_("Another change of this customer is under way. This one goes out after it."),
        may=lambda: asking.may(customer),
        form=form,
        tell=lambda values: asking.tell(customer, values),
        act=lambda actor, values, asked: asking.act(actor, request.scope, customer, values, asked),
    )
    return take(request, turn)

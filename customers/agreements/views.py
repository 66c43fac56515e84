"""The tab "Agreements & qualifications" of a customer, and its two verbs."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import queries
from customers.agreements import actions, asking
from customers.agreements.forms import AgreementForm, DocumentForm, QualificationForm
from customers.agreements.part import KINDS, PART, SEGMENTS, STATUSES
from customers.asking import pages
from customers.asking.pages import Asking, Consequence
from customers.models import Agreement, CloudAgreement, Customer, DirectSignature, Qualification
from customers.reading import tab_context
from portal.access.guard import route
from portal.access.http import Request
from portal.outbox import clouds
from portal.partnercenter.operations.agreements import LIST_QUALIFICATIONS
from portal.ui import formats
from portal.ui.pages import page


@route(effect="read", right="customers.view")
@require_safe
def agreements(request: Request, pk: int) -> HttpResponse:
    """What stands as last read; opening the tab has it read again if it is old."""
    customer = queries.customer(request.scope, pk)
    signed = DirectSignature.objects.filter(customer=customer, gone_at=None).first()
    context = tab_context(request, customer, PART)
    rights = context["rights"]
    here = clouds.has(customer.connection, LIST_QUALIFICATIONS.name)
    context |= {
        "agreements": _newest_first(Agreement, customer),
        "cloud_agreements": _newest_first(CloudAgreement, customer),
        "is_signed": signed.is_signed if signed else None,
        "qualifications": [_described(row) for row in _rows(customer)],
        "may_confirm": here and actions.RIGHTS[actions.CONFIRM_AGREEMENT] in rights,
        "may_qualify": here and actions.RIGHTS[actions.ASK_QUALIFICATION] in rights,
    }
    return page(request, "customers/agreements/agreements.html", context)


def _newest_first(model: Any, customer: Customer) -> list[Any]:
    return list(model.objects.filter(customer=customer, gone_at=None).order_by("-agreed_at", "pk"))


def _rows(customer: Customer) -> list[Qualification]:
    return list(Qualification.objects.filter(customer=customer, gone_at=None).order_by("kind"))


def _described(row: Qualification) -> dict[str, Any]:
    css, word = STATUSES.get(row.status.lower(), ("is-off", row.status))
    return {"kind": KINDS.get(row.kind, row.kind), "css": css, "word": word, "row": row}


def tell_agreement(customer: Customer, values: dict[str, Any]) -> Consequence:
    """Who is said to have agreed, and that it cannot be taken back."""
    told = actions.agreement(values)
    name = f"{told['first_name']} {told['last_name']} <{told['email']}>"
    day = formats.date_short(values["agreed_on"])
    points = [_("You state that this person accepted the Microsoft Customer Agreement.")]
    if seen := actions.last_agreed(customer):
        points.append(_("An agreement of %(day)s is confirmed already.") % {"day": seen})
    return Consequence(
        title=_("Confirm the Customer Agreement of %(name)s?") % {"name": customer.name},
        undo=_("Cannot be undone: Partner Center keeps every confirmation."),
        button=_("Confirm agreement"),
        points=points,
        rows=[(_("Contact"), "", name), (_("Agreed on"), "", day)],
    )


def tell_qualification(customer: Customer, values: dict[str, Any]) -> Consequence:
    """What is asked for, and who decides."""
    before, after = actions.qualification(customer, values)
    rows = [(_("Qualification"), before["status"] or "", str(KINDS[after["qualification"]]))]
    if after.get("segment"):
        rows.append((_("Kind of school"), "", str(SEGMENTS[after["segment"]])))
        rows.append((_("Website"), "", after["website"]))
    points = [_("Microsoft reviews it. The state stands on this tab.")]
    if after.get("code"):
        points = [_("One use of the validation code is spent.")]
    return Consequence(
        title=_("Ask for a qualification of %(name)s?") % {"name": customer.name},
        undo=_("Cannot be taken back here."),
        button=_("Ask for qualification"),
        points=points,
        rows=rows,
    )


AGREEMENT = Asking(
    title=gettext_lazy("Confirm Customer Agreement"),
    right=actions.RIGHTS[actions.CONFIRM_AGREEMENT],
    form=AgreementForm,
    tab="customer_agreements",
    tell=tell_agreement,
    act=actions.confirm_agreement,
    may=actions.may_ask,
    template="customers/agreements/confirm.html",
)
QUALIFICATION = Asking(
    title=gettext_lazy("Ask for a qualification"),
    right=actions.RIGHTS[actions.ASK_QUALIFICATION],
    form=QualificationForm,
    tab="customer_agreements",
    tell=tell_qualification,
    act=actions.set_qualification,
    may=actions.may_ask,
    template="customers/agreements/qualify.html",
)


@route(effect="write", right=AGREEMENT.right)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_agreement(request: Request, pk: int) -> HttpResponse:
    """Confirm the Customer Agreement."""
    return pages.respond(request, pk, AGREEMENT)


@route(effect="write", right=QUALIFICATION.right)
@require_http_methods(["GET", "HEAD", "POST"])
def set_qualification(request: Request, pk: int) -> HttpResponse:
    """Ask for a qualification."""
    return pages.respond(request, pk, QUALIFICATION)


@route(effect="write", right=AGREEMENT.right)
@require_POST
def agreement_template(request: Request, pk: int) -> HttpResponse:
    """Where the text of the agreement stands, asked for until Partner Center has said it."""
    customer = queries.customer(request.scope, pk)
    question, form = asking.template(customer, request.scope.user_id), DocumentForm(customer)
    context = {"customer": customer, "question": question, "form": form}
    return page(request, "customers/agreements/_template.html", context)


@route(effect="write", right=AGREEMENT.right)
@require_POST
def agreement_document(request: Request, pk: int) -> HttpResponse:
    """Links to the text in one language, asked for until Partner Center has said them."""
    customer = queries.customer(request.scope, pk)
    form = DocumentForm(customer, request.POST)
    context: dict[str, Any] = {"customer": customer, "form": form}
    if form.is_valid():
        language = form.cleaned_data["language"]
        context["question"] = asking.document(customer, request.scope.user_id, language)
    return page(request, "customers/agreements/_document.html", context)


@route(effect="write", right=QUALIFICATION.right)
@require_POST
def validation_codes(request: Request, pk: int) -> HttpResponse:
    """The partner's codes for government offers, asked for until Partner Center has said them."""
    customer = queries.customer(request.scope, pk)
    context = {"customer": customer, "question": asking.codes(customer, request.scope.user_id)}
    return page(request, "customers/agreements/_codes.html", context)

"""A table of new customers, one a line. Each line is checked by the form of its country, as if it were typed."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from customers.creating import actions, permission, rules
from customers.creating.forms import NewCustomerForm
from customers.creating.places import Place, places
from customers.models import NewCustomer
from portal.access.models import ResellerMpn
from portal.access.scope import Scope
from portal.lists.intake.columns import Column, as_written
from portal.lists.intake.reading import Problem, Reading, Row
from portal.outbox.batches.capturing import Target
from portal.reference import markets
from portal.ui.sentences import Sentence


def _country(text: str) -> str:
    code = text.upper()
    if code not in markets.countries():
        raise ValueError(Sentence("creating.country"))
    return code


def _yes_or_no(text: str) -> str:
    if text.casefold() in _YES:
        return permission.YES
    if text.casefold() in _NO:
        return permission.NO
    raise ValueError(Sentence("creating.yes_or_no"))


_YES, _NO = frozenset({"yes", "oui", "y", "o"}), frozenset({"no", "non", "n"})


def _optional(key: str, label: Any, clean: Callable[[str], Any] = as_written) -> Column:
    return Column(key=key, label=label, required=False, clean=clean)


COLUMNS = (
    Column(key="connection", label=gettext_lazy("Connection")),
    _optional("partner_id", gettext_lazy("PartnerID of the reseller")),
    Column(key="company_name", label=gettext_lazy("Company")),
    Column(key="domain", label=gettext_lazy("Domain"), clean=str.lower, unique=True),
    Column(key="country", label=gettext_lazy("Country"), clean=_country),
    Column(key="first_name", label=gettext_lazy("First name")),
    Column(key="last_name", label=gettext_lazy("Last name")),
    Column(key="email", label=gettext_lazy("E-mail")),
    _optional("phone", gettext_lazy("Phone")),
    Column(key="address_line1", label=gettext_lazy("Address")),
    _optional("address_line2", gettext_lazy("Address, second line")),
    _optional("postal_code", gettext_lazy("Postal code")),
    Column(key="city", label=gettext_lazy("City")),
    _optional("state", gettext_lazy("State or province")),
    _optional("registration_number", gettext_lazy("Registration number")),
    _optional("language", gettext_lazy("Language")),
    _optional("permission", gettext_lazy("Permission (GDAP)"), _yes_or_no),
)
WORDS = {
    "creating.no_place": gettext_lazy(
        "You may not create customers there. Check connection and PartnerID."
    ),
    "creating.yes_or_no": gettext_lazy("Write yes or no."),
    "creating.country": gettext_lazy("Write the two letters of the country, for example FR."),
}
LABELS = {column.key: column.label for column in COLUMNS}


def targets(scope: Scope, found: Reading) -> Iterator[Target]:
    """The requests of the lines that can be used, kept, a row for each."""
    rows = list(_usable(found, _places(scope)))
    made = NewCustomer.objects.bulk_create([request for _line, request in rows])
    lines = [line for line, _request in rows]
    for line, row in zip(lines, made, strict=True):
        yield Target(row, row.company_name, line=line)


def _places(scope: Scope) -> dict[tuple[str, str], Place]:
    """Where this person may create, by connection and PartnerID ("" for the partner itself)."""
    found = places(scope)
    known: dict[int, list[str]] = {}
    ids = [place.reseller.pk for place in found if place.reseller]
    for mpn in ResellerMpn.objects.filter(reseller__in=ids):
        known.setdefault(mpn.reseller_id, []).append(mpn.mpn_id)
    by_key: dict[tuple[str, str], Place] = {}
    for place in found:
        for mpn_id in known.get(place.reseller.pk, []) if place.reseller else [""]:
            by_key[place.connection.name, mpn_id] = place
    return by_key


def _usable(
    found: Reading, known: dict[tuple[str, str], Place]
) -> Iterator[tuple[int, NewCustomer]]:
    for line in found.rows:
        place = known.get((line.values["connection"], line.values["partner_id"] or ""))
        if place is None:
            told = Sentence("creating.no_place")
            found.problems.append(Problem(line.line, str(LABELS["connection"]), told, "connection"))
            continue
        form = _form(line)
        if form.is_valid():
            asked = {permission.FIELD: line.values["permission"] or permission.YES}
            yield line.line, actions.request_of(place, form.values | asked)
            continue
        name, errors = next(iter(form.errors.items()))
        label = str(LABELS.get(name, name))
        key = name if name in LABELS else ""
        found.problems.append(Problem(line.line, label, " ".join(map(str, errors)), key))


def _form(line: Row) -> NewCustomerForm:
    """The line as the form of its country reads it; language and formats are the country's where none is given."""
    country = rules.reference(line.values["country"])
    values = {name: value for name, value in line.values.items() if value is not None}
    defaults = {"culture": country.culture, "language": country.culture.partition("-")[0]}
    return NewCustomerForm(defaults | values, country)

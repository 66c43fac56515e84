"""A table of licences to assign and to remove: user, product and which of both, one licence a line.

A user may stand on several lines, each a change of its own; the same product once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext_lazy

from customers.licences import actions, queries, standing
from customers.models import CustomerUser, SubscribedSku
from portal.access.scope import Scope
from portal.lists.intake.columns import Column
from portal.lists.intake.reading import Problem, Reading
from portal.outbox.batches.capturing import Target
from portal.ui.sentences import Sentence

AT_ONCE = 1000


def _plain(text: str) -> str:
    return text.strip().lower()


ACTIONS = {"assign": gettext_lazy("Assign"), "remove": gettext_lazy("Remove")}


def _action(text: str) -> str:
    """The action of that name in any language."""
    for action, label in ACTIONS.items():
        names = {action}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                names.add(_plain(str(label)))
        if _plain(text) in names:
            return action
    raise ValueError(Sentence("licences.no_action"))


COLUMNS = (
    Column(key="user", label=gettext_lazy("User name"), clean=_plain),
    Column(key="licence", label=gettext_lazy("Part number"), clean=_plain),
    Column(key="action", label=gettext_lazy("Action"), clean=_action, required=False),
)


WORDS = {
    "licences.no_action": gettext_lazy("Write assign or remove, or leave it empty to assign."),
    "licences.unseen_user": gettext_lazy(
        "You see no user of this name. Read the users of its customer first."
    ),
    "licences.no_product": gettext_lazy(
        "The customer of this user has no product of this part number."
    ),
}


def verb(targets: Sequence[Target]) -> str:
    """Of lines that all do the same that verb, else the one for both."""
    removing = {bool(target.parameters.get("remove")) for target in targets}
    if removing == {True, False}:
        return actions.CHANGE
    return actions.REMOVE if removing == {True} else actions.ASSIGN


def targets(scope: Scope, found: Reading) -> Iterator[Target]:
    """A row for each line whose user and product the person sees."""
    users = _users(scope, list({line.values["user"]: None for line in found.rows}))
    seats = Seats(scope, users.values())
    seen: dict[tuple[int, int], int] = {}
    for line in found.rows:
        user = users.get(line.values["user"])
        if user is None:
            found.problems.append(_problem(line.line, COLUMNS[0], "licences.unseen_user"))
            continue
        product = seats.product(user, line.values["licence"])
        if product is None:
            found.problems.append(_problem(line.line, COLUMNS[1], "licences.no_product"))
            continue
        first = seen.setdefault((user.pk, product.pk), line.line)
        if first != line.line:
            found.problems.append(_problem(line.line, COLUMNS[1], "intake.same", n=first))
            continue
        if line.values["action"] == "remove":
            told: dict[str, object] = {"sku": product.pc_id, "remove": True}
        else:
            told = seats.parameters(user, product)
        yield Target(user, label(user), told, line.line)


def _problem(line: int, column: Column, name: str, **facts: int) -> Problem:
    return Problem(line, str(column.label), Sentence(name, **facts), column.key)


def _users(scope: Scope, names: list[str]) -> dict[str, CustomerUser]:
    """The users of these names that the person sees; a name is one over all directories.

    Who was deleted may have left the name to somebody else, who is meant then.
    """
    known: dict[str, CustomerUser] = {}
    everybody = queries.users_with_licences(scope).annotate(named=Lower("user_principal_name"))
    for start in range(0, len(names), AT_ONCE):
        piece = names[start : start + AT_ONCE]
        asked = Q(named__in=piece) | Q(pc_id__in=piece)
        for row in everybody.filter(asked).order_by(F("state").desc(), "pk"):
            known[row.user_principal_name.lower()] = known[row.pc_id] = row
    return known


def label(user: CustomerUser) -> str:
    """A user as a row of a batch names it."""
    return f"{user} · {user.customer.name}" if user.customer else str(user)


class Seats:
    """The products of some users' tenants, and how many seats are left while rows are written down."""

    def __init__(self, scope: Scope, users: Iterable[CustomerUser]) -> None:
        """Read the products of all of them at once."""
        customers = {user.customer_id for user in users}
        rows = list(queries.skus(scope).filter(customer__in=customers))
        waiting = standing.under_way(rows)
        self._products: dict[tuple[int | None, str], SubscribedSku] = {}
        self._left: Counter[int] = Counter()
        for row in rows:
            self._products[row.customer_id, row.pc_id] = row
            self._products[row.customer_id, row.part_number.lower()] = row
            taken = waiting.get((row.customer_pc_id, row.pc_id), 0)
            self._left[row.pk] = row.units_available - taken

    def product(self, user: CustomerUser, name: str) -> SubscribedSku | None:
        """The product of that part number, or GUID, in the user's tenant."""
        return self._products.get((user.customer_id, name.lower()))

    def parameters(self, user: CustomerUser, row: SubscribedSku) -> dict[str, object]:
        """What the row of this user carries; a seat is taken unless the user has the licence."""
        told: dict[str, object] = {"sku": row.pc_id}
        if not standing.holds(user, row):
            self._left[row.pk] -= 1
            if self._left[row.pk] < 0:
                told["short"] = True
        return told

"""What each verb of a user does, said before it is confirmed."""

from typing import Any

from django.utils.translation import gettext as _

from customers.asking.pages import Consequence
from customers.models import Customer, CustomerUser, DirectoryRole
from customers.users import actions, rules
from customers.users.verbs import FIELDS, show
from portal.connections.models import Connection, Mode
from portal.outbox.approvals.foretelling import WAITS
from portal.ui import formats


def of_create(customer: Customer, values: dict[str, Any]) -> Consequence:
    """A new account."""
    after = actions.checked(customer, values)
    password = actions.Password(values.get("password", ""), values.get("must_change", True))
    actions.check_new_password(password, after["user_principal_name"])
    rows = [(str(FIELDS[name]), "", show(name, value)) for name, value in after.items() if value]
    points = [_("The password is shown once, to you alone, when the user is there.")]
    if not values.get("licences"):
        held = _("The account holds no licence at first: nothing is bought or billed.")
        points.insert(0, held)
    if not after["usage_location"]:
        points.append(_("Without a usage location Microsoft gives no licence to it."))
    return Consequence(
        title=_("Create %(name)s for %(customer)s?")
        % {"name": after["display_name"], "customer": customer.name},
        undo=_("Can be undone: with Delete, at any time."),
        points=points + notes(customer.connection),
        rows=rows,
        button=_("Create user"),
    )


def of_update(user: CustomerUser, values: dict[str, Any]) -> Consequence:
    """Other names or another user name."""
    before, after = actions.difference(user, values)
    points = []
    if "user_principal_name" in after:
        points.append(_("The user signs in with the new user name from now on."))
    return Consequence(
        title=_("Change %(name)s?") % {"name": user},
        undo=_("Can be changed back at any time."),
        points=points + notes(user.connection),
        rows=[
            (str(FIELDS[name]), show(name, before[name]), show(name, value))
            for name, value in after.items()
        ],
        button=_("Change user"),
    )


def of_delete(user: CustomerUser) -> Consequence:
    """A deleted user is kept for 30 days."""
    points = [
        _("The user cannot sign in any more. Its licences become free."),
        _("Seats stay bought: a subscription bills them whether they are used or not."),
    ]
    return Consequence(
        title=_("Delete %(name)s?") % {"name": user},
        undo=_("Can be undone: with Restore, for 30 days. Then Microsoft removes it for good."),
        points=points + notes(user.connection),
        button=_("Delete user"),
        danger=True,
    )


def of_restore(user: CustomerUser) -> Consequence:
    """Active again, as far as its name is still free."""
    points = [
        _("The user can sign in again as %(name)s, with the same password.")
        % {"name": user.user_principal_name},
        _("Partner Center refuses if another user has the user name by now."),
    ]
    if until := rules.restorable_until(user):
        points.append(_("Possible until %(when)s.") % {"when": formats.when(until)})
    return Consequence(
        title=_("Restore %(name)s?") % {"name": user},
        undo=_("Can be undone: with Delete, at any time."),
        points=points + notes(user.connection),
        button=_("Restore user"),
    )


def of_reset(user: CustomerUser) -> Consequence:
    """Another password."""
    points = [
        _("The present password stops working at once."),
        _("The new one is shown once, to you alone, when it is set."),
    ]
    return Consequence(
        title=_("Reset the password of %(name)s?") % {"name": user},
        undo=_("Cannot be undone: the present password is not known to anybody here."),
        points=points + notes(user.connection),
        button=_("Reset password"),
        danger=True,
    )


def of_adding(user: CustomerUser, _values: dict[str, Any]) -> Consequence:
    """Any role."""
    return Consequence(
        title=_("Give %(name)s a role?") % {"name": user},
        undo=_("Can be undone: by taking the role back, at any time."),
        points=[
            _("A role opens administration in all of the customer's Microsoft 365."),
            *notes(user.connection),
        ],
        button=_("Give role"),
    )


def of_removing(user: CustomerUser, role: DirectoryRole) -> Consequence:
    """One role."""
    return Consequence(
        title=_("Take %(role)s back from %(name)s?") % {"role": role, "name": user},
        undo=_("Can be undone: by giving the role again, at any time."),
        points=notes(user.connection),
        button=_("Take role back"),
        danger=role.is_global_administrator,
    )


def notes(connection: Connection) -> list[str]:
    """What the mode of the connection means for any change."""
    told = {
        Mode.READ_ONLY.value: _(
            "The connection is read only: the change is kept, nothing is sent."
        ),
        Mode.ASK.value: str(WAITS),
    }
    return [told[connection.mode]] if connection.mode in told else []

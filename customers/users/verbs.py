"""The verbs of users, entered with their words; the personal fields stay out of the log."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from customers.asking import submitting
from customers.models import UserState
from customers.users import actions, delivery, roles, rules
from portal.outbox import verbs
from portal.outbox.models import Command

FIELDS = {
    "display_name": gettext_lazy("Name"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "user_principal_name": gettext_lazy("User name"),
    "usage_location": gettext_lazy("Usage location"),
    "state": gettext_lazy("State"),
    "role": gettext_lazy("Role"),
}
PERSONAL = frozenset({"display_name", "first_name", "last_name", "user_principal_name"})
LABELS = {
    actions.CREATE: gettext_lazy("Create user"),
    actions.UPDATE: gettext_lazy("Change user"),
    actions.DELETE: gettext_lazy("Delete user"),
    actions.RESTORE: gettext_lazy("Restore user"),
    actions.RESET_PASSWORD: gettext_lazy("Reset password"),
    actions.ADD_ROLE: gettext_lazy("Give role"),
    actions.REMOVE_ROLE: gettext_lazy("Take role back"),
}


def show(field: str, value: Any) -> str:
    """One value of a Command in words."""
    if not value:
        return pgettext("no value", "none")
    if field == "state":
        return str(dict(UserState.choices).get(value, value))
    if field == "usage_location":
        return rules.country(str(value))
    return str(value)


def _summary(command: Command) -> str:
    """The verb with what it is about; the target's name stands beside it."""
    label = str(LABELS[command.verb])
    told = {
        actions.CREATE: command.after.get("user_principal_name"),
        actions.UPDATE: ", ".join(str(FIELDS[name]) for name in command.after if name in FIELDS),
        actions.ADD_ROLE: command.after.get("role"),
        actions.REMOVE_ROLE: command.before.get("role"),
    }.get(command.verb)
    return _("%(verb)s: %(what)s") % {"verb": label, "what": told} if told else label


def register() -> None:
    """Enter them; called once from AppConfig.ready."""
    for name, step in {**delivery.steps(), **roles.steps()}.items():
        is_new = name == actions.CREATE
        verbs.register(
            verbs.Verb(
                name=name,
                label=LABELS[name],
                right=actions.RIGHT,
                target_type=submitting.TARGET if is_new else rules.TARGET,
                target=submitting.target if is_new else delivery.target,
                steps=(step,),
                fields=FIELDS,
                target_url="customer_users" if is_new else "customer_user",
                show=show,
                summary=_summary,
                personal=PERSONAL,
                of_people=not is_new,
            )
        )

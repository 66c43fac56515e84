"""What the cloud of a connection lacks is refused before anything is kept, with the reason where one is known."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.refusing import RefusedError
from portal.connections.models import Connection
from portal.outbox.verbs import Verb
from portal.partnercenter.operations import REGISTRY
from portal.partnercenter.spec import Cloud

# By what ``Operation.national_gaps`` says of a cloud.
REASONS: dict[str, str | Promise] = {
    "no new customers accepted": gettext_lazy("This cloud accepts no new customers."),
    "one partner per customer, no relationship request": gettext_lazy(
        "In this cloud a customer has one partner, so a relationship cannot be requested."
    ),
    "no Azure subscriptions": gettext_lazy("This cloud has no Azure subscriptions, so no budget."),
    "customer users are read-only": gettext_lazy(
        "In this cloud the users of customers can only be read."
    ),
    "no password reset by API": gettext_lazy("In this cloud passwords cannot be reset from here."),
    "no role assignment": gettext_lazy("In this cloud directory roles cannot be given from here."),
    "no delegated admin relationships on Graph": gettext_lazy(
        "In this cloud Microsoft Graph knows no permissions of customers."
    ),
    "no service requests": gettext_lazy("This cloud has no service requests."),
    "no user licence management": gettext_lazy(
        "In this cloud Partner Center does not manage licences of users."
    ),
}


def must_have(connection: Connection, *names: str) -> None:
    """Raise RefusedError "cloud" where the connection's cloud lacks one of these operations."""
    cloud = Cloud(connection.cloud)
    for operation in (REGISTRY[name] for name in names if name in REGISTRY):
        if cloud not in operation.clouds:
            told = REASONS.get(operation.national_gaps.get(cloud, ""))
            raise RefusedError(
                "cloud", str(told or _("The cloud of this connection does not have this."))
            )


def has(connection: Connection, name: str) -> bool:
    """Whether the connection's cloud has the operation, so that it may be offered."""
    return Cloud(connection.cloud) in REGISTRY[name].clouds


def must_carry(verb: Verb, connection: Connection, parameters: Mapping[str, Any]) -> None:
    """Raise RefusedError where a step of the verb does not exist in the connection's cloud."""
    must_have(connection, *(step.name for step in verb.steps_for(parameters)))

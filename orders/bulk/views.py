"""The addresses to which lists post their selections, and those of tables by file."""

from django.utils.translation import gettext_lazy

from orders import actions, intake
from orders import queries as subscriptions_read
from orders.bulk import azure, migrating, placed, subscriptions, terms, upgrading
from orders.bulk.selecting import Place, by_file, many
from orders.entitled import queries as azure_read
from orders.entitled.views import AZURE
from orders.placed import queries as orders_read
from orders.placed.views import EVERY
from orders.renewals import intake as decided
from orders.renewals import queries as renewals
from orders.renewals.views import DUE, RENEWED, ROLLING
from orders.scheduling import intake as scheduled
from orders.to_new_commerce import queries as migrations_read
from orders.to_new_commerce.views import MIGRATABLE, PLANS
from orders.views.subscriptions import SUBSCRIPTIONS
from portal.outbox.batches.files import Table

BY_CUSTOMER = ("customer__name", "friendly_name")
ALL = Place(
    SUBSCRIPTIONS,
    subscriptions_read.subscriptions,
    "subscriptions",
    subscriptions.label,
    BY_CUSTOMER,
)
ENDING = Place(DUE, renewals.upcoming, "renewals", subscriptions.label, BY_CUSTOMER)
UNCHOSEN = Place(
    ROLLING, renewals.rolling_on, "renewals_unchosen", subscriptions.label, BY_CUSTOMER
)
TAKEN_BACK = Place(RENEWED, renewals.renewed, "renewals_renewed", subscriptions.label, BY_CUSTOMER)
ORDERS = Place(EVERY, orders_read.orders, "orders", placed.label, ("creation_date",))
ENTITLED = Place(
    AZURE,
    azure_read.azure_subscriptions,
    "azure_subscriptions",
    azure.label,
    ("customer__name", "name"),
)
LEGACY = Place(
    MIGRATABLE, migrations_read.migratable, "migratable", subscriptions.label, BY_CUSTOMER
)
PLANNED = Place(
    PLANS, migrations_read.schedules, "planned_migrations", migrating.label, ("customer__name",)
)

quantity = many(subscriptions.SEATS, ALL)
suspend = many(subscriptions.SUSPEND, ALL)
reactivate = many(subscriptions.REACTIVATE, ALL)
cancel = many(subscriptions.CANCEL, ALL)
term_end = many(terms.END, ALL)
ending_term_end = many(terms.END, ENDING)
unchosen_term_end = many(terms.END, UNCHOSEN)
renewed_quantity = many(subscriptions.SEATS, TAKEN_BACK)
renewed_cancel = many(subscriptions.CANCEL, TAKEN_BACK)
next_term = many(terms.NEXT_TERM, ALL)
cancel_schedule = many(terms.CANCEL_SCHEDULE, ALL)
longer_term = many(terms.LONGER, ALL)
billing = many(terms.BILLING, ALL)
auto_renew = many(terms.SWITCH, ALL)
upgrade = many(upgrading.UPGRADE, ALL)
register = many(subscriptions.REGISTER, ALL)
cancel_orders = many(placed.CANCEL, ORDERS)
order_billing = many(placed.BILLING, ORDERS)
cancel_azure = many(azure.CANCEL, ENTITLED)
reactivate_azure = many(azure.REACTIVATE, ENTITLED)
migrate = many(migrating.START, LEGACY)
plan_migration = many(migrating.PLAN, LEGACY)
cancel_plans = many(migrating.GIVE_UP, PLANNED)

LINES = gettext_lazy("A table with one subscription a line")
RENAME = Table(
    title=gettext_lazy("Rename subscriptions by file"),
    lines=LINES,
    columns=intake.COLUMNS,
    targets=intake.targets,
    verb=actions.RENAME,
    empty="subscriptions_rename_template",
    file_name="rename-subscriptions",
)
DECIDED = Table(
    title=gettext_lazy("Ends of terms by file"),
    lines=LINES,
    columns=decided.COLUMNS,
    targets=decided.targets,
    verb=actions.SET_TERM_END,
    empty="renewals_file_template",
    file_name=gettext_lazy("ends-of-terms"),
)
SCHEDULED = Table(
    title=gettext_lazy("Next terms by file"),
    lines=LINES,
    columns=scheduled.COLUMNS,
    targets=scheduled.targets,
    verb=actions.SCHEDULE_CHANGE,
    empty="subscriptions_schedule_template",
    file_name=gettext_lazy("next-terms"),
)

rename_file, rename_template = by_file(RENAME, actions.RIGHTS[actions.RENAME])
decided_file, decided_template = by_file(DECIDED, actions.RIGHTS[actions.SET_TERM_END])
schedule_file, schedule_template = by_file(SCHEDULED, actions.RIGHTS[actions.SCHEDULE_CHANGE])

"""The page on which a table of new customers is uploaded. What is done with it from there on are the pages of batches."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from customers.creating import actions, intake
from customers.creating.places import RIGHT
from portal.access.guard import route
from portal.access.http import Request
from portal.outbox.batches import files
from portal.outbox.batches.files import Table

FILE = Table(
    title=gettext_lazy("Import customers"),
    lines=gettext_lazy("A table with one customer a line"),
    columns=intake.COLUMNS,
    targets=intake.targets,
    verb=actions.CREATE,
    empty="customers_import_template",
    file_name="new-customers",
    template="customers/creating/import.html",
)


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: Request) -> HttpResponse:
    """Upload the table; its mistakes are told on the batch's page, line by line."""
    return files.upload(request, FILE)


@route(effect="read", right=RIGHT)
@require_safe
def import_template(_request: Request) -> HttpResponse:
    """The empty table."""
    return files.empty(FILE)

"""What somebody keeps about lists, for tests that walk every address."""

from portal.access.models import User
from portal.lists import files
from portal.lists.models import ExportJob, ExternalId, SavedView
from tests.people import Estate


def kept_ids(estate: Estate, user: User) -> dict[str, object]:
    """What Fabrikam's seller keeps about lists, and an external id of Fabrikam's customer."""
    view = SavedView.objects.create(user=user, list_slug="customers", name="x")
    job = ExportJob.objects.create(user=user, list_slug="customers", format="csv", language="en")
    stored = files.store([b"x"], owner=user, kind="export", name="x", content_type="text/csv")
    external = ExternalId.objects.create(
        connection=estate.connection,
        reseller=estate.fabrikam,
        object_type="customer",
        object_id=estate.of_fabrikam.pk,
        object_pc_id=estate.of_fabrikam.pc_id,
        system="ERP",
        kind="customer_number",
        value="C-1",
    )
    return {
        "lists.view": view.key,
        "exports.pk": job.pk,
        "files.pk": stored.pk,
        "resellers.pk": estate.fabrikam.pk,
        "external-ids.pk": external.pk,
        "external-ids.kind": "customer",
        "external-ids.object_id": estate.of_fabrikam.pk,
    }

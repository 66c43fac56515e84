from django.conf import settings
from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_approvals", "0002_batches", "0003_amounts")


class Migration(migrations.Migration):
    replaces = [("approvals", name) for name in NAMES]
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("access", "0002_search_in_place"),
        ("connections", "0002_retired"),
        ("outbox", "0004_batch_approval"),
    ]
    operations = at_once("portal.outbox.approvals.migrations", NAMES)

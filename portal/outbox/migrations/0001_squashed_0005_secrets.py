from django.conf import settings
from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_commands", "0002_batches", "0003_four_eyes", "0004_batch_approval", "0005_secrets")


class Migration(migrations.Migration):
    replaces = [("outbox", name) for name in NAMES]
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("access", "0001_initial"),
        ("connections", "0001_initial"),
    ]
    operations = at_once("portal.outbox.migrations", NAMES)

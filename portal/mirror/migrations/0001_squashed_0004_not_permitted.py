from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_initial", "0002_storage", "0003_webhooks", "0004_not_permitted")


class Migration(migrations.Migration):
    replaces = [("mirror", name) for name in NAMES]
    initial = True
    dependencies = [("connections", "0001_initial")]
    operations = at_once("portal.mirror.migrations", NAMES)

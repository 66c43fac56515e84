from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_initial", "0002_search_in_place")


class Migration(migrations.Migration):
    replaces = [("access", name) for name in NAMES]
    initial = True
    dependencies = [("connections", "0002_retired")]
    operations = at_once("portal.access.migrations", NAMES)

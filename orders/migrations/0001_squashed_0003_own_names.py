from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_initial", "0002_counting", "0003_own_names")


class Migration(migrations.Migration):
    replaces = [("orders", name) for name in NAMES]
    initial = True
    dependencies = [
        ("access", "0001_initial"),
        ("connections", "0002_retired"),
        ("customers", "0002_counting"),
    ]
    operations = at_once("orders.migrations", NAMES)

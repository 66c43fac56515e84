from django.conf import settings
from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_initial", "0002_counting", "0003_rooms_of_a_customer")


class Migration(migrations.Migration):
    replaces = [("customers", name) for name in NAMES]
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("access", "0002_search_in_place"),
        ("connections", "0004_graph_token"),
    ]
    operations = at_once("customers.migrations", NAMES)

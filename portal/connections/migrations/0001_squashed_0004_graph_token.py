from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_initial", "0002_retired", "0003_tenant_names", "0004_graph_token")


class Migration(migrations.Migration):
    replaces = [("connections", name) for name in NAMES]
    initial = True
    dependencies = []
    operations = at_once("portal.connections.migrations", NAMES)

from django.conf import settings
from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_invoices", "0002_lines_without_checks")


class Migration(migrations.Migration):
    replaces = [("billing", name) for name in NAMES]
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("access", "0001_initial"),
        ("connections", "0002_retired"),
        ("customers", "0002_counting"),
        ("lists", "0001_lists"),
        ("mirror", "0003_webhooks"),
        ("orders", "0002_counting"),
    ]
    operations = at_once("billing.migrations", NAMES)

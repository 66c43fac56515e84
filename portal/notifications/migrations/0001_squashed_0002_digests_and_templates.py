from django.conf import settings
from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_notifications", "0002_digests_and_templates")


class Migration(migrations.Migration):
    replaces = [("notifications", name) for name in NAMES]
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("connections", "0001_initial"),
    ]
    operations = at_once("portal.notifications.migrations", NAMES)

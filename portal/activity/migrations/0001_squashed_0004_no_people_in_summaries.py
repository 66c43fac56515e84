from django.db import migrations

from portal.squashing import at_once

NAMES = ("0001_initial", "0002_timeline", "0003_happening", "0004_no_people_in_summaries")


class Migration(migrations.Migration):
    replaces = [("activity", name) for name in NAMES]
    initial = True
    dependencies = [("connections", "0001_initial"), ("mirror", "0003_webhooks")]
    operations = at_once("portal.activity.migrations", NAMES)

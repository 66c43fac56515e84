from django.conf import settings
from django.db import migrations

from portal.squashing import at_once

NAMES = (
    "0004_orders",
    "0005_catalogue",
    "0006_offers",
    "0007_carts",
    "0008_after_sale",
    "0009_prices",
    "0010_renewals",
    "0011_after_sale_parents",
)


class Migration(migrations.Migration):
    replaces = [("orders", name) for name in NAMES]
    dependencies = [
        ("access", "0002_search_in_place"),
        ("connections", "0005_sales_token"),
        ("customers", "0003_rooms_of_a_customer"),
        ("lists", "0001_lists"),
        ("orders", "0003_own_names"),
        ("outbox", "0006_rows_by_line"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = at_once("orders.migrations", NAMES)

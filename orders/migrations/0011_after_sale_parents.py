"""Whose Azure subscriptions and migrations are read by age is found in an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_renewals")]

    operations = [
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                models.F("connection"),
                models.F("customer_pc_id"),
                condition=models.Q(("gone_at__isnull", True), ("product_type", "Azure")),
                name="subscription_azure",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                models.F("connection"),
                models.F("customer_pc_id"),
                condition=models.Q(("gone_at__isnull", True), ("product_type", "")),
                name="subscription_legacy",
            ),
        ),
    ]

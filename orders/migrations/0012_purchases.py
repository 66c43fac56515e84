import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_squashed_0002_search_in_place"),
        ("connections", "0005_sales_token"),
        ("lists", "0001_lists"),
        ("orders", "0004_squashed_0011_after_sale_parents"),
        ("outbox", "0006_rows_by_line"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="cartline",
            name="commitment",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="cartline",
            name="error_correlation_id",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="cartline",
            name="more_partner_ids",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="sku",
            name="least_commitment",
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name="cartline",
            index=models.Index(
                models.F("order_pc_id"),
                condition=models.Q(("order_pc_id", ""), _negated=True),
                name="cart_line_by_order",
            ),
        ),
        migrations.CreateModel(
            name="OrderPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("po", "Purchase order"), ("tender", "Tender")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("content_type", models.CharField(max_length=100)),
                ("pc_id", models.TextField(db_default="", default="")),
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="handed in")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "command",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="outbox.command",
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="connections.connection",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="lists.storedfile",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="papers",
                        to="orders.order",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="access.reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "document of an order",
                "verbose_name_plural": "documents of orders",
                "indexes": [models.Index(models.F("order"), models.F("id"), name="order_paper_of")],
            },
        ),
    ]

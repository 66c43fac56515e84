"""Saved carts and their lines."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0006_offers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "purchase_order",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=60,
                        verbose_name="purchase order",
                    ),
                ),
                ("attested", models.BooleanField(db_default=False, default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("ordered", "Ordered"),
                            ("partly", "Partly ordered"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("upstream_id", models.TextField(blank=True, db_default="", default="")),
                ("upstream_expires_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ordered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ordered"),
                ),
                ("next_look_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="connections.connection",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="carts",
                        to="customers.customer",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.reseller",
                    ),
                ),
            ],
            options={"verbose_name": "cart", "verbose_name_plural": "carts"},
        ),
        migrations.CreateModel(
            name="CartLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("catalog_item_id", models.TextField()),
                ("title", models.TextField(verbose_name="product")),
                (
                    "segment",
                    models.CharField(blank=True, db_default="", default="", max_length=20),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=120, verbose_name="name"
                    ),
                ),
                ("quantity", models.BigIntegerField(verbose_name="quantity")),
                (
                    "term",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=10, verbose_name="term"
                    ),
                ),
                ("cycle", models.CharField(max_length=20, verbose_name="billing")),
                ("end_date", models.DateField(blank=True, null=True, verbose_name="ends on")),
                (
                    "promotion_id",
                    models.TextField(
                        blank=True, db_default="", default="", verbose_name="promotion"
                    ),
                ),
                ("provisioning", models.JSONField(blank=True, default=dict)),
                ("attested", models.BooleanField(db_default=False, default=False)),
                (
                    "group",
                    models.CharField(blank=True, db_default="", default="", max_length=20),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Not ordered"),
                            ("refused", "Refused"),
                            ("ordered", "Ordered, not active yet"),
                            ("active", "Active"),
                            ("done", "Ordered"),
                            ("late", "Ordered, not active after 15 minutes"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "error_code",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                ("error_text", models.TextField(blank=True, db_default="", default="")),
                ("order_pc_id", models.TextField(blank=True, db_default="", default="")),
                ("subscription_pc_id", models.TextField(blank=True, db_default="", default="")),
                (
                    "cart",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.cart",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orders.sku",
                    ),
                ),
            ],
            options={
                "verbose_name": "line",
                "verbose_name_plural": "lines",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="cart",
            index=models.Index(models.F("changed_at"), models.F("id"), name="cart_by_change"),
        ),
        migrations.AddIndex(
            model_name="cart",
            index=models.Index(models.F("name"), models.F("id"), name="cart_by_name"),
        ),
        migrations.AddIndex(
            model_name="cart",
            index=models.Index(
                models.F("customer"),
                models.F("changed_at"),
                models.F("id"),
                name="cart_by_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="cart",
            index=models.Index(
                models.F("next_look_at"),
                condition=models.Q(("next_look_at__isnull", False)),
                name="cart_awaited",
            ),
        ),
    ]

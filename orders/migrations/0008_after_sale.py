"""What comes after a sale: Azure subscriptions, transfers, migrations, and the list of all orders."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_carts")]

    operations = [
        migrations.CreateModel(
            name="AzureSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pc_id", models.TextField()),
                (
                    "first_seen_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("gone_at", models.DateTimeField(editable=False, null=True)),
                ("list_payload", models.JSONField(editable=False, null=True)),
                ("list_digest", models.BinaryField(null=True)),
                ("list_observed_at", models.DateTimeField(editable=False, null=True)),
                ("customer_pc_id", models.TextField()),
                ("plan_pc_id", models.TextField()),
                ("name", models.TextField(db_default="", default="", verbose_name="name")),
                ("status", models.TextField(db_default="", default="", verbose_name="status")),
            ],
            options={
                "verbose_name": "Azure subscription",
                "verbose_name_plural": "Azure subscriptions",
            },
        ),
        migrations.CreateModel(
            name="NceMigration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pc_id", models.TextField()),
                (
                    "first_seen_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("gone_at", models.DateTimeField(editable=False, null=True)),
                ("list_payload", models.JSONField(editable=False, null=True)),
                ("list_digest", models.BinaryField(null=True)),
                ("list_observed_at", models.DateTimeField(editable=False, null=True)),
                ("customer_pc_id", models.TextField()),
                ("current_pc_id", models.TextField()),
                ("status", models.TextField(db_default="", default="", verbose_name="status")),
                ("quantity", models.BigIntegerField(null=True, verbose_name="quantity")),
                ("term_duration", models.TextField(db_default="", default="", verbose_name="term")),
                (
                    "billing_cycle",
                    models.TextField(db_default="", default="", verbose_name="billing cycle"),
                ),
                ("full_term", models.BooleanField(null=True, verbose_name="full term")),
                ("catalog_item_id", models.TextField(db_default="", default="")),
                ("new_pc_id", models.TextField(db_default="", default="")),
                ("new_order_pc_id", models.TextField(db_default="", default="")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started")),
                ("completed_at", models.DateTimeField(null=True, verbose_name="completed")),
            ],
            options={
                "verbose_name": "migration to new commerce",
                "verbose_name_plural": "migrations to new commerce",
            },
        ),
        migrations.CreateModel(
            name="NceSchedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pc_id", models.TextField()),
                (
                    "first_seen_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("gone_at", models.DateTimeField(editable=False, null=True)),
                ("list_payload", models.JSONField(editable=False, null=True)),
                ("list_digest", models.BinaryField(null=True)),
                ("list_observed_at", models.DateTimeField(editable=False, null=True)),
                ("customer_pc_id", models.TextField()),
                ("current_pc_id", models.TextField()),
                ("status", models.TextField(db_default="", default="", verbose_name="status")),
                ("quantity", models.BigIntegerField(null=True, verbose_name="quantity")),
                ("term_duration", models.TextField(db_default="", default="", verbose_name="term")),
                (
                    "billing_cycle",
                    models.TextField(db_default="", default="", verbose_name="billing cycle"),
                ),
                ("full_term", models.BooleanField(null=True, verbose_name="full term")),
                ("target_date", models.DateTimeField(null=True, verbose_name="planned for")),
                ("on_renewal", models.BooleanField(null=True)),
                ("created_at", models.DateTimeField(null=True, verbose_name="created")),
                ("modified_at", models.DateTimeField(null=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "planned migration",
                "verbose_name_plural": "planned migrations",
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pc_id", models.TextField()),
                (
                    "first_seen_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("gone_at", models.DateTimeField(editable=False, null=True)),
                ("list_payload", models.JSONField(editable=False, null=True)),
                ("list_digest", models.BinaryField(null=True)),
                ("list_observed_at", models.DateTimeField(editable=False, null=True)),
                ("customer_pc_id", models.TextField()),
                ("is_source", models.BooleanField(db_default=False, default=False)),
                (
                    "other_pc_id",
                    models.TextField(
                        db_default="", default="", verbose_name="other partner's tenant"
                    ),
                ),
                (
                    "other_name",
                    models.TextField(db_default="", default="", verbose_name="other partner"),
                ),
                (
                    "partner_mpn_id",
                    models.TextField(db_default="", default="", verbose_name="partner id"),
                ),
                ("status", models.TextField(db_default="", default="", verbose_name="status")),
                ("created_at", models.DateTimeField(null=True, verbose_name="created")),
                ("modified_at", models.DateTimeField(null=True, verbose_name="changed")),
                ("completed_at", models.DateTimeField(null=True, verbose_name="completed")),
                ("lines", models.JSONField(null=True)),
            ],
            options={
                "verbose_name": "transfer",
                "verbose_name_plural": "transfers",
            },
        ),
        migrations.AddField(
            model_name="subscription",
            name="left_as",
            field=models.TextField(db_default="", default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("creation_date"),
                models.F("id"),
                condition=models.Q(("gone_at__isnull", True)),
                name="order_by_date",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("reseller"),
                models.F("creation_date"),
                models.F("id"),
                condition=models.Q(("gone_at__isnull", True)),
                name="order_by_reseller",
            ),
        ),
        migrations.AddField(
            model_name="azuresubscription",
            name="connection",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="connections.connection",
            ),
        ),
        migrations.AddField(
            model_name="azuresubscription",
            name="customer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="azuresubscription",
            name="reseller",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="access.reseller",
            ),
        ),
        migrations.AddField(
            model_name="azuresubscription",
            name="subscription",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="azure_subscriptions",
                to="orders.subscription",
            ),
        ),
        migrations.AddField(
            model_name="ncemigration",
            name="connection",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="connections.connection",
            ),
        ),
        migrations.AddField(
            model_name="ncemigration",
            name="customer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="ncemigration",
            name="reseller",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="access.reseller",
            ),
        ),
        migrations.AddField(
            model_name="ncemigration",
            name="subscription",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="orders.subscription",
            ),
        ),
        migrations.AddField(
            model_name="nceschedule",
            name="connection",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="connections.connection",
            ),
        ),
        migrations.AddField(
            model_name="nceschedule",
            name="customer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="nceschedule",
            name="reseller",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="access.reseller",
            ),
        ),
        migrations.AddField(
            model_name="nceschedule",
            name="subscription",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="orders.subscription",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="connection",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="connections.connection",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="customer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddIndex(
            model_name="azuresubscription",
            index=models.Index(
                models.F("connection"),
                models.F("customer_pc_id"),
                name="azure_subscription_by_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="azuresubscription",
            constraint=models.UniqueConstraint(
                fields=("connection", "pc_id"), name="azure_subscription_pc_id"
            ),
        ),
        migrations.AddIndex(
            model_name="ncemigration",
            index=models.Index(
                models.F("connection"), models.F("customer_pc_id"), name="nce_migration_by_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="ncemigration",
            constraint=models.UniqueConstraint(
                fields=("connection", "pc_id"), name="nce_migration_pc_id"
            ),
        ),
        migrations.AddIndex(
            model_name="nceschedule",
            index=models.Index(
                models.F("connection"), models.F("customer_pc_id"), name="nce_schedule_by_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="nceschedule",
            constraint=models.UniqueConstraint(
                fields=("connection", "pc_id"), name="nce_schedule_pc_id"
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                models.F("connection"), models.F("customer_pc_id"), name="transfer_by_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(models.F("created_at"), models.F("id"), name="transfer_by_date"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                fields=("connection", "pc_id"), name="transfer_pc_id"
            ),
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LIVE = models.Q(("gone_at__isnull", True))


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_squashed_0002_search_in_place"),
        ("connections", "0005_sales_token"),
        ("lists", "0001_lists"),
        ("orders", "0009_prices"),
        ("outbox", "0006_rows_by_line"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TermDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_on", models.DateField(null=True, verbose_name="end of term")),
                ("choice", models.CharField(max_length=20, verbose_name="decision")),
                (
                    "decided_by",
                    models.CharField(
                        db_default="", default="", max_length=200, verbose_name="decided by"
                    ),
                ),
                ("decided_on", models.DateField(null=True, verbose_name="decided on")),
                (
                    "proof",
                    models.TextField(
                        db_default="", default="", max_length=2000, verbose_name="proof"
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="kept")),
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
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "subscription",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="orders.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on a term's end",
                "verbose_name_plural": "decisions on ends of terms",
                "indexes": [
                    models.Index("subscription", "id", name="term_decision_of"),
                    models.Index("recorded_at", "id", name="term_decision_kept"),
                    models.Index("ends_on", "id", name="term_decision_ends"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                "commitment_end_date",
                "id",
                name="subscription_not_renewing",
                condition=LIVE & models.Q(("auto_renew", False), ("status", "active")),
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                "cancellation_allowed_until",
                "id",
                name="subscription_by_cancel",
                condition=LIVE & models.Q(("cancellation_allowed_until__isnull", False)),
            ),
        ),
    ]

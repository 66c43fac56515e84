import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_squashed_0002_search_in_place"),
        ("connections", "0005_sales_token"),
        ("notifications", "0001_squashed_0002_digests_and_templates"),
        ("orders", "0012_purchases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TermAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("about", models.CharField(max_length=120)),
                ("told_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orders.subscription",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "kind"), name="term_alert_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TermLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_on", models.DateField(null=True, verbose_name="end of term")),
                ("slug", models.CharField(max_length=60, verbose_name="letter")),
                ("to", models.EmailField(max_length=254, verbose_name="to")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("written_at", models.DateTimeField(verbose_name="written")),
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
                    "mail",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.mail",
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
                        related_name="letters",
                        to="orders.subscription",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mail about a term",
                "verbose_name_plural": "mails about terms",
                "indexes": [models.Index("written_at", "id", name="term_letter_written")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "ends_on", "slug"),
                        name="term_letter_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]

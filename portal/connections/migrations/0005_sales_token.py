from django.db import migrations, models

KINDS = [
    ("app", "Application"),
    ("app_user", "Application and user"),
    ("graph", "Microsoft Graph"),
    ("sales", "Price sheets"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0004_graph_token"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accesstoken",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=10),
        ),
        migrations.AlterField(
            model_name="connection",
            name="problem_kind",
            field=models.CharField(
                blank=True, choices=KINDS, default="", editable=False, max_length=10
            ),
        ),
    ]

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("outbox", "0005_secrets")]

    operations = [
        migrations.RemoveConstraint(model_name="batchrow", name="outbox_row_target_once"),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.UniqueConstraint(
                condition=Q(("line", None)),
                fields=("batch", "target_id"),
                name="outbox_row_target_once",
            ),
        ),
    ]

"""A tenant is a GUID or a domain name; what is stored stays, the database does not change."""

from django.db import migrations, models

import portal.connections.validators


class Migration(migrations.Migration):
    dependencies = [("connections", "0002_retired")]

    operations = [
        migrations.AlterField(
            model_name="connection",
            name="tenant_id",
            field=models.CharField(
                max_length=100,
                validators=[portal.connections.validators.tenant],
                verbose_name="tenant",
            ),
        ),
    ]

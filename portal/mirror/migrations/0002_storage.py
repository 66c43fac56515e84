"""What Django cannot say: keys met by a pass need no log, and compressed pages no second compression."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mirror", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE mirror_seen SET UNLOGGED", "ALTER TABLE mirror_seen SET LOGGED"
        ),
        migrations.RunSQL(
            "ALTER TABLE mirror_rawpage ALTER COLUMN body SET STORAGE EXTERNAL",
            "ALTER TABLE mirror_rawpage ALTER COLUMN body SET STORAGE EXTENDED",
        ),
    ]

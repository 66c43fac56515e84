"""A connection can be retired; its access tokens, which the web role may not touch, go with it."""

from django.db import migrations, models

TRIGGER = """
CREATE FUNCTION connections_erase_tokens() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
BEGIN
    DELETE FROM connections_accesstoken WHERE connection_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER connections_erase_tokens AFTER UPDATE OF retired_at ON connections_connection
FOR EACH ROW WHEN (NEW.retired_at IS NOT NULL) EXECUTE FUNCTION connections_erase_tokens();
"""
BACK = """
DROP TRIGGER connections_erase_tokens ON connections_connection;
DROP FUNCTION connections_erase_tokens();
"""


class Migration(migrations.Migration):
    dependencies = [("connections", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="retired_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="connection",
            name="retired_by",
            field=models.CharField(blank=True, default="", editable=False, max_length=320),
        ),
        migrations.RunSQL(TRIGGER, BACK),
    ]

"""Names and addresses of customers' people leave the summaries of audit records that are here already.

They stand in the people's own rows, where they can be erased. Records without any stay untouched.
"""

from django.db import migrations

FORGET = """
UPDATE activity_auditrecord AS record
SET summary = jsonb_build_object(
    'changes', coalesce(record.summary -> 'changes', '{}'::jsonb) - people.named,
    'data', coalesce(record.summary -> 'data', '{}'::jsonb) - people.named
)
FROM (
    SELECT told.id, array_agg(keys.name) AS named
    FROM activity_auditrecord AS told
    CROSS JOIN LATERAL (
        SELECT jsonb_object_keys(coalesce(told.summary -> 'changes', '{}'::jsonb)) AS name
        UNION SELECT jsonb_object_keys(coalesce(told.summary -> 'data', '{}'::jsonb))
    ) AS keys
    WHERE lower(split_part(keys.name, '-', 1)) IN (
        'firstname', 'middlename', 'lastname', 'userprincipalname', 'immutableid', 'email', 'phonenumber'
    ) OR (
        lower(split_part(keys.name, '-', 1)) = 'displayname'
        AND told.resource_type IN ('customer_user', 'customer_directory_role', 'license')
    )
    GROUP BY told.id
) AS people
WHERE people.id = record.id
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0003_happening")]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]

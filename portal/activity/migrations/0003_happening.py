"""The timeline's view: entries and audit records in one order.

Both halves give the same columns of the same types, and ``id`` by the expressions of the indexes
entry_timeline and audit_timeline, so that Postgres merges two ordered scans instead of sorting.
"""

from django.db import migrations

VIEW = """
CREATE VIEW activity_happening WITH (security_invoker = true) AS
SELECT id * 2 AS id,
    'portal'::text AS source,
    id AS row_id,
    at,
    kind::text AS kind,
    actor_id,
    ''::text AS who,
    via::text AS via,
    connection_id,
    reseller_id,
    customer_pc_id::text AS customer_pc_id,
    ''::text AS recorded_name,
    target_type::text AS target_type,
    target_id,
    target_label::text AS target_label,
    parameters,
    correlation_id::text AS correlation_id,
    command_id,
    ''::text AS status
FROM activity_entry
UNION ALL
SELECT id * 2 + 1,
    'partner_center'::text,
    id,
    operation_date,
    'partner_center.' || operation_type::text,
    NULL::bigint,
    user_principal_name::text,
    ''::text,
    connection_id,
    reseller_id,
    customer_pc_id::text,
    customer_name::text,
    resource_type::text,
    NULL::bigint,
    resource_pc_id::text,
    '{}'::jsonb,
    correlation_id::text,
    NULL::bigint,
    operation_status::text
FROM activity_auditrecord
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_timeline")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW activity_happening")]

"""Fills one database for the lists benchmark: ``python -m tests.bench._estate CUSTOMERS``.

As many customers as asked for, as many subscriptions, a hundred indirect resellers, half of each in
either connection. Customers of an odd number have two subscriptions, the others none. Reseller 1 has 300
customers and 300 subscriptions whatever the size, the word "quillfeather" stands in 20 names whatever the
size, half of them in either connection, and the word "harbour" in one name of twenty. Run by the owner
role; the people are returned by e-mail address.
"""

# ruff: noqa: PLC0415 - Django is set up first

import sys

ROWS = """
INSERT INTO access_reseller (connection_id, pc_id, name, location, country, state)
SELECT CASE WHEN r %% 2 = 0 THEN %(second)s ELSE %(first)s END, 'reseller-' || r,
    'Reseller ' || r, '', 'FR', 'active'
FROM generate_series(1, 100) AS r;

INSERT INTO customers_customer
    (connection_id, pc_id, tenant_id, name, domain, relationship_to_partner, country, list_observed_at,
     list_payload)
SELECT CASE WHEN i %% 4 < 2 THEN %(second)s ELSE %(first)s END, md5('c' || i)::uuid,
    md5('c' || i)::uuid, name,
    lower(replace(name, ' ', '-')) || '.example', 'reseller',
    (ARRAY['FR', 'DE', 'GB', 'NL', 'US', 'IT', 'ES', 'PL'])[1 + (hashint8(i) & 1023) %% 8], now(),
    jsonb_build_object('id', i, 'companyProfile', jsonb_build_object('companyName', name))
FROM (
    SELECT i, CASE WHEN i %% 2 = 1 AND (i / 4 + 1) * 40 / %(n)s <> i / 4 * 40 / %(n)s
            THEN 'Quillfeather ' ELSE '' END
        || initcap(substr(md5('n' || i), 1, 6)) || ' '
        || (ARRAY['Harbour', 'Meadow', 'Granite', 'Copper', 'Willow', 'Summit', 'Lantern', 'Orchard',
                  'Beacon', 'Cedar', 'Falcon', 'Juniper', 'Maple', 'Nimbus', 'Opal', 'Quarry',
                  'Raven', 'Sable', 'Timber', 'Velvet'])[1 + (hashint8(i * 7) & 1023) %% 20]
        || ' ' || (ARRAY['Ltd', 'GmbH', 'SARL', 'Inc', 'BV'])[1 + (i / 20) %% 5] || ' ' || i AS name
    FROM generate_series(1, %(n)s::bigint) AS i
) AS named;

ANALYZE customers_customer, access_reseller;

INSERT INTO customers_resellerlink
    (connection_id, customer_id, customer_pc_id, reseller_id, reseller_pc_id, mpn_id)
SELECT c.connection_id, c.id, c.pc_id, r.id, r.pc_id, ''
FROM (
    SELECT *, CASE
        WHEN id %% 4 < 2 THEN 2 * (1 + id / 4 %% 50)
        WHEN (id / 4 + 1) * 600 / %(n)s <> id / 4 * 600 / %(n)s THEN 1
        ELSE 3 + 2 * (id / 4 %% 49) END AS rid
    FROM customers_customer
) AS c JOIN access_reseller AS r ON r.id = c.rid
WHERE c.id %% 10 <> 9 OR c.rid = 1;
ANALYZE customers_resellerlink;

INSERT INTO orders_subscription
    (connection_id, pc_id, customer_id, customer_pc_id, reseller_id, friendly_name, offer_name, offer_id,
     product_type, unit_type, quantity, status, auto_renew, term_duration, billing_cycle,
     effective_start_date, commitment_end_date, list_observed_at, refund_until, list_payload)
SELECT c.connection_id, md5('s' || j)::uuid, c.id, c.pc_id,
    (SELECT min(l.reseller_id) FROM customers_resellerlink AS l WHERE l.customer_id = c.id),
    offer || CASE WHEN j %% 3 = 0 THEN ' ' || (j %% 50) ELSE '' END, offer, 'CFQ7TTC0' || (j %% 40),
    'Microsoft', 'Licenses', CASE WHEN j %% 50 <> 0 THEN 1 + (hashint8(j * 3 + 2) & 65535) %% 500 END,
    (ARRAY['active', 'active', 'active', 'active', 'active', 'active', 'active', 'suspended', 'expired',
           'deleted'])[1 + (hashint8(j * 3 + 1) & 1023) %% 10],
    j %% 3 > 0, (ARRAY['P1Y', 'P1M', 'P1Y', 'P3Y'])[1 + (hashint8(j * 11) & 1023) %% 4], 'monthly', now() - interval '90 days',
    CASE WHEN j %% 20 <> 0 THEN now() + interval '1 hour' * ((hashint8(j * 5) & 65535) %% 8760) END, now(),
    CASE WHEN j %% 200 = 0 THEN now() + interval '1 hour' * (j %% 168) END,
    jsonb_build_object('id', j, 'offerName', offer, 'quantity', j %% 500)
FROM (
    SELECT j, j - j %% 2 + 1 AS customer_id,
        (ARRAY['Microsoft 365 E3', 'Microsoft 365 E5', 'Exchange Online (Plan 1)', 'Visio Plan 2',
               'Power BI Pro', 'Microsoft 365 Business Premium', 'Microsoft Entra ID P1',
               'Dynamics 365 Sales Enterprise', 'Microsoft 365 Apps for business', 'Project Plan 3'])
        [1 + (hashint8(j) & 1023) %% 10] AS offer
    FROM generate_series(1, %(n)s::bigint) AS j
) AS made JOIN customers_customer AS c ON c.id = made.customer_id;

INSERT INTO mirror_freshness (connection_id, family, parent, complete_at)
SELECT c.id, family, '', now() FROM connections_connection AS c,
    unnest(ARRAY['customers', 'subscriptions', 'resellers', 'relationships', 'audit_records']) AS family;
"""


def fill(customers: int) -> None:
    """Migrate an empty database and load it."""
    from django.core.management import call_command
    from django.db import connection

    from portal.access import search
    from portal.access.models import Reseller
    from tests.people import make_connection, make_person

    call_command("migrate", verbosity=0)
    first, second = make_connection("first"), make_connection("second")
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"n": customers, "first": first.pk, "second": second.pk})
    make_person("administrator", "administrator")
    make_person("distributor", "distributor-admin", second)
    make_person("reseller", "sales", first, Reseller.objects.get(pc_id="reseller-1"))
    for kind in search.kinds():
        search.reindex(kind)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    import django

    django.setup()
    fill(int(sys.argv[1]))

"""The function behind every quote: it reads sheets and rules as the owner and tells each side to whom it may.

A reseller is charged by rules that it does not see, on costs that it does not see; so what it is charged is
worked out in the database. For the web role the function compares each row with the scope of the transaction:
cost only where the connection is seen whole, the charge to a reseller there and to that reseller, the charge
to a customer to whoever charges it.
"""

SIGNATURE = "orders_quote(jsonb)"

# A term's price is paid in so many parts.
_PARTS = """
    greatest(1, coalesce(
        CASE item.term WHEN 'P1Y' THEN 12 WHEN 'P3Y' THEN 36 END
        / CASE item.cycle WHEN 'monthly' THEN 1 WHEN 'annual' THEN 12 WHEN 'triennial' THEN 36 END, 1))
"""

_FITS = """
    r.connection_id = item.connection
    AND r.product_pc_id IN ('', item.product) AND r.sku_pc_id IN ('', item.sku)
    AND r.segment IN ('', item.segment) AND r.term IN ('', item.term)
    AND r.cycle IN ('', item.cycle) AND (r.customer_id IS NULL OR r.customer_id = item.customer)
    AND r.valid_from <= item.day AND (r.valid_to IS NULL OR r.valid_to >= item.day)
"""

# The most specific one wins: for whom, then for what, then on which terms; else the newest.
_ORDER = """
    ORDER BY (r.customer_id IS NOT NULL) DESC, (r.for_reseller_id IS NOT NULL) DESC,
        (r.sku_pc_id <> '') DESC, (r.product_pc_id <> '') DESC, (r.segment <> '') DESC,
        (r.term <> '')::int + (r.cycle <> '')::int DESC, r.valid_from DESC, r.id DESC
    LIMIT 1
"""


def _charged(base: str, rule: str) -> str:
    return (
        f"CASE {rule}.kind WHEN 'fixed' THEN {rule}.value"
        f" WHEN 'markup' THEN round({base} * (1 + {rule}.value / 100), 2)"
        f" WHEN 'discount' THEN round(item.listed * (1 - {rule}.value / 100), 2) END"
    )


FUNCTION = f"""
CREATE OR REPLACE FUNCTION orders_quote(items jsonb)
RETURNS TABLE (n integer, side text, value numeric, currency text, month date, until date)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    worker boolean := 'portal_web' NOT IN (session_user, coalesce(current_setting('role', true), ''));
    every boolean := worker OR portal_scope_all();
    own bigint[] := portal_scope_connections();
    mine bigint[] := portal_scope_resellers();
    this date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
BEGIN
    RETURN QUERY
    WITH asked AS (
        SELECT i.n, i.connection, upper(i.product) AS product, upper(i.sku) AS sku, i.term, i.cycle,
            coalesce(nullif(i.segment, ''), 'commercial') AS segment,
            coalesce(nullif(i.market, ''), customer.country, '') AS market,
            customer.id AS customer, reseller.id AS reseller, i.reseller IS NULL AS direct,
            every OR i.connection = ANY (own) AS whole,
            worker OR coalesce(reseller.id = ANY (mine), false) AS its, i.day,
            date_trunc('month', i.day)::date AS upto,
            CASE WHEN i.day < this THEN date_trunc('month', i.day)
                ELSE this - interval '1 month' END::date AS since
        FROM jsonb_to_recordset(items) AS i(
            n integer, connection bigint, product text, sku text, term text, cycle text,
            segment text, market text, customer bigint, reseller bigint, day date)
        LEFT JOIN customers_customer customer
            ON customer.id = i.customer AND customer.connection_id = i.connection
        LEFT JOIN access_reseller reseller
            ON reseller.id = i.reseller AND reseller.connection_id = i.connection
    ), item AS MATERIALIZED (
        SELECT item.*, round(p.unit_price / {_PARTS}, 4) AS cost,
            round(p.list_price / {_PARTS}, 4) AS listed, p.currency, p.month, p.ends_on
        FROM asked AS item LEFT JOIN LATERAL (
            SELECT p.* FROM orders_sheetprice p
            WHERE p.connection_id = item.connection AND p.product_pc_id = item.product
                AND p.market = item.market AND p.month BETWEEN item.since AND item.upto AND p.gone_at IS NULL
                AND (p.view = 'licensebasedest') = (item.term = 'EST')
                AND (p.sku_pc_id = item.sku OR item.term = 'EST')
                AND (p.term = item.term OR item.term = 'EST')
                AND p.cycle = item.cycle AND p.segment = item.segment
                AND coalesce(p.from_quantity, 0) <= 1
                AND (p.starts_on IS NULL OR p.starts_on <= item.day)
                AND (p.ends_on IS NULL OR p.ends_on >= item.day)
            ORDER BY (p.sku_pc_id = item.sku) DESC, p.month DESC, p.starts_on DESC NULLS LAST
            LIMIT 1
        ) AS p ON true
    ), sold AS MATERIALIZED (
        SELECT item.*, {_charged("item.cost", "r")} AS charge,
            CASE r.kind WHEN 'fixed' THEN r.currency ELSE item.currency END AS charged_in,
            least(r.valid_to, CASE WHEN r.kind <> 'fixed' THEN item.ends_on END) AS charged_until
        FROM item LEFT JOIN LATERAL (
            SELECT r.* FROM orders_pricerule r
            WHERE item.reseller IS NOT NULL AND r.side = 'reseller' AND r.reseller_id IS NULL
                AND (r.for_reseller_id IS NULL OR r.for_reseller_id = item.reseller)
                AND {_FITS} {_ORDER}
        ) AS r ON true
    ), resold AS (
        SELECT item.*,
            {_charged("CASE WHEN item.direct THEN item.cost ELSE item.charge END", "r")} AS price,
            CASE WHEN r.kind = 'fixed' THEN r.currency
                WHEN r.kind = 'markup' AND NOT item.direct THEN item.charged_in
                ELSE item.currency END AS priced_in,
            least(r.valid_to, CASE WHEN r.kind = 'markup' AND NOT item.direct THEN item.charged_until
                WHEN r.kind <> 'fixed' THEN item.ends_on END) AS priced_until
        FROM sold AS item LEFT JOIN LATERAL (
            SELECT r.* FROM orders_pricerule r
            WHERE r.side = 'customer' AND (item.direct OR item.reseller IS NOT NULL)
                AND r.reseller_id IS NOT DISTINCT FROM item.reseller
                AND {_FITS} {_ORDER}
        ) AS r ON true
    )
    SELECT f.n, told.* FROM resold AS f CROSS JOIN LATERAL (
        SELECT 'cost', f.cost, f.currency, f.month, f.ends_on WHERE f.whole AND f.cost IS NOT NULL
        UNION ALL
        SELECT 'reseller', f.charge, f.charged_in, NULL, f.charged_until
        WHERE f.charge IS NOT NULL AND (f.whole OR f.its)
        UNION ALL
        SELECT 'customer', f.price, f.priced_in, NULL, f.priced_until
        WHERE f.price IS NOT NULL AND CASE WHEN f.direct THEN f.whole ELSE f.its END
    ) AS told;
END
$$;
"""  # noqa: S608 - constants only

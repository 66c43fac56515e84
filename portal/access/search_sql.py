"""The function behind search. It runs as the owner of the narrow table, with the scope as parameters.

The web role has no right on the table itself: a row policy would come before the trigram condition
(ILIKE is not leakproof) and turn the index into a scan. Instead the function compares every row with
the ids it is given, and, for the web role, with the scope of the transaction too.
"""

SIGNATURE = "portal_search(text, text, text[], boolean, bigint[], bigint[], integer)"

# What the web role may see of a row, whatever it passes.
_WALL = """
            AND (free OR e.connection_id = ANY (wall_connections)
                 OR e.reseller_ids && wall_resellers)"""
_WIDE = """
            AND (every_connection OR e.connection_id = ANY (connections)
                 OR e.reseller_ids && resellers)"""
# Without OR the index answers text and reseller at once, also for a word that stands everywhere.
_NARROW = """
            AND e.reseller_ids && resellers"""


def _select(condition: str, exact: str) -> str:
    return f"""
        RETURN QUERY
        SELECT e.kind::text, e.object_id, e.title, e.subtitle, {exact}
        FROM access_searchentry e
        WHERE {condition} AND e.kind = ANY (kinds){_WALL}
        LIMIT most;"""  # noqa: S608 - constants only


# Sequential scans are off: the planner thinks that a LIMIT without order is soon filled by one.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION portal_search(
    pattern text, exact_key text, kinds text[],
    every_connection boolean, connections bigint[], resellers bigint[], most integer
) RETURNS TABLE (kind text, object_id bigint, title text, subtitle text, exact boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    free boolean := portal_scope_all()
        OR 'portal_web' NOT IN (session_user, coalesce(current_setting('role', true), ''));
    wall_connections bigint[] := portal_scope_connections();
    wall_resellers bigint[] := portal_scope_resellers();
BEGIN{_select(f"e.keys @> ARRAY[exact_key]{_WIDE}", "true")}
    IF FOUND OR pattern IS NULL THEN
        RETURN;
    END IF;
    IF every_connection OR cardinality(connections) > 0 THEN{_select(f"e.text LIKE pattern{_WIDE}", "false")}
    ELSE{_select(f"e.text LIKE pattern{_NARROW}", "false")}
    END IF;
END
$$;
REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC;
"""

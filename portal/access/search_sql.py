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


# Few rows have a key, but the planner does not know how few: it would walk the table for the first ones.
_BY_KEY = f"""
        RETURN QUERY
        WITH e AS MATERIALIZED (
            SELECT * FROM access_searchentry s WHERE s.keys @> ARRAY[exact_key]
        )
        SELECT e.kind::text, e.object_id, e.title, e.subtitle, true
        FROM e
        WHERE e.kind = ANY (kinds){_WIDE}{_WALL}
        LIMIT most;"""  # noqa: S608 - constants only


def _by_text(scope: str) -> str:
    return f"""
        RETURN QUERY
        SELECT e.kind::text, e.object_id, e.title, e.subtitle, false
        FROM access_searchentry e
        WHERE e.text LIKE pattern AND e.kind = ANY (kinds){scope}{_WALL}
        LIMIT most;"""  # noqa: S608 - constants only


# Sequential scans are off: the planner thinks that a LIMIT without order is soon filled by one. Each call
# is planned for its own text: for a rare one the trigrams are quick, for a common one a walk is.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION portal_search(
    pattern text, exact_key text, kinds text[],
    every_connection boolean, connections bigint[], resellers bigint[], most integer
) RETURNS TABLE (kind text, object_id bigint, title text, subtitle text, exact boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    free boolean := portal_scope_all()
        OR 'portal_web' NOT IN (session_user, coalesce(current_setting('role', true), ''));
    wall_connections bigint[] := portal_scope_connections();
    wall_resellers bigint[] := portal_scope_resellers();
BEGIN{_BY_KEY}
    IF FOUND OR pattern IS NULL THEN
        RETURN;
    END IF;
    IF every_connection OR cardinality(connections) > 0 THEN{_by_text(_WIDE)}
    ELSE{_by_text(_NARROW)}
    END IF;
END
$$;
REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC;
"""

"""The function behind search. It runs as the owner of the narrow table, with the scope as parameters.

The web role has no right on the table itself: a row policy would come before the trigram condition
(ILIKE is not leakproof) and turn the index into a scan. Instead the function compares every row with
the ids it is given, and, for the web role, with the scope of the transaction too.
"""

SIGNATURE = "portal_search(text, text, text[], boolean, bigint[], bigint[], integer)"

_SEEN = """
            AND (every_connection OR e.connection_id = ANY (connections)
                 OR e.reseller_ids && resellers)
            AND (free OR e.connection_id = ANY (wall_connections)
                 OR e.reseller_ids && wall_resellers)"""

FUNCTION = f"""
CREATE OR REPLACE FUNCTION portal_search(
    pattern text, exact_key text, kinds text[],
    every_connection boolean, connections bigint[], resellers bigint[], most integer
) RETURNS TABLE (kind text, object_id bigint, title text, subtitle text, exact boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    free boolean := portal_scope_all()
        OR 'portal_web' NOT IN (session_user, coalesce(current_setting('role', true), ''));
    wall_connections bigint[] := portal_scope_connections();
    wall_resellers bigint[] := portal_scope_resellers();
BEGIN
    RETURN QUERY
        SELECT e.kind::text, e.object_id, e.title, e.subtitle, true
        FROM access_searchentry e
        WHERE e.keys @> ARRAY[exact_key] AND e.kind = ANY (kinds){_SEEN}
        LIMIT most;
    IF FOUND OR pattern IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT e.kind::text, e.object_id, e.title, e.subtitle, false
        FROM access_searchentry e
        WHERE e.text LIKE pattern AND e.kind = ANY (kinds){_SEEN}
        LIMIT most;
END
$$;
REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC;
"""  # noqa: S608 - constants only

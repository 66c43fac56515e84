"""The function behind search. It runs as the owner of the narrow table, with the scope as parameters.

The web role has no right on the table itself: a row policy would come before the trigram condition
(ILIKE is not leakproof) and turn the index into a scan. Instead the function compares every row with
the ids it is given, and, for the web role, with the scope of the transaction too.
"""

SIGNATURE = "portal_search(text, text, text[], boolean, bigint[], bigint[], integer)"

# Where a row lies, as its index has it: resellers by their ids, the connection by its id below zero.
_PLACE = "array_append(e.reseller_ids, -e.connection_id)"
# What is asked for, and what the web role may see whatever it passes. What is true for every row is
# left out by the planner, which knows the parameters.
_SCOPE = f"""
            AND (every_connection OR {_PLACE} && places)
            AND (inside OR {_PLACE} && wall)"""


# Few rows have a key, but the planner does not know how few: it would walk the table for the first ones.
_BY_KEY = f"""
        RETURN QUERY
        WITH e AS MATERIALIZED (
            SELECT * FROM access_searchentry s WHERE s.keys @> ARRAY[exact_key]
        )
        SELECT e.kind::text, e.object_id, e.title, e.subtitle, true
        FROM e
        WHERE e.kind = ANY (kinds){_SCOPE}
        LIMIT most;"""  # noqa: S608 - constants only

# A text may stand everywhere, only not in the one kind that is asked for: the planner, who multiplies
# shares, would walk for the first row and read all. So it is not told that the first ones will do.
_OF_ONE_KIND = f"""
        RETURN QUERY
        WITH found AS MATERIALIZED (
            SELECT e.kind::text AS kind, e.object_id, e.title, e.subtitle
            FROM access_searchentry e
            WHERE e.text LIKE pattern AND ARRAY[e.kind::text] && kinds{_SCOPE}
        )
        SELECT f.kind, f.object_id, f.title, f.subtitle, false FROM found f LIMIT most;"""  # noqa: S608

_OF_KINDS = f"""
        RETURN QUERY
        SELECT e.kind::text, e.object_id, e.title, e.subtitle, false
        FROM access_searchentry e
        WHERE e.text LIKE pattern AND e.kind = ANY (kinds){_SCOPE}
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
    places bigint[] := resellers || ARRAY(SELECT -id FROM unnest(connections) AS id);
    wall bigint[] := portal_scope_resellers()
        || ARRAY(SELECT -id FROM unnest(portal_scope_connections()) AS id);
    inside boolean := free OR (NOT every_connection AND places <@ wall);
BEGIN{_BY_KEY}
    IF FOUND OR pattern IS NULL THEN
        RETURN;
    END IF;
    IF cardinality(kinds) = 1 THEN{_OF_ONE_KIND}
    ELSE{_OF_KINDS}
    END IF;
END
$$;
REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC;
"""  # noqa: S608 - constants only

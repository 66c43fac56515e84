"""Row policies: what Postgres itself shows the web role, derived from attributes of each model.

These are ``scope_path``, or ``scope_arrays`` for a row that spans several resellers, and ``scope_owner``;
``scope_shared`` for what whoever sees anything of a connection may see (its catalogue); or ``scope_private``
alone, for a row that one person sees and no administrator.
They repeat what ``Scope.filter`` asks for, so that a query that forgot its scope shows nothing. The
functions are asked through scalar subselects, which run once per statement and not once per row.
"""

# ruff: noqa: SLF001, S608 - _meta is Django's documented API; only names of tables go into SQL

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.constants import LOOKUP_SEP

FUNCTIONS = """
CREATE OR REPLACE FUNCTION portal_scope() RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('portal.scope', true), '')::jsonb $$;

CREATE OR REPLACE FUNCTION portal_scope_all() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce((portal_scope() ->> 'all')::boolean, false) $$;

CREATE OR REPLACE FUNCTION portal_scope_connections() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce(array_agg(id::bigint), '{}')
    FROM jsonb_array_elements_text(portal_scope() -> 'connections') AS id
$$;

CREATE OR REPLACE FUNCTION portal_scope_resellers() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce(array_agg(id::bigint), '{}')
    FROM jsonb_array_elements_text(portal_scope() -> 'resellers') AS id
$$;

CREATE OR REPLACE FUNCTION portal_scope_homes() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce(array_agg(DISTINCT connection_id), '{}')
    FROM access_reseller WHERE id = ANY (portal_scope_resellers())
$$;

CREATE OR REPLACE FUNCTION portal_scope_user() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT (portal_scope() ->> 'user')::bigint $$;
"""

_ALL = "(SELECT portal_scope_all())"
_CONNECTIONS = "ANY ((SELECT portal_scope_connections())::bigint[])"
_USER = "(SELECT portal_scope_user())"
_HOMES = "ANY ((SELECT portal_scope_homes())::bigint[])"
_RESELLERS = "ANY ((SELECT portal_scope_resellers())::bigint[])"

# Rows that anybody may add, the one who may not read them included (a refused sign-in).
APPENDED = frozenset({"activity.Entry", "activity.EntryPersonal"})


def scoped_models() -> list[type[models.Model]]:
    """Every table that stands behind a policy: models with a scope, and the history of those."""
    return sorted(
        (model for model in apps.get_models() if _is_scoped(model)), key=lambda m: m._meta.db_table
    )


def statements(model: type[models.Model], role: str) -> list[str]:
    """Turn row security on for a table and (re)create its policies. The owner is not bound by it."""
    table = model._meta.db_table
    made = [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS portal_scope ON "{table}"',
        f'DROP POLICY IF EXISTS portal_append ON "{table}"',
    ]
    condition = using(model)
    if model._meta.label in APPENDED:
        made += [
            f'CREATE POLICY portal_scope ON "{table}" FOR SELECT TO {role} USING ({condition})',
            f'CREATE POLICY portal_append ON "{table}" FOR INSERT TO {role} WITH CHECK (true)',
        ]
    else:
        made.append(f'CREATE POLICY portal_scope ON "{table}" TO {role} USING ({condition})')
    return made


def using(model: type[models.Model]) -> str:
    """The condition under which the web role sees a row; ``scope_owner`` names whose own it is too."""
    if private := _private(model):
        return f"{private} = {_USER}"
    if getattr(model, "scope_shared", False):
        return f"{_ALL} OR connection_id = {_CONNECTIONS} OR connection_id = {_HOMES}"
    owner: str = getattr(model, "scope_owner", "")
    own = f" OR {owner} = {_USER}" if owner else ""
    return _seen(model) + own


def _seen(model: type[models.Model]) -> str:
    if arrays := _arrays(model):
        return _of_arrays(*arrays)
    tracked = _tracked(model)
    if tracked is not None and not _has(model, "reseller"):
        return _of_tracked(model, tracked)
    if not _scope_path(model):
        return f"{_ALL} OR connection_id = {_CONNECTIONS}"
    steps = _scope_path(model).split(LOOKUP_SEP)
    parent = model._meta.get_field(steps[0])
    if len(steps) > 1 and parent.many_to_one:
        return _of_parent(model, parent)
    connection = f"connection_id = {_CONNECTIONS}"
    if len(steps) > 1:
        return f"{_ALL} OR {connection} OR {_of_links(model, parent, steps[1])}"
    return f"{_ALL} OR {connection} OR {_column(model, steps[0])} = {_RESELLERS}"


def _is_scoped(model: type[models.Model]) -> bool:
    if not model._meta.managed or model._meta.proxy:
        return False
    tracked = _tracked(model)
    own = _arrays(model) or _private(model) or getattr(model, "scope_shared", False)
    return hasattr(tracked or model, "scope_path") or bool(own)


def _private(model: type[models.Model]) -> str:
    """The column that names the only person who sees a row."""
    found: str = getattr(model, "scope_private", "")
    return found


def _arrays(model: type[models.Model]) -> tuple[str, str] | None:
    """The columns that hold all connections and all resellers of a row that spans several."""
    found: tuple[str, str] | None = getattr(model, "scope_arrays", None)
    return found


def _of_arrays(connections: str, resellers: str) -> str:
    """A row that spans several is seen by whoever sees all of it."""
    return (
        f"{_ALL} OR ({connections} <> '{{}}'"
        f" AND {connections} <@ (SELECT portal_scope_connections()))"
        f" OR ({resellers} <> '{{}}' AND {resellers} <@ (SELECT portal_scope_resellers()))"
    )


def _tracked(model: type[models.Model]) -> type[models.Model] | None:
    """The model whose history this one keeps, if it does."""
    found: type[models.Model] | None = getattr(model, "pgh_tracked_model", None)
    return found


def _scope_path(model: type[models.Model]) -> str:
    path: str = getattr(_tracked(model) or model, "scope_path")  # noqa: B009 - not on every model
    return path


def _has(model: type[models.Model], name: str) -> bool:
    return name in {field.name for field in model._meta.get_fields()}


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return str(field.column)


def _of_parent(model: type[models.Model], parent: Any) -> str:
    """A row that stands and falls with another: that one's own policy answers."""
    table = model._meta.db_table
    above = parent.related_model._meta.db_table
    return f'EXISTS (SELECT 1 FROM "{above}" p WHERE p.id = "{table}".{parent.column})'


def _of_links(model: type[models.Model], relation: Any, last: str) -> str:
    """A row with several resellers: one present link is enough."""
    links: type[models.Model] = relation.related_model
    return (
        f'EXISTS (SELECT 1 FROM "{links._meta.db_table}" l'
        f' WHERE l.{relation.field.column} = "{model._meta.db_table}".id'
        f" AND l.{_column(links, last)} = {_RESELLERS} AND l.gone_at IS NULL)"
    )


def _of_tracked(model: type[models.Model], tracked: type[models.Model]) -> str:
    """The past of a row with several resellers: each sees what changed while it was linked."""
    steps = _scope_path(model).split(LOOKUP_SEP)
    relation: Any = tracked._meta.get_field(steps[0])
    links: type[models.Model] = relation.related_model
    table = model._meta.db_table
    return (
        f"{_ALL} OR connection_id = {_CONNECTIONS}"
        f' OR EXISTS (SELECT 1 FROM "{links._meta.db_table}" l'
        f' WHERE l.{relation.field.column} = "{table}".pgh_obj_id'
        f" AND l.{_column(links, steps[1])} = {_RESELLERS}"
        f' AND l.first_seen_at <= "{table}".pgh_created_at'
        f' AND (l.gone_at IS NULL OR l.gone_at > "{table}".pgh_created_at))'
    )

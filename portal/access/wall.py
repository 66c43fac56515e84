"""The second wall: the web role, what it may do with each table, and the rows it may see.

Applied after every ``migrate``, from scratch, so that it always fits the models. A model says what
the web may do with its rows by ``web_access`` ("select, insert"; "" for nothing; all without it).
"""

# ruff: noqa: SLF001 - _meta is Django's documented API

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from portal.access import policies, search_sql
from portal.access.entering import WEB_ROLE

ALL = "select, insert, update, delete"

# Tables of libraries. What is not named here has no model of ours and is closed.
LIBRARIES = {
    "account.EmailAddress": ALL,
    "account.EmailConfirmation": "",
    "auth.Group": "",
    "auth.Permission": "",
    "contenttypes.ContentType": "select",
    "pghistory.Context": "select",
    "sessions.Session": ALL,
}
OURS = ("portal", "customers", "orders", "billing")


_functions: dict[str, str] = {}


def offer(signature: str, statement: str) -> None:
    """Enter a function that tells the web role what policies hide, each row to whom it may (AppConfig.ready)."""
    _functions[signature] = statement


def apply() -> None:
    """Create the role if it is missing, then set grants and policies. Run by the owner; repeatable."""
    with transaction.atomic(), connection.cursor() as cursor:
        _ensure_role(cursor)
        cursor.execute(policies.FUNCTIONS)
        _grant(cursor)
        for model in policies.scoped_models():
            for statement in policies.statements(model, WEB_ROLE):
                cursor.execute(statement)
        offered = {search_sql.SIGNATURE: search_sql.FUNCTION} | _functions
        for signature, statement in offered.items():
            cursor.execute(statement)
            cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {WEB_ROLE}")


def expected() -> dict[str, list[str]]:
    """What the web role may do with each table, by table name."""
    granted = {
        model._meta.db_table: _words(web_access(model))
        for model in apps.get_models(include_auto_created=True)
        if (model._meta.managed or getattr(model, "is_view", False)) and not model._meta.proxy
    }
    return dict(sorted((granted | {"django_migrations": ["SELECT"]}).items()))


def web_access(model: type[models.Model]) -> str:
    """The privileges of the web role on a model's table."""
    if model._meta.label in LIBRARIES:
        return LIBRARIES[model._meta.label]
    if getattr(model, "pgh_tracked_model", None) is not None:
        return "select"
    if not model.__module__.startswith(OURS):
        return ""
    access: str = getattr(model, "web_access", ALL)
    return access


def _words(access: str) -> list[str]:
    return sorted(word.strip().upper() for word in access.split(",") if word.strip())


def _ensure_role(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [WEB_ROLE])
    row = cursor.fetchone()
    if row is None:
        cursor.execute(f"CREATE ROLE {WEB_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT")
        cursor.execute(f"GRANT {WEB_ROLE} TO CURRENT_USER")
    elif row[0]:
        raise ImproperlyConfigured(
            f"The database role {WEB_ROLE} passes by row policies. "
            f"Run ALTER ROLE {WEB_ROLE} NOSUPERUSER NOBYPASSRLS as a superuser."
        )


def _grant(cursor: CursorWrapper) -> None:
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {WEB_ROLE}")
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {WEB_ROLE}")
    cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {WEB_ROLE}")
    for table, words in expected().items():
        if words:
            cursor.execute(f'GRANT {", ".join(words)} ON "{table}" TO {WEB_ROLE}')
    cursor.execute("SELECT pg_get_serial_sequence('activity_entry', 'id')")
    # An entry's number is drawn before it is written; see portal.activity.log.
    cursor.execute(f"GRANT USAGE ON SEQUENCE {cursor.fetchone()[0]} TO {WEB_ROLE}")

"""The second wall: what Postgres itself lets the web role see and do, whatever a query forgot."""

import json
import os
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from customers.models import Customer, ResellerLink
from orders.models import Availability, Product, Sku, Subscription
from portal.access import policies, wall
from portal.access.entering import entered, set_database_scope
from portal.access.models import Reseller, ResellerMpn, User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.activity.models import Entry, EntryPersonal
from portal.mirror.models import Question
from portal.outbox.models import Batch
from tests.people import Estate, make_person, make_product

PRIVILEGES = Path(__file__).parent.parent / "architecture" / "web_privileges.json"

GRANTS = """
    SELECT c.relname, array_agg(a.privilege_type ORDER BY a.privilege_type)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN LATERAL (
        SELECT privilege_type FROM aclexplode(c.relacl)
        WHERE grantee = 'portal_web'::regrole
    ) a ON true
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') GROUP BY c.relname ORDER BY c.relname
"""


def test_privileges_are_those_reviewed(db: None) -> None:
    """The file is read in review; ``UPDATE_PRIVILEGES=1`` writes it anew."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS)
        real = {name: [w for w in words if w] for name, words in cursor.fetchall()}
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' ORDER BY relname"
        )
        guarded = [name for (name,) in cursor.fetchall()]
    found = {"tables": real, "row policies": guarded}
    if os.environ.get("UPDATE_PRIVILEGES"):
        PRIVILEGES.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(PRIVILEGES.read_text(encoding="utf-8"))
    assert not any("TRUNCATE" in words for words in real.values())


def test_every_scoped_model_stands_behind_a_policy(db: None) -> None:
    tables = {model._meta.db_table for model in policies.scoped_models()}
    assert {
        "customers_customer",
        "customers_customerevent",
        "customers_resellerlink",
        "orders_subscription",
        "orders_subscriptionevent",
        "outbox_command",
        "outbox_commandstep",
        "activity_entry",
        "activity_entrypersonal",
        "activity_auditrecord",
        "access_reseller",
        "access_resellermpn",
        "mirror_question",
        "outbox_batch",
    } <= tables


def test_web_role_is_bound_by_policies(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
            " FROM pg_roles WHERE rolname = 'portal_web'"
        )
        assert cursor.fetchone() == (False, False, False, False)


def test_applying_again_changes_nothing(db: None) -> None:
    wall.apply()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_policies WHERE tablename = 'customers_customer'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_real_login_without_scope_sees_nothing(estate: Estate) -> None:
    record("user.created", actor=Actor.system(), connection=estate.connection)
    with _login() as web:
        for model in policies.scoped_models():
            count = web.execute(f'SELECT count(*) FROM "{model._meta.db_table}"').fetchone()
            assert count == (0,), model
        web.execute("SELECT set_config('portal.scope', %s, true)", [Scope.system().as_json])
        assert web.execute("SELECT count(*) FROM customers_customer").fetchone() == (5,)
        web.rollback()
        # The scope ended with its transaction: a pooled connection carries nothing over.
        assert web.execute("SELECT count(*) FROM customers_customer").fetchone() == (0,)


def _login() -> psycopg.Connection[tuple[object, ...]]:
    """A connection as production's web process makes it."""
    return psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])


def test_rows_under_the_wall_are_those_of_the_scope(
    estate: Estate, alice: User, bob: User, charlie: User
) -> None:
    """Unscoped querysets, so that only the policies answer; they agree with Scope.filter."""
    for person in (alice, bob, charlie):
        scope = Scope.for_user(person)
        for model in (Customer, ResellerLink, Subscription, Reseller):
            asked = set(scope.filter(model._default_manager.all()).values_list("pk", flat=True))
            with entered(scope):
                shown = set(model._default_manager.values_list("pk", flat=True))
            assert shown == asked, (person, model)
            assert shown < set(model._default_manager.values_list("pk", flat=True))


def test_a_catalogue_is_for_everybody_of_its_connection_and_nobody_else(
    estate: Estate, alice: User, bob: User
) -> None:
    make_product(estate.connection)
    make_product(estate.other)
    stranger = make_person("alpin", "sales", estate.other, estate.foreign)
    seen = {}
    for person in (alice, bob, stranger):
        with entered(Scope.for_user(person)):
            seen[person] = [
                set(model._default_manager.values_list("connection", flat=True))
                for model in (Product, Sku, Availability)
            ]
    own, foreign = {estate.connection.pk}, {estate.other.pk}
    assert seen == {alice: [own] * 3, bob: [own] * 3, stranger: [foreign] * 3}
    with entered(Scope.nobody()):
        assert not Product.objects.exists()


def test_mpn_ids_follow_their_reseller(estate: Estate, bob: User) -> None:
    with entered(Scope.for_user(bob)):
        assert list(ResellerMpn.objects.values_list("mpn_id", flat=True)) == ["1000001"]


def test_leaving_gives_the_owner_back(estate: Estate, bob: User) -> None:
    with entered(Scope.for_user(bob)):
        pass
    assert Customer.objects.count() == 5


def test_error_inside_gives_the_owner_back(estate: Estate, bob: User) -> None:
    with pytest.raises(Customer.DoesNotExist), entered(Scope.for_user(bob)):
        Customer.objects.get(pk=0)
    assert Customer.objects.count() == 5


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE customers_customer SET name = 'mine'",
        "DELETE FROM orders_subscription",
        "INSERT INTO access_resellermpn (mpn_id) VALUES ('1')",
        "SELECT value FROM connections_accesstoken",
        "SELECT * FROM access_searchentry",
        "TRUNCATE activity_entry",
        "UPDATE activity_entry SET kind = 'x'",
        "DELETE FROM activity_entry",
        "UPDATE activity_subjectkey SET key = NULL",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE customers_customer DISABLE ROW LEVEL SECURITY",
        "DROP POLICY portal_scope ON customers_customer",
    ],
)
def test_web_role_cannot(sql: str, estate: Estate, administrator: User) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        entered(Scope.for_user(administrator)),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_read_only_transaction_bars_writes_the_role_could_make(estate: Estate, alice: User) -> None:
    with (
        pytest.raises(DatabaseError, match="read-only transaction"),
        entered(Scope.for_user(alice), read_only=True),
    ):
        User.objects.filter(pk=alice.pk).update(name="x")


def test_entries_can_be_added_by_whom_may_not_read_them(estate: Estate, bob: User) -> None:
    with entered(Scope.nobody()):
        record("session.refused", actor=Actor(None, address="192.0.2.1"), reseller_id=1)
        assert Entry.objects.count() == 0
    assert Entry.objects.count() == 1


def test_personal_values_follow_their_entry(estate: Estate, bob: User, charlie: User) -> None:
    actor = Actor(bob.pk, bob.email, "192.0.2.1")
    record("session.started", actor=actor, reseller_id=estate.fabrikam.pk)
    with entered(Scope.for_user(bob)):
        assert EntryPersonal.objects.count() == 1
    with entered(Scope.for_user(charlie)):
        assert EntryPersonal.objects.count() == 0


def test_scope_of_an_inner_transaction_goes_with_its_rollback(estate: Estate, bob: User) -> None:
    with transaction.atomic():
        set_database_scope(Scope.for_user(bob))
        assert Customer.objects.count() == 2
        transaction.set_rollback(True)
    assert Customer.objects.count() == 5


def test_a_question_is_seen_by_who_asked_and_by_who_sees_its_connection_whole(
    estate: Estate, alice: User, bob: User, charlie: User
) -> None:
    for asker in (bob, charlie):
        Question.objects.create(
            connection=estate.connection,
            operation="X",
            digest=str(asker.pk),
            asker_id=asker.pk,
            expires_at=timezone.now(),
        )
    Question.objects.create(
        connection=estate.other, operation="X", digest="", expires_at=timezone.now()
    )
    for person, askers in ((alice, {bob.pk, charlie.pk}), (bob, {bob.pk}), (charlie, {charlie.pk})):
        with entered(Scope.for_user(person)):
            assert set(Question.objects.values_list("asker_id", flat=True)) == askers, person
    with entered(Scope.system()):
        assert Question.objects.count() == 3
    with entered(Scope.nobody()):
        assert Question.objects.count() == 0


def test_a_batch_is_seen_by_its_person_and_by_who_sees_all_of_it(
    estate: Estate, alice: User, bob: User, charlie: User
) -> None:
    here, there = estate.connection.pk, estate.other.pk
    wholly, partly, elsewhere, empty = (
        Batch.objects.create(
            verb="x", actor=charlie, connection_ids=connections, reseller_ids=resellers
        )
        for connections, resellers in (
            ([here], [estate.fabrikam.pk]),
            ([here], [estate.fabrikam.pk, estate.northwind.pk]),
            ([here, there], [0]),
            ([], []),
        )
    )
    seen = {alice: {wholly, partly}, bob: {wholly}, charlie: {wholly, partly, elsewhere, empty}}
    for person, batches in seen.items():
        with entered(Scope.for_user(person)):
            assert set(Batch.objects.all()) == batches, person

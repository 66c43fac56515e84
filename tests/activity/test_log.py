"""Entries: written with the change, kept for ever, without personal values in the clear."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from portal.access.models import User
from portal.activity import kinds, personal
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.activity.models import Entry, EntryPersonal, SubjectKey
from portal.activity.personal import Personal
from tests.people import Estate

ACTOR = Actor(7, "ann@example.com", "192.0.2.7")


def test_entry_goes_with_its_transaction(estate: Estate) -> None:
    with transaction.atomic():
        record("user.changed", actor=ACTOR)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    assert not EntryPersonal.objects.exists()


def test_entry_keeps_kind_and_parameters_and_names_its_transaction(estate: Estate) -> None:
    entry = record(
        "token.created",
        actor=ACTOR,
        connection=estate.connection,
        reseller_id=estate.fabrikam.pk,
        target=estate.of_fabrikam,
        parameters={"name": "x"},
        before={"quantity": 1},
        after={"quantity": 2},
        correlation_id="c-1",
    )
    stored = Entry.objects.get(pk=entry.pk)
    assert (stored.target_type, stored.target_id) == ("customer", estate.of_fabrikam.pk)
    assert stored.target_label == "Adatum"
    assert (stored.before, stored.after) == ({"quantity": 1}, {"quantity": 2})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        assert str(stored.xid) == cursor.fetchone()[0]


def test_unknown_kind_is_refused(db: None) -> None:
    with pytest.raises(KeyError, match="nonsense"):
        record("nonsense", actor=ACTOR)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.update(kind="x"),
        lambda: Entry.objects.all().delete(),
        lambda: EntryPersonal.objects.update(digest=b"x"),
        lambda: EntryPersonal.objects.all().delete(),
    ],
)
def test_not_even_the_owner_changes_or_removes_entries(change, db: None) -> None:
    record("user.changed", actor=ACTOR)
    with pytest.raises(DatabaseError, match=r"Cannot (update|delete)"), transaction.atomic():
        change()
    assert Entry.objects.get().kind == "user.changed"


def test_personal_values_are_sealed_per_person_and_can_be_erased(db: None) -> None:
    entry = record(
        "user.created", actor=ACTOR, about=Personal("user:8", {"email": "bo@example.com"})
    )
    rows = entry.personal.select_related("subject")
    assert personal.reveal(rows) == {
        "actor_email": "ann@example.com",
        "address": "192.0.2.7",
        "email": "bo@example.com",
    }
    digests = {bytes(row.digest) for row in rows}
    assert personal.erase("user:7")
    assert personal.reveal(rows.all()) == {"email": "bo@example.com"}
    assert {bytes(row.digest) for row in rows.all()} == digests
    # Nothing is kept about an erased person afterwards, and nothing fails.
    later = record("user.changed", actor=ACTOR)
    assert not later.personal.exists()


def test_no_personal_value_in_any_column(db: None) -> None:
    record("user.created", actor=ACTOR, about=Personal("user:8", {"email": "bo@example.com"}))
    with connection.cursor() as cursor:
        for table in ("activity_entry", "activity_entrypersonal", "activity_subjectkey"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text = str(cursor.fetchall())
            for value in ("ann@", "192.0.2.7", "bo@"):
                assert value not in text, table


def test_key_of_a_person_is_itself_encrypted(db: None) -> None:
    record("user.changed", actor=ACTOR)
    key = SubjectKey.objects.get()
    assert key.key is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM activity_subjectkey")
        assert key.key.reveal() not in cursor.fetchone()[0]


def test_labels_fill_in_values_once_and_literally() -> None:
    kind = kinds.Kind("x", "From {before} to {after} by {who}")
    assert kind.text({"before": "{after}", "after": "<b>{x.__class__}"}) == (
        "From {after} to <b>{x.__class__} by –"
    )


def test_kinds_are_worded_when_read() -> None:
    assert kinds.get("session.started").text({}) == "Signed in"
    with translation.override("fr"):
        assert "session.started" in kinds.matching(str(kinds.get("session.started").label))
    assert kinds.get("gone.kind").text({}) == "gone.kind"


def test_actor_of_a_request(rf, bob: User) -> None:
    request = rf.get("/", REMOTE_ADDR="198.51.100.1")
    request.user = bob
    assert Actor.from_request(request) == Actor(bob.pk, bob.email, "198.51.100.1", "web")

"""What could not be done is told to each reader in their language, whoever asked."""

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from orders import actions, lots, refusals
from orders.bulk import subscriptions
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import tasks
from portal.outbox.batches import capturing
from portal.outbox.batches.capturing import Target, Wish
from portal.outbox.models import Batch
from portal.ui import sentences
from tests.people import Estate

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

GUID = "6a8f3c9e-0000-4000-8000-000000000001"
ENGLISH = ("suspended already", "The cell is empty", "is no subscription ID", "New name")


@pytest.fixture
def checked(estate: Estate, bob: User, client_of: "Callable[[User], Client]") -> Batch:
    """Bob's file has a row that cannot be renamed and two bad lines; he reads English."""
    row = estate.fabrikam_seats
    row.pc_id, row.friendly_name = GUID, "Seats"
    row.save()
    text = f"Subscription ID,New name\n{GUID},Seats\n,x\nbad,y\n"
    upload = SimpleUploadedFile("n.csv", text.encode(), content_type="text/csv")
    client_of(bob).post("/subscriptions/rename/", {"table": upload})
    batch = Batch.objects.get()
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def reader(alice: User) -> User:
    alice.language = "fr"
    alice.save()
    return alice


def test_a_french_reader_reads_french_on_the_page_and_in_the_file(
    checked: Batch, reader: User, client_of: "Callable[[User], Client]"
) -> None:
    browser = client_of(reader)
    page = browser.get(checked.get_absolute_url()).content.decode()
    answer: Any = browser.get(f"/batches/{checked.pk}/result/")
    told = b"".join(answer.streaming_content).decode("utf-8-sig")
    for shown in (page, told):
        assert "La cellule est vide." in shown
        assert "ID d'abonnement" in shown.replace("&#x27;", "'").replace("’", "'")
        assert "porte déjà ce nom" in shown
        assert not [words for words in ENGLISH if words in shown]


def test_the_api_tells_them_in_the_language_of_who_asks(
    checked: Batch, reader: User, api_of: "Callable[..., Client]"
) -> None:
    api = api_of(reader)
    left = api.get(f"/api/v1/batches/{checked.pk}/").json()["left_out"]
    assert [set(line) for line in left] == [{"line", "column", "message"}] * 2
    assert left[0]["message"].startswith("La cellule est vide.")
    rows = api.get(f"/api/v1/batches/{checked.pk}/rows/").json()["results"]
    assert "porte déjà ce nom" in rows[0]["problem"]


def test_what_was_kept_as_words_is_shown_as_it_is(
    checked: Batch, reader: User, client_of: "Callable[[User], Client]"
) -> None:
    checked.rows.update(problem={"code": "old", "message": "An old sentence."})
    checked.left_out = [{"line": 3, "column": "Old column", "message": "An old line."}]
    checked.save()
    page = client_of(reader).get(checked.get_absolute_url()).content.decode()
    assert all(words in page for words in ("An old sentence.", "Old column", "An old line."))


def test_numbers_and_days_are_written_as_the_reader_writes_them(estate: Estate, bob: User) -> None:
    row = estate.fabrikam_seats
    row.quantity = 1234
    row.save()
    wish = Wish(verb=actions.CHANGE_QUANTITY, parameters={"quantity": "1234"})
    targets = [Target(row, subscriptions.label(row))]
    batch = capturing.capture(Actor.for_user(bob), Scope.for_user(bob), wish, targets)
    tasks.check_batch(batch.pk)
    kept = batch.rows.get().problem
    assert sentences.shown(kept) == "There are 1,234 seats already. Write another number."
    with translation.override("fr"):
        assert "1\u202f234" in sentences.shown(kept)


def test_every_sentence_has_words(estate: Estate) -> None:
    schedule = refusals.facts_of(lots.Schedule(3, "P1Y", "monthly", None, ""))
    facts = {"seen": 1, "now": 2, "present": 3, "status": "active", "n": 1, "length": 2}
    facts |= schedule | {"free": 1, "ends": "2026-11-30T10:00:00+00:00", "text": "x"}
    facts |= {"until": "2026-11-30T10:00:00+00:00", "most": 2, "cycle": "annual"}
    for name in refusals.WORDS:
        told = refusals.say(name, **facts)
        assert told, name
        assert sentences.shown(sentences.kept(told)) == told


def test_a_sentence_of_another_release_is_told_by_its_name() -> None:
    assert sentences.shown({"code": "x", "says": "later.thing", "facts": {}}) == "later.thing"

"""The page that takes a table of names: what it refuses whole, what it keeps, whose subscriptions it knows."""

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from orders.models import Subscription
from portal.access.models import User
from portal.connections.models import Connection
from portal.lists.intake.reading import unusable
from portal.outbox.models import Batch
from tests.people import Estate

if TYPE_CHECKING:
    from django.test import Client

URL = "/subscriptions/rename/"
GUID = "6a8f3c9e-0000-4000-8000-00000000000"


@pytest.fixture
def browser(bob: User, client_of: Any) -> Any:
    return client_of(bob)


@pytest.fixture
def row(estate: Estate) -> Subscription:
    found = estate.fabrikam_seats
    found.pc_id = f"{GUID}1"
    found.save()
    return found


def post(browser: "Client", text: str) -> Any:
    table = SimpleUploadedFile("names.csv", text.encode(), content_type="text/csv")
    return browser.post(URL, {"table": table})


def test_the_template_names_the_columns(browser: "Client") -> None:
    answer = browser.get(f"{URL}template/")
    assert answer.content.decode("utf-8-sig") == "Subscription ID,New name\r\n"
    assert "attachment" in answer["Content-Disposition"]


def test_a_table_over_the_cap_is_cut_off_and_refused(browser: "Client", row: Subscription) -> None:
    text = f"Subscription ID,New name\n{row.pc_id},x\n" + " \n" * 200_000
    with override_settings(INTAKE_MAX_BYTES=100_000):
        answer = post(browser, text)
    assert answer.status_code == 422
    assert "The file is larger than 0.1 MB. Split it." in answer.content.decode()
    assert Batch.objects.count() == 0


@pytest.mark.parametrize("text", ["", "Name\nx\n", "Subscription ID,New name\n"])
def test_what_is_no_table_makes_no_batch(browser: "Client", text: str) -> None:
    assert post(browser, text).status_code == 422
    assert browser.post(URL).status_code == 422
    assert Batch.objects.count() == 0


def test_ids_of_others_and_of_several_connections_are_mistakes(
    browser: "Client", row: Subscription, estate: Estate
) -> None:
    Subscription.objects.filter(pk=estate.northwind_seats.pk).update(pc_id=f"{GUID}2")
    answer = post(
        browser,
        f"SUBSCRIPTION ID;New Name\n{row.pc_id.upper()};=1+1\n{GUID}2;Not his\n{GUID}3;Nobody's\n",
    )
    batch = Batch.objects.get()
    assert answer["Location"] == batch.get_absolute_url()
    found = batch.rows.get()
    assert (found.target_id, found.parameters, found.line) == (row.pk, {"name": "=1+1"}, 2)
    assert [told["line"] for told in batch.left_out] == [3, 4]
    assert {unusable(told).message for told in batch.left_out} == {
        "You see no subscription with this ID. Check it."
    }


def test_the_result_is_harmless_in_a_spreadsheet(browser: "Client", row: Subscription) -> None:
    post(browser, f'Subscription ID;New name\n{row.pc_id};"=HYPERLINK(""x"")"\nbad;y\n')
    batch = Batch.objects.get()
    batch.rows.update(after={"friendly_name": '=HYPERLINK("x")'})
    answer: Any = browser.get(f"/batches/{batch.pk}/result/")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert '"\'=HYPERLINK(""x"")"' in lines[1]
    assert lines[2].startswith("3,,,,,Left out,")


def test_lines_with_mistakes_are_left_out_knowingly(browser: "Client", row: Subscription) -> None:
    post(browser, f"Subscription ID;New name\n{row.pc_id};x\nbad;y\n")
    batch = Batch.objects.get()
    batch.rows.update(state="ready")
    Batch.objects.update(state="ready")
    browser.post(f"/batches/{batch.pk}/start/", {"seen": "1"})
    batch.refresh_from_db()
    assert batch.state == "ready"
    browser.post(f"/batches/{batch.pk}/start/", {"seen": "1", "leave_out": "on"})
    batch.refresh_from_db()
    assert batch.state == "running"


def test_an_account_connected_anew_is_the_one_that_is_meant(
    browser: "Client", estate: Estate, row: Subscription
) -> None:
    old = Connection.objects.create(name="old", retired_at=timezone.now())
    twin = Subscription.objects.create(
        connection=old, pc_id=row.pc_id, customer_pc_id="x", reseller=row.reseller
    )
    text = f"Subscription ID,New name\n{row.pc_id},Ours\n"
    assert post(browser, text).status_code == 302
    assert (
        list(Batch.objects.get().rows.values_list("target_id", flat=True)) == [row.pk] != [twin.pk]
    )


def test_a_table_without_a_usable_line_says_what_is_wrong_with_its_lines(
    browser: "Client", row: Subscription
) -> None:
    answer = post(browser, f"Subscription ID,New name\nnonsense,x\n{GUID}9,y\n{row.pc_id},\n")
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "No line of the file can be used." in told
    assert "Line 2: “nonsense” is no subscription ID." in told
    assert "Line 3: You see no subscription with this ID." in told
    assert Batch.objects.count() == 0

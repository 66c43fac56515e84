"""Files: no formula in CSV or XLSX, every column or those shown, large ones by a worker under the asker's scope."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from threading import BoundedSemaphore
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from portal.access import search
from portal.lists import files, tasks, writing
from portal.lists.models import ExportJob, StoredFile
from portal.ui import exports
from tests.people import Estate, make_customer

EVIL = '=HYPERLINK("http://evil.example","Click")'


@pytest.fixture(autouse=True)
def data(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path


def sheet(content: bytes) -> list[list[tuple[str, str]]]:
    """The cells of the first sheet, as (type, value)."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    tree = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(tree.iter(f"{space}f")), "a formula"
    assert not list(tree.iter(f"{space}hyperlink")), "a link"
    return [
        [
            (cell.get("t", "n"), "".join(text.text or "" for text in cell.iter() if text.text))
            for cell in row
        ]
        for row in tree.iter(f"{space}row")
    ]


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_formula_in_a_name_is_harmless_in_csv_and_xlsx(client_of, alice, estate: Estate) -> None:
    make_customer(estate.connection, EVIL, estate.fabrikam)
    search.reindex("customer")
    client = client_of(alice)
    text = content(client.get("/customers/?q=HYPERLINK&export=csv")).decode()
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[1][0] == f"'{EVIL}"
    answer = client.get("/customers/?q=HYPERLINK&export=xlsx")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert ".xlsx" in answer["Content-Disposition"]
    cells = sheet(content(answer))
    assert cells[1][0] == ("inlineStr", EVIL)


def test_a_workbook_holds_numbers_and_the_columns_shown(client_of, alice, estate: Estate) -> None:
    client = client_of(alice)
    client.post("/lists/columns/", {"list": "subscriptions", "column": ["quantity", "order_id"]})
    rows = sheet(content(client.get("/subscriptions/?export=xlsx&columns=visible&size=25")))
    assert [value for _kind, value in rows[0]] == ["Subscription", "Seats", "Order ID"]
    assert rows[1][1] == ("n", "10")
    assert len(rows) == 6
    every = sheet(content(client.get("/subscriptions/?export=xlsx")))
    assert len(every[0]) > 15


def test_a_large_workbook_is_offered_as_a_job(client_of, alice, estate, monkeypatch) -> None:
    monkeypatch.setattr(exports, "MOST_IN_WORKBOOK", 2)
    answer = client_of(alice).get("/customers/?q=country:FR&export=xlsx&columns=visible")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'action="/account/exports/new/"' in html
    assert ExportJob.objects.count() == 0
    assert content(client_of(alice).get("/customers/?export=csv"))


def test_the_third_at_a_time_is_offered_as_a_job(client_of, alice, estate, monkeypatch) -> None:
    # Places of its own: an answer that another test did not read to its end keeps one for ever.
    monkeypatch.setattr(exports, "_running", BoundedSemaphore(exports.AT_ONCE))
    client = client_of(alice)
    first, second = client.get("/customers/?export=csv"), client.get("/customers/?export=csv")
    third = client.get("/customers/?export=csv")
    assert third.status_code == 503
    assert third["Retry-After"]
    assert "Write it in the background" in third.content.decode()
    content(first)
    content(second)


def started(client, django_capture_on_commit_callbacks, monkeypatch, **values) -> ExportJob:
    """A job asked for on the page, whose task was queued with its id and nothing else."""
    queued: list[int] = []
    monkeypatch.setattr(tasks.write_export, "delay", queued.append)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/exports/new/", {"list": "customers", **values})
    assert answer.status_code == 302
    job = ExportJob.objects.latest("pk")
    assert queued == [job.pk]
    return job


def test_a_job_writes_what_its_asker_sees(
    client_of, bob, alice, estate, django_capture_on_commit_callbacks, monkeypatch
) -> None:
    monkeypatch.setattr(exports, "CHUNK", 1)
    client = client_of(bob)
    job = started(
        client,
        django_capture_on_commit_callbacks,
        monkeypatch,
        format="csv",
        query="q=country:FR&sort=-name",
        column=["name", "tenant"],
    )
    assert "Queued" in client.get("/account/exports/").content.decode()
    tasks.write_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.rows_done, job.rows_total) == ("finished", 2, 2)
    page = client.get("/account/exports/").content.decode()
    assert f"/files/{job.file_id}/" in page
    answer = client.get(f"/files/{job.file_id}/")
    rows = list(csv.reader(io.StringIO(content(answer).decode()[1:])))
    assert rows[0] == ["Customer", "Tenant ID"]
    assert [row[0] for row in rows[1:]] == ["Proseware", "Adatum"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    # Nobody else, however wide, opens it or asks about it.
    assert client_of(alice).get(f"/files/{job.file_id}/").status_code == 404
    assert client_of(alice).get(f"/account/exports/{job.pk}/").status_code == 404


def test_a_job_takes_the_ticked_rows_and_writes_a_workbook(
    client_of, alice, estate, django_capture_on_commit_callbacks, monkeypatch
) -> None:
    job = started(
        client_of(alice),
        django_capture_on_commit_callbacks,
        monkeypatch,
        format="xlsx",
        row=[estate.shared.pk, estate.elsewhere.pk],
        column=["name"],
    )
    tasks.write_export(job.pk)
    job.refresh_from_db()
    rows = sheet(job.file.path.read_bytes())
    assert [row[0][1] for row in rows] == ["Customer", "Proseware"]


def test_a_job_is_refused_when_the_right_is_gone_meanwhile(
    client_of, bob, estate, django_capture_on_commit_callbacks, monkeypatch
) -> None:
    job = started(client_of(bob), django_capture_on_commit_callbacks, monkeypatch, format="csv")
    bob.memberships.all().delete()
    tasks.write_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.file) == ("failed", "right", None)
    assert "may no longer" in str(job.reason)


def test_a_job_is_written_once_unless_its_worker_is_gone(
    client_of, alice, estate, django_capture_on_commit_callbacks, monkeypatch
) -> None:
    job = started(client_of(alice), django_capture_on_commit_callbacks, monkeypatch, format="csv")
    assert writing.claim(job.pk) is not None
    assert writing.claim(job.pk) is None
    ExportJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    queued: list[int] = []
    monkeypatch.setattr(tasks.write_export, "delay", queued.append)
    tasks.tidy()
    assert queued == [job.pk]
    tasks.write_export(job.pk)
    job.refresh_from_db()
    assert job.state == "finished"
    assert StoredFile.objects.count() == 1


def test_what_fails_is_noted_and_leaves_no_file(
    client_of, alice, estate, django_capture_on_commit_callbacks, monkeypatch
) -> None:
    job = started(client_of(alice), django_capture_on_commit_callbacks, monkeypatch, format="csv")

    def broken(*_args: object) -> None:
        raise LookupError

    monkeypatch.setattr(writing, "_fill", broken)
    with pytest.raises(LookupError):
        tasks.write_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "broken")
    assert StoredFile.objects.count() == 0


def test_files_go_when_their_time_is_over(alice) -> None:
    old = files.store(
        [b"a"],
        owner=alice,
        kind="export",
        name="a.csv",
        content_type="text/csv",
        expires_at=timezone.now() - timedelta(minutes=1),
    )
    kept = files.store([b"bc"], owner=alice, kind="export", name="b.csv", content_type="text/csv")
    assert files.remove_expired(timezone.now()) == 1
    assert not old.path.exists()
    assert kept.path.read_bytes() == b"bc"
    assert (kept.size, len(kept.sha256)) == (2, 64)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("", "file"),
        ("C:\\x\\Rechnung.pdf", "C_x_Rechnung.pdf"),
        ("Facture n° 12.pdf", "Facture n° 12.pdf"),
    ],
)
def test_names_of_files_are_harmless(client_of, alice, name: str, safe: str) -> None:
    kept = files.store([b"x"], owner=alice, kind="x", name=name, content_type="application/pdf")
    assert kept.name == safe
    assert name not in str(kept.path) or not name
    answer = client_of(alice).get(f"/files/{kept.pk}/")
    assert content(answer) == b"x"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "\n" not in answer["Content-Disposition"]


def test_a_kind_may_have_a_rule_of_its_own(client_of, alice, bob, monkeypatch) -> None:
    monkeypatch.setattr(files, "_rules", {})
    files.register("statement", lambda scope, found: scope.sees_whole(found.subject_id))
    kept = files.store(
        [b"x"],
        owner=None,
        kind="statement",
        name="s.pdf",
        content_type="application/pdf",
        subject_id=alice.memberships.get().connection_id,
    )
    assert content(client_of(alice).get(f"/files/{kept.pk}/")) == b"x"
    assert client_of(bob).get(f"/files/{kept.pk}/").status_code == 404


def test_files_tell_words_and_only_those_of_all_columns_the_codes(
    client_of, alice, estate: Estate
) -> None:
    client = client_of(alice)

    def first(query: str) -> dict[str, str]:
        answer = client.get(f"/subscriptions/?q=adatum&sort=name&export=csv&{query}")
        rows = csv.reader(io.StringIO(content(answer).decode("utf-8-sig")))
        heads, cells = next(rows), next(rows)
        return dict(zip(heads, cells, strict=True))

    shown = first("columns=visible&cols=name,term,status,auto_renew,billing")
    assert list(shown.values())[1:] == ["1 year", "Active", "yes", "billed monthly"]
    assert not [head for head in shown if "code" in head]
    whole = first("")
    assert (whole["Term"], whole["Term (code)"]) == ("1 year", "P1Y")
    assert (whole["Status"], whole["Status (code)"]) == ("Active", "active")
    assert (whole["Renews by itself"], whole["Renews by itself (code)"]) == ("yes", "true")
    alice.language = "fr"
    alice.save()
    shown = first("columns=visible&cols=name,term,status")
    assert list(shown.values())[1:] == ["1 an", "Actif"]
    answer = client.get("/customers/?export=csv&columns=visible&cols=name,relationship")
    assert "Relation de revendeur" in content(answer).decode()


def test_a_worker_writes_the_codes_where_all_columns_were_asked(
    client_of, alice, estate: Estate, monkeypatch
) -> None:
    monkeypatch.setattr(exports, "MOST_IN_WORKBOOK", 1)
    client = client_of(alice)
    for columns, codes in (("", True), ("&columns=visible", False)):
        offer = client.get(f"/subscriptions/?export=xlsx{columns}").content.decode()
        query = re.search(r'name="query" value="([^"]*)"', offer)[1].replace("&amp;", "&")
        given = {"list": "subscriptions", "format": "csv", "query": query, "column": ["status"]}
        client.post("/account/exports/new/", given)
        job = ExportJob.objects.latest("pk")
        tasks.write_export(job.pk)
        job.refresh_from_db()
        text = job.file.path.read_text(encoding="utf-8-sig")
        assert text.startswith("Subscription,Status")
        assert ("Status (code)" in text) is codes

"""Whoever started an export is told once that its file is there, or why there is none."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.access.models import User
from portal.lists import hooks, tasks, writing
from portal.lists.models import ExportJob
from portal.notifications import exports
from portal.notifications.models import Choice, Mail, Notification


@pytest.fixture(autouse=True)
def data(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def job(bob: User) -> ExportJob:
    return ExportJob.objects.create(
        user=bob, list_slug="customers", format="csv", query="", language="en"
    )


def test_the_hook_is_filled() -> None:
    assert exports.tell in hooks._settled


def test_the_person_is_told_with_the_way_to_the_file(
    job: ExportJob, bob: User, alice: User, client_of: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=bob.pk).update(language="fr")
    tasks.write_export(job.pk)
    job.refresh_from_db()
    row = Notification.objects.get()
    assert (row.user, row.url) == (bob, f"/files/{job.file_id}/")
    mail = Mail.objects.get()
    assert (mail.to, mail.language) == (bob.email, "fr")
    assert "Clients, CSV" in mail.subject
    assert f"http://localhost:8000/files/{job.file_id}/" in mail.text
    client = client_of(bob)
    answer = client.post(f"/notifications/{row.pk}/open/", follow=True)
    assert answer.redirect_chain == [(f"/files/{job.file_id}/", 302)]
    assert b"Adatum" in b"".join(answer)
    assert client_of(alice).get(f"/files/{job.file_id}/").status_code == 404


def test_a_failure_is_told_with_its_reason(
    job: ExportJob, bob: User, client_of: Callable[[User], Client]
) -> None:
    bob.memberships.all().delete()
    tasks.write_export(job.pk)
    row = Notification.objects.get()
    assert (row.title, row.url) == ("Export failed: Customers, CSV", "/account/exports/")
    assert row.text == "You may no longer see this list."


def test_two_workers_at_the_end_of_one_export_tell_once(job: ExportJob) -> None:
    tasks.write_export(job.pk)
    done = ExportJob.objects.get()
    writing.write(job)
    writing.fail(job, "slow")
    job.refresh_from_db()
    assert Notification.objects.count() == 1
    assert Mail.objects.count() == 1
    assert (job.state, job.file_id) == ("finished", done.file_id)


def test_an_export_whose_news_cannot_be_written_is_not_settled(
    job: ExportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_job: ExportJob) -> None:
        raise LookupError

    with monkeypatch.context() as failing:
        failing.setattr(hooks, "_settled", [broken])
        with pytest.raises(LookupError):
            tasks.write_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.file) == ("processing", None)


def test_one_who_wants_it_in_the_portal_only_gets_no_mail(job: ExportJob, bob: User) -> None:
    Choice.objects.create(user=bob, kind=exports.SETTLED, channel="portal")
    tasks.write_export(job.pk)
    assert Notification.objects.get().title == "Export finished: Customers, CSV"
    assert "rows. The file is kept until" in Notification.objects.get().text
    assert not Mail.objects.exists()

"""The sync page: progress, starting, and a person's decision about a removal."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.access.models import User
from portal.activity.models import Entry
from portal.mirror import runs
from portal.mirror.models import DirtyMark, Freshness, SyncPass, SyncRun
from tests.people import Estate, make_person


@pytest.fixture
def queued(monkeypatch, django_capture_on_commit_callbacks):
    """Run ids that were queued once their transaction was done."""
    ids: list[int] = []
    monkeypatch.setattr(runs, "queue", ids.append)
    return ids


def make_run(connection, state="running", kind="full", **values) -> SyncRun:
    run = SyncRun.objects.create(
        connection=connection, kind=kind, state=state, families=["customers"]
    )
    SyncPass.objects.create(run=run, family="customers", position=0, **values)
    return run


def test_a_running_sync_shows_its_progress_and_asks_again_soon(estate, alice, client_of):
    make_run(estate.connection, done=300, total=1200, fetched=300, inserted=300, state="running")
    SyncPass.objects.update(state="running", inserted=300)
    DirtyMark.objects.create(connection=estate.connection, family="customers", key="x", reason="t")
    html = client_of(alice).get(reverse("sync")).content.decode()
    assert 'value="25"' in html
    assert "300 of 1,200" in html
    assert 'hx-trigger="every 2s"' in html
    assert "litware" not in html
    status = client_of(alice).get(reverse("sync_status")).content.decode()
    assert status.lstrip().startswith('<div id="sync"')
    assert "300 of 1,200" in status


def test_at_rest_it_shows_ages_and_what_is_due(estate, alice, client_of):
    now = timezone.now()
    run = make_run(estate.connection, state="succeeded")
    SyncRun.objects.filter(pk=run.pk).update(started_at=now, finished_at=now)
    Freshness.objects.create(
        connection=estate.connection, family="customers", complete_at=now - timedelta(minutes=7)
    )
    html = client_of(alice).get(reverse("sync")).content.decode()
    assert 'hx-trigger="every 20s"' in html
    assert "7 min" in html
    assert "Next for everything" in html


def test_what_is_not_permitted_is_told_calmly_with_its_step(estate, alice, client_of):
    error = {"code": "Authorization_RequestDenied", "kind": "Forbidden", "message": "No."}
    run = make_run(estate.connection, state="succeeded")
    SyncPass.objects.create(
        run=run, family="admin_relationships", position=1, state="not_permitted", error=error
    )
    Freshness.objects.create(
        connection=estate.connection, family="admin_relationships", barred=error
    )
    html = client_of(alice).get(reverse("sync")).content.decode()
    assert html.count("Not permitted") == 2, "of the run, and of the age"
    assert "DelegatedAdminRelationship.Read.All" in html
    assert "Failed" not in html


def test_a_full_sync_starts_once(
    estate, alice, client_of, queued, django_capture_on_commit_callbacks
):
    url = reverse("sync_start", args=["contoso"])
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(alice).post(url, {"kind": "full"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert b'id="sync"' in answer.content
    run = SyncRun.objects.get()
    assert (run.kind, run.actor_id) == ("full", alice.pk)
    assert queued == [run.pk]
    assert Entry.objects.get(kind="sync.started").parameters == {"kind": "full", "run": run.pk}
    client_of(alice).post(url, {"kind": "full"})
    assert SyncRun.objects.count() == 1


def test_changes_before_any_full_sync_are_refused_with_the_way_on(estate, alice, client_of):
    answer = client_of(alice).post(
        reverse("sync_start", args=["contoso"]), {"kind": "changes"}, follow=True
    )
    assert b"Start a full sync first" in answer.content
    assert not SyncRun.objects.exists()
    assert not Entry.objects.filter(kind="sync.started").exists()


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("auditor", 403)])
def test_who_may_not_run_a_sync(estate, client_of, request, who, status):
    browser = client_of(request.getfixturevalue(who))
    answer = browser.post(reverse("sync_start", args=["contoso"]), {"kind": "full"})
    assert answer.status_code == status
    assert not SyncRun.objects.exists()
    assert b"Read everything" not in browser.get(reverse("sync")).content


def test_another_connections_sync_is_not_found(estate, alice, client_of):
    browser = client_of(alice)
    assert (
        browser.post(reverse("sync_start", args=["litware"]), {"kind": "full"}).status_code == 404
    )
    run = make_run(estate.other, state="blocked")
    one = run.passes.get()
    SyncPass.objects.update(state="blocked", would_remove=40)
    answer = browser.post(reverse("sync_decide", args=[one.pk]), {"decision": "remove"})
    assert answer.status_code == 404
    one.refresh_from_db()
    assert one.state == "blocked"


@pytest.mark.parametrize(
    ("decision", "state", "kind"),
    [
        ("remove", "confirmed", "sync.removal_confirmed"),
        ("keep", "rejected", "sync.removal_refused"),
    ],
)
def test_a_blocked_removal_waits_for_a_person(
    estate, alice, client_of, queued, decision, state, kind
):
    run = make_run(estate.connection, state="blocked")
    SyncPass.objects.update(state="blocked", would_remove=40, cursor={"phase": "sweep"})
    browser = client_of(alice)
    html = browser.get(reverse("sync")).content.decode()
    assert "Customers: 40 rows would be removed" in html

    one = run.passes.get()
    url = reverse("sync_decide", args=[one.pk])
    assert browser.get(url).status_code == 405
    browser.post(url, {"decision": decision})
    one.refresh_from_db()
    assert (one.state, one.decided_by_id) == (state, alice.pk)
    assert Entry.objects.get(kind=kind).parameters == {"family": "customers", "rows": 40}
    browser.post(url, {"decision": "remove"})
    one.refresh_from_db()
    assert one.state == state
    assert Entry.objects.filter(kind__startswith="sync.removal").count() == 1


def test_a_refused_sign_in_is_said_and_nothing_can_be_started(estate, client_of):
    estate.connection.problem_at = timezone.now()
    estate.connection.problem_code = "AADSTS7000215"
    estate.connection.save()
    admin = client_of(make_person("admin", "administrator", estate.connection))
    html = admin.get(reverse("sync")).content.decode()
    assert "AADSTS7000215" in html
    assert html.count('<button class="btn" type="submit" disabled>') == 2


def test_a_resellers_staff_is_led_to_no_empty_room(
    estate: Estate, alice: User, bob: User, client_of: Callable[[User], Client]
) -> None:
    """No tab and no room of the menu without anything behind it."""
    carol = make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)
    room, sync = 'href="/settings/"', 'href="/settings/sync/"'
    assert room in client_of(alice).get("/").content.decode()
    assert sync in client_of(alice).get("/settings/users/").content.decode()
    users = client_of(carol).get("/settings/users/").content.decode()
    assert room in users
    assert sync not in users
    home = client_of(bob).get("/").content.decode()
    assert room not in home
    assert sync not in home

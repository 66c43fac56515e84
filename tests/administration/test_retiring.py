"""A retired connection has no secret left and makes no call; its rows and its activity stay, and say so."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from orders import actions as orders
from orders.models import Subscription
from orders.quantities import Quantity
from orders.renewals import queries as renewals
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.administration.forms.approvals import RuleForm
from portal.connections import accounts, clients
from portal.connections.models import AccessToken, Connection, ConsentAttempt
from portal.connections.tokens import ConnectionRetired, Tokens
from portal.dashboard import figures
from portal.mirror import runs, schedule
from portal.mirror.models import SyncRun
from portal.outbox import engine, wording
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from tests.people import Estate, make_person


@pytest.fixture
def contoso(estate: Estate) -> Connection:
    """The first connection, with a consent, a token and a trip to Microsoft under way."""
    row = estate.connection
    row.refresh_token = "canary-refresh"
    row.save()
    AccessToken.objects.create(connection=row, kind="app", value="canary-token")
    ConsentAttempt.objects.create(
        connection=row,
        user_id=1,
        user_name="x",
        state_token="state",
        verifier="canary-verifier",
        redirect_uri="http://localhost/",
        expires_at=row.created_at,
    )
    return row


def retire(client: Any, name: str = "contoso", typed: str = "contoso") -> Any:
    return client.post(reverse("connection_retire", args=[name]), {"typed_name": typed})


def ask(estate: Estate, person: Any) -> Command:
    return orders.change_quantity(
        Actor.for_user(person),
        Scope.for_user(person),
        estate.fabrikam_seats,
        Quantity(5, relative=True),
        Asked(),
    )


def test_secrets_and_tokens_are_erased_and_the_entry_stays(
    contoso, estate, administrator, client_of
):
    browser = client_of(administrator)
    page = browser.get(reverse("connection", args=["contoso"])).content.decode()
    assert "Retire contoso?" in page
    assert "webhooks are turned away" in page

    assert retire(browser).status_code == 302

    row = Connection.objects.get(pk=contoso.pk)
    assert row.is_retired
    assert row.retired_by == administrator.email
    assert (row.client_secret.ciphertext, row.refresh_token, row.mode) == ("", None, "read_only")
    assert not AccessToken.objects.filter(connection=row).exists()
    attempt = ConsentAttempt.objects.get(connection=row)
    assert (attempt.verifier.ciphertext, attempt.state) == ("", "refused")
    assert AccessToken.objects.count() == 0
    entry = Entry.objects.get(kind="connection.retired")
    assert (entry.actor_id, entry.connection_id) == (administrator.pk, row.pk)
    assert "canary" not in str([entry.before, entry.after, entry.parameters])
    assert not Connection.objects.get(pk=estate.other.pk).is_retired


def test_it_wants_the_name_typed_and_the_right(contoso, administrator, alice, auditor, client_of):
    retire(client_of(administrator), typed="litware")
    assert retire(client_of(alice)).status_code == 403
    assert retire(client_of(auditor)).status_code == 403
    assert not Connection.objects.get(pk=contoso.pk).is_retired
    outsider = client_of(
        make_person("eve", "administrator", Connection.objects.get(name="litware"))
    )
    assert retire(outsider).status_code == 404
    assert AccessToken.objects.count() == 1


def test_nothing_is_called_any_more(contoso, administrator, client_of):
    SyncRun.objects.create(connection=contoso, kind="full", started_at="2020-01-01T00:00:00Z")
    retire(client_of(administrator))
    contoso.refresh_from_db()
    with pytest.raises(ConnectionRetired):
        clients.get_client(contoso, "sync")
    with pytest.raises(ConnectionRetired):
        Tokens(contoso.pk, lambda *_: pytest.fail("asked Microsoft")).get(user=False)
    assert not SyncRun.objects.filter(connection=contoso, state__in=runs.ACTIVE).exists()
    begun = SyncRun.objects.filter(pk__in=schedule.start_due())
    assert not begun.filter(connection=contoso).exists()
    with pytest.raises(CommandError, match="is retired"):
        call_command("sync", "contoso")
    with pytest.raises(CommandError, match="retired for good"):
        call_command("connect", "contoso", "--mode", "live")
    answer = client_of(administrator).post(
        reverse("webhook_receiver", args=["contoso"]), b"{}", content_type="application/json"
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "name", ["connection_edit", "connection_mode", "connection_consent", "connection_test"]
)
def test_it_is_not_worked_with_any_more(contoso, administrator, client_of, name):
    browser = client_of(administrator)
    retire(browser)
    assert browser.post(reverse(name, args=["contoso"]), {"mode": "live"}).status_code == 404
    assert retire(browser).status_code == 404
    assert Entry.objects.filter(kind__startswith="connection").count() == 1


def test_changes_that_have_not_left_are_cancelled(contoso, estate, administrator, bob, client_of):
    waiting = [ask(estate, bob), ask(estate, bob)]
    retire(client_of(administrator))
    states = Command.objects.filter(pk__in=[command.pk for command in waiting])
    assert set(states.values_list("state", flat=True)) == {"cancelled"}
    assert Entry.objects.get(kind="connection.retired").parameters == {"cancelled": 2}
    estate.fabrikam_seats.connection.refresh_from_db()
    with pytest.raises(RefusedError, match="retired"):
        ask(estate, bob)
    assert Command.objects.count() == 2


@pytest.mark.parametrize("state", ["sending", "in_doubt"])
def test_a_change_on_its_way_is_settled_first(
    contoso, estate, administrator, bob, client_of, state
):
    command = ask(estate, bob)
    Command.objects.filter(pk=command.pk).update(state=state)
    second = ask(estate, bob)
    page = client_of(administrator).post(
        reverse("connection_retire", args=["contoso"]), {"typed_name": "contoso"}, follow=True
    )
    assert "1 change is being sent or in doubt" in page.content.decode()
    contoso.refresh_from_db()
    assert not contoso.is_retired
    assert contoso.client_secret
    second.refresh_from_db()
    assert second.state == "waiting"


def test_what_was_asked_at_the_same_moment_is_told_as_not_sent(contoso, estate, bob):
    command = ask(estate, bob)
    accounts.retire(contoso, "somebody")
    engine.deliver(command.pk)
    command.refresh_from_db()
    assert (command.state, command.error["kind"]) == ("failed", "retired")
    problem = wording.problem(command)
    assert problem is not None
    assert problem.title == "Not sent: the connection is retired"


def test_rows_stay_readable_and_marked(contoso, estate, administrator, bob, client_of):
    retire(client_of(administrator))
    for url in (estate.fabrikam_seats.get_absolute_url(), estate.of_fabrikam.get_absolute_url()):
        page = client_of(bob).get(url).content.decode()
        assert "Connection retired" in page
        assert "data-dialog" not in page
        assert "/refresh/" not in page
    home = client_of(administrator).get(reverse("connections")).content.decode()
    assert "nothing is read or sent any more" not in home  # litware is in use: no line for ever
    assert "Read only (contoso" not in home
    assert "nothing is read or sent any more" in client_of(bob).get("/").content.decode()
    role = client_of(administrator).get(reverse("user", args=[bob.pk])).content.decode()
    chosen = role.partition('name="place"')[2].partition("</select>")[0]
    assert ">litware<" in chosen
    assert "contoso" not in chosen
    assert "contoso has no consent" not in client_of(administrator).get("/").content.decode()
    assert "contoso" not in client_of(administrator).get(reverse("sync_status")).content.decode()
    found = Scope.for_user(bob).filter(type(estate.fabrikam_seats).objects.filter(gone_at=None))
    assert estate.fabrikam_seats in found


def test_the_api_retires_by_name(contoso, administrator, alice, api_of):
    url = reverse("api-connection-retire", args=["contoso"])
    assert api_of(alice, read_only=False).post(url).status_code == 403
    assert api_of(administrator).post(url).status_code == 403
    assert not Connection.objects.get(pk=contoso.pk).is_retired
    answer = api_of(administrator, read_only=False).post(url)
    assert answer.status_code == 200, answer.content
    assert answer.json()["retired_at"]
    assert "secret" not in answer.content.decode()
    assert api_of(administrator, read_only=False).post(url).status_code == 404
    listed = api_of(administrator).get(reverse("api-connection-list")).json()["results"]
    assert {row["name"] for row in listed} == {"contoso", "litware"}


def test_what_it_left_is_neither_counted_nor_to_be_decided(
    contoso: Connection, estate: Estate, administrator: Any, client_of: Any
) -> None:
    row, scope = estate.fabrikam_seats, Scope.for_user(administrator)
    row.refund_until = timezone.now() + timedelta(hours=5)
    row.save()
    before = figures.totals(scope)
    assert before["customers"]
    assert row in renewals.windows(scope)

    assert retire(client_of(administrator)).status_code == 302
    cache.clear()
    after = figures.totals(scope)
    assert after["customers"] < before["customers"]
    assert after["all"] < before["all"]
    assert row not in renewals.windows(scope)
    fields: Any = RuleForm(scope=scope).fields
    assert contoso not in fields["connection"].queryset
    assert estate.fabrikam not in fields["reseller"].queryset
    assert Subscription.objects.filter(pk=row.pk, gone_at=None).exists()

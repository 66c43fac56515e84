from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.activity.models import Entry
from portal.connections.models import Connection
from portal.embedded import prepare

CANARY = "canary-at-the-shell"
NEW = {
    "tenant": "6f2f36c7-8a09-4b9b-9f0e-3c1d3a3f9a11",
    "client_id": "0f1c4f0a-3f0c-4c38-a2a8-6c9d1a0a1b22",
    "client_secret": CANARY,
}


def connect(name: str = "contoso", **options) -> str:
    out = StringIO()
    call_command("connect", name, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_a_new_connection_is_production_and_read_only_and_says_so(db):
    said = connect(**NEW)
    row = Connection.objects.get(name="contoso")
    assert (row.environment, row.mode) == ("production", "read_only")
    assert row.api_url == "https://api.partnercenter.microsoft.com"
    assert row.graph_url == "https://graph.microsoft.com"
    assert "created: production, mode read-only" in said
    assert "No consent yet" in said
    assert CANARY not in said
    assert CANARY not in str(Entry.objects.values())
    assert row.client_secret.reveal() == CANARY


def test_an_update_keeps_what_is_not_given(db):
    connect(**NEW, environment="sandbox", mode="live", limits=[("customers", 100)])
    said = connect(api_url="https://partner.example/")
    row = Connection.objects.get()
    assert (row.environment, row.mode) == ("sandbox", "live")
    assert row.api_url == "https://partner.example"
    assert row.limits == {"customers": 100}
    assert row.client_secret.reveal() == CANARY
    assert "updated: sandbox, mode live" in said
    assert [entry.kind for entry in Entry.objects.order_by("pk")] == [
        "connection.created",
        "connection.changed",
    ]


def test_what_is_given_again_changes_nothing_and_is_no_entry(db, tmp_path):
    refresh = tmp_path / "refresh"
    refresh.write_text("canary-refresh\n", encoding="utf-8")
    url = "http://127.0.0.1:8765"
    for _again in range(2):
        connect(
            **NEW, environment="sandbox", api_url=url, login_url=url, refresh_token_file=refresh
        )
    kinds = [entry.kind for entry in Entry.objects.order_by("pk")]
    assert kinds == ["connection.created", "connection.consent_given"]
    assert prepare._is_connected(url) is False, "another name"
    Connection.objects.update(name=prepare.CONNECTION)
    assert prepare._is_connected(url)
    assert not prepare._is_connected("http://127.0.0.1:9999")


def test_the_modes_are_spelt_with_a_dash(db):
    connect(**NEW, mode="read-only")
    assert Connection.objects.get().mode == "read_only"


def test_no_token_for_graph_leaves_a_test_bed(db):
    connect(**NEW, api_url="http://127.0.0.1:8765", login_url="http://127.0.0.1:8765")
    assert Connection.objects.get().graph_url == "http://127.0.0.1:8765"


def test_secret_and_consent_come_from_files_or_the_environment(db, tmp_path, monkeypatch):
    secret, refresh = tmp_path / "secret", tmp_path / "refresh"
    secret.write_text("from-file\n", encoding="utf-8")
    refresh.write_text("canary-refresh\n", encoding="utf-8")
    options = {name: NEW[name] for name in ("tenant", "client_id")}
    said = connect(**options, client_secret_file=secret, refresh_token_file=refresh)
    row = Connection.objects.get()
    assert row.client_secret.reveal() == "from-file"
    assert row.refresh_token.reveal() == "canary-refresh"
    assert "canary-refresh" not in said
    assert "No consent" not in said

    monkeypatch.setenv("CLIENT_SECRET", "from-environment")
    connect()
    row.refresh_from_db()
    assert row.client_secret.reveal() == "from-environment"
    assert row.refresh_token.reveal() == "canary-refresh"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"api_url": "nonsense"}, "--api-url: Enter an address"),
        ({"api_url": "https://host/v1"}, "--api-url: Enter the host only"),
        ({"login_url": "http://login.example"}, "--login-url: A production connection needs https"),
        ({"client_secret": None}, "--client-secret: This field is required"),
        ({"tenant": None}, "--tenant: This field cannot be blank"),
        ({"tenant": "../evil"}, "--tenant: Enter the tenant as a GUID or a domain name"),
        ({"tenant": "contoso"}, "--tenant: Enter the tenant as a GUID or a domain name"),
    ],
)
def test_what_is_wrong_is_named_by_its_option_and_nothing_is_saved(db, options, told):
    with pytest.raises(CommandError, match="Nothing was saved") as caught:
        connect(**NEW | options)
    assert told in str(caught.value)
    assert CANARY not in str(caught.value)
    assert not Connection.objects.exists()


def test_a_name_must_fit_an_address(db):
    with pytest.raises(CommandError, match="Nothing was saved"):
        connect("not a slug", **NEW)


def test_a_file_that_is_missing_or_empty_is_told(db, tmp_path):
    empty = tmp_path / "empty"
    empty.touch()
    with pytest.raises(CommandError, match="is empty"):
        connect(**NEW, refresh_token_file=empty)
    with pytest.raises(CommandError, match="cannot be read"):
        connect(**NEW, refresh_token_file=tmp_path / "missing")
    assert not Connection.objects.exists()


def test_a_bad_choice_is_refused_by_the_parser(db):
    with pytest.raises(CommandError):
        call_command("connect", "contoso", "--mode", "everything")
    with pytest.raises(CommandError, match="CLASS=N"):
        call_command("connect", "contoso", "--limit", "customers=many")
    assert not Connection.objects.exists()


def test_the_closed_cloud_is_said(db):
    said = connect(**NEW, cloud="germany")
    assert "closed in 2021" in said

import pytest
from django.urls import reverse

from portal.activity.models import Entry
from portal.connections.models import Connection
from tests.people import make_person

CANARY = "canary-secret"

FORM = {
    "name": "new-one",
    "cloud": "public",
    "environment": "production",
    "tenant_id": "6f2f36c7-8a09-4b9b-9f0e-3c1d3a3f9a11",
    "client_id": "0f1c4f0a-3f0c-4c38-a2a8-6c9d1a0a1b22",
    "client_secret": "canary-new",
    "api_url": "",
    "login_url": "",
    "graph_url": "",
}


def edit_form(connection: Connection, **changes: str) -> dict[str, str]:
    fields = ("cloud", "environment", "tenant_id", "client_id", "api_url", "login_url", "graph_url")
    return {name: getattr(connection, name) for name in fields} | changes


def test_the_list_and_the_page_show_the_mode_and_never_the_secret(estate, administrator, client_of):
    browser = client_of(administrator)
    shown = browser.get(reverse("connections")).content.decode()
    assert "contoso" in shown
    assert "litware" in shown
    page = browser.get(reverse("connection", args=["contoso"]))
    html = page.content.decode()
    assert "Sandbox" in html
    assert "Live" in html
    edit = browser.get(reverse("connection_edit", args=["contoso"])).content.decode()
    assert CANARY not in shown + html + edit
    assert "form-action 'self' http://127.0.0.1:9" in page["Content-Security-Policy"]


def test_whoever_manages_one_connection_sees_that_one(estate, client_of):
    person = make_person("ada", "administrator", estate.connection)
    browser = client_of(person)
    assert "litware" not in browser.get(reverse("connections")).content.decode()
    assert browser.get(reverse("connection", args=["litware"])).status_code == 404
    assert browser.get(reverse("connection_edit", args=["litware"])).status_code == 404
    assert browser.get(reverse("connection_new")).status_code == 403
    assert browser.get(reverse("connection_edit", args=["contoso"])).status_code == 200


@pytest.mark.parametrize("who", ["alice", "auditor"])
def test_who_may_only_look_changes_nothing(estate, client_of, request, who):
    browser = client_of(request.getfixturevalue(who))
    page = browser.get(reverse("connection", args=["contoso"]))
    assert page.status_code == 200
    assert b"data-dialog" not in page.content
    for name in ("connection_edit", "connection_mode", "connection_consent", "connection_test"):
        answer = browser.post(reverse(name, args=["contoso"]), {"mode": "read_only"})
        assert answer.status_code == 403, name
    estate.connection.refresh_from_db()
    assert estate.connection.mode == "live"
    assert not Entry.objects.exclude(kind__startswith="session").exists()


def test_staff_of_a_reseller_find_no_connection(estate, bob, client_of):
    browser = client_of(bob)
    assert browser.get(reverse("connections")).status_code == 403
    assert browser.get(reverse("connection", args=["contoso"])).status_code == 403


def test_a_new_connection_is_read_only_and_has_the_clouds_addresses(
    estate, administrator, client_of
):
    answer = client_of(administrator).post(reverse("connection_new"), FORM)
    assert answer.status_code == 302
    row = Connection.objects.get(name="new-one")
    assert row.mode == "read_only"
    assert row.api_url == "https://api.partnercenter.microsoft.com"
    assert row.login_url == "https://login.microsoftonline.com"
    assert row.client_secret.reveal() == "canary-new"
    entry = Entry.objects.get(kind="connection.created")
    assert entry.actor_id == administrator.pk
    assert "canary-new" not in str([entry.parameters, entry.before, entry.after])


@pytest.mark.parametrize(
    "tenant", ["Contoso.onmicrosoft.com", "contoso.example", "6F2F36C7-8A09-4B9B-9F0E-3C1D3A3F9A11"]
)
def test_a_tenant_is_named_by_its_guid_or_a_domain(estate, administrator, client_of, tenant):
    form = FORM | {"tenant_id": tenant}
    assert client_of(administrator).post(reverse("connection_new"), form).status_code == 302
    assert Connection.objects.get(name="new-one").tenant_id == tenant


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "contoso"}, "Another connection has this name"),
        ({"name": "not a slug"}, "valid"),
        ({"name": "new"}, "Choose another"),
        ({"client_secret": ""}, "required"),
        ({"api_url": "ftp://x"}, "https://host"),
        ({"api_url": "https://host/v1"}, "without a path"),
        ({"api_url": "https://user:pw@host"}, "host only"),
        ({"api_url": "http://partner.example"}, "needs https"),
        ({"name": "two words"}, "Use letters, digits, hyphens and underscores only."),
        ({"tenant_id": "common"}, "Enter the tenant as a GUID or a domain name"),
        ({"tenant_id": "6f2f36c7-8a09-4b9b-9f0e"}, "Enter the tenant as a GUID or a domain name"),
        ({"tenant_id": "10.0.0.1"}, "Enter the tenant as a GUID or a domain name"),
        ({"tenant_id": "-a.example"}, "Enter the tenant as a GUID or a domain name"),
        ({"limit_customers": "none"}, "whole number"),
        ({"limit_customers": "0"}, "greater than or equal to 1"),
    ],
)
def test_bad_input_is_told_at_its_field_and_saves_nothing(
    estate, administrator, client_of, change, told
):
    before = Connection.objects.count()
    answer = client_of(administrator).post(reverse("connection_new"), FORM | change)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Connection.objects.count() == before
    assert b"canary-new" not in answer.content


@pytest.mark.parametrize(
    ("value", "told"),
    [("ftp://x", "Enter an address such as https://host"), ("http://x", "needs https")],
)
@pytest.mark.parametrize("field", ["api_url", "login_url", "graph_url"])
def test_a_bad_address_is_told_in_the_summary_and_at_its_field_alone(
    estate, administrator, client_of, field, value, told
):
    answer = client_of(administrator).post(reverse("connection_new"), FORM | {field: value})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count(told) == 2
    assert html.count('aria-invalid="true"') == 1
    assert f'id="id_{field}-error"' in html


def test_an_empty_secret_keeps_the_stored_one_and_a_new_one_ends_a_pause(
    estate, administrator, client_of
):
    row = estate.connection
    Connection.objects.filter(pk=row.pk).update(
        problem_at=row.created_at, problem_code="AADSTS7000215", problem_kind="app"
    )
    browser = client_of(administrator)
    page = browser.get(reverse("connection", args=["contoso"])).content.decode()
    assert "AADSTS7000215" in page
    assert "not its ID" in page

    url = reverse("connection_edit", args=["contoso"])
    assert browser.post(url, edit_form(row, limit_orders="200")).status_code == 302
    row.refresh_from_db()
    assert row.client_secret.reveal() == CANARY
    assert row.limits == {"orders": 200}
    assert row.is_paused

    assert browser.post(url, edit_form(row, client_secret="better")).status_code == 302
    row.refresh_from_db()
    assert row.client_secret.reveal() == "better"
    assert row.limits == {}
    assert not row.is_paused
    entry = Entry.objects.filter(kind="connection.changed").latest("pk")
    assert entry.parameters == {"new_secret": True}


def test_saving_what_is_there_writes_no_entry(estate, administrator, client_of):
    url = reverse("connection_edit", args=["contoso"])
    client_of(administrator).post(url, edit_form(estate.connection))
    assert not Entry.objects.filter(kind__startswith="connection").exists()


def test_a_change_of_mode_is_its_own_entry(estate, administrator, client_of):
    browser = client_of(administrator)
    url = reverse("connection_mode", args=["contoso"])
    assert browser.post(url, {"mode": "read_only"}).status_code == 302
    estate.connection.refresh_from_db()
    assert estate.connection.mode == "read_only"
    entry = Entry.objects.get(kind="connection.mode_changed")
    assert (entry.before, entry.after) == ({"mode": "live"}, {"mode": "read_only"})
    browser.post(url, {"mode": "everything"})
    estate.connection.refresh_from_db()
    assert estate.connection.mode == "read_only"


def test_production_goes_live_only_by_its_typed_name(estate, administrator, client_of):
    Connection.objects.filter(pk=estate.connection.pk).update(
        environment="production", mode="read_only"
    )
    browser = client_of(administrator)
    url = reverse("connection_mode", args=["contoso"])
    browser.post(url, {"mode": "live", "typed_name": "litware"})
    estate.connection.refresh_from_db()
    assert estate.connection.mode == "read_only"
    browser.post(url, {"mode": "live", "typed_name": "contoso"})
    estate.connection.refresh_from_db()
    assert estate.connection.mode == "live"


def test_a_form_save_keeps_the_refresh_token_a_worker_rotated(estate, administrator, client_of):
    row = estate.connection
    Connection.objects.filter(pk=row.pk).update(refresh_token="rotated")
    client_of(administrator).post(
        reverse("connection_edit", args=["contoso"]), edit_form(row, limit_other="7")
    )
    row.refresh_from_db()
    assert row.refresh_token.reveal() == "rotated"


def test_settings_lead_to_the_first_room_one_may_enter(estate, administrator, bob, client_of):
    assert client_of(administrator).get(reverse("settings")).url == reverse("connections")
    carol = make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)
    assert client_of(carol).get(reverse("settings")).url == reverse("users")
    assert client_of(bob).get(reverse("settings")).status_code == 403, (
        "no room has anything for bob"
    )


def test_banners_name_sandbox_read_only_and_a_refused_sign_in(estate, administrator, client_of):
    Connection.objects.filter(pk=estate.other.pk).update(
        mode="read_only", problem_at=estate.other.created_at
    )
    html = client_of(administrator).get(reverse("sync")).content.decode()
    assert "Sandbox (contoso, litware)" in html
    assert "Read only (litware)" in html
    assert "refused the sign-in (litware)" in html


def test_staff_of_a_reseller_see_the_environment_without_names(estate, bob, client_of):
    html = client_of(bob).get(reverse("sync")).content.decode()
    assert "no real customers" in html
    assert "contoso" not in html

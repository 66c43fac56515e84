"""Test connection: what each family answers, and which step mends it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.administration import probes, verdicts
from portal.connections.accounts import save_configuration
from portal.connections.clients import RETRIES, get_client
from portal.connections.models import Connection
from portal.mirror import freshness, questions
from portal.mirror.models import DirtyMark, Question
from portal.partnercenter.operations import REGISTRY
from portal.partnercenter.retry import RetryPolicy
from portal.partnercenter.spec import Effect
from tests.connections.conftest import make_connection, make_emulated
from tests.connections.test_sign_in import give, html_server
from tests.people import make_customer, make_person

__all__ = ["html_server"]


@pytest.fixture
def desk(db, client_of, monkeypatch):
    monkeypatch.setattr(questions, "_queue", lambda question_id: None)
    monkeypatch.setitem(RETRIES, "question", RetryPolicy(attempts=2, first=0.01))
    return client_of(make_person("admin", "administrator"))


def run(desk, connection: Connection) -> str:
    """Test, be the worker, give the fragment."""
    answer = desk.post(
        reverse("connection_test", args=[connection.name]), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert b"Asking Microsoft" in answer.content
    assert b"hx-get" in answer.content
    for question in Question.objects.filter(state="waiting"):
        questions.answer(question.pk)
    shown = desk.get(reverse("connection_test_status", args=[connection.name]))
    assert b"hx-get" not in shown.content
    return str(shown.content.decode())


def test_every_probe_is_a_read_that_exists_and_fits_its_operation():
    asked = {probe.operation for probe in probes.PROBES}
    assert {"GET_ORGANIZATION_PROFILE", "GET_PARTNER_NETWORK_PROFILE"} <= asked
    for probe in probes.PROBES:
        operation = REGISTRY[probe.operation]
        assert operation.effect is Effect.READ
        assert set(operation.path_names) == ({"customer_id"} if probe.needs_customer else set())
        declared = {query.name.lower(): query for query in operation.query}
        assert {name.lower() for name in probe.query} <= set(declared)
        needed = {name for name, query in declared.items() if query.required and not query.constant}
        assert needed <= {name.lower() for name in probe.query}


def test_without_consent_the_application_works_and_the_rest_says_give_consent(emulated, desk):
    shown = run(desk, emulated)
    assert shown.count("Works") == 2
    assert shown.count("Give consent") == 4
    assert "Asked once a first sync has found a customer" in shown


def test_with_consent_and_a_customer_everything_works(emulated, desk):
    give(emulated)
    customer = make_customer(emulated, "Adatum")
    body = get_client(emulated, "question").call(REGISTRY["LIST_CUSTOMERS"], query={"size": 1})
    customer.pc_id = body["items"][0]["id"]
    customer.save()
    shown = run(desk, emulated)
    assert shown.count("Works") == len(probes.PROBES), shown


@pytest.mark.parametrize("graph", ["denied", "no_consent"])
def test_a_permission_of_its_own_that_lacks_is_no_fault_of_the_connection(
    emulated, emulator, desk, graph
):
    give(emulated)
    emulator.app.graph = graph
    shown = run(desk, emulated)
    assert shown.count("Not permitted") == 1
    assert "DelegatedAdminRelationship.Read.All" in shown
    assert "Missing" not in shown
    emulated.refresh_from_db()
    assert not emulated.is_paused
    # Who tests again has perhaps given it: what was barred is read again, too.
    freshness.bar(emulated, "admin_relationships", {"code": "403"})
    emulator.app.graph = "write"
    assert "Not permitted" not in run(desk, emulated)
    assert DirtyMark.objects.get().family == "admin_relationships"


def test_a_wrong_secret_says_which_value_to_enter_and_a_second_test_asks_again(db, emulator, desk):
    connection = make_emulated(emulator, client_secret="canary-the-secrets-id")
    shown = run(desk, connection)
    assert "AADSTS7000215" in shown
    assert "value, not its ID" in shown
    connection.refresh_from_db()
    assert connection.problem_correlation_id in shown
    assert "canary" not in shown

    connection.client_secret = make_emulated(emulator, name="right").client_secret
    save_configuration(connection, ["client_secret"])
    assert run(desk, connection).count("Works") == 2


def test_an_unreachable_host_says_firewall(db, desk):
    shown = run(desk, make_connection())
    assert "firewall" in shown
    assert "Works" not in shown


def test_html_instead_of_json_says_proxy(db, emulator, desk, html_server):
    shown = run(desk, make_emulated(emulator, api_url=html_server))
    assert "Something else than Partner Center answered" in shown
    assert "Works" not in shown


def test_a_wrong_host_that_says_404_is_somebody_else(db, emulator, desk, html_server):
    shown = run(desk, make_emulated(emulator, api_url=f"{html_server}/missing"))
    assert "Something else than Partner Center answered" in shown
    assert "field API address" in shown
    assert "Look the code up" not in shown
    assert "Partner Center 404" not in shown


def test_nobody_is_said_to_have_said_what_nobody_said(db, desk):
    shown = run(desk, make_connection())
    assert "Partner Center </small>" not in shown
    assert "Partner Center Unreachable" not in shown
    assert "refused" in shown, "the technical cause stays"


def test_html_at_the_sign_in_names_the_other_field(db, emulator, desk, html_server):
    shown = run(desk, make_emulated(emulator, login_url=html_server))
    assert "field Sign-in address" in shown
    assert "field API address" not in shown


@pytest.mark.parametrize(
    ("error", "heard", "code"),
    [
        ({"kind": "NotFound", "status": 404, "code": "1000", "operation": "X"}, True, "404 1000"),
        ({"kind": "BadAnswer", "status": 404, "code": "BadAnswer", "operation": "X"}, False, "404"),
        ({"kind": "Unreachable", "code": "Unreachable", "operation": "X"}, False, ""),
        ({"kind": "TokenRefused", "code": "AADSTS7000222"}, False, "AADSTS7000222"),
    ],
)
def test_who_said_it(error, heard, code):
    verdict = verdicts.Verdict(title="x", state="missing", error=error)
    assert (verdict.heard, verdict.code) == (heard, code)


@pytest.mark.parametrize(
    ("error", "step"),
    [
        ({"code": "900329", "kind": "PermissionMissing", "status": 403}, "Give consent"),
        ({"code": "AADSTS7000222"}, "expired"),
        ({"code": "AADSTS700016"}, "application ID"),
        ({"kind": "Forbidden", "status": 403}, "forbids"),
        ({"kind": "ConsentNeeded"}, "Give consent"),
        ({"kind": "SecretUnreadable", "code": "wrong_key"}, "FIELD_KEYS"),
        ({"kind": "Invented", "code": "1"}, "Look the code up"),
    ],
)
def test_each_error_has_a_step(error, step):
    assert step in str(probes.step_for(error))


def test_a_question_that_no_worker_takes_is_said(emulated, desk):
    desk.post(reverse("connection_test", args=["emulated"]))
    Question.objects.update(created_at=timezone.now() - questions.PATIENCE * 2)
    shown = desk.get(reverse("connection_test_status", args=["emulated"])).content.decode()
    assert "No worker took the question" in shown
    assert "hx-get" not in shown

"""Who at the customer decided: kept beside the change, shown, never without the right, mailed about."""

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from orders import actions
from orders.models import Subscription, TermDecision
from orders.renewals import queries
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.dashboard.activity_log import wording
from portal.notifications.models import Mail
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from tests.orders.renewals.conftest import midnight

if TYPE_CHECKING:
    from pathlib import Path

TODAY = midnight(0).date()


def test_a_decision_is_kept_beside_its_change(
    soon: Subscription,
    bob: User,
    charlie: User,
    client_of: Any,
    api_of: Any,
    settings: Any,
    tmp_path: "Path",
) -> None:
    settings.DATA_DIR = tmp_path
    browser = client_of(bob)
    url = f"/subscriptions/{soon.pk}/end-of-term/"
    assert "the decision is kept" in browser.get(url, {"choice": "renew"}).content.decode()
    asked = {
        "choice": "cancel",
        "decided_by": "  Ana   Lima ",
        "decided_on": TODAY.isoformat(),
        "proof": "Mail of that day",
        "file": SimpleUploadedFile("proof.eml", b"yes"),
    }
    unproven = browser.post(url, {"choice": "renew"})
    assert unproven.status_code == 422
    assert "To keep who decided it, write who and when." in unproven.content.decode()
    late = asked | {"decided_on": midnight(2).date().isoformat(), "file": ""}
    assert "Write a day that has been." in browser.post(url, late).content.decode()
    assert browser.post(url, asked).status_code == 302
    row, command = TermDecision.objects.get(), Command.objects.get()
    assert (row.choice, row.decided_by, row.decided_on) == ("cancel", "Ana Lima", TODAY)
    assert (row.command, row.reseller, row.recorded_by) == (command, soon.reseller, bob)
    assert row.ends_on == soon.commitment_end_date.date()
    entry = Entry.objects.get(kind="subscription.decided")
    assert (entry.reseller_id, entry.command_id) == (soon.reseller_id, command.pk)
    assert wording.what(entry).endswith(": Cancel at the end of the term")
    for page in (f"/subscriptions/{soon.pk}/", "/renewals/", "/renewals/decisions/"):
        assert "Ana Lima" in browser.get(page).content.decode()
    file = browser.get(f"/renewals/decisions/{row.pk}/file/")
    assert (b"".join(file.streaming_content), file["X-Content-Type-Options"]) == (b"yes", "nosniff")
    outsider = client_of(charlie)
    assert outsider.get(f"/renewals/decisions/{row.pk}/file/").status_code == 404
    assert "Ana Lima" not in outsider.get("/renewals/decisions/").content.decode()
    (told,) = api_of(bob).get("/api/v1/term-decisions/").json()["results"]
    assert (told["decided_by"], told["state"], told["has_file"]) == ("Ana Lima", "queued", True)
    url = f"/api/v1/term-decisions/{row.pk}/file/"
    over_api = api_of(bob).get(url)
    assert b"".join(over_api.streaming_content) == b"yes"
    assert "attachment" in over_api["Content-Disposition"]
    assert api_of(charlie).get(url).status_code == 404
    (due,) = api_of(bob).get("/api/v1/renewals/", {"choice": "renew"}).json()["results"]
    assert due["decision"]["on"] == TODAY.isoformat()
    exported: Any = browser.get("/renewals/decisions/", {"export": "csv"})
    assert "Mail of that day proof.eml" in b"".join(exported.streaming_content).decode()
    assert queries.counts(Scope.for_user(bob))["undecided"] == 0
    Command.objects.update(state="failed", error={"code": "1"}, settled_at=timezone.now())
    assert queries.counts(Scope.for_user(bob))["undecided"] == 1, (
        "what came to nothing decides nothing"
    )


def test_renewing_as_before_is_a_decision_too(soon: Subscription, bob: User, api_of: Any) -> None:
    by = (Actor.for_user(bob), Scope.for_user(bob))
    with pytest.raises(RefusedError, match="happens already"):
        actions.set_term_end(*by, soon, "renew", Asked())
    assert TermDecision.objects.count() == 0
    answer = api_of(bob, read_only=False).post(
        f"/api/v1/subscriptions/{soon.pk}/set-end-of-term/",
        {"choice": "renew", "decided_by": "Ana", "decided_on": TODAY.isoformat()},
        content_type="application/json",
    )
    assert answer.status_code == 202
    assert TermDecision.objects.get().command_id == answer.json()["id"]
    wrong = {"choice": "renew", "decided_on": midnight(3).date().isoformat()}
    url = f"/api/v1/subscriptions/{soon.pk}/set-end-of-term/"
    assert (
        api_of(bob, read_only=False).post(url, wrong, content_type="application/json").status_code
        == 400
    )


def test_a_customer_is_written_to_in_its_language(
    soon: Subscription, bob: User, client_of: Any
) -> None:
    browser = client_of(bob)
    url = f"/customers/{soon.customer_id}/renewals/write/"
    asked = {"slug": "renewal.question", "language": "fr", "to": "ana@adatum.example"}
    shown = browser.post(url, asked).content.decode()
    assert "Soon of Adatum" in shown
    assert "Bonjour" in shown
    assert Mail.objects.count() == 0
    assert browser.post(url, asked | {"send": "1"}).status_code == 302
    mail = Mail.objects.get()
    assert (mail.to, mail.language, mail.kind) == ("ana@adatum.example", "fr", "renewal.question")
    assert "Soon of Adatum, 10 licences" in mail.text
    entry = Entry.objects.get(kind="customer.renewals_written")
    assert wording.what(entry) == "Written to the customer: Renewals: what becomes of them?"
    none = browser.post(url, asked | {"slug": "renewal.confirmation", "send": "1"})
    assert none.status_code == 422
    assert Mail.objects.count() == 1


def test_a_script_brings_the_file_that_proves_it_and_reads_it_again(
    soon: Subscription, bob: User, charlie: User, api_of: Any, settings: Any, tmp_path: "Path"
) -> None:
    settings.DATA_DIR = tmp_path
    api, url = api_of(bob, read_only=False), f"/api/v1/subscriptions/{soon.pk}/set-end-of-term/"
    file = {"name": "../proof.eml", "content": "?"}
    sent = {"choice": "cancel", "proof_file": file}
    wrong = api.post(url, sent, "application/json")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["proof_file.content"])
    file["content"] = "eWVz"
    assert api.post(url, sent, "application/json").status_code == 202
    row = TermDecision.objects.get()
    kept = api.get(f"/api/v1/term-decisions/{row.pk}/file/")
    assert b"".join(kept.streaming_content) == b"yes"
    assert 'filename="proof.eml"' in kept["Content-Disposition"]
    assert api_of(charlie).get(f"/api/v1/term-decisions/{row.pk}/file/").status_code == 404

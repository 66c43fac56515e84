"""The end of term for many: a selection of which three fail, and a file with its decisions."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orders import actions, queries
from orders.bulk import subscriptions, terms
from orders.models import Subscription, TermDecision
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists.intake.reading import unusable
from portal.outbox import queue, tasks
from portal.outbox.batches import capturing, feeding, steering
from portal.outbox.batches import queries as batch_queries
from portal.outbox.batches.capturing import Target, Wish
from portal.outbox.models import Batch
from portal.outbox.states import State
from tests.orders.renewals.conftest import CANCEL, ending, midnight
from tests.people import Estate

MANY = 8
GUID = "6a8f3c9e-0000-4000-8000-00000000000"


def settle(batch: Batch, failing: set[int]) -> None:
    """Let what is queued end as if a worker had sent it: three are refused by Partner Center."""
    for command in batch.commands.filter(state="queued"):
        queue.move(command.pk, State.SENDING, among=(State.QUEUED,))
        fails = command.target_id in failing
        told: Any = {"error": {"code": "900277", "message": "x"}} if fails else {}
        state = State.FAILED if fails else State.SUCCEEDED
        queue.move(command.pk, state, among=(State.SENDING,), **told)


def test_of_many_three_fail_and_the_rest_are_done(estate: Estate, bob: User) -> None:
    pattern = ending(estate, "N", 5)
    made = []
    for number in range(MANY - 1):
        pattern.pk, pattern.pc_id = None, f"n-{number}"
        made.append(
            Subscription(
                **{
                    f.attname: getattr(pattern, f.attname)
                    for f in Subscription._meta.concrete_fields
                }
            )
        )
    Subscription.objects.bulk_create(made)
    rows = list(queries.subscriptions(Scope.for_user(bob)).filter(friendly_name__startswith="N "))
    by = (Actor.for_user(bob), Scope.for_user(bob))
    parameters = {"choice": "cancel", "decided_by": "Ana Lima", "decided_on": "2026-11-20"}
    wish = Wish(verb=actions.SET_TERM_END, parameters=parameters)
    batch = capturing.capture(*by, wish, (Target(row, subscriptions.label(row)) for row in rows))
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    steering.start(*by, batch, seen=MANY)
    failing = {row.pk for row in rows[4:7]}
    while batch.state != "finished":
        feeding.feed(batch.pk)
        settle(batch, failing)
        batch.refresh_from_db()
    found = batch_queries.counts(Scope.system(), batch)
    assert (found.total, found.done, found.failed) == (MANY, MANY - 3, 3)
    kept = TermDecision.objects.filter(choice="cancel", decided_by="Ana Lima")
    assert kept.count() == MANY
    assert kept.filter(command__state="failed").count() == 3


def test_what_makes_no_sense_is_refused_by_the_row_and_keeps_no_batch(
    estate: Estate, soon: Subscription, bob: User, api_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = api_of(bob, read_only=False)

    def checked(**parameters: object) -> tuple[str, list[str]]:
        wish = {"verb": actions.SET_TERM_END, "rows": [{"id": soon.pk}]}
        told = {"choice": "cancel", **parameters}
        made = api.post("/api/v1/batches/", wish | {"parameters": told}, "application/json")
        tasks.check_batch(made.json()["id"])
        at = f"/api/v1/batches/{made.json()['id']}/"
        rows = api.get(f"{at}rows/").json()["results"]
        return api.get(at).json()["state"], [row["problem"] or row["state"] for row in rows]

    assert checked() == ("ready", ["ready"])
    for wrong in ({"decided_on": "soon"}, {"decided_on": 7}):
        assert "is not a day" in checked(**wrong)[1][0]
    assert checked(decided_on="2999-01-01") == ("ready", ["Write a day that has been."])
    assert checked(decided_by="x" * 201) == ("ready", ["Write at most 200 characters."])
    shape = {"verb": actions.SET_TERM_END, "rows": [{"id": "a"}]}
    refused = api.post("/api/v1/batches/", shape, "application/json").json()["fields"]
    assert list(refused) == ["rows.0.id"]

    def raising(*_values: object) -> None:
        raise ValueError("no rule has thought of it")

    batch = checked()
    assert batch[0] == "ready"
    made = Batch.objects.latest("pk")
    steering.start(Actor.for_user(bob), Scope.for_user(bob), made, seen=1)
    monkeypatch.setattr(actions, "set_term_end", raising)
    feeding.feed(made.pk)
    made.refresh_from_db()
    assert made.state == "finished"
    (row,) = made.rows.all()
    assert (row.state, row.problem["code"]) == ("refused", "fault")
    monkeypatch.setattr(actions, "plan", raising)
    assert checked() == ("ready", ["What is asked for it makes no sense. Nothing was sent."])


def test_a_file_brings_choices_with_who_decided(
    estate: Estate, soon: Subscription, bob: User, client_of: Any
) -> None:
    already = ending(
        estate, "Already", 9, pc_id=f"{GUID}2", auto_renew=False, scheduled_change=CANCEL
    )
    Subscription.objects.filter(pk=soon.pk).update(pc_id=f"{GUID}1")
    browser = client_of(bob)
    template = browser.get("/renewals/file/template/").content.decode("utf-8-sig")
    assert template == "Subscription ID,At the end of the term,Decided by,Decided on,Proof\r\n"
    text = (
        f"{template}{GUID}1,Annuler,Ana,20/11/2026,Call\n{GUID}2,cancel,,,\n"
        f"{GUID}3,renew,,,\nnonsense,renew,,,\n{GUID}4,never,,,\n{GUID}5,renew,,2999-01-01,\n"
    )
    table = SimpleUploadedFile("ends.csv", text.encode(), content_type="text/csv")
    answer = browser.post("/renewals/file/", {"table": table})
    batch = Batch.objects.get()
    assert answer["Location"] == batch.get_absolute_url()
    assert {unusable(told).line for told in batch.left_out} == {4, 5, 6, 7}
    tasks.check_batch(batch.pk)
    told = dict(batch.rows.values_list("target_id", "state"))
    assert told == {soon.pk: "ready", already.pk: "refused"}, "nothing new and nobody decided"
    row = batch.rows.get(target_id=soon.pk)
    assert row.parameters == {
        "choice": "cancel",
        "decided_by": "Ana",
        "decided_on": "2026-11-20",
        "proof": "Call",
    }
    assert (
        "Set the end of term of 1 subscription?" in browser.get(answer["Location"]).content.decode()
    )


def test_a_selection_of_the_due_list_asks_what_and_who(
    estate: Estate, soon: Subscription, bob: User, client_of: Any
) -> None:
    ending(estate, "Later", 50)
    browser = client_of(bob)
    url = "/renewals/many/end-of-term/"
    selected = {"all": "1", "query": "within=7"}
    assert "Decided by" in browser.post(url, selected).content.decode()
    asked = selected | {"valued": "1", "choice": "extended", "decided_by": "Ana"}
    browser.post(url, asked)
    batch = Batch.objects.get()
    assert batch.parameters == {"choice": "extended", "decided_by": "Ana"}
    assert list(batch.rows.values_list("target_id", flat=True)) == [soon.pk]
    assert terms.END.tell(1, batch.parameters).points[-1].endswith("decided by Ana.")
    assert midnight(7) > soon.commitment_end_date

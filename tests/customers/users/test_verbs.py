"""What staff ask for a user: checked here, read and compared before it is sent, settled when an answer is lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.http import Http404

from customers.models import Customer, CustomerUser, DirectoryRole
from customers.users import actions
from portal.access.entering import entered
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity import personal
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.outbox import secrets
from portal.outbox.commands import Asked
from portal.outbox.models import Command, CommandStep
from tests.customers.users.conftest import Read, Upstream, admin_of, deliver, left, one_of

HELPDESK = "Helpdesk Administrator"
ADMINISTRATOR = "Company Administrator"


def by(person: User, act: Callable[..., Command], *rest: Any) -> Command:
    return act(Actor.for_user(person), Scope.for_user(person), *rest, Asked())


def new(customer: Customer, **more: Any) -> dict[str, Any]:
    return {
        "display_name": "Inès Roche",
        "first_name": "Inès",
        "last_name": "Roche",
        "user_principal_name": f"ines.roche@{customer.domain}",
        "usage_location": "FR",
        **more,
    }


def shown(person: User, command: Command) -> dict[str, str]:
    """What the person reads once."""
    scope = Scope.for_user(person)
    with entered(scope):
        return dict(secrets.take(Actor.for_user(person), scope, command))


def role(customer: Customer, name: str) -> DirectoryRole:
    return DirectoryRole.objects.get(customer=customer, name=name)


# --- create -----------------------------------------------------------------------------------------


def test_a_user_is_created_and_its_password_is_for_the_asker_alone(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    command = deliver(by(helper, actions.create, known, new(known)))
    assert command.state == "succeeded"
    made = CustomerUser.objects.get(user_principal_name=f"ines.roche@{known.domain}")
    assert (made.customer, made.state, made.display_name) == (known, "active", "Inès Roche")
    assert command.result == command.after
    password = shown(helper, command)["Password"]
    assert len(password) == 16
    tables = (CustomerUser, Command, CommandStep, Entry)
    kept = "".join(serializers.serialize("json", model.objects.all()) for model in tables)
    assert password not in kept
    assert "passwordProfile" not in kept
    told = Entry.objects.filter(command_id=command.pk, kind=f"{actions.CREATE}.requested").get()
    assert "Inès" not in json.dumps([told.before, told.after])
    assert upstream.calls("CREATE_USER") == 1


def test_a_typed_password_is_sent_and_stands_nowhere(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    values = new(known, password="Zx7#canary-first", must_change=False)
    command = by(helper, actions.create, known, values)
    assert "canary" not in serializers.serialize("json", [command])
    assert deliver(command).state == "succeeded"
    assert shown(helper, command) == {"Password": "Zx7#canary-first"}
    assert upstream.calls("CREATE_USER") == 1


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"user_principal_name": "ines"}, "user_name", "user_principal_name"),
        ({"user_principal_name": "ines roche@{domain}"}, "user_name", "user_principal_name"),
        ({"user_principal_name": ".ines@{domain}"}, "user_name", "user_principal_name"),
        ({"user_principal_name": "ines@elsewhere.example"}, "domain", "user_principal_name"),
        ({"user_principal_name": "ADMIN@{domain}"}, "taken", "user_principal_name"),
        ({"usage_location": "XX"}, "country", "usage_location"),
        ({"display_name": " "}, "missing", "display_name"),
        ({"password": "Sh0rt"}, "password", "password"),
        ({"password": "onlylowercase1"}, "password", "password"),
        ({"password": "Ines.Roche-2026"}, "password", "password"),
        ({"password": "Mot2passé-long"}, "password", "password"),
    ],
)
def test_what_is_known_to_be_refused_is_not_asked(
    known: Customer, helper: User, change: dict[str, str], code: str, field: str
) -> None:
    change = {name: value.format(domain=known.domain) for name, value in change.items()}
    with pytest.raises(RefusedError) as found:
        by(helper, actions.create, known, new(known) | change)
    assert (found.value.code, found.value.field) == (code, field)
    assert Command.objects.count() == 0


def test_a_lost_answer_is_settled_by_the_user_name(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    command = by(helper, actions.create, known, new(known))
    upstream.fault("CREATE_USER", "html")
    assert deliver(command).state == "in_doubt"
    assert deliver(command).state == "succeeded"
    assert upstream.calls("CREATE_USER") == 1
    assert shown(helper, command)["Password"]
    assert CustomerUser.objects.filter(display_name="Inès Roche").count() == 1


def test_a_create_that_never_arrived_is_sent_again_with_the_same_password(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    command = by(helper, actions.create, known, new(known))
    upstream.fault("CREATE_USER", "status", status=500)
    assert deliver(command).state == "in_doubt"
    sealed = secrets.made(command, secrets.PASSWORD)
    assert deliver(command).state == "succeeded"
    assert upstream.calls("CREATE_USER") == 2
    assert shown(helper, command) == {"Password": sealed}


def test_a_user_name_that_somebody_took_meanwhile_is_not_sent(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    command = by(helper, actions.create, known, new(known))
    body = {
        "userPrincipalName": new(known)["user_principal_name"],
        "displayName": "Somebody",
        "passwordProfile": {"password": "abCD123*"},
    }
    upstream.api.call("POST", f"/v1/customers/{known.pc_id}/users", body)
    calls = upstream.calls("CREATE_USER")
    assert deliver(command).state == "failed"
    assert "user_principal_name" in (command.error or {})["difference"]
    assert upstream.calls("CREATE_USER") == calls


# --- one user ---------------------------------------------------------------------------------------


def test_names_change_and_only_what_differs_is_sent(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    user = one_of(known)
    command = by(helper, actions.update, user, {"last_name": "Martin", "usage_location": "BE"})
    assert command.after == {"last_name": "Martin", "usage_location": "BE"}
    assert deliver(command).state == "succeeded"
    user.refresh_from_db()
    assert (user.last_name, user.usage_location) == ("Martin", "BE")
    with pytest.raises(RefusedError) as found:
        by(helper, actions.update, user, {"last_name": "Martin"})
    assert found.value.code == "unchanged"
    assert upstream.calls("UPDATE_USER") == 1


def test_what_somebody_else_changed_is_not_overwritten(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    user = one_of(known)
    command = by(helper, actions.update, user, {"last_name": "Martin"})
    seen = user.last_name
    url = f"/v1/customers/{known.pc_id}/users/{user.pc_id}"
    upstream.api.patch(url, {"lastName": "Theirs"})
    assert deliver(command).state == "failed"
    assert (command.error or {})["difference"] == {"last_name": [seen, "Theirs"]}
    user.refresh_from_db()
    assert user.last_name == "Theirs"


def test_a_user_is_deleted_and_restored(known: Customer, helper: User, upstream: Upstream) -> None:
    user = one_of(known)
    command = deliver(by(helper, actions.delete, user))
    assert (command.state, command.result) == ("succeeded", {"state": "inactive"})
    user.refresh_from_db()
    assert user.is_deleted
    assert user.soft_deleted_at is not None
    name, other = user.user_principal_name, CustomerUser.objects.filter(pk=admin_of(known).pk)
    other.update(user_principal_name=name.upper())
    with pytest.raises(RefusedError, match=f"has the user name {name} by now"):
        by(helper, actions.restore, user)
    other.update(user_principal_name="admin@x.example")
    assert deliver(by(helper, actions.restore, user)).state == "succeeded"
    user.refresh_from_db()
    assert (user.state, user.soft_deleted_at) == ("active", None)
    upstream.fault("DELETE_USER", "html")
    again = by(helper, actions.delete, user)
    assert deliver(again).state in {"in_doubt", "succeeded"}
    assert deliver(again).state == "succeeded"
    assert upstream.calls("DELETE_USER") == 2
    assert upstream.calls("RESTORE_USER") == 1
    assert upstream.calls("GET_USER") >= 3, "each is read before it is changed"


def test_the_log_keeps_the_name_of_a_person_apart_until_it_is_erased(
    known: Customer, helper: User
) -> None:
    user = one_of(known)
    command = deliver(by(helper, actions.reset_password, user, actions.Password()))
    shown(helper, command)
    entries = Entry.objects.filter(command_id=command.pk)
    assert {entry.kind.rpartition(".")[2] for entry in entries} == {
        "requested",
        "confirmed",
        "read",
    }
    assert {entry.target_label for entry in entries} == {known.name}
    kept = serializers.serialize("json", entries)
    assert user.display_name not in kept
    assert user.user_principal_name not in kept
    asked = entries.get(kind=f"{actions.RESET_PASSWORD}.requested")
    rows = asked.personal.select_related("subject")
    assert personal.reveal(rows)["person"] == command.target_label
    personal.erase(f"customer:{known.pc_id}")
    assert "person" not in personal.reveal(rows.all())


def test_the_last_administrator_and_synchronised_accounts_are_left_alone(
    known: Customer, helper: User
) -> None:
    with pytest.raises(RefusedError) as found:
        by(helper, actions.delete, admin_of(known))
    assert found.value.code == "last_administrator"
    with pytest.raises(RefusedError) as found:
        by(helper, actions.remove_role, admin_of(known), role(known, ADMINISTRATOR))
    assert found.value.code == "last_administrator"
    user = one_of(known)
    user.last_directory_sync_at = user.list_observed_at
    user.save()
    for act in (actions.delete, actions.update):
        rest: list[dict[str, str]] = [{}] if act is actions.update else []
        with pytest.raises(RefusedError) as found:
            by(helper, act, user, *rest)
        assert found.value.code == "synchronised"
    assert Command.objects.count() == 0


def test_of_two_administrators_only_one_can_be_asked_to_go(known: Customer, helper: User) -> None:
    first, second, ruling = admin_of(known), one_of(known), role(known, ADMINISTRATOR)
    ruling.member_ids = [first.pc_id, second.pc_id]
    ruling.save()
    by(helper, actions.remove_role, first, ruling)
    for act, rest in ((actions.delete, []), (actions.remove_role, [ruling])):
        with pytest.raises(RefusedError) as found:
            by(helper, act, second, *rest)
        assert found.value.code == "last_administrator"


def test_a_user_whose_days_are_over_is_not_restored(known: Customer, helper: User) -> None:
    user = left(known)
    CustomerUser.objects.filter(pk=user.pk).update(soft_deleted_at="2026-01-01T00:00:00Z")
    user.refresh_from_db()
    with pytest.raises(RefusedError) as found:
        by(helper, actions.restore, user)
    assert found.value.code == "too_late"
    with pytest.raises(RefusedError) as found:
        by(helper, actions.update, user, {"last_name": "x"})
    assert found.value.code == "deleted"


def test_a_password_is_reset_once_though_its_answer_is_lost(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    user = one_of(known)
    command = by(helper, actions.reset_password, user, actions.Password())
    upstream.fault("RESET_PASSWORD", "html")
    assert deliver(command).state == "in_doubt"
    assert deliver(command).state == "succeeded"
    assert len(shown(helper, command)["Password"]) == 16
    with pytest.raises(RefusedError):
        by(helper, actions.reset_password, user, actions.Password("weak"))


def test_a_chosen_password_goes_by_the_earlier_call_where_there_is_only_that(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    user = one_of(known)
    command = by(helper, actions.reset_password, user, actions.Password("Renew456*Renew"))
    upstream.fault("RESET_PASSWORD", "status", status=404)
    assert deliver(command).state == "succeeded"
    assert upstream.calls("RESET_PASSWORD_BY_UPDATE") == 1
    assert shown(helper, command)["Password"] == "Renew456*Renew"
    command = by(helper, actions.reset_password, user, actions.Password())
    upstream.fault("RESET_PASSWORD", "status", status=400)
    assert deliver(command).state == "failed"
    assert upstream.calls("RESET_PASSWORD_BY_UPDATE") == 1, "a refusal is no missing call"


def test_a_role_is_given_and_taken_back(known: Customer, helper: User, upstream: Upstream) -> None:
    user = one_of(known)
    command = by(helper, actions.add_role, user, role(known, HELPDESK))
    upstream.fault("ADD_ROLE_MEMBER", "html")
    assert deliver(command).state == "in_doubt"
    assert deliver(command).state == "succeeded"
    assert user.pc_id in role(known, HELPDESK).member_ids
    assert upstream.calls("ADD_ROLE_MEMBER") == 1
    with pytest.raises(RefusedError) as found:
        by(helper, actions.add_role, user, role(known, HELPDESK))
    assert found.value.code == "has_role"
    back = deliver(by(helper, actions.remove_role, user, role(known, HELPDESK)))
    assert upstream.calls("LIST_ROLES_OF_USER") > 0, "asked before anything is sent"
    assert upstream.calls("REMOVE_ROLE_MEMBER") == 1
    assert (back.state, back.result) == ("succeeded", {"role": ""})
    assert user.pc_id not in role(known, HELPDESK).member_ids


def test_a_role_that_was_taken_meanwhile_is_told(
    known: Customer, helper: User, upstream: Upstream
) -> None:
    user = one_of(known)
    command = by(helper, actions.add_role, user, role(known, HELPDESK))
    held = role(known, HELPDESK)
    url = f"/v1/customers/{known.pc_id}/directoryroles/{held.pc_id}/usermembers"
    upstream.api.call("POST", url, {"id": user.pc_id})
    assert deliver(command).state == "failed"
    assert (command.error or {})["difference"] == {"role": ["", HELPDESK]}
    assert user.pc_id in role(known, HELPDESK).member_ids
    assert upstream.calls("ADD_ROLE_MEMBER") == 1


# --- who may ----------------------------------------------------------------------------------------


def test_only_who_may_and_only_ones_own(
    known: Customer, bob: User, charlie: User, auditor: User
) -> None:
    user = one_of(known)
    with pytest.raises(PermissionDenied):
        by(bob, actions.delete, user)
    with pytest.raises(PermissionDenied):
        by(auditor, actions.delete, user)
    with pytest.raises(Http404):
        by(charlie, actions.delete, user)
    with pytest.raises(Http404):
        by(charlie, actions.create, known, new(known))
    assert Command.objects.count() == 0


def test_a_right_that_is_gone_when_it_is_sent_stops_it(
    known: Customer, helper: User, upstream: Upstream, read: Read
) -> None:
    del read
    command = by(helper, actions.delete, one_of(known))
    helper.memberships.update(role="sales")
    assert deliver(command).state == "failed"
    assert upstream.calls("DELETE_USER") == 0

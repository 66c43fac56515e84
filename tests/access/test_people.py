"""Managing people within one's limits."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from portal.access import people
from portal.access.models import Membership, User
from portal.access.people import Place
from portal.access.scope import Scope
from portal.activity import personal
from portal.activity.actors import Actor
from portal.activity.models import Entry
from tests.people import PASSWORD, Estate, make_person

SignIn = Callable[[User], Client]


@pytest.fixture
def reseller_admin(estate: Estate) -> User:
    return make_person("rita", "reseller-admin", estate.connection, estate.fabrikam)


def actor(user: User) -> Actor:
    return Actor.for_user(user)


def test_everybody_sees_only_the_people_they_manage(
    estate: Estate,
    administrator: User,
    alice: User,
    bob: User,
    charlie: User,
    reseller_admin: User,
) -> None:
    far = make_person("zoe", "sales", estate.other, estate.foreign)
    assert far in people.people(Scope.for_user(administrator))
    assert set(people.people(Scope.for_user(alice))) == {alice, bob, charlie, reseller_admin}
    assert set(people.people(Scope.for_user(reseller_admin))) == {bob, reseller_admin}
    assert not people.people(Scope.for_user(bob)).exists()


def test_what_somebody_holds_elsewhere_is_not_shown(estate: Estate, alice: User, bob: User) -> None:
    Membership.objects.create(user=bob, role="auditor", connection=estate.other)
    seen = people.people_with_roles(Scope.for_user(alice)).get(pk=bob.pk)
    assert [row.role for row in seen.held_here] == ["sales"]  # type: ignore[attr-defined]
    person = people.person(Scope.for_user(alice), bob.pk)
    assert [row.role for row in people.memberships(Scope.for_user(alice), person)] == ["sales"]
    # Nor may Alice bar or rename somebody who is not hers alone.
    assert not people.may_manage(Scope.for_user(alice), bob)


@pytest.mark.parametrize(
    ("role", "place", "allowed"),
    [
        ("sales", "fabrikam", True),
        ("distributor-admin", "connection", True),
        ("sales", "connection", True),
        ("administrator", "connection", False),
        ("administrator", "everywhere", False),
        ("sales", "everywhere", False),
        ("sales", "foreign", False),
        ("sales", "other", False),
        ("nonsense", "fabrikam", False),
    ],
)
def test_distributor_admin_grants_no_more_than_they_hold(
    role: str, place: str, allowed: bool, estate: Estate, alice: User
) -> None:
    assert people.may_grant(Scope.for_user(alice), role, _place(estate, place)) is allowed


@pytest.mark.parametrize(
    ("role", "place", "allowed"),
    [
        ("sales", "fabrikam", True),
        ("reseller-admin", "fabrikam", True),
        ("sales", "northwind", False),
        ("sales", "connection", False),
        ("distributor-admin", "connection", False),
    ],
)
def test_reseller_admin_stays_within_the_reseller(
    role: str, place: str, allowed: bool, estate: Estate, reseller_admin: User
) -> None:
    assert people.may_grant(Scope.for_user(reseller_admin), role, _place(estate, place)) is allowed


def _place(estate: Estate, name: str) -> Place:
    return {
        "everywhere": Place(),
        "connection": Place(estate.connection),
        "other": Place(estate.other),
        "fabrikam": Place(estate.connection, estate.fabrikam),
        "northwind": Place(estate.connection, estate.northwind),
        "foreign": Place(estate.other, estate.foreign),
    }[name]


def test_nobody_changes_their_own_roles(estate: Estate, administrator: User) -> None:
    scope, me = Scope.for_user(administrator), actor(administrator)
    with pytest.raises(PermissionDenied):
        people.grant(me, scope, administrator, role="sales", place=Place(estate.connection))
    with pytest.raises(PermissionDenied):
        people.withdraw(me, scope, administrator.memberships.get())
    with pytest.raises(PermissionDenied):
        people.set_active(me, scope, administrator, active=False)
    assert Membership.objects.count() == 1


def test_last_administrator_stays(estate: Estate, administrator: User) -> None:
    barred = make_person("barred", "administrator")
    User.objects.filter(pk=barred.pk).update(is_active=False)
    # A person of many connections may manage people without being an administrator.
    system, shell = Scope.system(), Actor.command()
    with pytest.raises(ValidationError, match="last administrator"):
        people.withdraw(shell, system, administrator.memberships.get())
    with pytest.raises(ValidationError, match="last administrator"):
        people.set_active(shell, system, administrator, active=False)
    administrator.refresh_from_db()
    assert administrator.is_active
    make_person("second", "administrator")
    people.withdraw(shell, system, administrator.memberships.get())
    assert not administrator.memberships.exists()


def test_every_act_is_in_the_log_with_the_person_encrypted(estate: Estate, alice: User) -> None:
    user, password = people.add(
        actor(alice),
        Scope.for_user(alice),
        email="New@Example.com",
        name="New",
        role="sales",
        place=Place(estate.connection, estate.fabrikam),
    )
    assert user.email == "new@example.com"
    assert user.check_password(password)
    created, granted = Entry.objects.order_by("id")
    assert (created.kind, granted.kind) == ("user.created", "membership.granted")
    assert granted.parameters == {"role": "sales"}
    assert created.reseller_id == estate.fabrikam.pk
    assert "new@example.com" not in str(created.__dict__)
    assert personal.reveal(created.personal.select_related("subject"))["email"] == "new@example.com"


def test_page_adds_a_person_and_shows_the_password_once(
    estate: Estate, alice: User, client_of: SignIn
) -> None:
    client = client_of(alice)
    answer = client.post(
        "/settings/users/new/",
        {
            "email": "new@example.com",
            "name": "New",
            "role": "sales",
            "place": f"r{estate.fabrikam.pk}",
            "is_active": "false",
            "is_superuser": "true",
        },
    )
    user = User.objects.get(email="new@example.com")
    assert user.is_active
    password = answer.content.decode().split('data-copy="')[1].split('"')[0]
    assert user.check_password(password)
    assert answer["Cache-Control"] == "no-store"
    assert password not in client.get(f"/settings/users/{user.pk}/").content.decode()


@pytest.mark.parametrize("place", ["all", "c{other}", "r{foreign}", "c{nonsense}"])
def test_form_offers_and_takes_only_places_within_reach(
    place: str, estate: Estate, alice: User, client_of: SignIn
) -> None:
    value = place.format(other=estate.other.pk, foreign=estate.foreign.pk, nonsense="1;2")
    answer = client_of(alice).post(
        "/settings/users/new/", {"email": "new@example.com", "role": "sales", "place": value}
    )
    assert answer.status_code == 422
    assert not User.objects.filter(email="new@example.com").exists()


def test_role_above_ones_own_is_not_offered(estate: Estate, alice: User, client_of: SignIn) -> None:
    data = {"email": "n@example.com", "role": "administrator", "place": f"c{estate.connection.pk}"}
    assert client_of(alice).post("/settings/users/new/", data).status_code == 422
    assert not User.objects.filter(email="n@example.com").exists()


def test_pages_of_somebody_elses_people_are_404(
    estate: Estate, reseller_admin: User, charlie: User, client_of: SignIn
) -> None:
    client = client_of(reseller_admin)
    held = charlie.memberships.get()
    for path, data in (
        ("", None),
        ("name/", {"name": "x"}),
        ("roles/", {"role": "sales", "place": f"r{estate.fabrikam.pk}"}),
        (f"roles/{held.pk}/", {}),
        ("sign-in/", {"active": "0"}),
        ("password/", {}),
    ):
        url = f"/settings/users/{charlie.pk}/{path}"
        answer = client.get(url) if data is None else client.post(url, data)
        assert answer.status_code == 404, url
    charlie.refresh_from_db()
    assert (charlie.name, charlie.is_active, charlie.check_password(PASSWORD)) == (
        "Charlie",
        True,
        True,
    )


def test_barring_and_letting_in_again(
    estate: Estate, alice: User, bob: User, client_of: SignIn
) -> None:
    theirs, mine = client_of(bob), client_of(alice)
    url = f"/settings/users/{bob.pk}/sign-in/"
    assert mine.post(url, {"active": "0"}).status_code == 302
    assert theirs.get("/account/").status_code == 302
    mine.post(url, {"active": "1"})
    assert theirs.get("/account/").status_code == 200
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["user.deactivated", "user.reactivated"]


def test_new_password_ends_the_sessions(
    estate: Estate, alice: User, bob: User, client_of: SignIn
) -> None:
    theirs = client_of(bob)
    client_of(alice).post(f"/settings/users/{bob.pk}/password/")
    assert theirs.get("/account/").status_code == 302


def test_list_of_users_is_few_queries(
    estate: Estate, alice: User, client_of: SignIn, queries_of
) -> None:
    for number in range(30):
        make_person(f"p{number}", "sales", estate.connection, estate.fabrikam)
    client = client_of(alice)
    client.get("/settings/users/")
    with queries_of() as seen:
        answer = client.get("/settings/users/")
    assert "p29@example.com" in answer.content.decode()
    assert len(seen) <= 6, seen


def test_command_makes_a_person_and_prints_the_password(
    estate: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "create_user",
        "Reseller@demo.example",
        "--role=sales",
        "--connection=contoso",
        f"--reseller={estate.fabrikam.pc_id}",
    )
    user = User.objects.get(email="reseller@demo.example")
    assert user.check_password(capsys.readouterr().out.split("password: ")[1].strip())
    assert Scope.for_user(user).reseller_ids == {estate.fabrikam.pk}


def test_command_gives_an_existing_person_a_further_role(estate: Estate, bob: User) -> None:
    with pytest.raises(CommandError, match=r"sales at .* --add-role"):
        call_command("create_user", bob.email, "--role=auditor")
    assert not bob.memberships.filter(role="auditor").exists()
    call_command("create_user", bob.email, "--role=auditor", "--add-role")
    call_command("create_user", bob.email, "--role=auditor")
    assert set(bob.memberships.values_list("role", flat=True)) == {"sales", "auditor"}
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["x@example.com", "--role=sales", "--connection=nowhere"], "no connection"),
        (["x@example.com", "--role=sales", "--reseller=1"], "needs --connection"),
        (["x@example.com", "--role=sales", "--connection=contoso", "--reseller=1"], "no reseller"),
        (["x@example.com", "--role=reseller-admin", "--connection=contoso"], "held with"),
        (["nonsense", "--role=sales"], "not an e-mail"),
        (["x@example.com", "--role=sales", "--password=short"], "too short"),
        (["x@example.com", "--role=king"], "invalid choice"),
    ],
)
def test_command_says_what_is_wrong(arguments: list[str], says: str, estate: Estate) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("create_user", *arguments)
    assert not User.objects.exists()

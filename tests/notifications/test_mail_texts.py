"""Staff rewrite a mail's text with known placeholders only; what they write is what is sent."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.notifications import letters, placeholders, rewriting
from portal.notifications.letters import Edition, Text
from portal.notifications.models import Mail, MailTemplate
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
SLUG = "account.reseller_invitation"
LIST, ONE = "/settings/mail-templates/", f"/settings/mail-templates/{SLUG}/en/"
TEXT = {
    "subject": "Welcome, {{ person }}",
    "body": "From {{inviter}} at {{ reseller }}:\r\n{{ link }}",
}


def invite(client: Client, estate: Estate, email: str = "new@example.com", **values: str) -> Mail:
    """The mail that an invitation puts into the queue."""
    wish = {"email": email, "name": "Nora", "language": "en", "role": "sales", "invite": "1"}
    wish["place"] = f"r{estate.fabrikam.pk}"
    answer = client.post("/settings/users/new/", wish | values)
    assert answer.status_code == 302, answer.content.decode()
    return Mail.objects.get(to=email)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {{ name }}, {{name}}!", "Hello Ann, Ann!"),
        ("{{ other }}", "–"),
        ("{{ empty }}", "–"),
        ("{{ evil }}", "{{ name }} {% now 'Y' %}"),
        (
            "{ name } {name} {% load x %} $name %(name)s",
            "{ name } {name} {% load x %} $name %(name)s",
        ),
        ("{{ name.email }} {{ name|safe }}", "{{ name.email }} {{ name|safe }}"),
    ],
)
def test_places_are_filled_once_and_nothing_else_is_looked_up(text: str, filled: str) -> None:
    values = {"name": "Ann", "empty": "", "evil": "{{ name }} {% now 'Y' %}"}
    assert placeholders.fill(text, values) == filled


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{{ name }} and {name} {% if %} }", ""),
        (
            "{{ nmae }}",
            "{{ nmae }} is no placeholder of this field. Allowed: {{ name }}, {{ link }}.",
        ),
        ("{{ name.password }}", "{{ name.password }} is no placeholder"),
        ("{{ name|safe }}", "{{ name|safe }} is no placeholder"),
        ("{{ }}", "is no placeholder"),
        ("{{ name", "Double braces are only for placeholders. Allowed: {{ name }}"),
        ("name }}", "Double braces are only for placeholders."),
        ("{{{{ name }}}}", "Double braces are only for placeholders."),
    ],
)
def test_what_is_no_placeholder_is_told(text: str, wrong: str) -> None:
    found = placeholders.problem(text, ["name", "link"])
    assert wrong in found
    assert bool(found) is bool(wrong)


def test_every_letter_has_its_text_in_every_language(settings) -> None:
    assert SLUG in {letter.slug for letter in letters.all_letters()}
    for letter in letters.all_letters():
        for language, _name in settings.LANGUAGES:
            assert (letter.folder / f"{letter.slug}.{language}.txt").is_file()
            text = letter.shipped(language)
            assert placeholders.problem(text.subject, letter.allowed("subject")) == ""
            assert placeholders.problem(text.body, letter.allowed("body")) == ""
            assert set(letter.needed()) <= set(placeholders.names(text.body))
            sample = letter.sample(language)
            assert placeholders.EMPTY not in text.filled(sample).body


def test_the_shipped_text_goes_out_in_the_persons_language(
    estate: Estate, alice: User, client_of: ClientOf
) -> None:
    english = invite(client_of(alice), estate)
    assert english.kind == SLUG
    assert "Alice has invited you to the portal as staff of Fabrikam" in english.text
    assert "http://localhost:8000/account/invitation/" in english.text
    assert "for 7 days" in english.text
    french = invite(client_of(alice), estate, "fr@example.com", language="fr")
    assert french.subject == "Votre compte sur le portail CSP"
    assert "vous a invité" in french.text


def test_staff_of_the_distributor_get_the_other_mail(
    estate: Estate, administrator: User, client_of: ClientOf
) -> None:
    mail = invite(client_of(administrator), estate, place=f"c{estate.connection.pk}")
    assert mail.kind == "account.invitation"


def test_what_is_written_is_what_is_sent(
    estate: Estate, administrator: User, alice: User, client_of: ClientOf
) -> None:
    client = client_of(administrator)
    assert "Default text" in client.get(LIST).content.decode()
    page = client.get(ONE).content.decode()
    assert "Camille Martin" in page  # the sample
    assert "Back to the default text" not in page
    assert client.post(ONE, TEXT).status_code == 302
    row = MailTemplate.objects.get()
    assert (row.language, row.connection, row.author) == ("en", None, administrator)
    assert row.body == "From {{inviter}} at {{ reseller }}:\n{{ link }}\n"
    mail = invite(client_of(alice), estate)
    assert mail.subject == "Welcome, Nora"
    assert mail.text.startswith(
        "From Alice at Fabrikam:\nhttp://localhost:8000/account/invitation/"
    )
    assert "Own text" in client.get(LIST).content.decode()
    assert "vous a invité" in invite(client_of(alice), estate, "f@example.com", language="fr").text


def test_a_change_and_the_way_back_are_entries_with_before_and_after(
    administrator: User, client_of: ClientOf
) -> None:
    client = client_of(administrator)
    shipped = letters.get(SLUG).shipped("en")
    client.post(ONE, TEXT)
    client.post(ONE, TEXT)  # the same again: no entry
    assert "Back to the default text" in client.get(ONE).content.decode()
    assert client.post(f"{ONE}default/").status_code == 302
    client.post(f"{ONE}default/")
    assert not MailTemplate.objects.exists()
    changed, reset = Entry.objects.filter(kind__startswith="mail_template.").order_by("pk")
    assert (changed.kind, reset.kind) == ("mail_template.changed", "mail_template.reset")
    assert changed.before == shipped.as_dict()
    assert changed.after["subject"] == TEXT["subject"]
    assert (reset.before, reset.after) == (changed.after, changed.before)
    assert changed.actor_id == administrator.pk
    shown = client.get(f"/activity/{changed.pk}/").content.decode()
    assert "Mail text changed: Invitation to reseller staff, English" in shown
    assert "Welcome, {{ person }}" in shown


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        (
            "subject",
            "Hi {{ nmae }}",
            "Allowed: {{ person }}, {{ inviter }}, {{ reseller }}, {{ days }}.",
        ),
        ("subject", "Open {{ link }}", "{{ link }} is no placeholder of this field."),
        ("body", "No way in", "The text needs {{ link }}."),
        ("body", "{{ link }} {{ settings.SECRET_KEY }}", "Allowed: {{ person }}"),
        ("body", "", "required"),
    ],
)
def test_a_wrong_text_is_not_kept_and_not_shown_as_a_mail(
    field: str, value: str, says: str, administrator: User, client_of: ClientOf
) -> None:
    client = client_of(administrator)
    wrong = TEXT | {field: value}
    answer = client.post(ONE, wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    preview = client.post(f"{ONE}preview/", wrong)
    assert says in preview.content.decode()
    assert not MailTemplate.objects.exists()
    assert not Entry.objects.filter(kind="mail_template.changed").exists()


def test_the_preview_fills_in_the_sample_and_keeps_nothing(
    administrator: User, client_of: ClientOf
) -> None:
    evil = TEXT | {"body": "<script>alert(1)</script> {{ person }} {{ link }}"}
    answer = client_of(administrator).post(f"{ONE}preview/", evil)
    shown = answer.content.decode()
    assert "Welcome, Camille Martin" in shown
    assert "&lt;script&gt;" in shown
    assert "<html" not in shown
    assert not MailTemplate.objects.exists()


def test_a_connections_text_goes_before_the_text_for_all(
    estate: Estate, administrator: User, alice: User, client_of: ClientOf
) -> None:
    client = client_of(administrator)
    client.post(ONE, TEXT)
    own = TEXT | {"subject": "Contoso says hello"}
    assert client_of(alice).post(f"{ONE}?connection={estate.connection.pk}", own).status_code == 302
    assert invite(client_of(alice), estate).subject == "Contoso says hello"
    letter = letters.get(SLUG)
    assert letters.text_of(letter, "en", estate.other.pk).subject == TEXT["subject"]
    assert letters.text_of(letter, "en", None).subject == TEXT["subject"]
    # Back to the default is back to the text for all.
    client_of(alice).post(f"{ONE}default/?connection={estate.connection.pk}")
    assert letters.text_of(letter, "en", estate.connection.pk).subject == TEXT["subject"]
    assert MailTemplate.objects.count() == 1


def test_who_manages_one_connection_rewrites_for_that_one_only(
    estate: Estate, alice: User, client_of: ClientOf
) -> None:
    client = client_of(alice)
    assert client.post(ONE, TEXT).status_code == 403
    assert client.post(f"{ONE}default/").status_code == 403
    assert client.post(f"{ONE}preview/", TEXT).status_code == 403
    assert client.post(f"{ONE}?connection={estate.other.pk}", TEXT).status_code == 404
    assert client.post(f"{ONE}?connection=1x", TEXT).status_code == 404
    listed = client.get(LIST).content.decode()
    assert f'href="{ONE}?connection={estate.connection.pk}"' in listed
    assert f'href="{ONE}"' not in listed
    assert "litware" not in listed
    edition = Edition(letters.get(SLUG), "en", estate.other)
    scope = Scope.for_user(User.objects.with_memberships().get(pk=alice.pk))
    with pytest.raises(Http404):
        rewriting.keep(Actor.for_user(alice), scope, edition, Text("x", "y"))
    with pytest.raises(PermissionDenied):
        rewriting.keep(Actor.for_user(alice), scope, Edition(edition.letter, "en"), Text("x", "y"))
    assert not MailTemplate.objects.exists()


def test_a_resellers_admin_sends_the_text_without_seeing_the_page(
    estate: Estate, administrator: User, client_of: ClientOf
) -> None:
    client_of(administrator).post(ONE, TEXT)
    carol = make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)
    assert client_of(carol).get(LIST).status_code == 403
    assert client_of(carol).get(ONE).status_code == 403
    assert invite(client_of(carol), estate).subject == "Welcome, Nora"


@pytest.mark.parametrize("path", ["nobody.knows/en/", f"{SLUG}/de/"])
def test_what_there_is_not_is_not_found(
    path: str, administrator: User, client_of: ClientOf
) -> None:
    assert client_of(administrator).get(f"{LIST}{path}").status_code == 404


def test_values_cannot_break_a_mails_head(
    estate: Estate, administrator: User, alice: User, client_of: ClientOf
) -> None:
    client_of(administrator).post(ONE, TEXT)
    User.objects.filter(pk=alice.pk).update(name="A\r\nBcc: everybody@example.com")
    mail = invite(client_of(alice), estate, name="N {{ link }}")
    assert mail.subject == "Welcome, N {{ link }}"
    assert "\n" not in mail.subject

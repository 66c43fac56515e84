import json
import logging
from io import StringIO

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connection as database

from portal.connections import secrets
from portal.connections.models import Connection
from tests.connections.conftest import CANARY_SECRET, make_connection


def test_the_database_holds_ciphertext_and_the_row_gives_the_text_back(connection):
    with database.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM connections_connection")
        [(stored,)] = cursor.fetchall()
    assert CANARY_SECRET not in stored
    assert Connection.objects.get().client_secret.reveal() == CANARY_SECRET


def test_a_secret_shows_itself_only_when_asked(connection, caplog):
    fresh = Connection.objects.get()
    logging.getLogger("any").warning(
        "%s %r %s", fresh.client_secret, fresh.client_secret, vars(fresh)
    )
    dumped = serializers.serialize("json", [fresh])
    shown = caplog.text + dumped + f"{fresh.client_secret}" + json.dumps(str(vars(connection)))
    assert CANARY_SECRET not in shown
    assert secrets.MASK in caplog.text


def test_an_unset_secret_is_empty(db):
    connection = make_connection(client_secret="", refresh_token=None)
    fresh = Connection.objects.get()
    assert not connection.client_secret
    assert fresh.client_secret.reveal() == ""
    assert fresh.refresh_token is None
    assert not fresh.has_consent


def test_a_new_key_in_front_writes_and_the_old_one_still_reads(connection, settings):
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = ["a new key that is long enough", *old]
    fresh = Connection.objects.get()
    assert fresh.client_secret.reveal() == CANARY_SECRET

    call_command("rotate_secrets", stdout=StringIO())
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert Connection.objects.get().client_secret.reveal() == CANARY_SECRET
    with pytest.raises(secrets.WrongKey):
        fresh.client_secret.reveal()


def test_a_rotation_without_the_old_key_changes_nothing(connection, settings):
    before = Connection.objects.get().client_secret.ciphertext
    old, settings.FIELD_KEYS = settings.FIELD_KEYS, ["another key"]
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rotate_secrets")
    settings.FIELD_KEYS = old
    fresh = Connection.objects.get()
    assert fresh.client_secret.ciphertext == before
    assert fresh.client_secret.reveal() == CANARY_SECRET


def test_a_wrong_key_says_what_to_do_and_spoils_no_list(connection, settings):
    settings.FIELD_KEYS = ["another key"]
    [fresh] = Connection.objects.all()
    assert fresh.name == "contoso"
    with pytest.raises(secrets.WrongKey, match="FIELD_KEYS"):
        fresh.client_secret.reveal()

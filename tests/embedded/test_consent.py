"""The demo's consent: a person's click, walked by the demo itself against the real emulator."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.embedded import consent
from portal.embedded.errors import EmbeddedError
from portal.emulator import serve, settings


@pytest.fixture(scope="module")
def emulator_url() -> Iterator[str]:
    running = serve.start(settings.Settings(customers=1, resellers=1), threads=2)
    yield running.url
    running.stop()


def test_the_demo_knows_the_emulators_application() -> None:
    # The supervisor may not import the emulator, so the ids stand twice.
    assert (
        consent.App(settings.TENANT_ID, settings.CLIENT_ID, settings.CLIENT_SECRET)
        == consent.EMULATED
    )


def test_approval_leads_to_a_refresh_token(emulator_url: str) -> None:
    assert len(consent.refresh_token(emulator_url, consent.EMULATED)) > 20


@pytest.mark.parametrize("wrong", [{"client_secret": "x"}, {"client_id": "x"}, {"tenant_id": "x"}])
def test_a_refusal_is_said(emulator_url: str, wrong: dict[str, str]) -> None:
    with pytest.raises(EmbeddedError, match="gave no consent"):
        consent.refresh_token(emulator_url, replace(consent.EMULATED, **wrong))


def test_an_emulator_that_is_not_there_is_said() -> None:
    with pytest.raises(EmbeddedError, match="gave no consent"):
        consent.refresh_token("http://127.0.0.1:1", consent.EMULATED)

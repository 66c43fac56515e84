"""Look-ups in the reference files."""

import pytest

from portal.reference.errors import CODES, KINDS, STATUSES
from portal.reference.licences import licence
from portal.reference.markets import countries, currencies, locales, market, markets
from portal.reference.products import product, product_title
from portal.reference.tables import rows


def test_licences_by_guid_and_part_number_in_any_case():
    guid = "06EBC4EE-1BB5-47DD-8120-11324BC54E06"
    assert licence(guid) is licence("spe_e5")
    assert getattr(licence(guid), "name", None) == "Microsoft 365 E5"
    assert licence("no such licence") is None


def test_products_by_offer_id():
    assert product_title("CFQ7TTC0LH18:0001:CFQ7TTC0K971") == "Microsoft 365 Business Basic"
    assert product_title("cfq7ttc0lh18:0001") == "Microsoft 365 Business Basic"
    assert product_title("2828BE95-46BA-4F91-B2FD-0BEF192ECF60") == ""
    assert product_title("") == ""


def test_every_product_names_a_known_licence_or_none():
    ids = [row["provisioning_sku_id"] for row in rows("products")]
    assert all(licence(one) for one in ids if one)
    assert sum(bool(one) for one in ids) > 50


def test_markets():
    assert market("fr") is markets()["FR"]
    france = markets()["FR"]
    assert (france.currency, france.locale, france.state_required) == ("EUR", "fr-FR", False)
    assert markets()["US"].states[:2] == ("AK", "AL")
    assert market("ZZ") is None
    assert len(markets()) == 69
    assert "EUR" in currencies()
    assert set(markets()) <= set(countries())
    assert {"en-US", "fr-FR"} <= set(locales())


@pytest.mark.parametrize("text", sorted({*CODES.values(), *KINDS.values(), *STATUSES.values()}))
def test_texts_are_sentences_in_the_portals_tone(text):
    assert text.endswith(".")
    assert text[0].isupper()
    for word in ("please", "successfully", "!", "’"):
        assert word not in text.lower()


def test_an_addon_is_marked():
    addons = [row for row in rows("products") if row["is_addon"] == "true"]
    found = [product(f"{row['product_id']}:{row['sku_id']}") for row in addons]
    assert found
    assert all(one is not None and one.is_addon for one in found)

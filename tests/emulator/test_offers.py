"""Legacy offers by literal address: categories, the list in pages, one, its add-ons, and what is refused."""

import pytest

from tests.emulator.tools import Api

E3 = "796B6B5F-613C-4E24-A17C-EBA730D49C02"


def test_offers_are_paged_and_stand_in_categories(robot: Api) -> None:
    first = robot.get("/v1/offers?country=US&size=200", X_Locale="en-US").json
    assert (len(first["items"]), first["totalCount"]) == (200, 274)
    assert first["links"]["next"]["uri"] == "/offers?country=US&size=200&offset=200"
    rest = robot.get("/v1/offers?country=US&size=200&offset=200", X_Locale="en-US").json
    assert len(rest["items"]) == 74
    assert "next" not in rest["links"]
    names = robot.get("/v1/offercategories?country=fr", X_Locale="fr-FR").json["items"]
    assert [one["id"] for one in names][:2] == ["Enterprise_Key", "SmallBusiness_Key"]
    assert names[0]["country"] == "FR"
    url = "/v1/offers?country=US&offer_category_id=Trial_Key"
    trials = robot.get(url, X_Locale="en-US").json["items"]
    assert {one["isTrial"] for one in trials} == {True}


def test_an_offer_tells_what_can_be_added_to_it(robot: Api) -> None:
    one = robot.get(f"/v1/offers/{E3.lower()}?country=FR", X_Locale="fr-FR").json
    assert (one["id"].upper(), one["isAddOn"], one["locale"]) == (E3, False, "fr-FR")
    assert one["category"]["name"] == "Enterprise"
    added = robot.get(f"/v1/offers/{E3}/addons?country=FR").json
    assert added["totalCount"] == len(added["items"]) > 3
    for item in added["items"]:
        assert item["isAddOn"]
        assert E3 in {one.upper() for one in item["prerequisiteOffers"]}


@pytest.mark.parametrize(
    ("url", "locale", "status", "code"),
    [
        ("/v1/offers?country=FR", "", 400, 3000),
        ("/v1/offercategories?country=FR", "", 400, 3000),
        ("/v1/offers", "en-US", 400, 3000),
        ("/v1/offers?country=AF", "en-US", 403, 2030),
        ("/v1/offers?country=FR&offset=x", "en-US", 400, 3000),
        ("/v1/offers/031C9E47-0000-4248-838E-778FB1D2CC05?country=FR", "en-US", 404, 1000),
        ("/v1/offers/CFQ7TTC0LF8R:0001?country=FR", "en-US", 400, 2100),
    ],
)
def test_what_is_refused(robot: Api, url: str, locale: str, status: int, code: int) -> None:
    reply = robot.get(url, **({"X_Locale": locale} if locale else {}))
    assert (reply.status, reply.code) == (status, code)

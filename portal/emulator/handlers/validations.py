"""Checks that change nothing: an address, a domain, the rules of a market."""

from portal.emulator import founding
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON
from portal.emulator.seeds.places import BY_CODE
from portal.reference.markets import countries, market

_FIELDS = ("country", "city", "state", "addressLine1", "addressLine2", "postalCode")


@emulates("VALIDATE_ADDRESS")
def validate_address(call: Call) -> Answer:
    """200 with a status and suggestions, also for a wrong address (validate-an-address, notes)."""
    sent = founding.lower(call.body)
    for name in ("addressline1", "city", "country"):
        if not sent.get(name):
            raise Refusal(3000, f"The property {name} is required.")
    original = {name: str(sent[name.lower()]) for name in _FIELDS if sent.get(name.lower())}
    suggested = _suggested(original)
    fault = founding.fault_of(sent)
    answer: JSON = {"originalAddress": original, "suggestedAddresses": suggested}
    if suggested:
        answer |= {"status": "InteractionRequired", "validationMessage": "Address field invalid."}
    elif fault:
        answer |= {"status": "NotValidated", "validationMessage": fault}
    else:
        answer |= {"status": "VerifiedShippable"}
    return ok(answer)


def _suggested(address: JSON) -> list[JSON]:
    """The towns of this country that share the name or the postal code, where another part differs."""
    country = BY_CODE.get(str(address["country"]).upper())
    towns = country.towns if country else ()
    given = tuple(str(address.get(name, "")).lower() for name in ("city", "state", "postalCode"))
    found = []
    for city, state, code in towns:
        known = (city.lower(), state.lower(), code.lower())
        if known == given:
            return []
        if known[0] == given[0] or known[2] == given[2]:
            found.append({**address, "city": city, "state": state, "postalCode": code})
    return found


@emulates("VERIFY_DOMAIN")
def verify_domain(call: Call) -> Answer:
    """200 for a domain that is taken, 404 for a free one."""
    domain = call.params["domain"].lower()
    with call.store.lock:
        taken = any(item.domain.lower() == domain for item in call.store.customers.values())
    return Answer(200 if taken else 404)


@emulates("GET_COUNTRY_VALIDATION_RULES")
def country_rules(call: Call) -> Answer:
    """Refuse a country that nobody knows; one that is no market has no rules for addresses."""
    code = call.params["iso_code"].upper()
    country = countries().get(code)
    if country is None:
        raise Refusal(1000, "The country is not known.")
    rules = market(code)
    locale = rules.locale if rules else country.locales[0]
    registered = code in founding.REGISTERED
    answer: JSON = {
        "iso2Code": code,
        "defaultCulture": locale,
        "isStateRequired": bool(rules and rules.state_required),
        "states": {"value": list(rules.states) if rules else []},
        "supportedLanguages": {"value": sorted({name[:2] for name in country.locales})},
        "supportedCultures": {"value": list(country.locales)},
        "isPostalCodeRequired": bool(rules and rules.postal_code_required),
        "postalCodeRegex": rules.postal_code_regex if rules else "",
        "isCityRequired": True,
        "isVatIdSupported": False,
        "isRegistrationNumberSupported": registered,
        "isTaxIdSupported": False,
        "attributes": {"objectType": "CountryInformation"},
    }
    return ok(answer)

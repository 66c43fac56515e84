"""What a country asks of an address: Partner Center's own answer, or the portal's reference until there is one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.reference import markets
from portal.ui import formats

# Where the registration number is mandatory; it is refused elsewhere (scenario create-a-customer).
REGISTERED = frozenset({"AM", "AZ", "BY", "HU", "KZ", "KG", "MD", "RU", "TJ", "UZ", "UA"})


@dataclass(frozen=True, kw_only=True)
class CountryRules:
    """Rules of one country (get-market-specific-validation-data). ``is_own`` is False for the reference."""

    country: str
    states: tuple[str, ...]
    state_required: bool
    postal_required: bool
    postal_regex: str
    sample: str
    cultures: tuple[str, ...]
    languages: tuple[str, ...]
    culture: str
    registration: bool
    is_own: bool

    def fits(self, postal_code: str) -> bool:
        """Whether a postal code has the country's form; a form that cannot be read bars nobody."""
        try:
            return not self.postal_regex or bool(re.fullmatch(self.postal_regex, postal_code))
        except re.error:
            return True


def reference(country: str) -> CountryRules:
    """What the portal knows by itself. Raises KeyError for a code that is no country."""
    known, market = markets.countries()[country], markets.market(country)
    return CountryRules(
        country=country,
        states=market.states if market else (),
        state_required=bool(market and market.state_required),
        postal_required=bool(market and market.postal_code_required),
        postal_regex=market.postal_code_regex if market else "",
        sample=market.postal_code_sample if market else "",
        cultures=known.locales,
        languages=_languages(known.locales),
        culture=market.locale if market else known.locales[0],
        registration=country in REGISTERED,
        is_own=False,
    )


def answered(country: str, answer: Mapping[str, Any]) -> CountryRules:
    """Partner Center's rules; what it leaves out is the reference's."""
    known = reference(country)
    cultures = _values(answer, "supportedCultures") or known.cultures
    return CountryRules(
        country=country,
        states=_values(answer, "states"),
        state_required=bool(answer.get("isStateRequired")),
        postal_required=bool(answer.get("isPostalCodeRequired")),
        postal_regex=str(answer.get("postalCodeRegex") or ""),
        sample=known.sample,
        cultures=cultures,
        languages=_values(answer, "supportedLanguages") or known.languages,
        culture=str(answer.get("defaultCulture") or known.culture),
        registration=country in REGISTERED,
        is_own=True,
    )


def country_name(code: str) -> str:
    """The name of a country in the reader's language; the code itself if it has none."""
    return str(formats.locale().territories.get(code, code))


def _values(answer: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = answer.get(name) or {}
    values = found.get("value", ()) if isinstance(found, Mapping) else ()
    return tuple(str(value) for value in values)


def _languages(locales: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.partition("-")[0] for name in locales))

"""Markets and countries: currency, languages and the rules for an address."""

from dataclasses import dataclass
from functools import lru_cache

from portal.reference.tables import rows


@dataclass(frozen=True)
class Market:
    """A market where CSP partners sell.

    ``country`` is ISO 3166 alpha-2, ``currency`` ISO 4217, ``locale`` what X-Locale takes. Rules
    for addresses other than those of the US are not Partner Center's own: treat them as advice.
    """

    country: str
    name: str
    region: str
    currency: str
    locale: str
    state_required: bool
    states: tuple[str, ...]
    postal_code_required: bool
    postal_code_regex: str
    postal_code_sample: str


@dataclass(frozen=True)
class Country:
    """Any country that Partner Center names; the first locale is its own language."""

    country: str
    name: str
    locales: tuple[str, ...]


# Members of the European Union and of EFTA.
EUROPE = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
        "CH",
        "IS",
        "LI",
        "NO",
    ]
)


def is_european(country: str) -> bool:
    """Whether a country is in the European Union or EFTA."""
    return country.upper() in EUROPE


@lru_cache(maxsize=1)
def markets() -> dict[str, Market]:
    """Return the markets by country code."""
    return {
        row["country"]: Market(
            country=row["country"],
            name=row["name"],
            region=row["csp_region"],
            currency=row["currency"],
            locale=row["default_locale"],
            state_required=row["state_required"] == "true",
            states=tuple(row["states"].split()),
            postal_code_required=row["postal_code_required"] == "true",
            postal_code_regex=row["postal_code_regex"],
            postal_code_sample=row["postal_code_sample"],
        )
        for row in rows("markets")
    }


def market(country: str) -> Market | None:
    """Return one market by country code, whatever the case."""
    return markets().get(country.upper())


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """Return every country by code."""
    return {
        row["country"]: Country(row["country"], row["name"], tuple(row["locales"].split()))
        for row in rows("countries")
    }


@lru_cache(maxsize=1)
def currencies() -> tuple[str, ...]:
    """Return the billing currencies, sorted."""
    return tuple(sorted({one.currency for one in markets().values()}))


@lru_cache(maxsize=1)
def locales() -> tuple[str, ...]:
    """Return every locale that X-Locale takes, sorted."""
    return tuple(sorted({name for one in countries().values() for name in one.locales}))

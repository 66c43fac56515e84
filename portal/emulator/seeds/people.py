"""Who the customers and the indirect resellers are: names first, the private parts on demand."""

import unicodedata
from random import Random

from portal.emulator.ids import guid, seeded
from portal.emulator.model import JSON, Customer, Reseller
from portal.emulator.seeds.places import BY_CODE, COUNTRIES, Country

_WEIGHTS = tuple(country.weight for country in COUNTRIES)
_VOWELS = "aeiouhéèêîôûæœ"

# The first customers carry names that trip careless code: apostrophes, accents, ampersands.
_OPENING: tuple[tuple[str, str], ...] = (
    ("Atelier Boréal", "FR"),
    ("L'Étoile du Nord Traiteur", "FR"),
    ("Müller & Söhne Feinmechanik GmbH", "DE"),
    ("Thatcher Dental Group", "US"),
    ("O'Malley Joinery Ltd", "GB"),
    ("Brasserie Delvaux SRL", "BE"),
    ("Érablière Côté", "CA"),
    ("Zürcher Präzision AG", "CH"),
    ("Bodegas Núñez S.L.", "ES"),
    ("D'Angelo Arredamenti S.r.l.", "IT"),
    ("de Vries Scheepsbouw B.V.", "NL"),
    ("Åkessons Skog AB", "SE"),
)
_RESELLERS: tuple[tuple[str, str], ...] = (
    ("Northwind Cloud Services", "GB"),
    ("Alpage Informatique", "FR"),
    ("Rheinland Systemhaus", "DE"),
    ("Maple Ridge IT", "CA"),
    ("Iberia Redes", "ES"),
    ("Scandia Drift", "SE"),
    ("Lowlands Cloud", "NL"),
    ("Cascade Managed Services", "US"),
)


def slug(name: str) -> str:
    """Return the ASCII letters and digits of a name in lower case."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return "".join(letter for letter in plain.lower() if letter.isascii() and letter.isalnum())


def resellers(seed: int, count: int) -> list[Reseller]:
    random = seeded(seed, "resellers")
    made = []
    for index in range(count):
        name, country = _RESELLERS[index % len(_RESELLERS)]
        if index >= len(_RESELLERS):
            name = f"{name} {index // len(_RESELLERS) + 1}"
        mpn_id = str(4_410_000 + index * 37 + random.randrange(37))
        made.append(Reseller(guid(random), name, mpn_id, country))
    return made


def _company(random: Random, country: Country) -> str:
    person = random.choice(country.last_names)
    form = random.choice(country.forms)
    if "d'" in form and person[0].lower() not in _VOWELS:
        form = form.replace("d'", "de ")
    return form.format(p=person, t=random.choice(country.trades))


class Directory:
    """Customers by index, each the same for the same seed however many are asked for."""

    def __init__(self, seed: int, partners: list[Reseller]) -> None:
        self._seed = seed
        self._resellers = partners
        self._names: set[str] = set()

    def customer(self, index: int) -> Customer:
        """Make the customer at ``index``. Ask in order: a name already given gets its town."""
        random = seeded(self._seed, "customer", index)
        name, country = self._identity(random, index)
        domain = f"{slug(name)[:24]}{index + 1}.onmicrosoft.com"
        return Customer(
            index, guid(random), name, domain, country.code, self._partners(random, index)
        )

    def _identity(self, random: Random, index: int) -> tuple[str, Country]:
        if index < len(_OPENING):
            name, code = _OPENING[index]
            country = BY_CODE[code]
        else:
            country = random.choices(COUNTRIES, _WEIGHTS)[0]
            name = _company(random, country)
        if name in self._names:
            name = f"{name} {random.choice(country.towns)[0]}"
        if name in self._names:
            name = f"{name} {index + 1}"
        self._names.add(name)
        return name, country

    def _partners(self, random: Random, index: int) -> tuple[Reseller, ...]:
        """Return the resellers of a customer: two for the first one, none for one in twelve."""
        if index == 0 or not self._resellers:
            return tuple(self._resellers[:2])
        if index % 12 == 6:
            return ()
        return (random.choice(self._resellers),)


def _address(random: Random, country: Country) -> JSON:
    city, state, postal_code = random.choice(country.towns)
    return {
        "country": country.code,
        "city": city,
        "state": state,
        "addressLine1": f"{random.randint(1, 180)} {random.choice(country.streets)}",
        "addressLine2": "",
        "postalCode": postal_code,
    }


def profile(seed: int, customer: Customer) -> JSON:
    """Return what only get-by-id shows of a customer; made anew each time, always the same."""
    random = seeded(seed, "profile", customer.index)
    country = BY_CODE[customer.country]
    first, last = random.choice(country.first_names), random.choice(country.last_names)
    own_domain = f"{slug(customer.name)[:24]}.{country.top_domain}"
    address = _address(random, country)
    phone = f"{country.dialling}{random.randint(200_000_000, 799_999_999)}"
    company = {
        "country": address["country"],
        "region": address["state"],
        **{name: address[name] for name in ("city", "addressLine1", "postalCode")},
        "phoneNumber": phone,
    }
    return {
        "commerceId": guid(random),
        "billingProfileId": guid(random),
        "firstName": first,
        "lastName": last,
        "email": f"{slug(first)}.{slug(last)}@{own_domain}",
        "culture": country.culture,
        "language": country.culture[:2],
        "companyAddress": company,
        "billingAddress": {**address, "firstName": first, "lastName": last, "phoneNumber": phone},
        "customDomains": [customer.domain, own_domain],
        "allowDelegatedAccess": customer.index % 9 != 4,
    }

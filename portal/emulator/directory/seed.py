"""Who works at a customer: the same people for the same seed, whenever they are asked for."""

from datetime import datetime, timedelta

from portal.emulator.directory.model import GLOBAL_ADMINISTRATOR, ROLES, Directory, User
from portal.emulator.ids import guid, seeded
from portal.emulator.model import Customer
from portal.emulator.seeds.people import slug
from portal.emulator.seeds.places import BY_CODE
from portal.emulator.settings import Settings

DISTRIBUTOR_USERS = 50
FEWEST = 5
_LEFT_AGO = timedelta(days=5, hours=2)
_SYNCED_AGO = timedelta(minutes=25)


def is_synchronised(customer: Customer) -> bool:
    """Whether its accounts come from a directory of its own."""
    return customer.index % 11 == 7


def domains(customer: Customer) -> tuple[str, str]:
    """Return the customer's domains, alike those of its profile (get-a-customer-by-id)."""
    place = BY_CODE.get(customer.country)
    top_domain = place.top_domain if place else customer.country.lower()
    own = f"{slug(customer.name)[:24]}.{top_domain}"
    return customer.domain, own


def make(settings: Settings, customer: Customer, anchor: datetime) -> Directory:
    """Make a customer's directory: an administrator, its staff, and one who left days ago."""
    random = seeded(settings.seed, "users", customer.index)
    country = BY_CODE[customer.country]
    found = Directory(customer_id=customer.id, members={role: [] for role in ROLES}, made=0)
    usual = random.randint(FEWEST, 14) if settings.is_small else DISTRIBUTOR_USERS
    count = usual if settings.users is None else max(settings.users, FEWEST)
    domain = domains(customer)[1]
    taken: set[str] = {"admin"}
    found.add(
        User(
            id=guid(random),
            number=0,
            upn=f"admin@{customer.domain}",
            display_name=customer.name,
            usage_location=customer.country,
        )
    )
    for number in range(1, count):
        first, last = random.choice(country.first_names), random.choice(country.last_names)
        name = f"{slug(first)}.{slug(last)}"
        local = name if name not in taken else f"{name}{number}"
        taken.add(local)
        found.add(
            User(
                id=guid(random),
                number=number,
                upn=f"{local}@{domain}",
                first_name=first,
                last_name=last,
                display_name=f"{first} {last}",
                usage_location=customer.country if number % 6 else "",
            )
        )
    _employ(found, customer, anchor)
    return found


def _employ(found: Directory, customer: Customer, anchor: datetime) -> None:
    """Give roles, let the last one leave, and mark who comes from the customer's own directory."""
    people = list(found.users.values())
    helpdesk, accounts, billing = list(ROLES)[1:4]
    found.members[GLOBAL_ADMINISTRATOR].append(people[0].id)
    if customer.index == 0:
        # The first customer has two, so that one of them can be taken back.
        found.members[GLOBAL_ADMINISTRATOR].append(people[1].id)
    found.members[helpdesk].append(people[2].id)
    found.members[accounts].append(people[2].id)
    found.members[billing].append(people[3].id)
    people[-1].deleted_at = anchor - _LEFT_AGO
    if is_synchronised(customer):
        for user in people[1:]:
            user.synced_at = anchor - _SYNCED_AGO
            user.immutable_id = user.id.replace("-", "")[:22] + "=="

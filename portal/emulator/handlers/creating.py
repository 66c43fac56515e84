"""A customer comes and goes: created for oneself or for a reseller, relationship ended, sandbox account deleted."""

from portal.emulator import founding, render
from portal.emulator.audit import Event
from portal.emulator.context import Answer, Call, ok
from portal.emulator.directory.model import GLOBAL_ADMINISTRATOR, ROLES, Directory, User
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates, tells_apart
from portal.emulator.model import JSON, Customer, Reseller

CREATIONS = ("CREATE_CUSTOMER", "CREATE_CUSTOMER_FOR_RESELLER")
FIRST_USER = "admin"


@tells_apart(*CREATIONS)
def which_creation(call: Call) -> str:
    """Name the scenario by whether the body credits a reseller."""
    try:
        for_reseller = bool(founding.lower(call.body).get("associatedpartnerid"))
    except Refusal:
        for_reseller = False
    return CREATIONS[1] if for_reseller else CREATIONS[0]


@emulates(*CREATIONS)
def create_customer(call: Call) -> Answer:
    """201 with the customer and the credentials of its first user, which no later read shows."""
    store = call.store
    with store.lock:
        wanted = founding.read(call.body)
        if any(other.domain.lower() == wanted.domain for other in store.customers.values()):
            raise Refusal(3000, "The domain is already taken.")
        reseller = _reseller(call, wanted.reseller_id)
        customer = founding.customer(wanted, store.created, store.ids, reseller)
        store.found_customer(customer)
        dossier = store.dossiers.of(customer.id)
        dossier.founded, dossier.agreements = founding.profile(wanted, store.ids), []
        store.dossiers.keep(dossier)
        store.directories.begin(_first_users(call, customer))
        store.permissions.begin(customer, by_default=wanted.by_default)
        _record(call, customer, "add_customer", "succeeded", new=render.customer(customer))
        store.permissions.begun(customer)
        answer = render.customer_detail(customer, store.profile(customer))
        password = f"{store.ids.guid()[:8]}=Aq7"
    answer["userCredentials"] = {"userName": FIRST_USER, "password": password}
    if reseller is not None:
        answer["associatedPartnerId"] = reseller.id
    return ok(answer, 201)


def _reseller(call: Call, reseller_id: str) -> Reseller | None:
    if not reseller_id:
        return None
    for reseller in call.store.resellers:
        if reseller.id == reseller_id:
            return reseller
    raise Refusal(3000, "The AssociatedPartnerId is no indirect reseller of this partner.")


def _first_users(call: Call, customer: Customer) -> Directory:
    user = User(
        id=call.store.ids.guid(),
        number=0,
        upn=f"{FIRST_USER}@{customer.domain}",
        display_name=customer.name,
        usage_location=customer.country,
    )
    made = Directory(customer_id=customer.id, members={role: [] for role in ROLES}, made=0)
    made.add(user)
    made.members[GLOBAL_ADMINISTRATOR].append(user.id)
    return made


@emulates("GET_RELATIONSHIP_REQUEST")
def relationship_request(call: Call) -> Answer:
    partner = call.store.settings.tenant_id
    url = (
        "https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship"
        f"&partnerId={partner}&msppId=0&DAP=false#/BillingAccounts/partner-invitation"
    )
    return ok({"url": url, "attributes": {"objectType": "RelationshipRequest"}})


@emulates("REMOVE_CUSTOMER_RELATIONSHIP")
def end_relationship(call: Call) -> Answer:
    """The customer leaves the partner's list; refused while a subscription is active."""
    with call.store.lock:
        customer = call.store.customer(call.params["customer_id"])
        if str(founding.lower(call.body).get("relationshiptopartner", "")).lower() != "none":
            raise Refusal(3000, "RelationshipToPartner can only be set to none.")
        operation, old = "remove_partner_customer_relationship", render.customer(customer)
        account = call.store.account(customer.id)
        if any(item.status == "active" for item in account.subscriptions.values()):
            _record(call, customer, operation, "failed", old=old)
            raise Refusal(800002, "All subscriptions must be suspended first.")
        call.store.remove_customer(customer.id)
        _record(call, customer, operation, "succeeded", old=old)
    ended = {"relationshipToPartner": "none", "attributes": {"objectType": "Customer"}}
    return ok(ended)


@emulates("DELETE_SANDBOX_CUSTOMER")
def delete_customer(call: Call) -> Answer:
    """The emulator is an integration sandbox throughout: every customer can be deleted."""
    with call.store.lock:
        customer = call.store.customer(call.params["customer_id"])
        old = render.customer(customer)
        call.store.remove_customer(customer.id)
        _record(call, customer, "delete_tip_customer", "succeeded", old=old)
    return Answer(204)


def _record(
    call: Call,
    customer: Customer,
    operation: str,
    status: str,
    *,
    old: JSON | None = None,
    new: JSON | None = None,
) -> None:
    event = Event(customer, "customer", operation, status, old, new)
    call.store.audit.write(event, call.actor, call.store.clock.now())

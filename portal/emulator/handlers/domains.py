"""A verified domain for a customer, as registrars add it."""

from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON

_NEEDED = ("issueruri", "logoffuri", "passivelogonuri", "signingcertificate")


@emulates("ADD_VERIFIED_DOMAIN")
def add_domain(call: Call) -> Answer:
    sent = _lower(call.body)
    domain = _lower(sent.get("domain"))
    name = str(sent.get("verifieddomainname") or "").lower()
    if "." not in name or str(domain.get("name") or "").lower() != name:
        raise Refusal(3000, "The domain name is not valid.")
    kind = str(domain.get("authenticationtype") or "").lower()
    if kind not in {"managed", "federated"}:
        raise Refusal(3000, "The authentication type is not known.")
    settings = _lower(sent.get("domainfederationsettings"))
    if kind == "federated" and not all(settings.get(one) for one in _NEEDED):
        raise Refusal(3000, "The federation settings of the domain are not complete.")
    with call.store.lock:
        customer = call.store.customer(call.params["customer_id"])
        if name in call.store.profile(customer)["customDomains"]:
            raise Refusal(3000, "The customer has this domain already.")
        dossier = call.store.dossiers.of(customer.id)
        dossier.domains.append(name)
        call.store.dossiers.keep(dossier)
    answer = {
        "authenticationType": kind,
        "capability": "email",
        "isDefault": False,
        "isInitial": False,
        "name": name,
        "status": "verified",
        "verificationMethod": "dns_record",
    }
    return ok(answer, status=201)


def _lower(content: object) -> JSON:
    if not isinstance(content, dict):
        return {}
    return {str(name).lower(): value for name, value in content.items()}

"""A customer of Fabrikam with a user, two products, and the subscription that gives one of them."""

from dataclasses import dataclass
from typing import Any

import pytest

from customers.models import Customer, CustomerUser, SubscribedSku
from orders.models import Subscription
from tests.factories import guid, store
from tests.people import Estate

BASIC = "3b555118-da6a-4418-894f-7df1e2096870"
FREE = "f30db892-07e9-47e9-837c-80727f46fd3d"
SWAY, TEAMS = guid("Sway"), guid("Teams")


def wire_sku(sku: str = BASIC, *, total: int = 10, used: int = 9, **fields: Any) -> dict[str, Any]:
    """A SubscribedSku as the list brings it."""
    plans = [
        {"displayName": name, "serviceName": name.upper(), "id": guid(name), "targetType": "User"}
        for name in ("Sway", "Teams")
    ]
    return {
        "availableUnits": total - used,
        "activeUnits": total,
        "consumedUnits": used,
        "suspendedUnits": 0,
        "totalUnits": total,
        "warningUnits": 0,
        "productSku": {
            "id": sku,
            "name": f"Product {sku[:4]}",
            "skuPartNumber": sku[:4].upper(),
            "targetType": "User",
            "licenseGroupId": "group1",
        },
        "servicePlans": plans,
        "capabilityStatus": "Enabled",
        **fields,
    }


def wire_held(*skus: str, off: tuple[str, ...] = ()) -> dict[str, Any]:
    """The licences of a user as Partner Center answers them."""
    return {
        "totalCount": len(skus),
        "items": [
            {
                "servicePlans": [
                    {"id": plan, "capabilityStatus": "Disabled" if plan in off else "Assigned"}
                    for plan in (SWAY, TEAMS)
                ],
                "productSku": {"id": sku, "licenseGroupId": "group1"},
            }
            for sku in skus
        ],
    }


@dataclass(frozen=True)
class World:
    customer: Customer
    user: CustomerUser
    seats: Subscription

    @property
    def place(self) -> str:
        return f"{self.customer.pc_id}/{self.user.pc_id}"

    def sku(self, sku: str = BASIC) -> SubscribedSku:
        return SubscribedSku.objects.get(customer=self.customer, pc_id=sku)

    def tenant(self, *skus: dict[str, Any]) -> None:
        """Let the mirror read these products."""
        store("subscribed_skus", self.customer.connection, *skus, parent=self.customer.pc_id)

    def holds(self, *skus: str, off: tuple[str, ...] = ()) -> None:
        """Let the mirror read that the user holds these."""
        connection = self.customer.connection
        store("user_licences", connection, wire_held(*skus, off=off), parent=self.place)


def make_user(customer: Customer, name: str, location: str = "FR") -> CustomerUser:
    """An active user of a customer's directory."""
    return CustomerUser.objects.create(
        connection=customer.connection,
        customer=customer,
        customer_pc_id=customer.pc_id,
        pc_id=guid(f"user {name}"),
        display_name=name,
        user_principal_name=f"{name.lower()}@{customer.domain}",
        usage_location=location,
        state="active",
    )


@pytest.fixture
def world(estate: Estate) -> World:
    """Ada holds nothing; of ten seats of Business Basic one is left."""
    seats = estate.fabrikam_seats
    seats.product_type, seats.product_id, seats.sku_id = "OnlineServicesNCE", "CFQ7TTC0LH18", "0001"
    seats.save()
    made = World(estate.of_fabrikam, make_user(estate.of_fabrikam, "Ada"), seats)
    made.tenant(wire_sku(), wire_sku(FREE, total=100, used=0))
    made.holds()
    return made

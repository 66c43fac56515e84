"""What the tab "Profile" is read from."""

from customers import demand

BILLING = "billing_profiles"
COMPANY = "company_profiles"
PART = demand.Part("profile", (COMPANY, BILLING), "customer_profile")

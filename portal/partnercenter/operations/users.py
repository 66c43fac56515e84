"""Users of a customer, their directory roles and their licences; App+User tokens only."""

from portal.partnercenter.operations.shared import PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.spec import Cloud, Effect, Method, Operation, Paging, Query

LIST_USERS = Operation(
    name="LIST_USERS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/users",
    scenario="get-a-list-of-all-user-accounts-for-a-customer",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    query=(
        Query(name="size"),
        Query(name="filter"),
        Query(name="sortField"),
        Query(name="sortDirection"),
    ),
    paging=Paging.CONTINUATION,
    clouds=PUBLIC_ONLY,
)

LIST_DELETED_USERS = Operation(
    name="LIST_DELETED_USERS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/users",
    scenario="view-a-deleted-user",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="size"), Query(name="filter", required=True)),
    paging=Paging.CONTINUATION,
    clouds=PUBLIC_ONLY,
)

GET_USER = Operation(
    name="GET_USER",
    method=Method.GET,
    path="/v1/customers/{customer_id}/users/{user_id}",
    scenario="get-a-user-account-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

CREATE_USER = Operation(
    name="CREATE_USER",
    method=Method.POST,
    path="/v1/customers/{customer_id}/users",
    scenario="create-user-accounts-for-a-customer",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=PUBLIC_ONLY,
    national_gaps={
        Cloud.GERMANY: "customer users are read-only",
        Cloud.US_GOV: "customer users are read-only",
    },
)

UPDATE_USER = Operation(
    name="UPDATE_USER",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/users/{user_id}",
    scenario="update-user-accounts-for-a-customer",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=PUBLIC_ONLY,
    national_gaps={
        Cloud.GERMANY: "customer users are read-only",
        Cloud.US_GOV: "customer users are read-only",
    },
)

# Today's form (the pages of 2023).
RESET_PASSWORD = Operation(
    name="RESET_PASSWORD",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/users/{user_id}/resetpassword",
    scenario="reset-user-password-for-a-customer",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=PUBLIC_ONLY,
    national_gaps={
        Cloud.CHINA: "no password reset by API",
        Cloud.GERMANY: "no password reset by API",
        Cloud.US_GOV: "no password reset by API",
    },
)

# The form of 2021 and of the SDK.
RESET_PASSWORD_BY_UPDATE = Operation(
    name="RESET_PASSWORD_BY_UPDATE",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/users/{user_id}",
    scenario="reset-user-password-for-a-customer",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=PUBLIC_ONLY,
    national_gaps={
        Cloud.CHINA: "no password reset by API",
        Cloud.GERMANY: "no password reset by API",
        Cloud.US_GOV: "no password reset by API",
    },
)

DELETE_USER = Operation(
    name="DELETE_USER",
    method=Method.DELETE,
    path="/v1/customers/{customer_id}/users/{user_id}",
    scenario="delete-user-accounts-for-a-customer",
    returns=type(None),
    effect=Effect.WRITE,
    auth=USER,
    clouds=PUBLIC_ONLY,
    success=(204,),
    national_gaps={
        Cloud.GERMANY: "customer users are read-only",
        Cloud.US_GOV: "customer users are read-only",
    },
)

RESTORE_USER = Operation(
    name="RESTORE_USER",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/users/{user_id}",
    scenario="restore-a-user-for-a-customer",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=PUBLIC_ONLY,
    national_gaps={
        Cloud.GERMANY: "customer users are read-only",
        Cloud.US_GOV: "customer users are read-only",
    },
)

LIST_ROLES_OF_USER = Operation(
    name="LIST_ROLES_OF_USER",
    method=Method.GET,
    path="/v1/customers/{customer_id}/users/{user_id}/directoryroles",
    scenario="get-user-roles-for-a-customer",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

LIST_DIRECTORY_ROLES = Operation(
    name="LIST_DIRECTORY_ROLES",
    method=Method.GET,
    path="/v1/customers/{customer_id}/directoryroles",
    scenario="get-user-roles-for-a-customer",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

LIST_MEMBERS_OF_ROLE = Operation(
    name="LIST_MEMBERS_OF_ROLE",
    method=Method.GET,
    path="/v1/customers/{customer_id}/directoryroles/{role_id}/usermembers",
    scenario="get-user-roles-for-a-customer",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="size"),),
    paging=Paging.CONTINUATION,
    clouds=PUBLIC_ONLY,
)

ADD_ROLE_MEMBER = Operation(
    name="ADD_ROLE_MEMBER",
    method=Method.POST,
    path="/v1/customers/{customer_id}/directoryroles/{role_id}/usermembers",
    scenario="set-user-roles-for-a-customer",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=PUBLIC_ONLY,
    success=(201,),
    national_gaps={Cloud.GERMANY: "no role assignment", Cloud.US_GOV: "no role assignment"},
)

REMOVE_ROLE_MEMBER = Operation(
    name="REMOVE_ROLE_MEMBER",
    method=Method.DELETE,
    path="/v1/customers/{customer_id}/directoryroles/{role_id}/usermembers/{user_id}",
    scenario="remove-customer-user-from-a-role",
    returns=type(None),
    effect=Effect.WRITE,
    auth=USER,
    clouds=PUBLIC_ONLY,
    success=(204,),
    national_gaps={Cloud.GERMANY: "no role assignment", Cloud.US_GOV: "no role assignment"},
)

LIST_AVAILABLE_LICENSES = Operation(
    name="LIST_AVAILABLE_LICENSES",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscribedskus",
    scenario="get-a-list-of-available-licenses",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
    national_gaps={
        Cloud.CHINA: "no user licence management",
        Cloud.GERMANY: "no user licence management",
    },
)

LIST_AVAILABLE_LICENSES_BY_GROUP = Operation(
    name="LIST_AVAILABLE_LICENSES_BY_GROUP",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscribedskus",
    scenario="get-a-list-of-available-licenses-by-license-group",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="licenseGroupIds"),),
    clouds=PUBLIC_ONLY,
    national_gaps={
        Cloud.CHINA: "no user licence management",
        Cloud.GERMANY: "no user licence management",
    },
)

LIST_LICENSES_OF_USER = Operation(
    name="LIST_LICENSES_OF_USER",
    method=Method.GET,
    path="/v1/customers/{customer_id}/users/{user_id}/licenses",
    scenario="check-which-licenses-are-assigned-to-a-user",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
    national_gaps={
        Cloud.CHINA: "no user licence management",
        Cloud.GERMANY: "no user licence management",
    },
)

LIST_LICENSES_OF_USER_BY_GROUP = Operation(
    name="LIST_LICENSES_OF_USER_BY_GROUP",
    method=Method.GET,
    path="/v1/customers/{customer_id}/users/{user_id}/licenses",
    scenario="get-licenses-assigned-to-a-user-by-license-group",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="licenseGroupIds"),),
    clouds=PUBLIC_ONLY,
    national_gaps={
        Cloud.CHINA: "no user licence management",
        Cloud.GERMANY: "no user licence management",
    },
)

UPDATE_LICENSES_OF_USER = Operation(
    name="UPDATE_LICENSES_OF_USER",
    method=Method.POST,
    path="/v1/customers/{customer_id}/users/{user_id}/licenseupdates",
    scenario="assign-licenses-to-a-user",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    clouds=PUBLIC_ONLY,
    success=(201,),
    national_gaps={
        Cloud.CHINA: "no user licence management",
        Cloud.GERMANY: "no user licence management",
    },
)

"""Values that many operations share: which tokens and which clouds a page allows."""

from portal.partnercenter.spec import Auth, Cloud

USER = frozenset({Auth.APP_USER})

PUBLIC_ONLY = frozenset({Cloud.PUBLIC})
PUBLIC_GERMANY = frozenset({Cloud.PUBLIC, Cloud.GERMANY})
NOT_CHINA = frozenset({Cloud.PUBLIC, Cloud.GERMANY, Cloud.US_GOV})
NOT_GERMANY = frozenset({Cloud.PUBLIC, Cloud.CHINA, Cloud.US_GOV})
NOT_US_GOV = frozenset({Cloud.PUBLIC, Cloud.CHINA, Cloud.GERMANY})

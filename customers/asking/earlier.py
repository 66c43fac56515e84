"""Calls that Microsoft has given a new form: today's is tried first, the earlier one where there is only that.

``notes`` of the scenarios name them: the qualifications, and the reset of a password.
"""

from http import HTTPStatus

from portal.partnercenter.errors import NotFound, NotOffered, PartnerError


def is_missing(error: PartnerError) -> bool:
    """Whether an answer may mean that the call itself does not exist there.

    404 also says that the object is gone. Then the earlier form is refused in the same way, and that
    refusal counts.
    """
    if isinstance(error, NotFound | NotOffered):
        return True
    return error.status == HTTPStatus.METHOD_NOT_ALLOWED

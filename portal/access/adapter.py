"""How allauth behaves here: nobody signs up by themselves, and no answer tells who has an account."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """People are created by an administrator or by ``manage.py create_user``."""
        return False

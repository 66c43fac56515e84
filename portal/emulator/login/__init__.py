"""The sign-in service that Partner Center trusts, emulated for every cloud's host name at once."""

"""The id_token and the key that signs it, made once when first needed."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from portal.emulator import render
from portal.emulator.model import JSON
from portal.emulator.tokens import base64url

KEY_ID = "emulator-1"


@cache
def _key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def jwt(claims: JSON) -> str:
    """Return the claims as a JWT signed with RS256."""
    header = {"typ": "JWT", "alg": "RS256", "kid": KEY_ID}
    signed = f"{base64url(render.encode(header))}.{base64url(render.encode(claims))}"
    return f"{signed}.{base64url(_key().sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _number(value: int) -> str:
    return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def keys() -> JSON:
    """Return the JSON Web Key Set."""
    public = _key().public_key().public_numbers()
    key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID}
    return {"keys": [{**key, "n": _number(public.n), "e": _number(public.e)}]}

"""The API's description: made without a warning, and true: what is answered is as it says."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema  # type: ignore[import-untyped] # it comes without types
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from portal.access.models import User
from tests.access.test_matrix import ids, people  # noqa: F401 - fixtures
from tests.access.url_map import addresses

OPEN = {"/api/v1/schema/", "/api/v1/docs/"}


@cache
def _drawn() -> tuple[dict[str, Any], list[str]]:
    """The description, and what its generator had to say."""
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        schema = SchemaGenerator().get_schema(request=None, public=True)
    said = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    GENERATOR_STATS.reset()
    return schema, said


def test_the_schema_is_valid_and_without_a_warning() -> None:
    schema, said = _drawn()
    assert said == []
    validate_schema(schema)
    assert len(schema["paths"]) > 80


def test_every_answer_is_as_the_description_says(
    people: dict[str, User],  # noqa: F811
    ids: dict[str, object],  # noqa: F811
    api_of: Callable[[User], Client],
) -> None:
    schema, _said = _drawn()
    plain = _nullable(schema["components"])
    api, read, wrong = api_of(people["administrator"]), 0, []
    for address in addresses():
        url = address.url(ids)
        if not url.startswith("/api/v1/") or address.name in OPEN:
            continue
        told = _operation(schema, url)
        if told is None:
            continue
        answer = api.get(url)
        if answer.status_code == 405:
            continue
        found = told["responses"][str(answer.status_code)]["content"].get("application/json")
        if found is None:
            answer.getvalue()  # or the file stays open
            continue
        shape = _nullable(found["schema"]) | {"components": plain}
        check = jsonschema.Draft202012Validator(shape)
        wrong += [
            (url, list(error.path), error.message) for error in check.iter_errors(answer.json())
        ]
        read += 1
    assert not wrong, "\n".join(map(str, wrong))
    assert read > 50
    refused = schema["paths"]["/api/v1/carts/{id}/"]["patch"]["responses"]
    assert {"400", "401", "403", "404", "409"} <= set(refused)


def _operation(schema: dict[str, Any], url: str) -> dict[str, Any] | None:
    """What is said of GET at an address."""
    for path, methods in schema["paths"].items():
        if "get" in methods and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), url):
            found: dict[str, Any] = methods["get"]
            return found
    return None


def _nullable(told: Any) -> Any:
    """OpenAPI 3.0 says "nullable" where JSON Schema has a type of its own."""
    if isinstance(told, list):
        return [_nullable(one) for one in told]
    if not isinstance(told, dict):
        return told
    made = {name: _nullable(one) for name, one in told.items() if name != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if told.get("nullable") else made

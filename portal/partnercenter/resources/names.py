"""Names of wire fields, matched without regard to case.

Answers are camelCase today, but some documents and old calls print PascalCase. A known field gets
the name that its TypedDict declares; an unknown one is kept as it came.
"""

from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict


def _bindings(shape: Any) -> dict[Any, Any]:
    """Map the type variables of generic bases to what the shape binds them to."""
    found: dict[Any, Any] = {}
    for base in getattr(shape, "__orig_bases__", ()):
        origin = get_origin(base)
        if origin is not None:
            found |= dict(zip(getattr(origin, "__parameters__", ()), get_args(base), strict=False))
    return found


def _nested(hint: Any, bound: dict[Any, Any]) -> Any:
    """Return the TypedDict inside a field's type, through lists, optionals and variables."""
    if isinstance(hint, TypeVar):
        hint = bound.get(hint)
    if is_typeddict(hint):
        return hint
    if get_origin(hint) in (list, Union, UnionType):
        return next(filter(None, (_nested(part, bound) for part in get_args(hint))), None)
    return None


@cache
def fields(shape: Any) -> dict[str, tuple[str, Any]]:
    """Map each field in lower case to its declared name and the TypedDict inside it, if any."""
    bound = _bindings(shape)
    return {
        name.lower(): (name, _nested(hint, bound)) for name, hint in get_type_hints(shape).items()
    }


@cache
def _exact(shape: Any) -> dict[str, Any]:
    return dict(fields(shape).values())


@cache
def _inner(shape: Any) -> list[tuple[str, Any]]:
    return [(name, inner) for name, inner in fields(shape).values() if inner is not None]


def canonical(value: Any, shape: Any) -> Any:
    """Return the parsed JSON with known fields named as ``shape`` declares them.

    A list is taken as many of the shape. Where two spellings of one field come together, the
    declared one wins and the other is kept beside it. ``value`` is the caller's to give away: what
    is spelt right already is changed in place.
    """
    if isinstance(value, list):
        return [canonical(item, shape) for item in value]
    if not isinstance(value, dict) or not is_typeddict(shape):
        return value
    if _is_exact(value, shape):
        answer = value
    else:
        answer = {
            name if name in _exact(shape) else _declared(name, value, shape): content
            for name, content in value.items()
        }
    for name, inner in _inner(shape):
        if name in answer:
            answer[name] = canonical(answer[name], inner)
    return answer


def _is_exact(value: dict[str, Any], shape: Any) -> bool:
    """Whether each field is spelt as declared, or is no field of the shape in any spelling."""
    known = fields(shape)
    return all(name.lower() not in known for name in value.keys() - _exact(shape).keys())


def _declared(name: str, value: dict[str, Any], shape: Any) -> str:
    declared: str = fields(shape).get(name.lower(), (name, None))[0]
    return name if declared in value else declared

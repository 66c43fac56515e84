"""Names of wire fields, matched without regard to case.

Answers are camelCase today, but some documents and old calls print PascalCase. A known field gets
the name that its TypedDict declares; an unknown one is kept as it came.
"""

from functools import cache, cached_property
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


class _Shape:
    """A TypedDict taken apart once, because every answer is compared with one."""

    def __init__(self, shape: Any) -> None:
        known = fields(shape)
        self.names = frozenset(name for name, _ in known.values())
        self.spelt = {lower: name for lower, (name, _) in known.items()}
        self._parts = [(name, part) for name, part in known.values() if part is not None]

    @cached_property
    def inner(self) -> list[tuple[str, "_Shape"]]:
        """The fields that hold a TypedDict; found late, since a shape may hold itself."""
        return [(name, _shape(part)) for name, part in self._parts]

    def named(self, value: Any) -> Any:
        if type(value) is list:
            return [self.named(item) for item in value]
        if type(value) is not dict:
            return value
        if not value.keys() <= self.names:
            value = self._respelt(value)
        for name, shape in self.inner:
            content = value.get(name)
            if content:
                value[name] = shape.named(content)
        return value

    def _respelt(self, value: dict[str, Any]) -> dict[str, Any]:
        others = value.keys() - self.names
        if not any(name.lower() in self.spelt for name in others):
            return value
        return {
            self._declared(name, value) if name in others else name: content
            for name, content in value.items()
        }

    def _declared(self, name: str, value: dict[str, Any]) -> str:
        declared = self.spelt.get(name.lower(), name)
        return name if declared in value else declared


_shape = cache(_Shape)


def canonical(value: Any, shape: Any) -> Any:
    """Return the parsed JSON with known fields named as ``shape`` declares them.

    A list is taken as many of the shape. Where two spellings of one field come together, the
    declared one wins and the other is kept beside it. ``value`` is the caller's to give away: what
    is spelt right already is changed in place.
    """
    return _shape(shape).named(value) if is_typeddict(shape) else value

"""A list's state is its address: what it asks for, and the addresses that ask for a little else.

With ``?view=key`` the address starts from what the view stored and carries only the differences, so
that a shared link stays short and a changed view stays the same view.
"""

from abc import abstractmethod
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from portal.ui import directory, keeping, shell

# Parameters that are not a filter of the list.
OWN = ("sort", "after", "size", "export", "columns", "cols", "row", "view")
_OF_ONE_REQUEST = ("view", "after", "export", "columns", "row")


class Addressed:
    """The part of a list that reads and writes addresses."""

    request: HttpRequest
    given: QueryDict | None

    @property
    @abstractmethod
    def slug(self) -> str:
        """The list's name."""

    @cached_property
    def remembers(self) -> bool:
        """Whether columns and views of this list are kept for the person who asks."""
        user = getattr(self.request, "user", None)
        signed_in = user is not None and user.is_authenticated
        return bool(signed_in and shell.slots.recall and directory.known(self.slug))

    @cached_property
    def kept(self) -> keeping.Kept:
        """Columns and views of the person; nothing for a list that remembers nothing."""
        if not self.remembers:
            return keeping.Kept()
        return shell.recall(self.request, self.slug, self._asked.get("view", ""))

    @cached_property
    def _asked(self) -> QueryDict:
        return self.request.GET if self.given is None else self.given

    @cached_property
    def stored(self) -> QueryDict:
        """What the opened view holds."""
        return QueryDict(self.kept.opened.query if self.kept.opened else "")

    @cached_property
    def params(self) -> QueryDict:
        """What is asked for: the view's query, overridden by the address."""
        found = self.stored.copy()
        for name in self._asked:
            if name not in _OF_ONE_REQUEST:
                found.setlist(name, self._asked.getlist(name))
        return found

    @cached_property
    def lost_view(self) -> bool:
        """Whether the address names a view that is not there for this person."""
        return bool(self._asked.get("view")) and self.remembers and self.kept.opened is None

    def _settled(self) -> dict[str, list[str]]:
        """The parameters as they took effect, without empty ones."""
        return {name: values for name in self.params if (values := _full(self.params, name))}

    def url(self, **changes: str | None) -> str:
        """This list's address with some parameters changed, first page unless a cursor is given."""
        query = self._settled()
        query |= {name: [change] if change else [] for name, change in changes.items()}
        view = query.pop("view", None)
        opened = self.kept.opened if view is None else None
        pairs = [("view", opened.key)] if opened else []
        stored = self.stored if opened else QueryDict()
        names = list(dict.fromkeys([*query, *stored]))
        for name in names:
            values = query.get(name, [])
            if name in stored and values == _full(stored, name):
                continue
            pairs += [(name, value) for value in (values or ([""] if name in stored else []))]
        return f"{self.request.path}?{urlencode(pairs)}" if pairs else self.request.path

    @property
    def full_query(self) -> str:
        """Everything in force as one query string without a view: what a view or an export stores."""
        query = self._settled()
        return urlencode([(name, value) for name, values in query.items() for value in values])

    @property
    def changed(self) -> bool:
        """Whether the address says something else than the opened view."""
        if self.kept.opened is None:
            return False
        stored = {name: values for name in self.stored if (values := _full(self.stored, name))}
        return stored != self._settled()


def _full(query: QueryDict, name: str) -> list[str]:
    return [value for value in query.getlist(name) if value]

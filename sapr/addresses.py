"""An operation is found by the shape of its address, not by going through the list of all of them."""

from functools import cached_property

from django.urls import ResolverMatch, URLPattern, URLResolver

ID = 36


class Shapes(URLResolver):
    """`include` for a long list of addresses whose parts are words and ids (`<uuid:…>`); any other part is allowed.

    What is found, and what is not, is the same as by the list in its order.
    """

    @cached_property
    def _of_shape(self) -> dict[tuple[str, ...], URLResolver]:
        found: dict[tuple[str, ...], list[URLPattern]] = {}
        for each in self.url_patterns:
            parts = str(each.pattern).split("/")
            found.setdefault(tuple("" if part.startswith("<uuid:") else part for part in parts), []).append(
                each
            )
        return {shape: URLResolver(self.pattern, patterns) for shape, patterns in found.items()}

    def resolve(self, path: str) -> ResolverMatch:
        parts = path.removeprefix(str(self.pattern)).split("/")
        few = self._of_shape.get(tuple("" if len(part) == ID else part for part in parts))
        # Where none is of that shape all are tried; so says the refusal, too.
        return few.resolve(path) if few is not None else super().resolve(path)

"""Every client loads the middleware anew, and with it a list of all static files: the tests make that list once."""

from whitenoise.middleware import WhiteNoiseMiddleware

_made: dict[str, dict] = {}
_list = WhiteNoiseMiddleware.add_files_from_finders


def list_once() -> None:
    """From the next client on. What is served of a file, and how, is the middleware's own still."""
    WhiteNoiseMiddleware.add_files_from_finders = _add


def _add(middleware: WhiteNoiseMiddleware) -> None:
    before, middleware.files = middleware.files, {}
    if middleware.static_prefix not in _made:
        _list(middleware)
        _made[middleware.static_prefix] = middleware.files
    middleware.files = before | _made[middleware.static_prefix]

"""Refusals that a person can act on."""


class DomainError(Exception):
    """A rule refuses what was asked.

    `code` is stable and snake_case; `message` is a sentence that says what to do; `status` is the HTTP
    status a door answers with; `path` names the offending input; `rule` is the policy id that refuses;
    `retry_after` is after how many seconds the same may be tried again (a door's header Retry-After).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 422,
        path: str = "",
        rule: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.path, self.rule = code, message, status, path, rule
        self.retry_after = retry_after


class NotFoundError(DomainError):
    """Not there, or not yours: the same answer to the byte."""

    def __init__(self) -> None:
        super().__init__("not_found", "There is nothing here that you can open.", status=404)

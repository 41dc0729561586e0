"""The two ways in which this package refuses."""


class PolicyError(Exception):
    """Base of everything raised on purpose by `reports.policy`."""


class FactsError(PolicyError):
    """Something the caller stated cannot be used.

    `code` is stable snake_case, `path` names the offending key or argument, `message` is a plain sentence.
    The message never repeats the value that was given.
    """

    def __init__(self, code: str, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.code = code
        self.path = path
        self.message = message


class PolicyDataError(PolicyError):
    """A data file is wrong. `file` and `row` say where."""

    def __init__(self, file: str, row: str, message: str) -> None:
        super().__init__(f"{file}: {row}: {message}")
        self.file = file
        self.row = row
        self.message = message

"""Why the vault does not open. A text names what is missing, never what was sealed."""


class VaultLockedError(Exception):
    """This process has no key that fits, or the sealed bytes are not what they should be."""


class ErasedError(VaultLockedError):
    """The case's keys were destroyed: nothing of its sealed parts will ever be readable again."""

    def __init__(self) -> None:
        super().__init__("the keys of this case were destroyed")

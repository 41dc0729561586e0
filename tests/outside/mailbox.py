"""A mail backend that keeps what it was given, with the instant by the database's clock."""

from typing import NamedTuple

from django.core.mail.backends.base import BaseEmailBackend

from sapr import clock

NAME = "tests.outside.mailbox.Backend"


class Got(NamedTuple):
    at: str
    address: str
    content: bytes


class Box:
    """What was given; `breaks`, when set, is raised after the mail was taken or before it (`early`)."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.breaks: BaseException | None = None
        self.early = False

    def clear(self) -> None:
        self.__init__()


BOX = Box()


class Backend(BaseEmailBackend):
    def send_messages(self, email_messages) -> int:
        if BOX.early and BOX.breaks:
            raise BOX.breaks
        for message in email_messages:
            [address] = message.to
            BOX.got.append(Got(clock.now().isoformat(), address, message.message().as_bytes(linesep="\r\n")))
        if BOX.breaks:
            raise BOX.breaks
        return len(email_messages)

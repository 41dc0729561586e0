"""Django's mail over SMTP, with an end: a server that says one byte a second does not hold up the sweep."""

import smtplib
import ssl
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from notifications.outside.handing import Deadline, NotHandedOver, Outcome

# Shorter than the lease: whoever lost it has stopped.
TOTAL = 40.0
PERMANENT = 500


class Backend(EmailBackend):
    """The stock backend, cut off after `total` seconds from connecting to the last answer (TimeoutError)."""

    def __init__(self, *args: Any, total: float = TOTAL, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total = total
        self._deadline: Deadline | None = None

    @property
    def connection_class(self):
        deadline = self._deadline

        class Watched(smtplib.SMTP):
            def _get_socket(self, host, port, timeout):
                connection = super()._get_socket(host, port, timeout)
                if deadline is not None:
                    deadline.watch(connection)
                return connection

        class WatchedTLS(smtplib.SMTP_SSL, Watched):
            """TLS begins on a connection that is watched already."""

        return WatchedTLS if self.use_ssl else Watched

    def send_messages(self, email_messages) -> int | None:
        with Deadline(self.total) as self._deadline:
            try:
                return super().send_messages(email_messages)
            except OSError:
                if self._deadline.passed:
                    raise TimeoutError from None
                raise


def hand_over(message: EmailMessage, **limits: float) -> None:
    """Give one mail to the mail server; NotHandedOver says why it was not taken. `limits`: `timeout` and `total`
    seconds, where they are not the backend's own.

    Only a refused addressee concerns the one mail. Whatever else a server refuses it refuses everybody: the words
    are the same for all.
    """
    try:
        message.connection = get_connection(**limits)
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        for_good = all(code >= PERMANENT for code, _ in error.recipients.values())
        outcome = Outcome.REFUSED if for_good else Outcome.BUSY
        raise NotHandedOver(outcome, for_good=for_good, this_one=True) from None
    except smtplib.SMTPServerDisconnected as error:
        # smtplib says "disconnected" for a time-out while it reads, too.
        silent = isinstance(error.__context__, TimeoutError)
        raise NotHandedOver(Outcome.TIMED_OUT if silent else Outcome.CUT_OFF) from None
    except smtplib.SMTPException:
        raise NotHandedOver(Outcome.BAD_REPLY) from None
    except TimeoutError:
        raise NotHandedOver(Outcome.TIMED_OUT) from None
    except ssl.SSLError:
        raise NotHandedOver(Outcome.BAD_REPLY) from None
    except ConnectionResetError:
        raise NotHandedOver(Outcome.CUT_OFF) from None
    except OSError:
        raise NotHandedOver(Outcome.UNREACHABLE) from None

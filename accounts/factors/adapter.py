"""What django-allauth's second factors are told: how secrets are kept, and that no mail is ever sent."""

from allauth.mfa.adapter import DefaultMFAAdapter

from accounts.keys import fernet

USE = "second factor"


class Adapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes stand encrypted in the database, never in clear."""

    def encrypt(self, text: str) -> str:
        return fernet(USE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet(USE).decrypt(encrypted_text.encode()).decode()

    def _get_user_identifier(self, user) -> str:
        """The user name: an e-mail address is nobody's name here."""
        return user.username

    def _get_site_name(self) -> str:
        return "SAPR"

    def send_notification_mail(self, *args, **kwargs) -> None:
        """Never: what happens to a factor stands in the ledger."""

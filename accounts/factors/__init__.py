"""The second factor: passkeys, authenticator codes, recovery codes. Storage and cryptography are django-allauth's."""

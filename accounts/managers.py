"""Making users: always through a service; there is no superuser."""

from django.contrib.auth.base_user import BaseUserManager


class UserManager(BaseUserManager):
    """`create_superuser` is absent on purpose: the first accounts come from `staff bootstrap`."""

    def get_by_natural_key(self, username: str):
        return self.get(username__iexact=username)

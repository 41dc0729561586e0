"""Making users: always through a service; there is no superuser."""

from django.contrib.auth.base_user import BaseUserManager
from django.db.models import Value
from django.db.models.functions import Lower


class UserManager(BaseUserManager):
    """`create_superuser` is absent on purpose: the first accounts come from `staff bootstrap`."""

    def get_by_natural_key(self, username: str):
        """Capitals make no difference, by the same folding as `accounts_user_name_once`.

        (`iexact` folds to capitals, in which more names are alike than the constraint keeps apart.)
        """
        return self.alias(folded=Lower("username")).get(folded=Lower(Value(username)))

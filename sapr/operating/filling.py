"""`python -m sapr.operating.filling PLACE`: a new key store filled from a copy, before there is a case database.

`keys load` says on the system's chain that it was done; here nothing holds a chain yet, and `restore` brings it.
"""

import json
import os
import sys
from pathlib import Path

import django


def main(place: Path) -> None:
    """Migrate the key store of this environment, empty so far, and fill it; prints how many keys."""
    os.environ["SAPR_ROLE"] = "owner"
    django.setup()
    from reports.vault import copies
    from sapr import keystore

    keystore.migrate()
    sys.stdout.write(json.dumps({"keys": copies.load(place)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

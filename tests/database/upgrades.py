"""The statements by which a migration repairs what earlier versions left."""

from pathlib import Path
from string import Template

from django.conf import settings
from psycopg import sql


def repaired(owner, name: str, app: str = "reports") -> None:
    """Run them, as the migration does; they may run again."""
    path = Path(settings.BASE_DIR) / app / "migrations" / "sql" / name
    roles = {role: sql.Identifier(name).as_string(owner) for role, name in settings.ROLE_NAMES.items()}
    with owner.transaction():
        owner.execute(Template(path.read_text()).substitute(roles))

"""Which database a model lives in: wrapped case keys in `keys`, everything else in `default`."""

KEY_STORE = ("wrappedkey", "personindex", "currentwrapping", "tombstone", "shareset", "keyplace", "draftkey")
KEY_MODELS = {("reports", name) for name in KEY_STORE}


class KeyStoreRouter:
    """Keeps the key store out of the case database and its backups."""

    def db_for_read(self, model, **hints):
        return "keys" if (model._meta.app_label, model._meta.model_name) in KEY_MODELS else None

    db_for_write = db_for_read

    def allow_relation(self, obj1, obj2, **hints):
        return None

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        wanted = "keys" if (app_label, model_name) in KEY_MODELS else hints.get("database", "default")
        return db == wanted

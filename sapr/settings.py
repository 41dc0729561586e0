"""One settings file, read from the environment. docs/running.md lists every variable.

The process's role decides which database account it signs in with and which secrets it may hold:
`web` (people and integrators), `worker` (Celery: no key store, no master key), `owner` (migrations).
"""

import shlex
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ROLE = env.str("SAPR_ROLE", default="web")
ROLE_URLS = {
    role: env.str(name, default="")
    for role, name in {
        "web": "DATABASE_URL",
        "worker": "WORKER_DATABASE_URL",
        "owner": "OWNER_DATABASE_URL",
    }.items()
}


def user_in(url: str, default: str) -> str:
    """The account name inside a database URL; migrations grant rights to these names."""
    return unquote(urlsplit(url).username or default)


def sibling(url: str, suffix: str) -> str:
    """The same server and account, database name + suffix ('' stays '')."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path + suffix)) if url else ""


ROLE_NAMES = {
    "owner": env.str("SAPR_OWNER_ROLE", default=user_in(ROLE_URLS["owner"], "sapr_owner")),
    "web": env.str("SAPR_WEB_ROLE", default=user_in(ROLE_URLS["web"], "sapr_web")),
    "worker": env.str("SAPR_WORKER_ROLE", default=user_in(ROLE_URLS["worker"], "sapr_worker")),
}
# The wrapped case keys live in a second, small database with its own account (vault page).
KEYS_URLS = {
    "web": env.str("KEYS_DATABASE_URL", default=sibling(ROLE_URLS["web"], "_keys")),
    "owner": env.str("OWNER_KEYS_DATABASE_URL", default=sibling(ROLE_URLS["owner"], "_keys")),
    "worker": "",
}
ROLE_NAMES["keys"] = user_in(KEYS_URLS["web"], "sapr_keys")


def database(url: str) -> dict[str, object]:
    """Connection settings for one URL; an absent URL gives a connection that refuses to open."""
    if not url:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "not-configured", "HOST": "not-configured"}
    config = env.db_url_config(url)
    # A socket folder stands percent-encoded where a host name would.
    config["HOST"] = unquote(config["HOST"])
    # A statement asked for the third time stays prepared: planning is half of what short ones cost. Behind a pooler
    # with a session for each transaction none does: the next one is another session's.
    kept = {"prepare_threshold": None if POOLER == "transaction" else 3} | config.get("OPTIONS", {})
    # Parameters travel apart from the statement, so no server log line ever holds a value.
    config["OPTIONS"] = kept | {"server_side_binding": True, "connect_timeout": 10}
    # A cursor of the server's ends with its transaction, and so may the session.
    cursors = {"DISABLE_SERVER_SIDE_CURSORS": POOLER == "transaction"}
    return config | cursors | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


# What stands between this process and the database: nothing, or PgBouncer with a session for each `transaction`.
POOLER = env.str("SAPR_POOLER", default="")
DATABASES = {"default": database(ROLE_URLS[ROLE])}
if KEYS_URLS[ROLE]:
    DATABASES["keys"] = database(KEYS_URLS[ROLE])
DATABASE_ROUTERS = ["sapr.routers.KeyStoreRouter"]

# Migrations: how long one statement waits for a lock that others queue behind, and how long it may run.
MIGRATE_LOCK_TIMEOUT = env.str("SAPR_MIGRATE_LOCK_TIMEOUT", default="3s")
MIGRATE_STATEMENT_TIMEOUT = env.str("SAPR_MIGRATE_STATEMENT_TIMEOUT", default="30min")

ADMIN_DATABASE_URL = env.str("ADMIN_DATABASE_URL", default="")
KIND = env.str("SAPR_KIND", default="real")
# The bundled PostgreSQL is for evaluation; behind TLS a real database on it needs this said aloud.
ALLOW_EMBEDDED = env.bool("SAPR_ALLOW_EMBEDDED", default=False)
# A folder of further rules, another jurisdiction's for example, laid beside the shipped ones.
POLICY_DIRECTORY = env.str("SAPR_POLICY_DIRECTORY", default="")


def secret(name: str) -> str:
    """The content of the file that the variable names, or ''."""
    path = env.str(name, default="")
    return Path(path).read_text().strip() if path else ""


# The worker signs nothing and reads no cookie; a random key of its own keeps Django content.
SECRET_KEY_GIVEN = secret("SAPR_SECRET_KEY_FILE")
SECRET_KEY = SECRET_KEY_GIVEN or __import__("secrets").token_urlsafe(48)
# The master key, from one of three places, and what stands with it (docs/vault.md); the worker gets none of it.
MASTER_KEY = MASTER_KEY_FILE = KEY_EPOCH_FILE = ""
MASTER_KEY_COMMAND: list[str] = []
KEY_STORE_PLACES: list[str] = []
if ROLE != "worker":
    MASTER_KEY = env.str("SAPR_MASTER_KEY", default="")
    MASTER_KEY_FILE = env.str("SAPR_MASTER_KEY_FILE", default="")
    MASTER_KEY_COMMAND = shlex.split(env.str("SAPR_MASTER_KEY_COMMAND", default=""))
    KEY_EPOCH_FILE = env.str("SAPR_KEY_EPOCH_FILE", default="")
    KEY_STORE_PLACES = [place for place in env.str("SAPR_KEY_STORE_PLACES", default="").split(":") if place]
# Whom backups are encrypted for: public keys of age, whose secret halves are kept elsewhere.
BACKUP_RECIPIENTS = env.list("SAPR_BACKUP_RECIPIENTS", default=[])
# Signs checkpoints of the ledger and opens nothing; where they are written besides the database, and mailed.
CHECKPOINT_KEY = secret("SAPR_CHECKPOINT_KEY_FILE") if ROLE != "web" else ""
CHECKPOINT_DIR = env.str("SAPR_CHECKPOINT_DIR", default="")
CHECKPOINT_MAIL = env.list("SAPR_CHECKPOINT_MAIL", default=[])
# The plain fernet_fields classes hold what webhooks are signed with. Never a fall-back on SECRET_KEY in silence.
FERNET_KEYS = [key for key in [secret("SAPR_CHANNEL_KEY_FILE")] if key]

# What a monitor shows to read /metrics; without one only this machine may, and only where no front end stands.
METRICS_TOKEN = secret("SAPR_METRICS_TOKEN_FILE")

DEBUG = False
# Loopback always: `./run` asks there whether the server is well.
ALLOWED_HOSTS = [*env.list("SAPR_ALLOWED_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.list("SAPR_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "sapr.apps.SaprConfig",
    "accounts.apps.AccountsConfig",
    "reports.apps.ReportsConfig",
    "notifications.apps.NotificationsConfig",
    "sapr.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Second factors. `account` is there because `mfa` imports it; of its tables nobody has a right.
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "csp",
]
MIDDLEWARE = [
    "sapr.operating.lines.LinesMiddleware",
    "sapr.operating.counting.CountingMiddleware",
    # Stands first, so that files, redirects and refusals of the others carry the same headers.
    "sapr.middleware.EveryAnswerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # What follows serves sessions and pages: requests with an API key go past it.
    "sapr.middleware.ByKeyMiddleware",
    "accounts.middleware.OwnCookieMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.BothFactorsMiddleware",
    "sapr.desk.language.LanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.LockedMiddleware",
    "sapr.middleware.DomainErrorMiddleware",
]
ROOT_URLCONF = "sapr.urls"
WSGI_APPLICATION = "sapr.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "sapr" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sapr.context.desk",
            ]
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "admin:login"

# Second factors (docs/people.md). Secrets are encrypted by the adapter, failures counted by accounts/lockout.py.
MFA_ADAPTER = "accounts.factors.adapter.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "SAPR"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False

# Client certificates (CAC) that a TLS front end has checked; off unless all of it is named (docs/people.md).
CLIENT_CERT_HEADER = env.str("SAPR_CLIENT_CERT_HEADER", default="")
# The header with the SHA-256 of an outside system's certificate, for keys that are bound to one (docs/clients.md).
CLIENT_FINGERPRINT_HEADER = env.str("SAPR_CLIENT_FINGERPRINT_HEADER", default="")
PROXY_SECRET_HEADER = env.str("SAPR_PROXY_SECRET_HEADER", default="")
PROXY_SECRET = secret("SAPR_PROXY_SECRET_FILE") if ROLE == "web" else ""

# Messages ride in the session row, never in a cookie (threats page, E1 item 1).
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Our own sessions: how long they live, idle and at all, stands in accounts/limits.py.
SESSION_ENGINE = "accounts.sessions"
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
# Behind TLS (SAPR_HTTPS=1) cookies are host-bound and secure; `./run` serves plain HTTP on loopback only.
HTTPS = env.bool("SAPR_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz(/work)?|readyz|metrics)$"]
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sapr", "__Host-sapr-csrf"
    SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = 31_536_000, True, True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
else:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sapr", "sapr-csrf"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# The desk's languages; everything that is stored, sent or exported stays English (docs/languages.md).
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "sapr" / "locale"]
FORMAT_MODULE_PATH = ["sapr.formats"]
USE_I18N = True
# UTC inside; pages show the installation's own zone.
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
# Empty: static files are served from the apps themselves. A production front end may collect them there.
STATIC_ROOT = env.str("SAPR_STATIC_ROOT", default="") or None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
# No page takes a file, and nothing that is sent as one may reach the disk.
FILE_UPLOAD_HANDLERS = ["sapr.uploads.NoFiles"]

# Content-free mail: to a folder unless a mail server is named.
MAIL_DIR = env.str("SAPR_MAIL_DIR", default="")
vars().update(env.email_url("EMAIL_URL", default=f"filemail://{MAIL_DIR}" if MAIL_DIR else "dummymail://"))
if MAIL_DIR and not env.str("EMAIL_URL", default=""):
    EMAIL_FILE_PATH = MAIL_DIR
DEFAULT_FROM_EMAIL = env.str("SAPR_MAIL_FROM", default="no-reply@sapr.invalid")
# One operation of the mail server; as a whole a mail is cut off before its lease ends (notifications/outside/smtp.py).
EMAIL_TIMEOUT = 10
if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":  # noqa: F821 - named by EMAIL_URL above
    EMAIL_BACKEND = "notifications.outside.smtp.Backend"
# Whom the watchdog writes to when nothing sweeps; nobody named: the programme managers.
ALARM_MAIL = env.list("SAPR_ALARM_MAIL", default=[])
# A technical mailbox for heartbeats and alarms; and hosts of webhooks that may stand at private addresses.
MONITOR_MAIL = env.str("SAPR_MONITOR_MAIL", default="")
WEBHOOK_PRIVATE_HOSTS = env.list("SAPR_WEBHOOK_PRIVATE_HOSTS", default=[])

# Logs hold an event name and ids, never a request body, a form field or a database value.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "sapr.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "sapr": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
DEFAULT_EXCEPTION_REPORTER = "sapr.logs.TypeOnlyReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "sapr.logs.NothingReporterFilter"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.apis.KeyAuthentication",
        "accounts.apis.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["sapr.permissions.HasDeclaredAccess"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "sapr.contract.schema.Contract",
    "EXCEPTION_HANDLER": "sapr.problems.problem_handler",
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%S.%fZ",
    "DEFAULT_THROTTLE_CLASSES": [],
}
# How many requests of the REST API somebody may send in a minute (ours: ten a second); 0: as many as they like, as in a
# rehearsal, whose clock stands still. Outside systems have a number each (docs/clients.md).
API_PER_MINUTE = env.int("SAPR_API_PER_MINUTE", default=0 if KIND == "rehearsal" else 600)
SPECTACULAR_SETTINGS = {
    "TITLE": "SAPR case management",
    "DESCRIPTION": "Restricted and Unrestricted reports: contact, eligibility, election, notices, evidence numbers.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["sapr.permissions.MayReadSchema"],
    "COMPONENT_SPLIT_REQUEST": True,
    # Words of a list stand where they are taken: a name for each list would be made up, and change with its neighbours.
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# Celery only wakes the sweep; what is due is found by query (docs/notices.md).
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

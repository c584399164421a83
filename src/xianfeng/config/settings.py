"""Django settings: one file for every place, told apart by environment variables (docs/settings.md)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from xianfeng.config import env

PROJECT = Path(__file__).resolve().parents[3]

DATA = Path(env.text("XIANFENG_DATA", "Folder of all state: database, files, keys.", str(PROJECT / "var"), "`var/`"))
# The kernel keeps its clock file there and knows no settings: give it the same answer.
os.environ["XIANFENG_DATA"] = str(DATA)
DATABASE_URL = env.text("XIANFENG_DATABASE_URL", "`postgres://…`; empty means SQLite in the data folder.")
BASE_URL = env.checked(
    "XIANFENG_BASE_URL",
    "Public base address, printed into QR codes and certificates.",
    env.address,
    "形如 https://example.org 的网址",
    "http://127.0.0.1:8000",
).rstrip("/")
SITE_TITLE = env.text(
    "XIANFENG_SITE_TITLE",
    "What the public site calls itself, at its head and in its feed.",
    "治水管海先锋",
    "`治水管海先锋`",
)
DEBUG = env.flag("XIANFENG_DEBUG", "Developer's mode: error pages with traces, static files without collecting.")
EXTRA_HOSTS = env.text("XIANFENG_ALLOWED_HOSTS", "More host names the server answers to, separated by commas.")
GIVEN_SECRET_KEY = env.text(
    "XIANFENG_SECRET_KEY",
    "Key that signs sessions and tokens.",
    default_in_words="made once, kept in the data folder as `secret.key`",
)
GIVEN_KEY_SECRET = env.text(
    "XIANFENG_KEY_SECRET",
    "Secret under which the signing keys in `keys/` are kept encrypted. Give it from outside the data folder in real "
    "use: a copied data folder or backup is then no copy of the keys.",
    default_in_words="made once, kept in the data folder as `keys.secret`",
)
env.checked(
    "XIANFENG_CLOCK",
    "Day the programme's clock is set to, for demonstrations.",
    env.day,
    "形如 2021-06-01 的日期",
)
XIANFENG_CHANNELS = env.checked(
    "XIANFENG_CHANNELS",
    "Outside channels for messages: apprise addresses separated by spaces, each with `{email}` or `{username}` where "
    "the recipient stands, such as `mailtos://user:password@smtp.example.org?to={email}`; empty sends nothing.",
    env.channels,
    "以空格分隔的 apprise 地址，其中用 {email} 或 {username} 表示收件人",
    secret=True,
)
XIANFENG_WITNESSES = env.checked(
    "XIANFENG_WITNESSES",
    "Outside addresses, separated by spaces, that get every signed checkpoint of the journal: `folder:/path`, "
    "`https://…` (POST of the note), `witness+https://…` (C2SP tlog-witness), or an apprise address such as "
    "`mailtos://user:password@smtp.example.org?to=witness@example.org`.",
    env.addresses,
    "以空格分隔的 folder:/路径、https:// 网址、witness+https:// 网址或 apprise 地址",
    secret=True,
)
XIANFENG_COSIGNERS = env.checked(
    "XIANFENG_COSIGNERS",
    "C2SP verifier keys, separated by spaces, of those whose cosignatures of checkpoints are accepted.",
    env.verifier_keys,
    "以空格分隔的见证者公钥，形如 名称+编号+公钥",
)
TEST = env.flag("XIANFENG_TEST", "Set by the tests: quick password hashes, plain static files.")
env.declare("XIANFENG_TEST_DB", "`sqlite`", "Database the tests run on: `sqlite` or `postgres`.")
env.declare("XIANFENG_SHARED", "`../shared`", "Folder of reference material some tests need; they skip without it.")
env.declare(
    "XIANFENG_OWN_NODE",
    "empty",
    "Set to build the front end with the Node from PyPI even if there is another.",
)
env.refuse_unknown()


def kept_secret(given: str, name: str) -> str:
    """The given secret, or one made once in the data folder and readable by its owner alone."""
    if given:
        return given
    path = DATA / name
    DATA.mkdir(parents=True, exist_ok=True)
    # Written aside and linked into place: of two first starts one wins, and both read the same complete secret.
    if not path.exists():
        draft = DATA / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


SECRET_KEY = kept_secret(GIVEN_SECRET_KEY, "secret.key")
# Apart from SECRET_KEY, which one may change after an incident: signing keys must outlive that.
KEY_SECRET = kept_secret(GIVEN_KEY_SECRET, "keys.secret")
KEYS = DATA / "keys"

# Our apps from the top floor down; an app imports only from those after it (import contracts in pyproject.toml).
APPS = [
    "reports",
    "publicity",
    "designations",
    "review",
    "nominations",
    "creation",
    "cases",
    "programmes",
    "registry",
    "messaging",
    "files",
    "directory",
    "journal",
    "ui",
]


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Ours stand before the third parties', so that our sign-in templates win over allauth's.
    *(f"xianfeng.{app}" for app in reversed(APPS)),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "xianfeng.ui.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xianfeng.ui.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "xianfeng.directory.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "xianfeng.ui.middleware.ReadableMiddleware",
    "xianfeng.ui.middleware.UserErrorMiddleware",
]

ROOT_URLCONF = "xianfeng.config.urls"
WSGI_APPLICATION = "xianfeng.config.wsgi.application"

LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # `page.html#partial` names a part of a page. The loader is named here and the tags are built
            # in, so template_partials need not be installed as an app, whose set-up would rewrite these
            # loaders.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    LOADERS if DEBUG else [("django.template.loaders.cached.Loader", LOADERS)],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xianfeng.ui.context.site",
            ],
        },
    }
]

FORM_RENDERER = "xianfeng.ui.forms.Renderer"


def sqlite() -> dict[str, object]:
    """SQLite, safe with several processes: writers take turns from their first statement."""
    # Power cuts cannot be tested for, and waiting for the disk would make the tests several times slower.
    synchronous = "OFF" if TEST else "FULL"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "xianfeng.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}",
        },
        # A file, not memory: tests with threads need one database that all their connections see.
        "TEST": {"NAME": DATA / "test.sqlite3"},
    }


# No ATOMIC_REQUESTS: a read inside a transaction would wait for a writer on SQLite. Writes open their own.
DATABASES = {"default": env.postgres(DATABASE_URL) if DATABASE_URL else sqlite()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and sign-in
AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/work/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "xianfeng.config.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
# A whole office stands behind one address: count failures by account and address, and be generous to the
# address.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,10/5m/key"}
MFA_ADAPTER = "xianfeng.config.sign_in.MFAAdapter"
MFA_TOTP_ISSUER = SITE_TITLE
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TEST
    else [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.ScryptPasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Addresses, cookies, headers
HOST = urlsplit(BASE_URL).hostname or ""
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [
    HOST,
    "127.0.0.1",
    "localhost",
    "[::1]",
    *(name.strip() for name in EXTRA_HOSTS.split(",") if name.strip()),
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

# Language and time
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "files"
PLAIN_STATIC = DEBUG or TEST
WHITENOISE_USE_FINDERS = PLAIN_STATIC
WHITENOISE_AUTOREFRESH = PLAIN_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if PLAIN_STATIC
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "WARNING"},
        # A visitor's wrong address is no event of ours; errors are.
        "django.request": {"level": "ERROR"},
        "xianfeng": {"level": "INFO"},
    },
}

"""Everything is set by environment variables named `JIELI_…`; without any, Jieli runs on SQLite in one process."""

import os
import secrets
from pathlib import Path

from jieli.config.database import database

BASE = Path(__file__).resolve().parent.parent.parent

JIELI_DATA = Path(os.environ.get("JIELI_DATA", "var")).resolve()
JIELI_PORT = int(os.environ.get("JIELI_PORT", "8000"))
JIELI_SIMULATOR_PORT = int(os.environ.get("JIELI_SIMULATOR_PORT", str(JIELI_PORT + 1)))
JIELI_DATABASE_URL = os.environ.get("JIELI_DATABASE_URL", "")
JIELI_REDIS_URL = os.environ.get("JIELI_REDIS_URL", "")
JIELI_MASTER_KEY = os.environ.get("JIELI_MASTER_KEY", "")
JIELI_PUBLIC_URL = os.environ.get("JIELI_PUBLIC_URL", f"http://127.0.0.1:{JIELI_PORT}").rstrip("/")
JIELI_LLM_URL = os.environ.get("JIELI_LLM_URL", "")
JIELI_LLM_KEY = os.environ.get("JIELI_LLM_KEY", "")
JIELI_LLM_MODEL = os.environ.get("JIELI_LLM_MODEL", "")
JIELI_UNDERSTANDING = os.environ.get("JIELI_UNDERSTANDING", "averaging")

DATABASES = {"default": database(JIELI_DATABASE_URL, JIELI_DATA)}
_ON_POSTGRES = DATABASES["default"]["ENGINE"].endswith("postgresql")
JIELI_BUS = "redis" if JIELI_REDIS_URL else "postgres" if _ON_POSTGRES else "local"
JIELI_BUS_NAME = DATABASES["default"]["NAME"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _secret_key() -> str:
    """Made once and kept beside the data, so that sessions survive a restart."""
    if given := os.environ.get("JIELI_SECRET_KEY"):
        return given
    path = JIELI_DATA / "keys" / "django.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = [h for h in os.environ.get("JIELI_HOSTS", "*").split(",") if h]
ROOT_URLCONF = "jieli.config.urls"
WSGI_APPLICATION = "jieli.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "jieli.kernel",
    "jieli.governance",
    "jieli.identity",
    "jieli.channels",
    "jieli.supply",
    "jieli.live",
    "jieli.knowledge",
    "jieli.relay",
    "jieli.promises",
    "jieli.conversations",
    "jieli.routing",
    "jieli.bot",
    "jieli.tickets",
    "jieli.learning",
    "jieli.reception",
    "jieli.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jieli.governance.middleware.ActorMiddleware",
    "jieli.config.middleware.SessionCsrfMiddleware",
    "jieli.config.middleware.PositionMiddleware",
    "jieli.kernel.idempotency.IdempotencyMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # staff sign in by name; no address of theirs is kept
ACCOUNT_ADAPTER = "jieli.governance.accounts.ClosedAccountAdapter"
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {"account_signup": "/desk/sign-in"}
SESSION_COOKIE_NAME = "jieli_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "jieli_csrf"
_HTTPS = JIELI_PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
CSRF_TRUSTED_ORIGINS = [JIELI_PUBLIC_URL]
CSRF_FAILURE_VIEW = "jieli.config.middleware.csrf_failed"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
JIELI_TIME_ZONE = os.environ.get("JIELI_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
WHITENOISE_ROOT = BASE / "web" / "dist" if (BASE / "web" / "dist").is_dir() else None
WHITENOISE_INDEX_FILE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("JIELI_LOG", "INFO")},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "uvicorn.error": {
            "level": "WARNING"
        },  # at INFO it writes sockets' addresses, and with them visitors' tokens
    },
}

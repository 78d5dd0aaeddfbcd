"""Everything that is set when the program starts, read top to bottom. A wrong value stops the start."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django_stubs_ext
import pghistory

from piste.core import database, env

django_stubs_ext.monkeypatch()

# Where things are
PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = env.data_dir()
BASE_URL = env.url(
    "PISTE_BASE_URL", f"http://{env.text('PISTE_HOST', '127.0.0.1')}:{env.number('PISTE_PORT', 8000)}"
)
BEHIND_TLS = BASE_URL.startswith("https://")

# Safety
SECRET_KEY = env.secret("PISTE_SECRET_KEY", DATA_DIR / "secret_key")
DEBUG = False
ALLOWED_HOSTS = ["*"]  # links are built from PISTE_BASE_URL, never from the Host header
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-piste" if BEHIND_TLS else "piste"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_TLS else "csrf"
CSRF_FAILURE_VIEW = "piste.ui.errors.csrf_failed"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# What it is made of
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "piste.core",
    "piste.ui",
    "piste.accounts",
    "piste.contacts",
    "piste.pipeline",
    "piste.api",
    "piste.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, and tokens are masked anew in every answer
    "piste.ui.middleware.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "piste.accounts.middleware.SignInFirst",
    "piste.accounts.middleware.ReadersLanguage",
    "piste.site.frame.CompanyOfRequest",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "piste.ui.errors.Sentences",
]
ROOT_URLCONF = "piste.site.urls"
ASGI_APPLICATION = "piste.site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [
            PACKAGE / name / "templates" for name in ("site", "api", "pipeline", "contacts", "accounts", "ui")
        ],
        "OPTIONS": {
            "environment": "piste.ui.jinja.environment",
            "context_processors": ["piste.site.frame.frame"],
        },
    },
    # Libraries' own pages of last resort; every page that people see is Jinja2's.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

FORM_RENDERER = "django.forms.renderers.Jinja2"

# Where things are kept
DATABASES = {"default": database.settings_for_django()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "piste_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # so that a stranger cannot flush the counters of failures
    }
}
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

# Every change is recorded: by which operation, and without an index on each column of the record
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False, related_name="+")

# Who comes in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["piste.accounts.backend.EmailBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "piste.accounts.adapter.Adapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {"login_failed": "5/30m/key,30/30m/ip"}
ACCOUNT_PREVENT_ENUMERATION = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PISTE_PROXIES", 1 if BEHIND_TLS else 0)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEHIND_TLS else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Piste"
MFA_ADAPTER = "piste.accounts.adapter.SecondFactor"
MFA_TOTP_TOLERANCE = 1  # phones whose clock is off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())

# Words, numbers and days
LANGUAGE_CODE = "en"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "piste_language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files for the browser, built by `make` and served by the program itself
STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "ui" / "static"
SERVESTATIC_USE_FINDERS = False
SERVESTATIC_AUTOREFRESH = False
SERVESTATIC_IMMUTABLE_FILE_TEST = r"\.[0-9A-Z]{8}\.[a-z0-9]+$"  # their names change with their content
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
}

# Mail that the program sends: smtp://user:password@host:587, smtps:// for TLS from the start
MAIL_SERVER = urlsplit(env.text("PISTE_SMTP_URL", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_SERVER.hostname else 'console'}.EmailBackend"
EMAIL_HOST = MAIL_SERVER.hostname or ""
EMAIL_PORT = MAIL_SERVER.port or (465 if MAIL_SERVER.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(MAIL_SERVER.username or "")
EMAIL_HOST_PASSWORD = unquote(MAIL_SERVER.password or "")
EMAIL_USE_SSL = MAIL_SERVER.scheme == "smtps"
EMAIL_USE_TLS = MAIL_SERVER.scheme == "smtp" and bool(EMAIL_HOST_USER)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("PISTE_MAIL_FROM", "piste@localhost")

# Traces: failures as lines for people, what concerns safety as JSON with its facts
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "piste.site.traces.Json"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "traces": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "loggers": {"piste.security": {"handlers": ["traces"], "level": "INFO", "propagate": False}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

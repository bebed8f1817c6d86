"""Django's settings, made from the environment (see ``penstock.config.env``)."""

from __future__ import annotations

from pathlib import Path

from penstock.config import database, email, env, logs

ENV = env.read()
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = ENV.debug
SECRET_KEY = env.secret_key(ENV)
ROOT_URLCONF = "penstock.config.urls"
WSGI_APPLICATION = "penstock.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = (
    "users",
    "contacts",
    "catalog",
    "flow",
    "sales",
    "backlog",
    "handoff",
    "intake",
    "notices",
    "worker",
    "web",
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    # It drags in a web client, 6 MB: only where somebody signs in that way.
    *(["allauth.socialaccount.providers.openid_connect"] if ENV.oidc_url else []),
    "procrastinate.contrib.django",
    *(f"penstock.{room}" for room in ROOMS),
]

MIDDLEWARE = [
    "penstock.config.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "penstock.web.headers.SafetyHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "penstock.users.middleware.WorkspaceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "penstock.web.once.Once",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "penstock.web.errors.Errors",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
            "builtins": ["penstock.web.templatetags.icons"],
        },
    },
]

FORM_RENDERER = "penstock.web.forms.rendering.Quick"

# Database: verbs open transactions, doors never do.
DATABASES = {"default": database.django_settings(ENV, as_owner=ENV.as_owner)}

# Languages and time: UTC inside, the workspace knows its zone.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "penstock.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Sign-in.
AUTH_USER_MODEL = "users.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "penstock.web.sign_up.Accounts"
IS_SIGNUP_OPEN = ENV.signup == "open"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Penstock"
# Browsers allow passkeys on http only at localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.is_https
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": ENV.oidc_name,
                "client_id": ENV.oidc_id,
                "secret": ENV.oidc_secret,
                "settings": {"server_url": ENV.oidc_url},
            }
        ]
        if ENV.oidc_url
        else [],
    }
}
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.proxies

# Safety on the way: strict as soon as the public address is https.
#: What letters begin their links with.
PUBLIC_URL = ENV.origin
PUBLIC_HOST = ENV.url.hostname or "localhost"
ALLOWED_HOSTS = sorted({ENV.url.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [ENV.origin]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.is_https
SESSION_COOKIE_NAME = "penstock_session"
CSRF_COOKIE_NAME = "penstock_csrf"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "penstock_language"
SECURE_SSL_REDIRECT = ENV.is_https
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.is_https else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENV.is_https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Static files: hashed names and long caching, gathered by ``penstock serve``.
STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static"
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = ENV.home / "media"
# What was read of long histories, see ``reports.columns``; it may be removed at any time.
COLUMNS_ROOT = ENV.home / "columns"

globals().update(email.settings(ENV))

LOGGING = logs.configuration(form=ENV.log_format, level=ENV.log_level)

"""Settings of every installation; the demo differs only by QIAO_DEMO=1."""

from __future__ import annotations

import sys
from pathlib import Path

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from qiao.config.database import django_database, start_embedded
from qiao.config.env import environment

django_stubs_ext.monkeypatch()

ENV = environment()
HOME = ENV.home
PACKAGE = Path(__file__).resolve().parents[2]

SECRET_KEY = ENV.secret_key
# The key ring of what is encrypted at rest (qiao.base.vault).
VAULT_KEYS = ENV.vault_keys
DEBUG = False
DEMO = ENV.demo
ALLOWED_HOSTS = list(ENV.hosts)
#: What full addresses in mails, SMS and printed codes begin with (qiao.base.addresses).
SITE_URL = ENV.url
#: Private networks in which notices to other systems may go (qiao.hear.window.rules.hooks); none unless named.
HOOK_NETWORKS = ENV.hook_networks
#: What a monitor shows to read the measurements (qiao.web.metrics); "" closes the page.
METRICS_TOKEN = ENV.metrics_token

INSTALLED_APPS = [
    "qiao.web",
    "qiao.judge.scorecards",
    "qiao.judge.problems",
    "qiao.judge.ratings",
    "qiao.judge.evaluators",
    "qiao.judge.evaluations",
    "qiao.judge.allocation",
    "qiao.deliver.contacts",
    "qiao.deliver.programmes",
    "qiao.decide.congress",
    "qiao.decide.decisions",
    "qiao.decide.ballots",
    "qiao.decide.consultations",
    "qiao.decide.proposals",
    "qiao.hear.needs",
    "qiao.hear.window",
    "qiao.hear.rights",
    "qiao.hear.surveys",
    "qiao.publish",
    "qiao.org.upward",
    "qiao.org.yearbook",
    "qiao.org.coverage",
    "qiao.org.elections",
    "qiao.org.joining",
    "qiao.org.access",
    "qiao.org.membership",
    "qiao.org.workplaces",
    "qiao.org.mandates",
    "qiao.org.people",
    "qiao.org.units",
    "qiao.org.appeals",
    "qiao.org.retention",
    "qiao.org.settings",
    "qiao.base",
    "django_cotton.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "qiao.web.metrics.MeasureMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qiao.web.middleware.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qiao.web.middleware.NulMiddleware",
    "qiao.web.shortway.ShortWayMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "qiao.web.middleware.ActorMiddleware",
    "qiao.web.middleware.ProblemMiddleware",
]

ROOT_URLCONF = "qiao.config.urls"
WSGI_APPLICATION = "qiao.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "qiao.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "qiao.web.templatetags.qiao",
            ],
        },
    }
]
COTTON_DIR = "cotton"
FORM_RENDERER = "qiao.web.forms.Renderer"

DATABASES = {"default": django_database(ENV.database_url or start_embedded(HOME / "postgres"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/me/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_FORMS = {"request_login_code": "qiao.web.forms.CodeForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "qiao.web.accounts.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
# Tries for an account are counted by qiao.web.accounts; the library's own would shut its owner out.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip"}
# A second factor: passkey (alone, too), authenticator app, recovery codes; its secrets are sealed by the vault.
MFA_ADAPTER = "qiao.web.accounts.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.https
MFA_TOTP_TOLERANCE = 1
#: Roles that need one, see qiao.web.signin. The demonstration goes without and says so.
SECOND_FACTOR_ROLES = () if DEMO else ENV.second_factor_roles
#: Sensitive acts ask again who is there after this time; 0 never.
FRESH_SECONDS = 0 if DEMO else 900
# Other organisations' sign-in, from the environment. Only known accounts come in that way, none is ever opened.
SOCIALACCOUNT_ADAPTER = "qiao.web.accounts.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": one["id"],
                "name": one["name"],
                "client_id": one["client_id"],
                "secret": one["secret"],
                "settings": {"server_url": one["server"]},
            }
            for one in ENV.oidc
        ],
    }
}
#: Where a form may lead besides ourselves: a browser holds the redirect to a provider against this.
FORM_TARGETS = tuple(one["server"].split("/", 3)[0] + "//" + one["server"].split("/", 3)[2] for one in ENV.oidc)
# The limits of sign-in count in this cache: shared by the web processes, gone with a restart.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "base_cache",
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
LOCALE_PATHS: list[str] = []

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if ENV.mail_url
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = HOME / "outbox"
if ENV.mail_url:
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(ENV.mail_url)
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or (465 if EMAIL_USE_SSL else 25)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    # A password never goes over an open line.
    EMAIL_USE_TLS = not EMAIL_USE_SSL and bool(EMAIL_HOST_USER)
# SMS by an HTTP-JSON gateway; without one they lie in the outbox.
SMS_URL, SMS_TOKEN = ENV.sms_url, ENV.sms_token
DEFAULT_FROM_EMAIL = "Qiao <no-reply@example.org>"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "qiao.web.views.shell.csrf_failure"
if ENV.https:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Behind the one proxy that speaks TLS, the limits of sign-in count each visitor, not the proxy.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

PROCRASTINATE_IMPORT_PATHS: list[str] = []
PROCRASTINATE_ON_APP_READY = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "readable": {"()": "qiao.base.logs.formatter", "readable": sys.stderr.isatty() or DEMO},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "readable"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Mail addresses are unique where there is one (a constraint of people.Account); some accounts sign in by number.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

"""Another organisation's OpenID Connect provider: ``python -m tests.oidc_provider FOLDER PORT CALLBACK``.

It is django-allauth's own provider in a Django project of its own, in a process of its own, on 127.0.0.1, with its data
in FOLDER. It prints "ready" once it listens. People sign in there by address and password (`PASSWORD`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

CLIENT = "qiao"
SECRET = "a-secret-between-the-two"
PASSWORD = "a-password-over-there"


class Quiet(WSGIRequestHandler):
    """Says nothing of what is asked."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


def main(folder: Path, port: int, callback: str) -> None:
    """Serve until killed."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="of-the-test-alone",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.oidc_provider",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite3")}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            "allauth", "allauth.account", "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        ACCOUNT_LOGIN_METHODS={"email"},
        ACCOUNT_SIGNUP_FIELDS=["email*", "password1*"],
        ACCOUNT_EMAIL_VERIFICATION="none",
        # Both sites of the test are the same host to a browser, which tells cookies apart by name only.
        SESSION_COOKIE_NAME="provider_session",
        CSRF_COOKIE_NAME="provider_csrf",
        IDP_OIDC_PRIVATE_KEY=key.decode(),
    )  # fmt: skip
    django.setup()
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth import get_user_model
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    for name, address, verified in json.loads((folder / "people.json").read_text(encoding="utf-8")):
        user = get_user_model().objects.create_user(username=name, email=address, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=address, verified=verified, primary=True)
    Client.objects.create(
        id=CLIENT, name="Qiao", secret=make_password(SECRET), redirect_uris=callback, scopes="openid\nprofile\nemail",
        grant_types="authorization_code", response_types="code", skip_consent=True,
    )  # fmt: skip
    with make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet) as server:
        print("ready", flush=True)
        server.serve_forever()


def __getattr__(name: str) -> object:
    """The addresses of the project: only once Django is set up can they be read."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.urls import include, path

    return [path("accounts/", include("allauth.account.urls")), path("", include("allauth.idp.urls"))]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])

"""django-oauth-toolkit as its documents mount it: below /o/, with OpenID Connect and RP-initiated logout."""

import os
import sys

from serve import read_config, serve

CONFIG = read_config()
# oauthlib gives its CORS headers to https origins alone, and takes no http redirects, unless it is told that this is a test.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import django
from django.conf import settings
from django.core.management import call_command

from keys import rsa_pem

settings.configure(
    SECRET_KEY="interop",
    DEBUG=False,
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
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
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(CONFIG["folder"], "django.sqlite3"),
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF", "timeout": 20},
        }
    },
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    LOGIN_URL="/accounts/login/",
    STATIC_URL="/static/",
    LOGGING_CONFIG=None,
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": rsa_pem(),
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        "ALLOWED_SCHEMES": ["http", "https"],
        "SCOPES": {"openid": "OpenID Connect", "purchases:read": "Purchases", "introspection": "Introspection"},
        "ACCESS_TOKEN_EXPIRE_SECONDS": 300,
    },
)
django.setup()

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.views import LoginView
from django.core.wsgi import get_wsgi_application
from django.urls import include, path
from oauth2_provider.models import Application

urlpatterns = [
    path("accounts/login/", LoginView.as_view(template_name="admin/login.html")),
    path("admin/", admin.site.urls),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]

call_command("migrate", verbosity=0)
user = get_user_model().objects.create_user("ada", password="secret")
Application.objects.create(
    client_id="storefront",
    name="Countersign Shop",
    client_type=Application.CLIENT_PUBLIC,
    authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    redirect_uris=CONFIG["redirectUri"],
    post_logout_redirect_uris=CONFIG["home"],
    allowed_origins=CONFIG["shop"],
    algorithm=Application.RS256_ALGORITHM,
)
Application.objects.create(
    client_id="purchases-api",
    client_secret=CONFIG["secret"],
    client_type=Application.CLIENT_CONFIDENTIAL,
    authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
)
serve(get_wsgi_application(), {"subject": str(user.pk)})
sys.exit()

"""canaille with its users and clients in memory."""

import datetime
import os

from serve import listen, read_config, serve

CONFIG = read_config()
# authlib takes http for nothing but tests.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import canaille
from canaille.app import models
from canaille.backends import Backend

server = listen(None)
app = canaille.create_app(
    config={
        "SERVER_NAME": f"localhost:{server.server_port}",
        "PREFERRED_URL_SCHEME": "http",
        "SECRET_KEY": "interop",
        "CANAILLE": {"DATABASE": "memory", "LOGGING": None, "ENABLE_PASSWORD_RECOVERY": False, "SMTP": None},
        # Nobody is trusted so far that the user is not asked.
        "CANAILLE_OIDC": {"TRUSTED_DOMAINS": []},
    }
)


def client(client_id, **more):
    made = models.Client(
        client_id=client_id,
        client_name=client_id,
        client_id_issued_at=datetime.datetime.now(datetime.timezone.utc),
        redirect_uris=[],
        grant_types=["authorization_code", "refresh_token"],
        response_types=["code"],
        scope=["openid", "profile", "purchases:read"],
        **more,
    )
    Backend.instance.save(made)
    return made


with app.app_context():
    Backend.instance.save(
        models.User(
            user_name="ada",
            formatted_name="Ada Lovelace",
            family_name="Lovelace",
            emails=["ada@example.com"],
            password="correct horse",
        )
    )
    api = client("purchases-api", client_secret=CONFIG["secret"], token_endpoint_auth_method="client_secret_basic")
    shop = client("storefront", client_uri=CONFIG["shop"], token_endpoint_auth_method="none")
    shop.redirect_uris = [CONFIG["redirectUri"]]
    shop.post_logout_redirect_uris = [CONFIG["home"]]
    # Who may ask about its tokens.
    shop.audience = [shop, api]
    Backend.instance.save(shop)

serve(app, server=server)

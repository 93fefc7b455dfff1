"""An OpenID Connect provider, small and real: it proves whom it is told to, or does what no provider should."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlencode

from flask import Flask, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "rapport", "a shared secret of both sides, long enough"


class Provider:
    """Who has signed in there, and what is wrong with it."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "1"})
        self.codes = {}
        self.app = Flask("provider")
        self.app.add_url_rule("/.well-known/openid-configuration", view_func=self.metadata)
        self.app.add_url_rule("/keys", view_func=self.keys)
        self.app.add_url_rule("/authorize", view_func=self.authorize)
        self.app.add_url_rule("/token", view_func=self.token, methods=["POST"])
        self.tell(sub="1001", email="ada@example.com", email_verified=True, name="Ada at work")

    def tell(self, *, key=None, forges=False, issuer=None, **person):
        """Sets whom it proves, and how it lies."""
        self.person, self.sign_with, self.forges, self.claims_issuer = person, key or self.key, forges, issuer

    def metadata(self):
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in paths.items()}}

    def keys(self):
        return {"keys": [self.key.as_dict(private=False)]}

    def authorize(self):
        """The person agrees at once."""
        asked = request.args
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked.to_dict()
        return redirect(asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]}))

    def token(self):
        """Gives the id token for a code, once, to the client that has the verifier."""
        asked = self.codes.pop(request.form["code"], None)
        challenge = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        authorized = request.authorization
        if (
            asked is None
            or _encoded(challenge) != asked["code_challenge"]
            or (authorized.username, authorized.password) != (CLIENT, SECRET)
            or request.form["redirect_uri"] != asked["redirect_uri"]
        ):
            return {"error": "invalid_grant"}, 400
        now = int(time.time())
        claims = {"iss": self.claims_issuer or self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60}
        claims |= {"nonce": asked.get("nonce"), **self.person}
        header = {"alg": "RS256", "kid": "1"}
        if self.forges:
            signed = forged(claims, self.key)
        else:
            signed = jwt.encode(header, claims, self.sign_with, algorithms=["RS256"])
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@contextmanager
def running():
    """A provider that listens."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider.app, threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(5)


def forged(claims, key):
    """A token that takes the public key for a shared secret; no library signs that."""
    parts = [_encoded(json.dumps(each).encode()) for each in ({"alg": "HS256", "kid": "1"}, claims)]
    signature = hmac.new(key.as_pem(private=False), ".".join(parts).encode(), "sha256").digest()
    return ".".join([*parts, _encoded(signature)])


def _encoded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

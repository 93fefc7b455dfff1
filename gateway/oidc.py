"""Signing in at another provider (OpenID Connect): there with a redirect, and back with a code that proves somebody.

State, nonce and PKCE verifier wait in a sealed cookie: who comes back is the browser that left, within ten minutes.
"""

import base64
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from crm.identity.v1 import identity_pb2 as pb
from flask import g, redirect, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis import errors, sealing
from gateway import auth

log = structlog.get_logger()
START, CALLBACK = "/v1/oidc:start", "/v1/oidc:callback"
COOKIE = "rapport_oidc"
PURPOSE = "sign-in at another provider"
MINUTES, TIMEOUT, REMEMBERED = 10, 5, 3600
# Never one with a shared secret, which would take the client's for a signature.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
# What goes wrong between us and the provider, however it puts it.
FAULTS = (requests.RequestException, AuthlibBaseError, JoseError, KeyError, ValueError, TypeError, errors.Error)


def register(app, identity):
    """Adds the two addresses, if there is another provider."""
    if identity.settings.oidc_issuer:
        way = Way(identity)
        app.add_url_rule(START, START, way.start, methods=["GET"], provide_automatic_options=False)
        app.add_url_rule(CALLBACK, CALLBACK, way.come_back, methods=["GET"], provide_automatic_options=False)


class Way:
    """The way there and back."""

    def __init__(self, identity):
        self.identity = identity
        self.settings = identity.settings
        self.known: dict = {}

    def start(self):
        """Sends the browser to the provider."""
        try:
            return self._leave()
        except FAULTS as error:
            return self._refused("OIDC_UNAVAILABLE", error)

    def come_back(self):
        """Signs in whom the provider has proven, and shows the page; or says there why not."""
        try:
            person = self._person()
        except FAULTS as error:
            return self._refused("OIDC_FAILED", error)
        try:
            asked = pb.SignInByProviderRequest(**person)
            answer = self.identity.call("SignInByProvider", asked, self.identity.actor, g.caller.visit())
        except errors.Error as error:
            return self._refused(error.reason, error)
        response = redirect("/")
        response.delete_cookie(COOKIE, path=CALLBACK)
        auth.remember_session(response, answer.access_token)
        return response

    def _leave(self):
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        url, state = self._client().create_authorization_url(
            self._metadata["authorization_endpoint"], nonce=nonce, code_verifier=verifier
        )
        memory = {"state": state, "nonce": nonce, "verifier": verifier, "until": time.time() + MINUTES * 60}
        sealed = base64.urlsafe_b64encode(sealing.seal(self.settings, PURPOSE, json.dumps(memory))).decode()
        response = redirect(url)
        response.set_cookie(
            COOKIE,
            sealed,
            max_age=MINUTES * 60,
            path=CALLBACK,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
        return response

    def _person(self):
        """Whom the provider has proven to this browser. Raises one of FAULTS if it is nobody."""
        memory = json.loads(sealing.unseal(self.settings, PURPOSE, base64.urlsafe_b64decode(request.cookies[COOKIE])))
        if memory["until"] < time.time() or not hmac.compare_digest(memory["state"], request.args["state"]):
            raise ValueError("not the browser that left")
        token = self._client().fetch_token(
            self._metadata["token_endpoint"],
            grant_type="authorization_code",
            code=request.args["code"],
            code_verifier=memory["verifier"],
            timeout=TIMEOUT,
        )
        claims = self._claims(token["id_token"], memory["nonce"])
        verified = claims.get("email", "") if claims.get("email_verified") is True else ""
        issuer, name = self.settings.oidc_issuer, str(claims.get("name", ""))[:255]
        return {"issuer": issuer, "subject": claims["sub"], "email": verified, "display_name": name}

    def _claims(self, token, nonce):
        """What an id token says, if it was made by the provider, for us and just now."""
        client = self.settings.oidc_client_id
        keys = KeySet.import_key_set(self._get(self._metadata["jwks_uri"]))
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": self.settings.oidc_issuer},
            aud={"essential": True, "value": client},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(claims)
        if claims.get("azp", client) != client:
            raise ValueError("made for somebody else")
        return claims

    def _client(self):
        home = self.settings.public_url.rstrip("/") or request.host_url.rstrip("/")
        return OAuth2Session(
            self.settings.oidc_client_id,
            self.settings.oidc_client_secret.get_secret_value(),
            scope="openid email profile",
            redirect_uri=home + CALLBACK,
            code_challenge_method="S256",
        )

    @property
    def _metadata(self):
        """What the provider says of itself, asked once in a while."""
        until, found = self.known.get("metadata", (0.0, None))
        if time.monotonic() > until:
            found = self._get(self.settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found["issuer"] != self.settings.oidc_issuer:
                raise ValueError("another issuer answers there")
            self.known["metadata"] = (time.monotonic() + REMEMBERED, found)
        return found

    @staticmethod
    def _get(address):
        answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()

    @staticmethod
    def _refused(reason, error):
        """Back to the page, which says why in the reader's language; what a provider says is for the log only."""
        log.warning("oidc_refused", reason=reason, problem=str(error).splitlines()[:1])
        response = redirect("/?" + urlencode({"signInError": reason}))
        response.delete_cookie(COOKIE, path=CALLBACK)
        return response

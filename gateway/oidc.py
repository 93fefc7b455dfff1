"""Signing in at another provider (OpenID Connect): there with a redirect, and back with a code that proves somebody.

State, nonce and PKCE verifier wait in a sealed cookie: who comes back is the browser that left, within ten minutes.
So does who was proven, while a code of his authenticator is asked for.
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
from flask import g, jsonify, redirect, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis import errors, sealing
from gateway import auth
from gateway.identity import credentials, totp

log = structlog.get_logger()
START, CALLBACK = "/v1/oidc:start", "/v1/oidc:callback"
COOKIE = "rapport_oidc"
LEFT, PROVEN = "sign-in at another provider", "proven at another provider"
MINUTES, TIMEOUT, REMEMBERED = 10, 5, 3600
# Never one with a shared secret, which would take the client's for a signature.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
# What goes wrong between us and the provider, however it puts it.
FAULTS = (requests.RequestException, AuthlibBaseError, JoseError, KeyError, ValueError, TypeError, errors.Error)


def register(app, identity):
    """Adds the addresses, if there is another provider."""
    if identity.settings.oidc_issuer:
        way = Way(identity)
        app.add_url_rule(START, START, way.start, methods=["GET"], provide_automatic_options=False)
        app.add_url_rule(CALLBACK, CALLBACK, way.come_back, methods=["GET"], provide_automatic_options=False)
        app.add_url_rule(CALLBACK, "oidc code", way.complete, methods=["POST"], provide_automatic_options=False)


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
            answer = self._sign_in(person)
        except errors.Error as error:
            return self._refused(error.reason, error)
        if answer.totp_required:
            # The page asks for the code; who it was for is known here only.
            response = self._back("TOTP_REQUIRED")
            self._keep(response, PROVEN, person)
            return response
        return _welcome(redirect("/"), answer)

    def complete(self):
        """Signs in whom the provider has proven a moment ago, by a code of his authenticator."""
        auth.refuse_other_sites(needs_header=False)
        try:
            person = self._kept(PROVEN)
            code = request.get_json()["totp"]
        except FAULTS as error:
            log.warning("oidc_refused", reason="OIDC_FAILED", problem=str(error).splitlines()[:1])
            raise errors.Unauthenticated("it took too long; start again", "OIDC_FAILED") from None
        answer = self._sign_in(person, totp=str(code))
        if answer.totp_required:
            raise errors.Unauthenticated(*totp.WRONG)
        return _welcome(jsonify({}), answer)

    def _sign_in(self, person, **proof):
        asked = pb.SignInByProviderRequest(**person, **proof, user=self._present())
        return self.identity.call("SignInByProvider", asked, self.identity.actor, g.caller.visit())

    def _present(self):
        """Who has a session in this browser already, or ""."""
        secret = request.cookies.get(auth.COOKIE, "")
        actor = self.identity.read(lambda: credentials.actor_of(self.identity.reading, secret)) if secret else None
        return actor.user if actor and actor.session.startswith("sessions/") else ""

    def _leave(self):
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        url, state = self._client().create_authorization_url(
            self._metadata["authorization_endpoint"], nonce=nonce, code_verifier=verifier
        )
        response = redirect(url)
        self._keep(response, LEFT, {"state": state, "nonce": nonce, "verifier": verifier})
        return response

    def _person(self):
        """Whom the provider has proven to this browser. Raises one of FAULTS if it is nobody."""
        memory = self._kept(LEFT)
        if not hmac.compare_digest(memory["state"], request.args["state"]):
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

    def _keep(self, response, purpose, memory):
        """Gives the browser something to keep for us, which it cannot read."""
        content = json.dumps({"until": time.time() + MINUTES * 60, "memory": memory})
        response.set_cookie(
            COOKIE,
            base64.urlsafe_b64encode(sealing.seal(self.settings, purpose, content)).decode(),
            max_age=MINUTES * 60,
            path=CALLBACK,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )

    def _kept(self, purpose):
        """What the browser was given to keep. Raises one of FAULTS if that was nothing, or is too long ago."""
        sealed = base64.urlsafe_b64decode(request.cookies[COOKIE])
        content = json.loads(sealing.unseal(self.settings, purpose, sealed))
        if content["until"] < time.time():
            raise ValueError("it took too long")
        return content["memory"]

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

    def _refused(self, reason, error):
        """Back to the page; what a provider says is for the log only."""
        log.warning("oidc_refused", reason=reason, problem=str(error).splitlines()[:1])
        response = self._back(reason)
        response.delete_cookie(COOKIE, path=CALLBACK)
        return response

    @staticmethod
    def _back(reason):
        """To the page, which says why, or asks, in the reader's language."""
        return redirect("/?" + urlencode({"signInError": reason}))


def _welcome(response, answer):
    """The session for who has none yet; what waited in the browser is done with."""
    response.delete_cookie(COOKIE, path=CALLBACK)
    if answer.access_token:
        auth.remember_session(response, answer.access_token)
    return response

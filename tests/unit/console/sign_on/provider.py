"""A small OpenID provider on 127.0.0.1: discovery, keys, authorization with PKCE, tokens, logout; faults on wish."""

import hashlib
import secrets
import threading
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT_ID = "shoal"
CLIENT_SECRET = "a-secret-of-these-tests"  # noqa: S105  # of these tests only
START_S = 20.0


@dataclass
class Provider:
    """The provider's state; tests turn its knobs."""

    clock: Callable[[], int]
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "s-1", "preferred_username": "Ann"})
    altered: dict[str, Any] = field(default_factory=dict)
    """Claims of ID tokens that are other than they should be; None takes one away."""
    header: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    huge: bool = False
    hangs_s: float = 0.0
    denies: str = ""
    keys: list[ECKey] = field(default_factory=list)
    other_keys: list[Any] = field(default_factory=list)
    signing: ECKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def reset(self, clock: Callable[[], int]) -> None:
        """Be as at the beginning, with a new key."""
        fresh = Provider(clock, self.issuer)
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(fresh, name))
        self.rotate()

    def rotate(self) -> None:
        """Sign with a new key from now on; the old ones are gone."""
        self.signing = ECKey.generate_key("P-256", auto_kid=True)
        self.keys = [self.signing]

    def id_token(self, nonce: str) -> str:
        now_s = self.clock() // 1000
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now_s, "exp": now_s + 300, "nonce": nonce, **self.claims}
        claims = {name: value for name, value in {**claims, **self.altered}.items() if value is not None}
        header = {"alg": "ES256", "kid": self.signing.kid, **self.header}
        if header["alg"] == "none":
            parts = [urlsafe_b64encode(repr(each).replace("'", '"').encode()).rstrip(b"=") for each in (header, claims)]
            return b".".join([*parts, b""]).decode()
        return jwt.encode(header, claims, self.signing)


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def make_app(provider: Provider) -> FastAPI:
    app = FastAPI()
    add_description(app, provider)
    add_log_in(app, provider)
    return app


def add_description(app: FastAPI, provider: Provider) -> None:
    @app.middleware("http")
    async def faults(request: Request, answer: Any) -> Response:
        provider.asked.append(request.url.path)
        time.sleep(provider.hangs_s)  # noqa: ASYNC251  # it hangs, that is the point
        if provider.down:
            return Response("away", 502)
        if provider.huge:
            return Response(b'{"x": "' + b"x" * 2_000_000 + b'"}', media_type="application/json")
        return await answer(request)

    @app.get("/.well-known/openid-configuration")
    def description() -> dict[str, Any]:
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
            "end_session_endpoint": f"{provider.issuer}/end",
            "authorization_response_iss_parameter_supported": True,
            **provider.document,
        }

    @app.get("/keys")
    def keys() -> Any:
        return {"keys": [*provider.other_keys, *KeySet(provider.keys).as_dict(private=False)["keys"]]}


def add_log_in(app: FastAPI, provider: Provider) -> None:
    @app.get("/authorize")
    def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT_ID)
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        answer = {"state": asked["state"], "iss": provider.issuer}
        if provider.denies:
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({**answer, 'error': provider.denies})}", 302)
        code = secrets.token_urlsafe(16)
        provider.codes[code] = asked
        to = f"{asked['redirect_uri']}?{urlencode({**answer, 'code': code})}".replace("&", "&amp;")
        # as real ones do: a page of its own on the way, so that the way back is a navigation from another site
        return HTMLResponse(f'<!doctype html><title>Provider</title><a id="yes" href="{to}">Yes, it is me</a>')

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = await request.form()
        code = str(form["code"])
        asked = provider.codes.get(code)
        if not _is_client(request, form):
            return JSONResponse({"error": "invalid_client"}, 401)
        right = asked is not None and code not in provider.used
        right = right and asked["code_challenge"] == challenge_of(str(form["code_verifier"]))
        if not right or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        provider.used.add(code)
        told = {"access_token": "opaque", "token_type": "Bearer", "id_token": provider.id_token(asked["nonce"])}
        return JSONResponse(told)

    @app.get("/end")
    def end(post_logout_redirect_uri: str, client_id: str) -> Response:
        assert client_id == CLIENT_ID
        return RedirectResponse(post_logout_redirect_uri, 302)


def _is_client(request: Request, form: Any) -> bool:
    basic = "Basic " + b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    by_body = (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
    return request.headers.get("authorization") == basic or by_body


@contextmanager
def running(clock: Callable[[], int]) -> Iterator[Provider]:
    """A provider that listens until the end of the block."""
    provider = Provider(clock)
    provider.rotate()
    server = uvicorn.Server(uvicorn.Config(make_app(provider), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    give_up_at = time.monotonic() + START_S
    while not server.started:
        assert time.monotonic() < give_up_at, "the provider did not start"
        time.sleep(0.02)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(START_S)

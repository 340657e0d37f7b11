"""A provider of OpenID Connect on loopback: its page lets everybody in at once."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER, CLIENT = "https://id.lab.example", "heirloom"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NOVAK = {"sub": "7f3c-0001", "preferred_username": "novak", "roles": ["painters"]}


class MadeProvider:
    """`says` is what the next token claims; `asked` what the site sent for it."""

    def __init__(self):
        self.says, self.userinfo, self.asked = {}, {}, []
        self.key, self.status, self.algorithm = KEY, 200, "RS256"
        self.nonce = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def token(self):
        now = int(time.time())
        plain = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": self.nonce}
        claims = {key: value for key, value in (plain | self.says).items() if value is not None}
        if self.algorithm == "none":
            return jwt.encode(claims, None, "none", headers={"kid": "one"})
        key = self.key if self.algorithm == "RS256" else "s" * 64
        return jwt.encode(claims, key, self.algorithm, headers={"kid": "one"})

    def answer(self, path):
        if path == "/keys":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
            return {"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/userinfo":
            return self.userinfo
        return {"access_token": "access-secret", "token_type": "Bearer", "id_token": self.token()}


def _handler(made):
    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if self.path.startswith("/begin?"):
                self.let_in(urlsplit(self.path).query)
                return
            if self.path == "/token":
                made.asked.append({key: values[0] for key, values in parse_qs(body).items()})
            self.send_response(made.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(made.answer(self.path)).encode())

        def let_in(self, query):
            asked = {key: values[0] for key, values in parse_qs(query).items()}
            made.nonce = asked["nonce"]
            query = urlencode({"code": "code-secret", "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{query}")
            self.end_headers()

        do_GET = do_POST = answer

        def log_message(self, *args):
            pass

    return Handler


@pytest.fixture(scope="module")
def server():
    made = MadeProvider()
    yield made
    made.server.shutdown()


@pytest.fixture
def provider(server, settings):
    settings.SIGN_ON_ISSUER, settings.SIGN_ON_NAME = ISSUER, "the lab's account"
    settings.SIGN_ON_ROLES = ["painters=assessor", "heads=reviewer", "bosses=admin"]
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT, "client-secret"
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{server.url}/begin"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{server.url}/token"
    settings.OIDC_OP_JWKS_ENDPOINT = f"{server.url}/keys"
    server.says, server.userinfo, server.asked = dict(NOVAK), {}, []
    server.status, server.algorithm, server.nonce = 200, "RS256", None
    server.key = KEY
    return server

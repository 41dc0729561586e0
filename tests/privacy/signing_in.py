"""How people sign in, in the scene: passwords, an app and recovery codes, typed right and wrong; links; cards."""

import re

from allauth.mfa.models import Authenticator

from accounts import services as accounts
from accounts.factors import services as factors
from accounts.factors.adapter import Adapter
from sapr import clock
from tests.privacy.driver import said
from tests.privacy.markers import token
from tests.privacy.scene import RecordingClient, Scene
from tests.signed_in import code_of

LOGIN, SECOND = "/admin/login/", "/admin/second-factor/"
SECRET, CODE = re.compile(r'data-test="app-secret">([^<]+)<'), re.compile(r"<li><code>(\d+)</code></li>")


def sign_in(scene: Scene) -> None:
    """The SARC's password, then a first app, then recovery codes; each way in once right and once wrong."""
    name, password = scene.world.sarc.username, scene.secret("password")
    accounts.password_change(user=scene.world.sarc, password=password, at=clock.now())
    client = half(scene, name, password)
    secret = app(scene, client)
    paper = codes(scene, client)
    client.get("/admin/sessions/")
    half(scene, name, scene.secret("wrong password"))
    half(scene, scene.secret("user name"), password)
    for code in (code_of(secret, steps=1), paper):
        client = half(scene, name, password)
        client.post(SECOND, {"code": token(8)})
        assert client.post(SECOND, {"code": code}).status_code == 302
        scene.learn_session(client)
    factors.factor_remove(user=scene.world.sarc, factor_id=codes_row(scene).pk, at=clock.now())


def half(scene: Scene, name: str, password: str) -> RecordingClient:
    """A browser after the password step."""
    client = scene.client()
    client.post(LOGIN, {"username": name, "password": password, "next": "/admin/"})
    scene.learn_session(client)
    return client


def app(scene: Scene, client: RecordingClient) -> str:
    """The first factor of somebody half way in; its secret."""
    client.get(f"{SECOND}first/")
    page = client.get(f"{SECOND}app/").content.decode()
    secret = scene.learn("secret of the app", SECRET.search(page)[1].replace(" ", ""), secret=True)
    client.post(f"{SECOND}app/", {"code": token(8)})
    assert client.post(f"{SECOND}app/", {"code": code_of(secret)}).status_code == 302
    scene.learn_session(client)
    return secret


def codes(scene: Scene, client: RecordingClient) -> str:
    """Ten recovery codes; one of them. Their seed is looked for: eight digits alone could be anything's."""
    shown = CODE.findall(client.post("/admin/factors/codes/").content.decode())
    assert len(shown) == 10
    scene.learn("seed of the recovery codes", Adapter().decrypt(codes_row(scene).data["seed"]), secret=True)
    return shown[0]


def codes_row(scene: Scene) -> Authenticator:
    return next(row for row in factors.factors_of(scene.world.sarc) if row.type == factors.CODES)


def enrol(scene: Scene) -> None:
    """A link used, once too often, and a made-up one; a card bound to somebody."""
    link = accounts.enrolment_create(user=scene.world.other_va, actor=None, at=clock.now())
    scene.learn("enrolment", link, secret=True)
    client, new = scene.client(), scene.secret("new password")
    for code in (link, link, scene.secret("made-up code")):
        client.post("/enrol/", {"code": code, "password": new, "again": new})
    scene.said.append(said(["staff", "certificate", "other_va"], scene.secret("card")))
    assert "bound" in scene.said[-1]

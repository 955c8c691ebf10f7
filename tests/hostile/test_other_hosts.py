# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the tenant's answers point to, another host is sent nothing: no token, no header, no secret of the client's."""

from __future__ import annotations

import pytest

from hostile import manners
from hostile.other_host import OtherHost, serve_other_host
from hostile.scene import KEYS, ONE_KEY, Scene

ME = "/api/v1/users/me"
SIGN_IN = "/oauth/token"
HEADER_SECRET = "secret-of-the-own-gateway"
# {other} and {tenant} are host and port, {port} is the other's port.
ADDRESSES = {
    "plain": "http://{other}/x",
    "capitals": "HTTP://{other}/x",
    "no scheme": "//{other}/x",
    "backslash and at": "http://{other}\\@{tenant}/x",
    "no scheme, backslash and at": "//{other}\\@{tenant}/x",
    "backslash and dot": "http://{other}\\.{tenant}/x",
    "two backslashes": "http:\\\\{other}/x",
    "slash and backslash": "/\\{other}/x",
    "two backslashes alone": "\\\\{other}/x",
    "the tenant as user": "http://{tenant}@{other}/x",
    "the tenant as user and password": "http://{tenant}:80@{other}/x",
    "no scheme, the tenant as user": "//{tenant}@{other}/x",
    "fragment before at": "http://{other}#@{tenant}/x",
    "query before at": "http://{other}?@{tenant}/x",
    "path before at": "http://{other}/@{tenant}/x",
    "encoded slash before at": "http://{tenant}%2F@{other}/x",
    "encoded backslash before at": "http://{tenant}%5C@{other}/x",
    "blank before at": "http://{other} @{tenant}/x",
    "tab before at": "http://{other}\t@{tenant}/x",
    "tab in the slashes": "/\t/{other}/x",
    "blank first": " //{other}/x",
    "wide digits": "http://１２７.0.0.1:{port}/x",
    "wide dots": "http://127。0。0。1:{port}/x",
    "one number": "http://2130706433:{port}/x",
    "hexadecimal": "http://0x7f.1:{port}/x",
    "short": "http://127.1:{port}/x",
    "other name": "http://localhost:{port}/x",
    "IPv6": "http://[::ffff:127.0.0.1]:{port}/x",
    "dot at the end": "http://127.0.0.1.:{port}/x",
    "another scheme": "ftp://{other}/x",
    "a scheme of no host": "http:{other}/x",
}
# These cannot be in a header.
ADDRESSES_IN_JSON = {
    "line break before at": "http://{other}\n@{tenant}/x",
    "line break in the slashes": "/\n/{other}/x",
    "null before at": "http://{other}\x00@{tenant}/x",
    "control character first": "\x01//{other}/x",
    "lone surrogate": "http://{other}\ud800@{tenant}/x",
}


def address(text: str, scene: Scene, other: OtherHost | None = None) -> str:
    host = other or scene.other
    return text.format(other=host.authority, port=host.port, tenant=scene.gateway.authority)


@pytest.mark.parametrize(
    "text", [*ADDRESSES.values(), *ADDRESSES_IN_JSON.values()], ids=[*ADDRESSES, *ADDRESSES_IN_JSON]
)
def test_a_link_to_another_host_is_not_followed(scene: Scene, text):
    scene.gateway.spoil("GET", KEYS, manners.with_next(address(text, scene)), times=1)
    run = scene.run("api_key_info", headers={"X-Gateway": HEADER_SECRET}, retries=0)
    assert scene.other.received == []
    assert run.failed and HEADER_SECRET not in run.printed


@pytest.mark.parametrize("text", ADDRESSES.values(), ids=ADDRESSES)
def test_a_redirect_to_another_host_is_not_followed(scene: Scene, text):
    scene.gateway.spoil("GET", KEYS, manners.redirected(address(text, scene)), times=1)
    run = scene.run("api_key_info", headers={"X-Gateway": HEADER_SECRET}, retries=0)
    assert scene.other.received == []
    assert run.failed and HEADER_SECRET not in run.printed


@pytest.mark.parametrize("name", ["plain", "backslash and at", "no scheme, backslash and at", "the tenant as user"])
def test_a_stored_token_that_is_tried_goes_to_no_other_host(scene: Scene, name):
    scene.make_stored()
    # The first call asks who signs in, the second is signed with the stored token.
    scene.gateway.spoil("GET", ME, manners.redirected(address(ADDRESSES[name], scene)), skip=1)
    run = scene.run("token_info", token_file=str(scene.file), retries=0)
    assert scene.other.received == []
    assert run.failed


def test_another_loopback_address_is_another_host(scene: Scene):
    with serve_other_host("127.0.0.2") as other:
        scene.gateway.spoil("GET", KEYS, manners.with_next(address(ADDRESSES["plain"], scene, other)))
        assert scene.run("api_key_info", retries=0).failed
        assert other.received == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(("method", "path"), [("POST", KEYS), ("DELETE", ONE_KEY), ("PATCH", ONE_KEY)])
def test_a_write_is_not_carried_to_another_host(scene: Scene, method, path, status):
    made = scene.make_stored()
    scene.gateway.spoil(method, path, manners.redirected(f"http://{scene.other.authority}/x", status))
    ways = {
        "POST": {"description": "another", "token_file": str(scene.folder / "another")},
        "DELETE": {"id": made["id"], "state": "absent", "token_file": str(scene.file)},
        "PATCH": {"id": made["id"], "description": "renamed"},
    }
    before = scene.files()
    run = scene.run("api_key", **ways[method])
    assert run.failed
    assert scene.other.received == []
    assert scene.active() == [made["id"]]
    assert {name: scene.files()[name] for name in before} == before


@pytest.mark.parametrize("status", [302, 307])
def test_the_client_secret_is_not_carried_to_another_host(scene: Scene, status):
    scene.gateway.spoil("POST", SIGN_IN, manners.redirected(f"http://{scene.other.authority}{SIGN_IN}", status))
    pair = {name: scene.stage.ready[name] for name in ("client_id", "client_secret")}
    assert scene.run("tenant_info", access_token=None, **pair).failed
    assert scene.other.received == []


def test_links_and_redirects_on_the_tenants_own_host_are_followed(scene: Scene):
    made = scene.make()
    scene.gateway.spoil("GET", KEYS, manners.redirected(f"{scene.gateway.url}{KEYS}?limit=100"), times=1)
    scene.gateway.spoil("GET", KEYS, manners.with_next(f"{scene.gateway.url}{KEYS}?limit=99"), times=1)
    run = scene.run("api_key_info")
    assert {key["id"] for key in run.result["api_keys"]} == {made["id"]}
    assert len(scene.gateway.asked("GET", KEYS)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "http://192.0.2.1\\.localhost",
        "http://{other}\\.localhost",
        "http://{other}\\@localhost",
        "http://{other}\\@{tenant}",
        "http://{tenant}@{other}",
        "http://{other}#@{tenant}",
        "http://{other}\t.localhost",
        "http://192.0.2.1%2F.localhost",
        "http://tenant.localhost:{port}",
        "http://127.0.0.1.example:{port}",
        "http://１２７.0.0.1:{port}",
        "http://2130706433:{port}",
        "http://[::ffff:127.0.0.1]:{port}",
    ],
)
def test_plain_http_is_for_what_is_literally_this_machine(scene: Scene, text):
    run = scene.run("tenant_info", tenant_url=address(text, scene), retries=0)
    assert run.failed and run.message.startswith("tenant_url: "), run.message
    assert scene.other.received == []
    assert scene.gateway.exchanges == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_plain_http_to_this_machine_is_taken(scene: Scene, host):
    url = f"http://{host}:{scene.gateway.authority.rpartition(':')[2]}"
    assert scene.run("tenant_info", tenant_url=url).result["tenant"]["id"] == scene.stage.ready["tenant_id"]

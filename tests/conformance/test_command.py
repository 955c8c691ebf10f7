# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line, the ready line, the end and the return of the tenant."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from emulator_process import EMULATOR, EmbeddedTenant
from tenant_api import SECONDS, Api, config_path, grant_to_everyone, replace

CONTRACT = {"url", "tenant_id", "admin_token", "client_id", "client_secret", "user_id", "idp_id"}


def refused(*arguments: str) -> str:
    """What a start that fails says on stderr; its status must be that of a usage error, its stdout empty."""
    done = subprocess.run(
        [sys.executable, str(EMULATOR), *arguments], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_ready_line_names_what_a_client_needs(tenant: EmbeddedTenant) -> None:
    assert set(tenant.ready) >= CONTRACT
    assert tenant.ready["ca_path"] is None
    assert tenant.ready["url"].startswith("http://127.0.0.1:")
    api = Api(tenant, tenant.ready["admin_token"])
    assert api.get("/users/me").json()["id"] == tenant.ready["user_id"]
    hostnames = api.get("/tenants/me").json()["hostnames"]
    assert (len(hostnames), hostnames[0]) == (2, tenant.ready["hostname"])


def test_stop_is_clean_and_quick_with_an_open_connection_and_a_hanging_request(tmp_path: Path) -> None:
    tenant = EmbeddedTenant(db=tmp_path / "tenant.db").start()
    Api(tenant, tenant.ready["admin_token"]).get("/users/me")
    tenant.control("POST", "faults", {"kind": "hang", "path": "/api/v1/users/me", "seconds": 60})
    with socket.create_connection(("127.0.0.1", int(tenant.url.rpartition(":")[2]))) as hanging:
        hanging.sendall(b"GET /api/v1/users/me HTTP/1.1\r\nHost: tenant\r\n\r\n")
        while len(tenant.control("GET", "requests")["requests"]) < 2:
            continue
        assert tenant.stop() == 0
    assert tenant.stderr == ""


def test_same_file_brings_the_same_tenant_back(tmp_path: Path) -> None:
    tenant = EmbeddedTenant(db=tmp_path / "tenant.db").start()
    admin = Api(tenant, tenant.ready["admin_token"])
    grant_to_everyone(admin)
    key = admin.create_key()
    before = tenant.ready
    tenant.kill()
    with tenant:
        same = set(before) - {"url", "control_url"}
        assert {name: tenant.ready[name] for name in same} == {name: before[name] for name in same}
        assert Api(tenant, key["token"]).get("/users/me").status_code == 200
        assert [record["id"] for record in tenant.control("GET", "keys")["keys"]] == [key["id"]]


def test_a_tenant_can_move_to_the_other_generation(tmp_path: Path) -> None:
    with EmbeddedTenant(db=tmp_path / "tenant.db", generation="switch") as old:
        admin = Api(old, old.ready["admin_token"])
        assert admin.patch(config_path(old), replace("/api_keys_enabled", True)).status_code == 204
        token = admin.create_key()["token"]
    with EmbeddedTenant(db=tmp_path / "tenant.db", generation="permission") as new:
        assert Api(new, token).get("/users/me").status_code == 401
        grant_to_everyone(Api(new, new.ready["admin_token"]))
        assert Api(new, token).get("/users/me").status_code == 200


def test_two_tenants_have_nothing_in_common(tenant: EmbeddedTenant, switch_tenant: EmbeddedTenant) -> None:
    shared = {name for name in CONTRACT if tenant.ready[name] == switch_tenant.ready[name]}
    assert shared == set()
    assert Api(tenant, switch_tenant.ready["admin_token"]).get("/users/me").status_code == 401


def test_tls_is_trusted_with_its_authority_and_only_with_it(tmp_path: Path) -> None:
    with EmbeddedTenant(tls=True, db=tmp_path / "tenant.db") as tenant:
        assert tenant.url.startswith("https://")
        assert Api(tenant, tenant.ready["admin_token"]).get("/tenants/me").json()["id"] == tenant.ready["tenant_id"]
        with pytest.raises(requests.exceptions.SSLError):
            stranger = requests.Session()
            stranger.trust_env = False
            stranger.get(tenant.url, timeout=SECONDS)
        assert tenant.stop() == 0
        assert tenant.stderr == ""


def test_settings_and_clock_can_be_given_at_the_start(tmp_path: Path) -> None:
    settings = {"link_style": "relative", "tier2_per_minute": 7, "html_401": True, "list_lag": 0.5}
    with EmbeddedTenant(db=tmp_path / "tenant.db", clock_offset=-3600, settings=settings) as tenant:
        shown = tenant.control("GET", "settings")
        assert {name: shown[name] for name in settings} == settings
        assert tenant.control("GET", "clock")["offset"] == -3600


def start_snippet(folder: Path, port: str) -> str:
    """How the README says to start a tenant, with that port, and with `folder` instead of /tmp."""
    readme = (EMULATOR / "README.md").read_text(encoding="utf-8")
    (block,) = [block for block in readme.split("```console\n")[1:] if "rm -f /tmp/ready.json" in block]
    lines = [line.removeprefix("$ ") for line in block.partition("```")[0].splitlines()]
    replaced = {
        ".venv/bin/python tests/emulator": f"'{sys.executable}' '{EMULATOR}'",
        "8080": port,
        "/tmp/": f"{folder}/",
    }
    text = "\n".join(lines)
    assert all(word in text for word in replaced)
    # In one go: what comes in may have one of the words in it, as the path of a checkout below /tmp has.
    return re.sub("|".join(map(re.escape, replaced)), lambda found: replaced[found[0]], text)


def run_snippet(folder: Path, port: str) -> subprocess.CompletedProcess[str]:
    script = f"{start_snippet(folder, port)}\nkill $! 2> /dev/null\nwait $!"
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=SECONDS, check=False)


def test_the_start_of_the_readme_waits_for_the_tenant(tmp_path: Path) -> None:
    (tmp_path / "ready.json").write_text("of another run")
    done = run_snippet(tmp_path, "0")
    assert (done.returncode, done.stderr) == (0, "")
    assert set(json.loads((tmp_path / "ready.json").read_text())) >= CONTRACT
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("*.*")}
    assert (modes["ready.json"], modes["tenant.db"]) == (0o600, 0o600)


def test_the_start_of_the_readme_ends_with_the_tenants_words_if_the_port_is_taken(
    tenant: EmbeddedTenant, tmp_path: Path
) -> None:
    port = tenant.url.rpartition(":")[2]
    done = run_snippet(tmp_path, port)
    assert done.returncode == 2, "the status of the tenant"
    assert f"127.0.0.1:{port}" in done.stderr.splitlines()[-1]
    assert (tmp_path / "ready.json").read_text() == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "70000"], "not a port"),
        (["--generation", "newest"], "invalid choice"),
        (["--tenants", "0"], "not a number from 1 to 400"),
        (["--tenants", "401"], "not a number from 1 to 400"),
        (["--tenants", "many"], "not a number from 1 to 400"),
        (["--host", "0.0.0.0"], "not a loopback address"),
        (["--setting", "colour=red"], "unknown setting"),
        (["--setting", "link_style=curly"], "link_style must be one of"),
        (["--setting", "link_style"], "expected NAME=VALUE"),
        (["--setting", "list_lag=soon"], "list_lag must be a number of seconds"),
        (["--setting", "list_lag=nan"], "list_lag must be a number of seconds"),
        (["--setting", "tier1_per_minute=1.5"], "tier1_per_minute must be an integer"),
        (["--clock-offset", "1e12"], "clock offset"),
        (["--db", "/nonexistent/tenant.db"], "unable to open"),
    ],
)
def test_bad_arguments_are_named(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)


def test_taken_port_is_named(tenant: EmbeddedTenant) -> None:
    port = tenant.url.rpartition(":")[2]
    assert port in refused("--port", port)


def test_file_in_use_is_refused(tmp_path: Path) -> None:
    with EmbeddedTenant(db=tmp_path / "tenant.db"):
        assert "locked" in refused("--db", str(tmp_path / "tenant.db"))


def test_foreign_files_are_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to be taken for the header of one, or so it seems\n" * 20)
    before = text.read_bytes()
    assert "not a database" in refused("--db", str(text))
    assert text.read_bytes() == before
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE things (id)")
    assert "something else" in refused("--db", str(other))

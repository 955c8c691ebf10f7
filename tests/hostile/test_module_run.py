# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runners run real modules, and stop those that take too much or too long; the judge finds what is wrong."""

from __future__ import annotations

import json

import pytest

from hostile import manners, module_run
from hostile.module_run import MEMORY, Run, run_forked, run_in_little_memory
from hostile.scene import KEYS, Scene
from hostile.verdicts import complaints, is_plain, shown_of

TOKEN = f"eyJhbGciOiJFUzM4NCJ9.eyJqdGkiOiJrLTEifQ.{'abcdefghijklmnopqrstuvwxyz' * 5}"
HALF = MEMORY // 2


def run_of(result: object, code: int = 0, complained: str = "") -> Run:
    return Run("api_key", code, result if isinstance(result, str) else json.dumps(result), complained, 1.0)


@pytest.mark.parametrize("run", [run_forked, run_in_little_memory])
def test_a_module_does_its_work(scene: Scene, run):
    made = run("api_key", scene.options(description="nightly reload", token_file=str(scene.file)))
    assert (made.code, made.result["changed"], made.complained) == (0, True, "")
    assert scene.active() == [scene.stored_key()]
    failed = run("api_key", scene.options())
    assert (failed.code, failed.message) == (1, failed.result["msg"])
    assert failed.message.startswith("description:")


def test_without_hostility_half_of_the_memory_is_enough_over_https_too(scene: Scene, certified):
    options = scene.options(tenant_url=certified.gateway.url, ca_path=str(certified.ca_path))
    assert run_in_little_memory("tenant_info", options, memory=HALF).code == 0


def test_a_forked_one_has_as_little_to_take(scene: Scene, monkeypatch):
    monkeypatch.setattr(module_run, "MORE", 0)
    scene.gateway.spoil("GET", KEYS, manners.large_body(manners.MEBIBYTE))
    run = run_forked("api_key_info", scene.options())
    assert run.code not in (0, 1) or run.failed


def test_one_that_takes_more_memory_ends_with_an_error(scene: Scene):
    run = run_in_little_memory("tenant_info", scene.options(), memory=MEMORY // 20)
    assert "MemoryError" in run.complained
    assert len(complaints(run)) == 1


@pytest.mark.parametrize("run", [run_forked, run_in_little_memory])
def test_one_that_takes_too_long_is_stopped(scene: Scene, run):
    scene.gateway.spoil("GET", KEYS, manners.silent)
    stopped = run("api_key_info", scene.options(), seconds=1.5)
    assert not stopped.has_ended
    assert complaints(stopped) == [f"had not ended after {stopped.seconds:.0f} s"]


@pytest.mark.parametrize(
    ("run", "complaint"),
    [
        (run_of({"changed": False}), None),
        (run_of({"failed": True, "msg": "Refused."}, 1), None),
        (run_of({"failed": True, "msg": " "}, 1), "failed without a message"),
        (run_of({"changed": False}, 1), "ended with 1, and failed is False"),
        (run_of("", 70, "MemoryError"), "ended with 70: MemoryError"),
        (run_of("[]"), "printed what is no JSON object"),
        (run_of({"changed": False}, 0, "a word"), "wrote to stderr: a word"),
        (run_of({"failed": True, "msg": "x", "exception": "Traceback"}, 1), "showed a traceback"),
        (run_of({"failed": True, "msg": "This is a defect in x"}, 1), "showed a defect"),
        (run_of({"failed": True, "msg": "x" * 10_001}, 1), "showed 10001 characters"),
        (run_of({"changed": False, "warnings": ["\x1b[31m"]}), "showed unprintable characters"),
        (run_of({"changed": False, "warnings": [{"event": {"msg": "\u202e"}}]}), "showed unprintable characters"),
        (run_of({"failed": True, "msg": "x", "failure": {"title": "\x9b1m"}}, 1), "showed unprintable characters"),
        (run_of({"failed": True, "msg": "\udcff"}, 1), "showed unprintable characters"),
        (run_of({"changed": False, "diff": {"after": TOKEN}}), f"showed a secret: {TOKEN}"),
        (run_of({"changed": True, "token": TOKEN, "api_keys": [{"token": TOKEN}]}), None),
    ],
)
def test_what_is_wrong_with_a_run_is_found(run, complaint):
    found = complaints(run, [TOKEN])
    assert found == [] if complaint is None else any(text.startswith(complaint) for text in found), found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (TOKEN, True),
        (TOKEN.replace(".", "%2E").replace("e", "%65"), True),
        (TOKEN.replace("a", "%2561"), True),
        (TOKEN.rpartition(".")[2], True),
        (TOKEN[len(TOKEN) // 2 :], True),
        (TOKEN.rpartition(".")[0], False),
        (TOKEN.rpartition(".")[2][:19], False),
    ],
)
def test_a_token_is_found_in_parts_and_encoded(text, shown):
    assert bool(shown_of(f"before {text} after", ["another secret", TOKEN])) == shown


@pytest.mark.parametrize(
    "text", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\ufeff", "\ud800", "\u200b", "\r", "\x00"]
)
def test_what_a_terminal_obeys_is_not_plain(text):
    assert not is_plain(f"a{text}b")
    assert is_plain("Größe 1 – «tenant», 日本\nnext line")

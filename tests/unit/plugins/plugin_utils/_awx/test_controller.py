# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of a controller, from the answers that the collection awx.awx hands on."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.controller import (
    MAX_PAGES,
    Controller,
    ControllerError,
)

FIRST, SECOND = {"id": 1, "name": "A"}, {"id": 2, "name": "B"}


class Answers:
    """Stands for the class of awx.awx; the last answer is given for ever."""

    def __init__(self, *answers: dict[str, Any]):
        self._answers = list(answers)
        self.asked: list[str] = []

    def get_endpoint(self, endpoint: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        self.asked.append(endpoint)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def answer(json: Any, status: int = 200) -> dict[str, Any]:
    return {"status_code": status, "json": json}


def test_all_pages_are_read():
    answers = Answers(
        answer({"results": [FIRST], "next": "/api/v2/labels/?page=2"}), answer({"results": [SECOND], "next": None})
    )
    assert Controller(answers).find("labels") == [FIRST, SECOND]
    assert answers.asked == ["labels", "/api/v2/labels/?page=2"]


@pytest.mark.parametrize(
    "body",
    [[], None, "text", {}, {"results": None}, {"results": {"id": 1}}, {"results": [7]}, {"results": [{"name": "A"}]}],
)
def test_what_is_no_list_of_objects_is_told(body):
    with pytest.raises(
        ControllerError, match="does not list labels: its answer has status 200 and is no list of objects"
    ):
        Controller(Answers(answer(body))).find("labels")


def test_a_refusal_is_told_with_its_reason():
    with pytest.raises(ControllerError, match="does not list labels: Not for you"):
        Controller(Answers(answer({"detail": "Not for you"}, 403))).find("labels")


def test_a_list_without_end_is_left_off():
    answers = Answers(answer({"results": [FIRST], "next": "/api/v2/labels/"}))
    with pytest.raises(ControllerError, match="has no end"):
        Controller(answers).find("labels")
    assert len(answers.asked) <= MAX_PAGES + 1

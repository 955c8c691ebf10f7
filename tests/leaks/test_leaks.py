# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No token and no secret is anywhere but where it is documented to be, whatever is run and however it ends."""

from __future__ import annotations

from conftest import IN_WORKER
from gaps import find_gaps
from results import documented_tokens, read_plays, read_results
from stage import Stage
from written import find_findings, shown_tokens


def test_no_secret_is_written_anywhere(finished: Stage) -> None:
    assert [str(finding) for finding in find_findings(finished)] == []


def test_a_token_is_shown_by_each_task_that_documentedly_shows_it(finished: Stage) -> None:
    showing = [result for result in read_results(finished.written / "results.jsonl") if result.shows]
    silent = {result.task for result in showing} - {
        result.task for result in showing if any(place["token"] for place in documented_tokens(result.returned))
    }
    assert silent == set()
    assert shown_tokens(finished) <= finished.gateway.issued


def test_every_module_and_entry_point_was_run_in_every_state_and_met_every_failure(finished: Stage) -> None:
    assert (
        find_gaps(read_results(finished.written / "results.jsonl"), read_plays(finished.written / "results.jsonl"))
        == []
    )


def test_modules_noted_their_arguments_in_the_journal_and_what_runs_in_the_worker_nothing(
    finished: Stage, kind: str
) -> None:
    journal = finished.written / "journal.jsonl"
    # The playbook leaver writes a file by a module of Ansible's own.
    noted = journal.read_text(encoding="utf-8") if journal.exists() else ""
    if IN_WORKER[kind]:
        assert "ansible-tenantops.qlik_cloud" not in noted
    else:
        assert "ansible-tenantops.qlik_cloud.api_key Invoked with" in noted


def test_nothing_is_left_in_the_folders_for_what_is_passing(finished: Stage) -> None:
    left = [path for name in ("remote", "tmp") for path in (finished.written / name).rglob("*") if path.is_file()]
    assert left == []


def test_what_was_not_run_is_missed(finished: Stage) -> None:
    file = finished.written / "results.jsonl"
    results, plays = read_results(file), read_plays(file)
    without_module = [result for result in results if result.module != "tenant_info"]
    assert "tenant_info: a success" in find_gaps(without_module, plays)
    without_replacing = [result for result in results if "Replace" not in result.task]
    assert "api_keys: on_lost_token=replace" in find_gaps(without_replacing, plays)
    without_404 = [result for result in results if result.returned.get("failure", {}).get("status") != 404]
    assert "a failure of type NotFoundError" in find_gaps(without_404, plays)
    assert "the playbooks: Summarize the run" in find_gaps(results, plays - {"Summarize the run"})
    renewed = "Renew the keys that are due"
    without_rotation = [result for result in results if not result.task.endswith(renewed)]
    assert f"the role onboarding: {renewed}" in find_gaps(without_rotation, plays)

# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the job templates ask, as AWX keeps surveys.

Nothing is required that has a default: a launch by the API without it would be refused. Numbers are asked as text, because AWX
refuses an open question for a number.
"""

from __future__ import annotations

from typing import Any


def build_survey(template: str) -> dict[str, Any]:
    name, questions = SURVEYS[template]
    return {"name": name, "description": "", "spec": questions}


def _build_text(
    variable: str, name: str, description: str, max_length: int = 64, required: bool = False
) -> dict[str, Any]:
    return _build_question("text", variable, name, description, default="", min=0, max=max_length, required=required)


def _build_choice(variable: str, name: str, description: str, choices: list[str]) -> dict[str, Any]:
    """One of a few; the first is the default."""
    return _build_question(
        "multiplechoice", variable, name, description, choices=choices, default=choices[0], required=False
    )


def _build_question(kind: str, variable: str, name: str, description: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "variable": variable, "question_name": name, "question_description": description, **more}


KEEP_HINT = "Leave it open to keep what the inventory says."
SURVEYS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "onboard": (
        "Limits, and who may make keys",
        [
            _build_text("onboarding_max_keys_per_user", "API keys per user", f"From 0 to 1000. {KEEP_HINT}", 4),
            _build_text("onboarding_max_api_key_expiry", "Longest life of an API key", f"Such as P90D. {KEEP_HINT}"),
            _build_text("onboarding_scim_external_client_expiry", "Life of a SCIM key", f"Such as P365D. {KEEP_HINT}"),
            _build_text(
                "onboarding_permission_role", "Role that may make API keys", f"The name of a role. {KEEP_HINT}", 256
            ),
        ],
    ),
    "rotate": (
        "Which keys",
        [
            _build_choice(
                "onboarding_force_renew",
                "Renew keys that are not due yet",
                "true renews every key in this run.",
                ["false", "true"],
            )
        ],
    ),
    "report": (
        "What fails the job",
        [
            _build_text("onboarding_report_fail_within", "Expires within", f"Such as P14D. {KEEP_HINT}"),
            # Not a choice: AWX hands on what is chosen by default as well, which would win over the inventory.
            _build_text("onboarding_report_fail_on", "Fails the job", f"error, warning, note or never. {KEEP_HINT}", 8),
        ],
    ),
    "leaver": (
        "Who leaves",
        [
            _build_text("leaver", "Who leaves", "Id, e-mail address or subject of the user.", 256, required=True),
            _build_choice(
                "leaver_scim_keys",
                "SCIM keys that the person made",
                "retire ends the provisioning that uses them.",
                ["keep", "retire"],
            ),
        ],
    ),
}

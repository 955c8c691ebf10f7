# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the job templates ask, as AWX keeps surveys.

Nothing is required that has a default: a launch by the API without it would be refused. Numbers are asked as text, because AWX
refuses an open question for a number.
"""

from __future__ import annotations

from typing import Any


def survey(template: str) -> dict[str, Any]:
    name, questions = SURVEYS[template]
    return {"name": name, "description": "", "spec": questions}


def _text(variable: str, name: str, description: str, longest: int = 64, required: bool = False) -> dict[str, Any]:
    return _question("text", variable, name, description, default="", min=0, max=longest, required=required)


def _choice(variable: str, name: str, description: str, choices: list[str]) -> dict[str, Any]:
    """One of a few; the first is the default."""
    return _question("multiplechoice", variable, name, description, choices=choices, default=choices[0], required=False)


def _question(kind: str, variable: str, name: str, description: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "variable": variable, "question_name": name, "question_description": description, **more}


AS_IT_IS = "Leave it open to keep what the inventory says."
SURVEYS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "onboard": (
        "Limits, and who may make keys",
        [
            _text("onboarding_max_keys_per_user", "API keys per user", f"From 0 to 1000. {AS_IT_IS}", 4),
            _text("onboarding_max_api_key_expiry", "Longest life of an API key", f"Such as P90D. {AS_IT_IS}"),
            _text("onboarding_scim_external_client_expiry", "Life of a SCIM key", f"Such as P365D. {AS_IT_IS}"),
            _text("onboarding_permission_role", "Role that may make API keys", f"The name of a role. {AS_IT_IS}", 256),
        ],
    ),
    "rotate": (
        "Which keys",
        [
            _choice(
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
            _text("onboarding_report_fail_within", "Expires within", f"Such as P14D. {AS_IT_IS}"),
            # Not a choice: AWX hands on what is chosen by default as well, which would win over the inventory.
            _text("onboarding_report_fail_on", "Fails the job", f"error, warning, note or never. {AS_IT_IS}", 8),
        ],
    ),
    "leaver": (
        "Who leaves",
        [
            _text("leaver", "Who leaves", "Id, e-mail address or subject of the user.", 256, required=True),
            _choice(
                "leaver_scim_keys",
                "SCIM keys that the person made",
                "retire ends the provisioning that uses them.",
                ["keep", "retire"],
            ),
        ],
    ),
}

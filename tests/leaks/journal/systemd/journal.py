# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal is the file that the environment variable JOURNAL_FILE names."""

from __future__ import annotations

import json
import os

# Never called; Ansible takes a binding without it for another package of this name.
sendv = None


def send(**fields: object) -> None:
    with open(os.environ["JOURNAL_FILE"], "a", encoding="utf-8") as stream:
        stream.write(json.dumps(fields, default=str) + "\n")

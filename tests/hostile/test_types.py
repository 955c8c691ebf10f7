# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of every answer that a module reads, of every wrong kind: no run ends with a defect, or loses a token.

The gate plays a sample; ``pytest tests/hostile/test_types.py --every-field`` plays all, and ``--field TEXT`` those whose
name has the text.
"""

from __future__ import annotations

import random

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.project import MODULES
from hostile.odd_fields import OddField, odd_fields, pattern_of
from hostile.theatre import Theatre
from hostile.usual_calls import USUAL

SEED = 2026
SAMPLE = 300
READ_ALIKE = {pattern_of(path) for path in ("/api/v1/users/me", "/api/v1/tenants/me", "/api/v1/api-keys/configs/x")}
"""Who asks, which tenant it is and its configuration: a module reads them alike, whatever it is called for."""


def cases(theatre: Theatre, name: str) -> list[OddField]:
    """All odd fields of a usual call, by what a run of it is really answered."""
    run, wrong = theatre.run(USUAL[name])
    assert not run.failed and wrong == [], (run.message, wrong)
    is_first = name == next(each for each in USUAL if USUAL[each].module == USUAL[name].module)
    return [odd for odd in odd_fields(theatre.gateway.exchanges) if is_first or odd.path not in READ_ALIKE]


@pytest.mark.parametrize("name", USUAL)
def test_no_odd_field_leads_to_a_defect_or_loses_a_token(theatre: Theatre, name, every_field, field):
    played = cases(theatre, name)
    if field:
        played = [odd for odd in played if field in str(odd)]
    elif not every_field:
        played = random.Random(f"{SEED} {name}").sample(played, SAMPLE // len(USUAL))
    wrong = [f"{odd}: {text[:300]}" for odd in played for text in theatre.run(USUAL[name], odd.spoil)[1]]
    assert not wrong, f"{len(wrong)} of {len(played)}:\n" + "\n".join(wrong[:50])


def test_every_module_is_called():
    assert {usual.module for usual in USUAL.values()} == set(MODULES)

# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defaults that are read from an argument spec are those that Ansible fills in."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import (
    API_KEY_PERMISSION,
    KEY_OPTIONS,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.option_defaults import get_defaults


@pytest.mark.parametrize("spec", [KEY_OPTIONS, API_KEY_PERMISSION.own_options])
def test_defaults_are_those_that_ansible_fills_in(spec):
    validated = ArgumentSpecValidator(spec).validate({})
    assert validated.error_messages == []
    assert get_defaults(spec) == validated.validated_parameters

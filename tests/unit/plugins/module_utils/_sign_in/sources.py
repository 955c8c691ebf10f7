# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of signing in have in common: contexts, options, variables, and the credentials that come of them."""

from __future__ import annotations

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken, OAuthClient

FILE = """
contexts:
  key: {server: "https://key.example.com/", headers: {Authorization: Bearer s3cret-kept, X-Gate: s3cret-gate}}
  client: {server: "https://client.example.com", oauth-client-id: kept-id, oauth-client-secret: s3cret-kept-pair}
  nobody: {server: "https://nobody.example.com"}
  nowhere: {headers: {Authorization: Bearer s3cret-kept}}
  windows: {server: "https://win.example.com", server-type: windows}
"""
OWN_HOST, THERE = "https://own.example.com", "https://there.example.com"
KEY_HOST, CLIENT_HOST = "https://key.example.com", "https://client.example.com"

URL, KEY = {"tenant_url": OWN_HOST}, {"context": "key"}
TOKEN, ID, SECRET = {"access_token": "s3cret-own"}, {"client_id": "an-id"}, {"client_secret": "s3cret-own-pair"}
PAIR = {**ID, **SECRET}

URL_SET, SAME_URL_SET = {"QLIK_TENANT_URL": THERE}, {"QLIK_TENANT_URL": "https://OWN.example.com:443/"}
TOKEN_SET, CONTEXT_SET = {"QLIK_ACCESS_TOKEN": "s3cret-set"}, {"QLIK_CONTEXT": "client"}
ID_SET, SECRET_SET = {"QLIK_CLIENT_ID": "set-id"}, {"QLIK_CLIENT_SECRET": "s3cret-set-pair"}
PAIR_SET = {**ID_SET, **SECRET_SET}

OWN, OWN_CLIENT = AccessToken("s3cret-own"), OAuthClient("an-id", "s3cret-own-pair")
SET, SET_CLIENT = AccessToken("s3cret-set"), OAuthClient("set-id", "s3cret-set-pair")
KEPT = AccessToken("s3cret-kept", context="key")
KEPT_CLIENT = OAuthClient("kept-id", "s3cret-kept-pair", context="client")

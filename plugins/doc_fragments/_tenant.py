# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options every module has. Private to the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  tenant_url:
    description:
      - Address of the tenant, for example V(https://your-tenant.eu.qlikcloud.com).
      - Plain C(http) is accepted for loopback addresses only, because the token would cross the network unencrypted.
      - If not set, it is the server of O(context), or without a context the environment variable E(QLIK_TENANT_URL).
      - If no credential option is set, it must be on the same host as the server of the context, or E(QLIK_TENANT_URL), because the
        credentials come from there. E(QLIK_TENANT_URL) may be unset.
    type: str
    aliases: [server, tenant_uri]
  access_token:
    description:
      - An API key or an OAuth access token to sign in with.
      - Give either this, or O(client_id) and O(client_secret), or a O(context) that has one of these.
      - If no credential option is set, those of O(context) are used, or without a context the environment variable
        E(QLIK_ACCESS_TOKEN).
    type: str
  client_id:
    description:
      - Id of an OAuth machine-to-machine client of the tenant. Its bot user acts as TenantAdmin, and needs no API key.
      - If not set, the environment variable E(QLIK_CLIENT_ID) is used, unless O(access_token) or a O(context) is given. The id is
        no secret.
    type: str
  client_secret:
    description:
      - Secret of the OAuth client.
      - If not set, the environment variable E(QLIK_CLIENT_SECRET) is used, unless O(access_token) or a O(context) is given.
    type: str
  impersonate_user_id:
    description:
      - Id of a user to act as, instead of the OAuth client's own bot user. A key made this way belongs to that user.
      - Needs an OAuth client of the tenant itself that has the right to impersonate users. The client may come from options, a
        context or the environment.
      - Give either this or O(impersonate_subject). Empty text is an error, so that the bot user does not act by mistake.
    type: str
  impersonate_subject:
    description: Subject of a user to act as, if the id is not known. See O(impersonate_user_id).
    type: str
  context:
    description:
      - Name of a context of qlik-cli, to take address and credentials from. Options of the task, C(module_defaults)
        included, win over the context, and the context wins over the environment.
      - With a context, no address and no credentials are taken from the environment, not even half a client pair.
      - Credentials that are given as options go to the server of the context. If O(tenant_url) is set as well, the context is not
        used.
      - The context must be that of a Qlik Cloud tenant, and have either a header C(Authorization) with an API key, or an OAuth
        client. Other headers in it are not sent, see O(headers).
      - The credentials of a context are sent to its own server only. The module fails if O(tenant_url) is on another host.
      - If not set, the environment variable E(QLIK_CONTEXT) is used, in the same way. The current context of qlik-cli, which C(qlik
        context use) sets, does not count.
    type: str
  contexts_file:
    description:
      - The file with the contexts of qlik-cli, on the machine where the module runs. Only read if O(context) is needed.
      - If not set, it is the file that the environment variable E(QLIK_CONTEXTS_FILE) names.
      - If neither is set, it is C(.qlik/contexts.yml) in the folder that the environment variable E(QLIK_CLI_USER_HOME_DIR) names,
        or else in the home folder. If C(contexts.yml) lies in that folder itself, without C(.qlik), that file is used.
    type: path
  validate_certs:
    description: Whether to check the tenant's TLS certificate. Turn this off only for a test server.
    type: bool
    default: true
  ca_path:
    description:
      - A file or folder with certificates of authorities to trust instead of the usual ones.
      - Not used with O(validate_certs=false).
    type: path
  timeout:
    description:
      - Seconds to wait for a connection, and for each read of an answer. At most 3600.
      - A whole call, from the connection to the last byte of its answer, takes three times as long at most.
    type: float
    default: 30.0
  retries:
    description:
      - How often a call that only reads is repeated after a connection error or an answer of 502, 503 or 504. From 0 to 10.
      - A call that changes something is sent again only after 429, which means that the tenant did not carry it out, see
        O(rate_limit_wait). If its answer is lost, the modules that make keys look whether it was carried out, and if not, send it
        once more.
    type: int
    default: 5
  retry_interval:
    description: Seconds before the first repetition. Each further wait is about twice as long, with random jitter.
    type: float
    default: 1.0
  rate_limit_wait:
    description:
      - Seconds that one run of the module may spend waiting for the tenant's rate limits, all waits together.
        From 0, which fails on the first refusal, to 86400.
      - After an answer of 429 the module waits as long as its C(Retry-After) says, and then sends the call again. If an answer says
        that nothing is left (C(Ratelimit-Remaining), C(Ratelimit-Reset)), it waits before the next call.
      - Qlik Cloud allows a user about 1000 reads and 100 writes in a minute, so 1000 new keys take some nine minutes.
    type: float
    default: 900.0
  headers:
    description:
      - More headers to send with every request, for example for a gateway in front of the tenant. They count as secrets.
      - Headers that each request sets by itself are refused, such as C(Authorization), C(Host) and C(Content-Length).
    type: dict
requirements:
  - python >= 3.10
  - requests >= 2.28
  - isodate >= 0.6.1, for options that are durations
  - PyYAML, which comes with ansible-core, for O(context)
"""

// SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Calls the official TypeScript client as told by lines of JSON on stdin, and answers each by a line of JSON on stdout:
// the same in every respect as ../python_sdk/drive.py. Its one argument is the folder in which @qlik/api is installed.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder] = process.argv.slice(2);
const entry = createRequire(pathToFileURL(`${folder}/`)).resolve("@qlik/api");
const { createQlikApi } = await import(pathToFileURL(entry));

// The client keeps what it has read; here everything is asked for anew.
const fresh = { noCache: true };

function signedIn({ url, access_token, client_id, client_secret, user_id }) {
  const credentials = access_token
    ? { authType: "apikey", apiKey: access_token }
    : { authType: "oauth2", clientId: client_id, clientSecret: client_secret, userId: user_id };
  return createQlikApi({ hostConfig: { host: url, ...credentials } });
}

async function whole(first) {
  const found = [];
  for (let page = await first; page; page = page.next && (await page.next(fresh))) {
    found.push(...page.data.data);
  }
  return found;
}

async function data(answer) {
  return (await answer).data;
}

const calls = {
  me: (api) => data(api.users.getMyUser(fresh)),
  user: (api, { id }) => data(api.users.getUser(id, {}, fresh)),
  users: (api, query) => whole(api.users.getUsers(query, fresh)),
  keys: (api, query) => whole(api.apiKeys.getApiKeys(query, fresh)),
  key: (api, { id }) => data(api.apiKeys.getApiKey(id, fresh)),
  create_key: (api, body) => data(api.apiKeys.createApiKey(body)),
  patch_key: (api, { id, operations }) => data(api.apiKeys.patchApiKey(id, operations)),
  delete_key: (api, { id }) => data(api.apiKeys.deleteApiKey(id)),
  config: (api, { tenant_id }) => data(api.apiKeys.getApiKeysConfig(tenant_id, fresh)),
  patch_config: (api, { tenant_id, operations }) => data(api.apiKeys.patchApiKeysConfig(tenant_id, operations)),
};

async function answerTo(api, order) {
  try {
    return { result: (await calls[order.call](api, order.arguments)) ?? null };
  } catch (error) {
    const refused = error.status ?? error.errors?.[0]?.status;
    if (refused) return { refused };
    throw error;
  }
}

let api;
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  let answer = { result: null };
  if (api) {
    answer = await answerTo(api, order);
  } else {
    api = signedIn(order);
    // It signs in with its first call; here that shall be known at once, as it is with the other clients.
    if (order.client_id) {
      const me = await answerTo(api, { call: "me", arguments: {} });
      if (me.refused) answer = me;
    }
  }
  console.log(JSON.stringify(answer));
}

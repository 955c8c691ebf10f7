# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import MissingLibraryError, OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in import contexts as contexts_module
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.contexts import (
    MAX_FILE_BYTES,
    Context,
    find_context,
    find_contexts_path,
    find_region,
    name_contexts_file_option,
    read_contexts,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    AccessToken,
    OAuthClient,
)

SERVER = "https://tenant.eu.qlikcloud.com"
TOKEN = {"headers": {"Authorization": "Bearer s3cret-token"}}
PAIR = {"oauth-client-id": "an-id", "oauth-client-secret": "s3cret-pair"}


def context(**entry: object) -> Context:
    return Context.from_file("prod", entry)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "contexts.yml"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


def make(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("contexts: {}")
    return path


def test_a_file_is_read_as_qlik_cli_writes_it(file):
    file.write_text("""\
        contexts:
          with-key:
            comment: made by hand
            headers:
              Authorization: Bearer s3cret-token
              X-Gate: s3cret-gate
            server: https://tenant.eu.qlikcloud.com
            server-type: Cloud
          with-client:
            oauth-client-id: 0123
            oauth-client-secret: 1e10
            server: https://other.us.qlikcloud.com/
          2026-01-01: {}
        current-context: with-key
        """)
    by_key, by_client, empty = read_contexts(str(file)).values()
    assert (by_key.name, by_key.tenant_url(), by_key.is_cloud) == ("with-key", SERVER, True)
    assert by_key.credentials() == AccessToken("s3cret-token", context="with-key")
    assert by_client.tenant_url() == "https://other.us.qlikcloud.com"
    assert by_client.credentials() == OAuthClient("0123", "1e10", context="with-client")
    assert (empty.name, empty.server, empty.server_type, empty.secrets) == ("2026-01-01", None, "cloud", set())


def test_everything_secret_of_a_context_is_known_and_not_in_its_repr():
    whole = context(**PAIR, headers={"Authorization": "Bearer s3cret-token", "X-Gate": " s3cret-gate "})
    assert whole.secrets == {"s3cret-pair", "Bearer s3cret-token", "s3cret-token", "s3cret-gate"}
    assert "s3cret" not in repr(whole)


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
@pytest.mark.parametrize("scheme", ["Bearer ", "bearer  ", "BEARER "])
def test_a_bearer_is_found_whatever_the_case(name, scheme):
    assert context(headers={name: f"{scheme}s3cret-token "}).credentials().token == "s3cret-token"


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({}, "has no usable credentials: neither a header Authorization"),
        ({"headers": {}}, "has no usable credentials"),
        ({"headers": ["Authorization: Bearer s3cret-token"]}, "has no usable credentials"),
        ({"headers": {"Authorization": "Basic s3cret"}}, "has no usable credentials"),
        ({"headers": {"Authorization": "Bearer"}}, "has no usable credentials"),
        ({"headers": {"Authorization": ["Bearer s3cret"]}}, "has no usable credentials"),
        ({"headers": {"X-Gate": "Bearer s3cret"}}, "has no usable credentials"),
        ({"headers": {"Authorization": "Bearer s3cret token"}}, "has white space .* in its Authorization header"),
        ({**PAIR, "oauth-client-secret": "s3cret pair"}, "has white space .* in its oauth-client-secret"),
        ({**PAIR, "oauth-client-id": "an-ïd"}, "has white space .* in its oauth-client-id"),
        (
            {"headers": {"Authorization": "Bearer 's3cret-token'"}},
            "has a quotation mark .* of its Authorization header",
        ),
        ({**PAIR, "oauth-client-secret": '"s3cret-pair'}, "has a quotation mark .* of its oauth-client-secret"),
        ({"oauth-client-id": "an-id"}, "has half an OAuth client only, oauth-client-secret is missing"),
        ({"oauth-client-secret": "s3cret"}, "has half an OAuth client only, oauth-client-id is missing"),
        ({**TOKEN, **PAIR}, "has both an Authorization header and an OAuth client; keep one of them"),
        ({**TOKEN, "oauth-client-id": "an-id"}, "has both"),
    ],
)
def test_a_context_without_one_kind_of_credentials_says_so_and_not_what_it_has(entry, problem):
    with pytest.raises(OptionError, match=f"^context: 'prod' {problem}") as refused:
        context(**entry).credentials()
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({}, "has no server, so it does not say where the tenant is"),
        ({"server": "tenant.eu.qlikcloud.com"}, "has a server that cannot be used: 'tenant.eu.qlikcloud.com' is not"),
        ({"server": "http://tenant.eu.qlikcloud.com"}, "has a server that cannot be used: .* unencrypted"),
        ({"server": "https://me:s3cret@tenant.example.com"}, "has a server that cannot be used: must not contain"),
        ({"server": SERVER, "server-type": "Windows"}, "is for a server of type 'windows', which is not a Qlik Cloud"),
        ({"server-type": "engine"}, "is for a server of type 'engine'"),
    ],
)
def test_a_context_that_is_not_of_a_tenant_says_why(entry, problem):
    with pytest.raises(OptionError, match=f"^context: 'prod' {problem}") as refused:
        context(**entry).tenant_url()
    assert "s3cret" not in str(refused.value)


def test_an_unknown_context_is_told_with_those_there_are(file):
    file.write_text("contexts: {prod: {oauth-client-secret: s3cret}, test: {}}")
    with pytest.raises(OptionError) as refused:
        find_context("live", str(file), path_is_given=True)
    assert str(refused.value) == f"context: 'live' is not in {file}, which has 'prod', 'test'."
    assert find_context("test", str(file), path_is_given=True).name == "test"


@pytest.mark.parametrize("content", ["contexts:", "contexts: {}", "current-context: prod"])
def test_a_file_may_have_no_contexts(file, content):
    file.write_text(content)
    with pytest.raises(OptionError, match="^context: 'prod' is not in .*contexts.yml, which has no contexts.$"):
        find_context("prod", str(file), path_is_given=False)


@pytest.mark.parametrize("content", ["", "s3cret", "- s3cret", "contexts: s3cret", "contexts: [s3cret]"])
def test_another_file_is_told_as_no_contexts_file(file, content):
    file.write_text(content)
    with pytest.raises(OptionError, match="^contexts_file: .* is not a contexts file of qlik-cli") as refused:
        read_contexts(str(file))
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"contexts:\n  prod:\n    token: 's3cret\n", r" \(line 4\)"),
        (b"contexts:\n\ts3cret: a\n", r" \(line 2\)"),
        (b"contexts: {a: *s3cret}", r" \(line 1\)"),
        (b"contexts: {[s3cret]: a}", r" \(line 1\)"),
        (b"s3cret: \xff\xfe", ""),
        (b"[" * 20000 + b"s3cret", ""),
    ],
)
def test_what_is_no_yaml_is_told_by_its_line_and_never_quoted(file, content, place):
    file.write_bytes(content)
    with pytest.raises(OptionError, match=f"^contexts_file: .* is not valid YAML{place}.$") as refused:
        read_contexts(str(file))
    assert "s3cret" not in str(refused.value)
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)


def test_no_tag_of_a_file_makes_anything_but_text(file, tmp_path):
    file.write_text(f"contexts: {{prod: {{server: !!python/object/apply:os.mkdir ['{tmp_path}/made']}}}}")
    assert read_contexts(str(file))["prod"].server is None
    assert not (tmp_path / "made").exists()


def test_a_file_that_cannot_be_read_is_told_by_its_path(tmp_path):
    with pytest.raises(OptionError, match=f"^contexts_file: {tmp_path}/none.yml does not exist; make it with 'qlik"):
        read_contexts(f"{tmp_path}/none.yml")
    with pytest.raises(
        OptionError, match=f"^contexts_file: {tmp_path} cannot be read: it is a folder, not a regular file.$"
    ):
        read_contexts(str(tmp_path))
    with pytest.raises(OptionError, match="^contexts_file: 'a.x00b' is not a path.$"):
        read_contexts("a\x00b")


def test_a_pipe_holds_up_nobody(file):
    os.mkfifo(file)
    for path in (file, make_link(file)):
        with pytest.raises(OptionError, match=f"^contexts_file: {path} cannot be read: it is a special file, not a"):
            read_contexts(str(path))


def test_a_file_without_an_end_is_not_read_to_the_end(file, tmp_path):
    content = b"contexts: {prod: {}}"
    file.write_bytes(content + b"\n" * (MAX_FILE_BYTES - len(content)))
    assert list(read_contexts(str(file))) == ["prod"]
    os.truncate(file, MAX_FILE_BYTES + 1)
    with pytest.raises(
        OptionError, match=f"^contexts_file: {file} is larger than 1 MiB, as no contexts file of qlik-cli"
    ):
        read_contexts(str(file))
    os.truncate(file, 1 << 40)
    with pytest.raises(OptionError, match="is larger than 1 MiB"):
        read_contexts(str(file))
    with pytest.raises(OptionError, match="^contexts_file: /dev/zero cannot be read: it is a special file"):
        read_contexts("/dev/zero")


def test_a_link_to_a_file_serves_as_well(file):
    assert read_contexts(str(make_link(make(file)))) == {}


def make_link(path: Path) -> Path:
    link = path.with_name("link.yml")
    link.symlink_to(path)
    return link


def test_a_missing_library_is_told(file, monkeypatch):
    monkeypatch.setattr(contexts_module, "YAML_IMPORT_ERROR", "No module named yaml")
    with pytest.raises(MissingLibraryError, match="PyYAML is needed for this, and cannot be imported") as missing:
        read_contexts(str(make(file)))
    assert (missing.value.library, missing.value.reason) == ("PyYAML", "No module named yaml")


EXPORTED_FILE = {"QLIK_CONTEXTS_FILE": "/exported/file.yml", "QLIK_CLI_USER_HOME_DIR": "/home-of-qlik-cli"}


def test_the_file_that_is_given_wins_and_then_the_file_that_is_exported(home):
    assert find_contexts_path("/some/file.yml", EXPORTED_FILE) == "/some/file.yml"
    assert find_contexts_path(None, EXPORTED_FILE) == "/exported/file.yml"
    assert find_contexts_path("", {"QLIK_CONTEXTS_FILE": " ~/mine.yml "}) == str(home / "mine.yml")


@pytest.mark.parametrize(
    ("given", "environment", "word"),
    [
        ("/some/file.yml", EXPORTED_FILE, "contexts_file"),
        (" ", EXPORTED_FILE, "QLIK_CONTEXTS_FILE"),
        (None, {"QLIK_CONTEXTS_FILE": ""}, "contexts_file"),
        (None, {}, "contexts_file"),
    ],
)
def test_the_file_is_told_by_what_names_it(given, environment, word):
    assert name_contexts_file_option(given, environment) == word


@pytest.mark.parametrize("given", [None, "", " "])
@pytest.mark.parametrize("variable", [{}, {"QLIK_CLI_USER_HOME_DIR": ""}, {"QLIK_CONTEXTS_FILE": " "}])
def test_the_usual_file_is_in_the_home_folder(home, given, variable):
    make(home / "contexts.yml")
    assert find_contexts_path(given, variable) == str(home / ".qlik" / "contexts.yml")


def test_qlik_clis_own_variable_moves_the_file(home, tmp_path):
    other = tmp_path / "other"
    variable = {"QLIK_CLI_USER_HOME_DIR": str(other)}
    assert find_contexts_path(None, variable) == str(other / ".qlik" / "contexts.yml")
    itself = make(other / "contexts.yml")
    assert find_contexts_path(None, variable) == str(itself)
    assert find_contexts_path(None, {"QLIK_CLI_USER_HOME_DIR": str(itself)}) == str(itself)
    (other / ".qlik").mkdir()
    assert find_contexts_path(None, variable) == str(other / ".qlik" / "contexts.yml")


def test_a_home_folder_may_be_written_with_a_tilde(home):
    assert find_contexts_path(None, {"QLIK_CLI_USER_HOME_DIR": "~/x"}) == os.path.join(
        home, "x", ".qlik", "contexts.yml"
    )


@pytest.mark.parametrize(
    ("url", "region"),
    [
        (SERVER, "eu"),
        ("https://tenant.US.qlikcloud.com:443/x", "us"),
        ("https://qlikcloud.com", None),
        ("https://tenant.qlikcloud.com", None),
        ("https://a.tenant.eu.qlikcloud.com", None),
        ("https://tenant.eu.qlikcloud.com.example.org", None),
        ("http://127.0.0.1:8080", None),
    ],
)
def test_the_region_is_read_from_an_address_of_qlik_cloud_only(url, region):
    assert find_region(url) == region

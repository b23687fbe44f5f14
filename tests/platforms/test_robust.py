"""Whatever a configuration says is built soundly, or refused with one message: held over mutations of what ships."""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.builders.terraform import build
from ringfence.builders.terraform.schema import problems
from ringfence.declared import estate
from ringfence.errors import InputError, RingfenceError
from ringfence.platforms import NAMES, platform, shipped
from ringfence.platforms.configuration import table
from ringfence.platforms.plain_secret import secret_in
from tests.platforms.same import differences, read_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.builders.terraform import Built
    from ringfence.model.blueprint import Blueprint

Step = str | int
WORLDS = [(name, world) for name in NAMES for world in platform(name).WORLDS]
TEXTS = (
    "", "x", "a" * 300, "${X}", "${var.x}", "%{if true}", 'q"uo\\te', "two\nlines", "<b> | `x` [a](b)", "名-ü", "0",
    "²", "10.0.0.0/8", "::/0", "true", "-1", "1e9", "99999999999999999999", "*", "a b", "../x", "2026-01-01", "a@b.c",
    "a.b",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *(*TEXTS, None, [], {}, ["a"], [[]], [{}], [None], ["a", "a"]),
    *({"a": "b"}, {"": ""}, {"${X}": "y"}, {"a b": "c"}),
)


class _Texts(yaml.SafeLoader):
    """Every scalar stays the text that is written."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # as the class that it stands for has it


class _Whole(yaml.SafeDumper):
    """Writes what is there twice, twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@cache
def _base(name: str, world: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in shipped(name, world).values():
        found |= yaml.load(text, Loader=_Texts)
    return found


def _paths(node: Any, at: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    if at:
        yield at
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in pairs:
        yield from _paths(inner, (*at, key))


def _parent(tree: Any, at: tuple[Step, ...]) -> Any:
    for step in at[:-1]:
        tree = tree[step]
    return tree


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str]:
    """A platform, and a configuration that ships with up to three mutations."""
    name, world = draw(st.sampled_from(WORLDS))
    tree = copy.deepcopy(_base(name, world))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.sampled_from(list(_paths(tree))))
        parent, key = _parent(tree, at), at[-1]
        what = draw(st.sampled_from(("drop", "twice", "rename", "change", "change", "splice")))
        if what == "drop":
            del parent[key]
        elif what == "twice" and isinstance(parent, list):
            parent.append(copy.deepcopy(_parent(tree, (*at, 0))))
        elif what == "rename" and isinstance(parent, dict):
            parent[draw(st.sampled_from(TEXTS))] = parent.pop(key)
        elif what == "splice" and isinstance(parent[key], str):
            cut = draw(st.integers(0, len(parent[key])))
            parent[key] = parent[key][:cut] + draw(st.sampled_from(TEXTS)) + parent[key][cut:]
        else:
            parent[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
    return name, yaml.dump(tree, Dumper=_Whole, allow_unicode=True, sort_keys=False)


def _sound(declared: Blueprint, built: Built, folder: Any) -> None:
    """The providers take it, it reads back as it was declared, and it is formatted."""
    assert not problems(declared, built)
    back = read_back(built, folder, declared.world)
    assert list(differences(estate(declared, built), back)) == []
    assert [p.message for p in back.ledger.problems] == []
    for path, text in built.files.items():
        assert re.search(r"[^\n]\n\Z", text), path
        assert not re.search(r"[ \r]\n|\n\n\n|\t", text), path


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(case=mutated())
def test_a_mutation_is_refused_with_its_place_or_built_soundly(
    case: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    name, text = case
    try:
        declared = platform(name).blueprint({"mine.yaml": text})
    except RingfenceError as error:
        _told_well(error)
        return
    _sound(declared, build(declared), tmp_path_factory.mktemp("built"))


def _told_well(error: RingfenceError) -> None:
    """It is one line, says where it is about a text that somebody wrote, and a person reads it to its end."""
    assert 0 < len(error.message) < 450
    assert "\n" not in error.message
    assert error.where.startswith("mine.yaml") or not isinstance(error, InputError)


SECRETS = {
    "a private key": "-----BEGIN PRIVATE " + "KEY-----",
    "a signed token": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0.c2ln",
    "a connection string with its key": "AccountName=a;AccountKey=" + "abcdefghijkl",
    "a connection string with its password": "Server=a;Password=" + "hunter2",
    "a shared access signature": "https://a.example.org/c?sv=2024&sig=" + "abcdefghijklmnopqrstuvwx%3D",
    "credentials in an address": "https://me:" + "token@example.org/a",
    "the key of an account": "A" * 86 + "==",
    "the secret of an application": "abc8Q~" + "a" * 34,
    "a token of Databricks": "dapi" + "0" * 32,
    "a token of GitHub": "ghp_" + "a" * 36,
}
PLACES = {
    "flowehr": ["tags: {a: %s}", "apps: {one: {env: {A: %s}}}", "transform: {spark_config: {a.b: %s}}", "%s: a"],
    "eudcc": ["certificate_issuer: %s", "alert_recipients: [{name: %s}]", "state: {container: %s}"],
}


@pytest.mark.parametrize(("kind", "text"), SECRETS.items(), ids=SECRETS)
def test_a_secret_is_told_by_its_form_wherever_it_stands_and_is_not_repeated(kind: str, text: str) -> None:
    for name, places in PLACES.items():
        for place in places:
            with pytest.raises(InputError, match="holds a secret in plain text") as refused:
                platform(name).blueprint({"mine.yaml": "# first\n" + place % f'"{text}"'})
            assert kind in refused.value.message
            assert text not in str(refused.value)
            assert refused.value.where == "mine.yaml:2"


@pytest.mark.parametrize(
    "text",
    [
        "${PASSWORD}",
        "password={{secrets/scope/key}}",
        "https://example.org/a",
        "https://me@example.org",
        "sig=a",
        "A" * 88,
    ],
)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert secret_in(text) == ""


@pytest.mark.parametrize("escape", ["\\0", "\\a", "\\e[31m", "\\u202e", "\\u2028", "\\x7f", "\\ud800"])
def test_a_character_that_nobody_sees_is_refused(escape: str) -> None:
    with pytest.raises(InputError) as refused:
        table({"mine.yaml": f'a: b\ntags: {{a: "{escape}"}}'})
    assert refused.value.where == "mine.yaml:2"
    assert str(refused.value).isprintable() or "\n" in str(refused.value)


OF_FLOWEHR = {"config.yaml": "flowehr_id: ward\nlocation: uksouth\n", "config.trial.yaml": "environment: trial\n"}
APP = "tide_table:\n  name: Tide table\n  owners: {octocat: a@example.org}\n  branch: {num_of_approvals: 1}\n"


def test_flowehrs_own_files_of_apps_are_laid_over_one_another() -> None:
    """Source: FlowEHR, apps/terragrunt.hcl: only what the environment names is deployed, with what all share."""
    apps = {"apps/apps.yaml": APP + "other: {name: Other}\n", "apps.trial.yaml": "tide_table: {owner: a, image: 'a:1'}"}
    found = platform("flowehr").blueprint(OF_FLOWEHR | apps)
    assert "serve#azurerm_linux_web_app.tide_table" in found.declared
    assert "serve#azurerm_linux_web_app.other" not in found.declared
    assert [n.setting for n in found.register.notes] == ["apps.tide_table.owners", "apps.tide_table.branch"]


def test_a_mistake_in_a_file_of_apps_is_said_with_that_file() -> None:
    apps = {"apps.yaml": APP, "apps.trial.yaml": "tide_table:\n  owner: a\n  image: 'a b'\n"}
    with pytest.raises(InputError) as refused:
        platform("flowehr").blueprint(OF_FLOWEHR | apps)
    assert refused.value.where == "apps.trial.yaml:3"
    with pytest.raises(InputError) as refused:
        platform("flowehr").blueprint(OF_FLOWEHR | {"apps.yaml": APP.replace("Tide table", "''")})
    assert refused.value.where == "apps.yaml:2"

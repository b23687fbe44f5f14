"""Terragrunt's own functions. What they would learn by running something is not known.

Source: terragrunt.gruntwork.io/docs/reference/built-in-functions; gruntwork-io/terragrunt config/config_helpers.go
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Apply, Error, Input, Sensitive, is_symbol, leaves, plain
from ringfence.readers.hcl.types import convert

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value
    from ringfence.readers.terragrunt.file import TerragruntFile

    Own = Callable[[TerragruntFile, tuple[Value, ...]], Value]

UNKNOWN = {
    "run_cmd", "get_platform", "get_terraform_command", "get_terraform_cli_args", "get_aws_account_id",
    "get_aws_account_alias", "get_aws_caller_identity_arn", "get_aws_caller_identity_user_id",
    "get_default_retryable_errors",
    "get_terragrunt_source_cli_flag", "get_path_to_stack_root", "constraint_check",
}  # fmt: skip
"""Functions whose results only a run can give."""

_VARIABLES = (
    "apply", "console", "destroy", "import", "plan", "push", "refresh", "test",
)  # fmt: skip
_LOCKING = ("apply", "destroy", "import", "init", "plan", "refresh", "taint", "untaint")
_INPUT = ("apply", "import", "init", "plan", "refresh")
_PARALLELISM = ("apply", "plan", "destroy")


def call(file: TerragruntFile, name: str, args: tuple[Value, ...]) -> Value | None:
    """The result of one of Terragrunt's functions; None when the name is none of them."""
    if name in UNKNOWN:
        return Apply(name, args)
    own = _FUNCTIONS.get(name)
    if own is None:
        return None
    failed = next((leaf for arg in args for leaf in leaves(arg) if isinstance(leaf, Error)), None)
    if failed is not None and name != "read_terragrunt_config":
        return failed
    if name not in _TAKE_SYMBOLS and any(map(is_symbol, args)):
        return Apply(name, args)
    try:
        return own(file, tuple(map(plain, args)))
    except IndexError:
        return Error(f"{name} needs more arguments")


def _get_env(file: TerragruntFile, args: tuple[Value, ...]) -> Value:
    """A default is text too: ``get_env("X", false)`` is the string "false"."""
    if not isinstance(args[0], str):
        return Error("get_env needs the name of an environment variable")
    found = file.evaluation.world.environment.get(args[0])
    if found is not None:
        return found
    return convert(args[1], "string") if len(args) > 1 else Input("", args[0], "environment")


def _find_in_parent_folders(file: TerragruntFile, args: tuple[Value, ...]) -> Value:
    names = (str(args[0]),) if args and args[0] else ("terragrunt.hcl", "terragrunt.hcl.json", "root.hcl")
    files, folder = file.evaluation.files, file.place.folder
    top = str(files.repository)
    while folder not in (top, os.path.dirname(folder)):
        folder = os.path.dirname(folder)
        for name in names:
            path = os.path.join(folder, name)
            if files.is_file(path) or files.is_folder(path):
                return path
    return args[1] if len(args) > 1 else Error(f"there is no {names[0]} in a folder above {file.place.folder}")


def _read_terragrunt_config(file: TerragruntFile, args: tuple[Value, ...]) -> Value:
    path = args[0]
    if isinstance(path, Error) or not isinstance(path, str):
        return path if isinstance(path, Error) else Error("read_terragrunt_config needs a path")
    full = os.path.normpath(os.path.join(file.place.folder, path))
    if file.evaluation.files.is_folder(full):
        full = os.path.join(full, "terragrunt.hcl")
    if not file.evaluation.files.is_file(full):
        return args[1] if len(args) > 1 else Error(f"there is no {path} to read")
    return file.unit.other(full)


def _include_of(file: TerragruntFile, args: tuple[Value, ...]) -> str | None:
    """The path of the included file that a path function is about."""
    if args:
        found = dict(file.unit.include_paths()).get(str(args[0]))
        return found if isinstance(found, str) else None
    if file.included:
        return file.path
    paths = [path for _, path in file.unit.include_paths() if isinstance(path, str)]
    return paths[0] if paths else None


def _path_relative_to_include(file: TerragruntFile, args: tuple[Value, ...]) -> Value:
    found = _include_of(file, args)
    return _relative(file.place.folder, os.path.dirname(found)) if found else "."


def _path_relative_from_include(file: TerragruntFile, args: tuple[Value, ...]) -> Value:
    found = _include_of(file, args)
    return _relative(os.path.dirname(found), file.place.folder) if found else "."


def _get_parent_terragrunt_dir(file: TerragruntFile, args: tuple[Value, ...]) -> Value:
    found = _include_of(file, args)
    return os.path.dirname(found) if found else file.place.folder


def _relative(path: str, start: str) -> str:
    return os.path.relpath(path, start).replace(os.sep, "/")


def _repository(file: TerragruntFile) -> str:
    return str(file.evaluation.files.repository)


def _sops(_file: TerragruntFile, args: tuple[Value, ...]) -> Value:
    return Sensitive(Apply("sops_decrypt_file", args))


def _list(*names: str) -> Any:
    return lambda _file, _args: names


_FUNCTIONS: dict[str, Own] = {
    "get_env": _get_env,
    "find_in_parent_folders": _find_in_parent_folders,
    "read_terragrunt_config": _read_terragrunt_config,
    "path_relative_to_include": _path_relative_to_include,
    "path_relative_from_include": _path_relative_from_include,
    "get_parent_terragrunt_dir": _get_parent_terragrunt_dir,
    "get_terragrunt_dir": lambda file, _args: file.place.folder,
    "get_original_terragrunt_dir": lambda file, _args: file.unit.folder,
    "get_working_dir": lambda file, _args: file.unit.source() or file.unit.folder,
    "get_repo_root": lambda file, _args: _repository(file),
    "get_path_from_repo_root": lambda file, _args: _relative(file.place.folder, _repository(file)),
    "get_path_to_repo_root": lambda file, _args: _relative(_repository(file), file.place.folder),
    "mark_as_read": lambda _file, args: args[0],
    "sops_decrypt_file": _sops,
    "get_terraform_commands_that_need_vars": _list(*_VARIABLES),
    "get_terraform_commands_that_need_locking": _list(*_LOCKING),
    "get_terraform_commands_that_need_input": _list(*_INPUT),
    "get_terraform_commands_that_need_parallelism": _list(*_PARALLELISM),
}

_TAKE_SYMBOLS = {"read_terragrunt_config", "mark_as_read", "get_env"}

"""`make bench`: time and memory of cold processes, beside Checkov where that is at hand.

usage: python -m tools.bench [--checkov PROGRAM] [--write] [FOLDER …]

Without a folder, the example estate is measured. Each figure is the median of five processes, the compared
programs in turn, after one that is not counted. `--write` puts the tables into docs/performance.md.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from ringfence.platforms import NAMES
from tools import bench_twin
from tools.large import rows

HERE = Path(__file__).resolve().parent.parent
EXAMPLE = HERE / "examples" / "lantern"
PAGE = HERE / "docs" / "performance.md"
START, END = "<!-- measured -->", "<!-- /measured -->"
RUNS = 5
SIZES = (1000, 2000, 4000, 8000)
LARGE = (1000, 10_000, 100_000)

COUNTERPARTS = (
    *(f"CKV_AZURE_{n}" for n in (1, 3, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 28, 29, 30, 31, 32)),
    *(f"CKV_AZURE_{n}" for n in (33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 44, 47, 52, 53, 54, 59, 68, 70, 71, 77, 78)),
    *(f"CKV_AZURE_{n}" for n in (80, 82, 83, 87, 92, 97, 99, 100, 101, 104, 109, 110, 111, 113, 115, 117, 119, 130)),
    *(f"CKV_AZURE_{n}" for n in (131, 137, 138, 139, 140, 141, 143, 144, 145, 147, 149, 153, 154, 158, 160, 189, 190)),
    *(f"CKV_AZURE_{n}" for n in (211, 221, 222, 234)),
    *(f"CKV2_AZURE_{n}" for n in (1, 2, 3, 4, 5, 8, 20, 21, 25, 26, 27, 31, 32, 33, 34, 38, 39, 40, 42, 44, 45, 47)),
)
"""Checkov's checks that judge what a check of ours judges."""


def main(arguments: list[str]) -> int:
    """Measures and prints; 0 unless a program could not be run."""
    parser = ArgumentParser(prog="make bench", description="Time and memory of whole cold processes.")
    parser.add_argument("folders", nargs="*", type=Path, metavar="CHECKOUT", help="default: the example estate")
    parser.add_argument("--checkov", default="", metavar="PROGRAM", help="compare with this one in the same run")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    options = parser.parse_args(arguments)
    missing = [folder for folder in options.folders if not folder.is_dir()]
    if missing:
        parser.error(f"there is no folder {missing[0]}")
    tables = [_estate(folder, options.checkov) for folder in options.folders or [EXAMPLE]]
    tables += [_platforms(), _scaling()]
    tables += [_large(), bench_twin.table()]
    text = f"{_machine()}\n\n" + "\n\n".join(tables)
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.partition(START)[0], page.partition(END)[2]
        PAGE.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    return 0


# -- measuring


def measured(commands: dict[str, list[str]]) -> dict[str, tuple[float, float]]:
    """(seconds, peak MB) of each command: the median of `RUNS` processes, taken in turn."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for command in commands.values():
        once(command)  # Python keeps the compiled modules, as an installed program has them
    for _ in range(RUNS):
        for name, command in commands.items():
            found[name].append(once(command))
    return {n: (median(s for s, _ in runs), median(m for _, m in runs)) for n, runs in found.items()}


def once(command: list[str]) -> tuple[float, float]:
    """(seconds, peak MB) of one process."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 2, 3, 4) and "checkov" not in command[0]:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


# -- what is measured


def _estate(folder: Path, checkov: str) -> str:
    from ringfence.prove import Request, settings_of

    settings = settings_of(Request(folder))
    worlds = [world.name for world in settings.worlds]
    program = str(Path(sys.executable).with_name("ringfence"))
    commands = {f"ringfence, {len(worlds)} worlds, text": [program, "prove", str(folder)]}
    commands[f"ringfence, world {worlds[0]}"] = [program, "prove", str(folder), "--world", worlds[0]]
    if checkov:
        scan = [checkov, "--directory", str(folder), "--framework", "terraform", "--compact", "--quiet"]
        scan += ["--skip-download", "--output", "cli"]
        commands["Checkov, all its checks"] = scan
        commands[f"Checkov, the {len(COUNTERPARTS)} with a counterpart"] = [*scan, "--check", ",".join(COUNTERPARTS)]
    return f"**{settings.name}**\n\n" + _table(measured(commands))


def _platforms() -> str:
    """Both platforms that ship: proven in all their worlds, and built for production into a folder that is there."""
    program = str(Path(sys.executable).with_name("ringfence"))
    with tempfile.TemporaryDirectory() as folder:
        commands = {f"prove --platform {name}, all worlds": [program, "prove", "--platform", name] for name in NAMES}
        commands |= {f"build {name}": [program, "build", name, "-o", f"{folder}/{name}"] for name in NAMES}
        found = measured(commands)
    lines = ["**The platforms that ship**", "", "| Run | Seconds | Peak memory |", "| --- | --: | --: |"]
    lines += [f"| {name} | {seconds:.2f} | {memory:.0f} MB |" for name, (seconds, memory) in found.items()]
    return "\n".join(lines)


def _table(found: dict[str, tuple[float, float]]) -> str:
    reference = next((v for n, v in found.items() if n.startswith("Checkov")), None)
    lines = ["| Run | Seconds | Peak memory | Of Checkov's time | Of its memory |", "| --- | --: | --: | --: | --: |"]
    for name, (seconds, memory) in found.items():
        parts = ("", "") if reference is None else (f"1/{reference[0] / seconds:.1f}", f"1/{reference[1] / memory:.1f}")
        lines.append(f"| {name} | {seconds:.2f} | {memory:.0f} MB | {parts[0]} | {parts[1]} |")
    return "\n".join(lines)


def _scaling() -> str:
    lines = [
        "**Growth** (generated source, one world)",
        "",
        "| Resources | Seconds | Peak memory |",
        "| --: | --: | --: |",
    ]
    program = str(Path(sys.executable).with_name("ringfence"))
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            generate(Path(folder), size)
            seconds, memory = measured({"": [program, "prove", folder]})[""]
        lines.append(f"| {size:,} | {seconds:.2f} | {memory:.0f} MB |")
    return "\n".join(lines)


def _large() -> str:
    """Estates as Resource Graph exports them: each is read, and asked, in a process of its own."""
    found, exposed = [], []
    for size in LARGE:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "estate.jsonl"
            with file.open("w", encoding="utf-8") as out:
                out.writelines(json.dumps(row, separators=(",", ":")) + "\n" for row in rows(size))
            found.append(_asked(file))
            exposed.append(_asked(file, "exposure"))
    return "\n".join((*_read_table(found), "", *_asked_table(found), "", *_exposed_table(exposed)))


def _asked(file: Path, *words: str) -> dict[str, Any]:
    """What `tools.bench_questions` says of a file."""
    command = [sys.executable, "-m", "tools.bench_questions", str(file), *words]
    said: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=HERE).stdout)
    return said


def _read_table(found: list[dict[str, Any]]) -> list[str]:
    lines = ["**Large estates** (generated Resource Graph export, JSON lines)", ""]
    lines += [
        "| Rows | Seconds to read | CPU seconds | Memory then | After all questions |",
        "| --: | --: | --: | --: | --: |",
    ]
    for size, one in zip(LARGE, found, strict=True):
        seconds, cpu, memory = one["read"]
        lines.append(f"| {size:,} | {seconds:.2f} | {cpu:.2f} | {memory:.0f} MB | {one['after']:.0f} MB |")
    return lines


def _asked_table(found: list[dict[str, Any]]) -> list[str]:
    lines = [
        "Milliseconds of one question: the first (which makes the indexes), and median / 95th percentile after it.",
        "",
    ]
    lines += [
        "| Question | " + " | ".join(f"{size:,} rows" for size in LARGE) + " |",
        "| --- |" + " --- |" * len(LARGE),
    ]
    for name in (n for n in found[0] if n not in ("resources", "read", "after")):
        cells = (f"{one[name][0]:,.0f}, then {one[name][1]:.1f} / {one[name][2]:.1f}" for one in found)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _exposed_table(found: list[dict[str, Any]]) -> list[str]:
    lines = ["Everything that the internet could come to, with each takeover that it supposes, in a fresh process:", ""]
    lines += ["| Rows | Seconds, all indexes included | Uses exposed | Memory |", "| --: | --: | --: | --: |"]
    for size, one in zip(LARGE, found, strict=True):
        seconds, uses = one["exposure"]
        lines.append(f"| {size:,} | {seconds:.2f} | {uses:,} | {one['after']:.0f} MB |")
    return lines


def generate(folder: Path, resources: int) -> None:
    """A root of that many resources: stores with endpoint, logs and a role, a hundred to a file."""
    (folder / "main.tf").write_text(_HEAD, encoding="utf-8")
    groups = (resources - 3) // 5
    for file in range(0, groups, 20):
        text = "".join(_GROUP.replace("NNN", str(n)) for n in range(file, min(file + 20, groups)))
        (folder / f"stores_{file:05}.tf").write_text(text, encoding="utf-8")


_HEAD = """
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.117.1"
    }
  }
}

locals {
  suffix = "bench"
}

resource "azurerm_resource_group" "all" {
  name     = "rg-${local.suffix}"
  location = "uksouth"
}

resource "azurerm_virtual_network" "all" {
  name                = "vnet-${local.suffix}"
  resource_group_name = azurerm_resource_group.all.name
  location            = azurerm_resource_group.all.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_log_analytics_workspace" "all" {
  name                = "log-${local.suffix}"
  resource_group_name = azurerm_resource_group.all.name
  location            = azurerm_resource_group.all.location
}
"""

_GROUP = """
resource "azurerm_storage_account" "sNNN" {
  name                          = "st${local.suffix}NNN"
  resource_group_name           = azurerm_resource_group.all.name
  location                      = azurerm_resource_group.all.location
  account_tier                  = "Standard"
  account_replication_type      = "GRS"
  public_network_access_enabled = NNN % 2 == 0 ? false : true
  min_tls_version               = "TLS1_2"

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }
}

resource "azurerm_monitor_diagnostic_setting" "sNNN" {
  name                       = "blob"
  target_resource_id         = "${azurerm_storage_account.sNNN.id}/blobServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.all.id

  dynamic "enabled_log" {
    for_each = toset(["StorageRead", "StorageWrite", "StorageDelete"])

    content {
      category = enabled_log.value
    }
  }
}

resource "azurerm_subnet" "sNNN" {
  name                 = "snet-NNN"
  resource_group_name  = azurerm_resource_group.all.name
  virtual_network_name = azurerm_virtual_network.all.name
  address_prefixes     = [cidrsubnet("10.0.0.0/8", 20, NNN)]
}

resource "azurerm_private_endpoint" "sNNN" {
  name                = "pe-${azurerm_storage_account.sNNN.name}"
  resource_group_name = azurerm_resource_group.all.name
  location            = azurerm_resource_group.all.location
  subnet_id           = azurerm_subnet.sNNN.id

  private_service_connection {
    name                           = "blob"
    private_connection_resource_id = azurerm_storage_account.sNNN.id
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }
}

resource "azurerm_role_assignment" "sNNN" {
  scope                = azurerm_storage_account.sNNN.id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = "00000000-0000-0000-0000-000000000NNN"
}
"""


def _machine() -> str:
    from ringfence import __version__

    return (
        f"ringfence {__version__}, CPython {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}."
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""A sensitive value shows in no output: not as a value, not in an error, not as the key of an instance."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from ringfence.cli import main

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2hunter2"

ESTATE = """
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "3.117.1" }
  }
}

variable "password" {
  sensitive = true
}

variable "settings" {
  type      = object({ port = number })
  sensitive = true
  default   = { port = "hunter2hunter2" }
}

locals {
  number = tonumber(var.password)
  member = { a = 1 }[var.password]
}

resource "azurerm_storage_account" "each" {
  for_each = toset([var.password])
  name     = each.key
}

resource "azurerm_storage_account" "one" {
  name            = "stlab"
  min_tls_version = local.number
}

resource "azurerm_linux_web_app" "app" {
  name       = "app"
  https_only = local.member

  app_settings = {
    DB_PASSWORD = "hunter2hunter2"
  }

  auth_settings {
    enabled = true
    active_directory {
      client_id     = "id"
      client_secret = "hunter2hunter2"
    }
  }

  site_config {
    http2_enabled = var.settings.port
  }
}

resource "azurerm_data_factory_linked_service_azure_sql_database" "service" {
  name              = "service"
  data_factory_id   = "x"
  connection_string = "Server=x;Password=hunter2hunter2"
}
"""

SETTINGS = f"""
[worlds.prod.variables]
password = "{SECRET}"
"""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(ESTATE, encoding="utf-8")
    (tmp_path / "ringfence.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("format", ["text", "json", "markdown", "html"])
def test_no_format_shows_a_secret(format: str, estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", str(estate), "--format", format]) == 2
    printed = capsys.readouterr()
    assert SECRET not in printed.out + printed.err
    assert "for_each must not be sensitive" in printed.out


EXPRESSIONS = """tonumber(var.password)
{ a = 1 }[var.password]
var.password + 1
regex("no", var.password)
jsondecode(var.password)
[for x in [var.password] : tonumber(x)]
var.password.part
cidrhost(var.password, 1)
format("%d", var.password)
"""


def test_no_error_shows_a_secret(
    estate: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(EXPRESSIONS))
    assert main(["console", str(estate)]) == 2
    printed = capsys.readouterr()
    assert SECRET not in printed.out + printed.err
    assert printed.err.count("because a value in it is sensitive") == 9


def test_an_error_from_elsewhere_keeps_its_reason(
    estate: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('"${var.password}${tonumber("x")}"'))
    main(["console", str(estate)])
    assert 'line 1: tonumber: a number is required, not the string "x"' in capsys.readouterr().err

"""Secrets that are told by their form: a configuration is read by many, and holds none in plain text.

A password that looks like a word cannot be told; where a key says that its value is a secret, see the platforms.
"""

from __future__ import annotations

import re

REMEDY = "Take it out, and have it replaced where it is from: whoever reads this file has it."

_FORMS = {
    "a private key": r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY",
    "a signed token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*",
    "a connection string with its key": r"(?i)\b(account|(shared_?)?access)_?key\s*=\s*(?!\{\{|\$\{)[^\s;]{8,}",
    "a connection string with its password": r"(?i)(?:^|[;\s])(password|pwd)\s*=\s*(?!\{\{|\$\{)[^\s;]+",
    "a shared access signature": r"(?i)(?:^|[?&;\s])(sig=[\w%+/=-]{20,}|sharedaccesssignature\b)",
    "credentials in an address": r"(?i)\b[a-z][a-z0-9+.-]*://[^\s/@:]*:[^\s/@]+@",
    "a token in an address": r"(?i)\bhttps?://[^\s/@:]{16,}@",
    "the key of an account": r"(?<![\w+/])[A-Za-z0-9+/]{86}==(?![\w=])",
    "the secret of an application": r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])",
    "a token of Databricks": r"\bdapi[0-9a-f]{32}",
    "a token of GitHub": r"\b(gh[pousr]_\w{30,}|github_pat_\w{30,})",
    "a token of GitLab": r"\bglpat-[\w-]{20,}",
    "a key of AWS": r"\bAKIA[0-9A-Z]{16}\b",
    "a token of Slack": r"\bxox[abprs]-[\w-]{10,}",
}
"""By what each is called: its form. Source of the Microsoft ones: learn.microsoft.com/purview/sit-defn-all-creds"""
_ANY = re.compile("|".join(f"(?:{form.removeprefix('(?i)')})" for form in _FORMS.values()), re.IGNORECASE)
"""One search for the many texts that are none."""


def secret_in(text: str) -> str:
    """What kind of secret the text holds; "" when it is none that can be told."""
    if len(text) < _SHORTEST or not _ANY.search(text):
        return ""
    return next((kind for kind, form in _FORMS.items() if re.search(form, text)), "")


_SHORTEST = 5
"""``pwd=x``; nothing shorter has any of the forms."""

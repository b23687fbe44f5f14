"""Conditions, in Microsoft's own examples and beside them."""

from __future__ import annotations

import pytest

from ringfence.questions.access.condition import holds
from tests.questions.access.lab import ACCOUNT, CONTAINER, READ_BLOB, asked, assign, platform, ref

_NAME = "Microsoft.Storage/storageAccounts/blobServices/containers:name"
_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
_OTHER = ".#azurerm_storage_container.d"

# learn.microsoft.com/azure/storage/blobs/storage-auth-abac-examples, "Read blobs in named containers with a path" and
# "Read, write, or delete blobs in named containers"
_INBOX = f"(@Resource[{_NAME}] StringEquals 'inbox')"
IN_CONTAINER = f"((!(ActionMatches{{'{_BLOBS}/read'}}) AND !(ActionMatches{{'{_BLOBS}/write'}})) OR {_INBOX})"
NOT_LISTED = f"((!(ActionMatches{{'{_BLOBS}/read'}} AND NOT SubOperationMatches{{'Blob.List'}})) OR {_INBOX})"
WITH_TAG = f"((!(ActionMatches{{'{_BLOBS}/read'}})) OR (@Resource[{_BLOBS}/tags:Project] StringEquals 'Cascade'))"


@pytest.mark.parametrize(
    ("condition", "on", "outcome"),
    [
        (IN_CONTAINER, CONTAINER, "pass"),
        (IN_CONTAINER, _OTHER, "fail"),
        (IN_CONTAINER, ACCOUNT, "unknown"),
        (NOT_LISTED, CONTAINER, "pass"),
        (NOT_LISTED, _OTHER, "fail"),
        (WITH_TAG, CONTAINER, "unknown"),
        ("nonsense (", CONTAINER, "unknown"),
    ],
)
def test_blobs_in_a_container(condition: str, on: str, outcome: str) -> None:
    found = platform(assign("Storage Blob Data Reader", ref(ACCOUNT), label="a", condition=condition))
    assert asked(found, READ_BLOB, on) == outcome


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("@Resource[a:name] StringEquals 'x'", True),
        ("@Resource[a:name] StringEquals 'X'", False),
        ("@Resource[A:NAME] StringEqualsIgnoreCase 'X'", True),
        ("@Resource[a:name] StringNotEquals 'x'", False),
        ("@Resource[a:name] StringStartsWith 'x'", True),
        ("@Resource[a:name] ForAnyOfAnyValues:StringEquals {'y', 'x'}", True),
        ("@Resource[a:name] StringLike 'x*'", None),
        ("@Resource[b:name] StringEquals 'x'", None),
        ("@Request[a:name] StringEquals 'x'", None),
        ("@Principal[a:name] StringEquals 'x' OR @Resource[a:name] StringEquals 'x'", True),
        ("@Principal[a:name] StringEquals 'x' && @Resource[a:name] StringEquals 'z'", False),
        ("!(@Principal[a:name] StringEquals 'x')", None),
        ("NOT @Resource[a:name] StringEquals 'z'", True),
        ("ActionMatches{'a/*'} AND (@Resource[a:name] StringEquals 'x')", True),
        ("Exists @Resource[a:name]", None),
        ("@Resource[a:name] StringEquals 'x' @Resource[a:name]", None),
        ("", None),
        ("(" * 5000, None),
    ],
)
def test_three_values(condition: str, expected: bool | None) -> None:
    assert holds(condition, "a/read", {"a:name": "x"}) is expected

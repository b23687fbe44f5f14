"""What may be asked of a vault: method, path, the log's name for it, and the data actions any of which allow it.

In a path ``*`` stands for a name and ``+`` for a version. Where two rows fit, the first counts.

Source: learn.microsoft.com/rest/api/keyvault; learn.microsoft.com/azure/key-vault/general/logging (operation names);
learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.record import record
from ringfence.twin.vault.address import SINGULAR, VERSION, named
from ringfence.twin.vault.errors import VaultError

if TYPE_CHECKING:
    from ringfence.twin.vault.address import Sort

_SECRETS = """
GET     secrets                     List            readMetadata/action
GET     secrets/*/versions          ListVersions    readMetadata/action
GET     secrets/*                   Get             getSecret/action
GET     secrets/*/+                 Get             getSecret/action
PUT     secrets/*                   Set             setSecret/action
PATCH   secrets/*                   Update          update/action setSecret/action
PATCH   secrets/*/+                 Update          update/action setSecret/action
POST    secrets/restore             Restore         restore/action
POST    secrets/*/backup            Backup          backup/action
GET     deletedsecrets/*            GetDeleted      readMetadata/action getSecret/action
GET     deletedsecrets              ListDeleted     readMetadata/action
"""
_KEYS = """
GET     keys                        List            read
GET     keys/*/versions             ListVersions    read
GET     keys/*/rotationpolicy       GetRotationPolicy       :keyrotationpolicies/read
PUT     keys/*/rotationpolicy       SetRotationPolicy       :keyrotationpolicies/write
GET     keys/*                      Get             read
GET     keys/*/+                    Get             read
POST    keys/restore                Restore         restore/action
POST    keys/*/create               Create          create/action
POST    keys/*/rotate               Rotate          rotate/action
POST    keys/*/backup               Backup          backup/action
PUT     keys/*                      Import          import/action
PATCH   keys/*                      Update          update/action
PATCH   keys/*/+                    Update          update/action
POST    keys/*/+/encrypt            Encrypt         encrypt/action
POST    keys/*/+/decrypt            Decrypt         decrypt/action
POST    keys/*/+/sign               Sign            sign/action
POST    keys/*/+/verify             Verify          verify/action
POST    keys/*/+/wrapkey            Wrap            wrap/action
POST    keys/*/+/unwrapkey          Unwrap          unwrap/action
POST    keys/*/+/release            Release         release/action
GET     deletedkeys/*               GetDeleted      read
GET     deletedkeys                 ListDeleted     read
"""
_MODULE = """
POST    rng                         GetRandomBytes          :rng/action
GET     keys/*/rotationpolicy       GetRotationPolicy       read
PUT     keys/*/rotationpolicy       SetRotationPolicy       update/action
GET     deletedkeys/*               GetDeleted      read recover/action
GET     deletedkeys                 ListDeleted     read recover/action
"""
"""Of a managed HSM, whose roles name less. Source: learn.microsoft.com/azure/key-vault/managed-hsm/built-in-roles"""
_CERTIFICATES = """
GET     certificates                List            read
PUT     certificates/contacts       ContactsSet     :certificatecontacts/write
GET     certificates/contacts       ContactsGet     :certificatecontacts/write read
DELETE  certificates/contacts       ContactsDelete  :certificatecontacts/write
GET     certificates/issuers        IssuersList     :certificatecas/read
GET     certificates/issuers/*      IssuerGet       :certificatecas/read
PUT     certificates/issuers/*      IssuerSet       :certificatecas/write
PATCH   certificates/issuers/*      IssuerUpdate    :certificatecas/write
DELETE  certificates/issuers/*      IssuerDelete    :certificatecas/delete
GET     certificates/*/versions     ListVersions    read
GET     certificates/*/policy       PolicyGet       read
PATCH   certificates/*/policy       PolicyUpdate    update/action
GET     certificates/*/pending      PendingGet      read
PATCH   certificates/*/pending      PendingUpdate   update/action
DELETE  certificates/*/pending      PendingDelete   update/action delete
POST    certificates/*/pending/merge        PendingMerge   create/action
GET     certificates/*              Get             read
GET     certificates/*/+            Get             read
POST    certificates/restore        Restore         restore/action
POST    certificates/*/create       Create          create/action
POST    certificates/*/import       Import          import/action
POST    certificates/*/backup       Backup          backup/action
PATCH   certificates/*              Update          update/action
PATCH   certificates/*/+            Update          update/action
GET     deletedcertificates/*       GetDeleted      read
GET     deletedcertificates         ListDeleted     read
"""
_EACH = """
DELETE  {sort}/*                    Delete          delete
DELETE  deleted{sort}/*             Purge           purge/action
POST    deleted{sort}/*/recover     Recover         recover/action
"""


@record()
class Route:
    """One thing that may be asked."""

    method: str
    pattern: tuple[str, ...]
    sort: Sort
    verb: str
    """What is done, such as "Get"; with the sort's name before it, the operation of the log."""
    actions: tuple[str, ...]
    """Ends of data actions, such as ``secrets/getSecret/action``."""

    @property
    def operation(self) -> str:
        """As the log names it, such as "SecretGet"."""
        what = SINGULAR[self.sort].capitalize()
        return f"{what}{self.verb}"


def _read(table: str, sort: Sort) -> tuple[Route, ...]:
    found = []
    for line in filter(None, table.splitlines()):
        method, path, verb, *ends = line.split()
        actions = tuple(end[1:] if end.startswith(":") else f"{sort}/{end}" for end in ends)
        found.append(Route(method, tuple(path.split("/")), sort, verb, actions))
    return tuple(found)


def _all(sort: Sort, table: str) -> tuple[Route, ...]:
    return _read(table + _EACH.format(sort=sort), sort)


VAULT = (*_all("secrets", _SECRETS), *_all("keys", _KEYS), *_all("certificates", _CERTIFICATES))
MODULE = _all("keys", _MODULE + _KEYS)
"""Of a managed HSM, which has keys only."""


@record()
class Found:
    """The route of a request, with what its path names."""

    route: Route
    name: str
    version: str


def find(routes: tuple[Route, ...], method: str, steps: tuple[str, ...]) -> Found:
    """The route of a request.

    Raises:
        VaultError: vaults have none such, or not with this method.
    """
    fitting = [r for r in routes if _fits(r.pattern, steps)]
    route = next((r for r in fitting if r.method == method), None)
    if route is None:
        if fitting:
            raise VaultError(405, "MethodNotAllowed", f"{method} is not allowed here.")
        raise VaultError(404, "NotFound", "There is nothing at this path, or nothing that a vault has.")
    named_ = {mark: step for mark, step in zip(route.pattern, steps, strict=True) if mark in ("*", "+")}
    name = named(named_["*"]) if "*" in named_ else ""
    return Found(route, name, named_.get("+", ""))


def _fits(pattern: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    return len(pattern) == len(steps) and all(map(_stands, pattern, steps))


def _stands(mark: str, step: str) -> bool:
    if mark == "+":
        return not step or bool(re.fullmatch(VERSION, step))
    return bool(step) and mark in ("*", step)

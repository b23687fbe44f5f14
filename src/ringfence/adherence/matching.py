"""Which resources of an estate a document means: by name pattern, by the words of its title, by the linked file.

A title alone may mean many; a name pattern decides first, then the file that the row links to, then the layer.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ringfence.adherence.claims import Subject
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource

WORDS: dict[str, tuple[str, ...]] = {
    "virtual network": ("microsoft.network/virtualnetworks",),
    "vnet": ("microsoft.network/virtualnetworks",),
    "network security group": ("microsoft.network/networksecuritygroups",),
    "subnet": ("microsoft.network/virtualnetworks/subnets",),
    "network watcher": ("microsoft.network/networkwatchers",),
    "private endpoint": ("microsoft.network/privateendpoints",),
    "private dns zone": ("microsoft.network/privatednszones",),
    "public ip": ("microsoft.network/publicipaddresses",),
    "storage account": ("microsoft.storage/storageaccounts",),
    "data lake": ("microsoft.storage/storageaccounts",),
    "key vault": ("microsoft.keyvault/vaults",),
    "key vault secret": ("microsoft.keyvault/vaults/secrets",),
    "key vault key": ("microsoft.keyvault/vaults/keys",),
    "key vault certificate": ("microsoft.keyvault/vaults/certificates",),
    "sql server": ("microsoft.sql/servers",),
    "sql database": ("microsoft.sql/servers/databases",),
    "mysql": ("microsoft.dbformysql/servers", "microsoft.dbformysql/flexibleservers"),
    "postgresql": ("microsoft.dbforpostgresql/servers", "microsoft.dbforpostgresql/flexibleservers"),
    "cosmos": ("microsoft.documentdb/databaseaccounts",),
    "databricks": ("microsoft.databricks/workspaces",),
    "data factory": ("microsoft.datafactory/factories",),
    "log analytics": ("microsoft.operationalinsights/workspaces",),
    "app insights": ("microsoft.insights/components",),
    "application insights": ("microsoft.insights/components",),
    "activity log alert": ("microsoft.resources/subscriptions",),
    "app service": ("microsoft.web/serverfarms", "microsoft.web/sites"),
    "app service plan": ("microsoft.web/serverfarms",),
    "web app": ("microsoft.web/sites",),
    "function app": ("microsoft.web/sites",),
    "container registry": ("microsoft.containerregistry/registries",),
    "acr": ("microsoft.containerregistry/registries",),
    "kubernetes": ("microsoft.containerservice/managedclusters",),
    "aks": ("microsoft.containerservice/managedclusters",),
    "machine learning": ("microsoft.machinelearningservices/workspaces",),
    "bastion": ("microsoft.network/bastionhosts",),
    "virtual machine": ("microsoft.compute/virtualmachines",),
    "defender": ("microsoft.resources/subscriptions",),
    "subscription": ("microsoft.resources/subscriptions",),
}
"""What documents call a kind, in Microsoft's product names."""

_NAMES = {
    "sql server": "SQL server",
    "sql database": "SQL database",
    "private dns zone": "private DNS zone",
    "public ip": "public IP address",
    "mysql": "MySQL server",
    "postgresql": "PostgreSQL server",
    "cosmos": "Cosmos DB account",
    "databricks": "Databricks workspace",
    "log analytics": "Log Analytics workspace",
    "app insights": "Application Insights component",
    "app service": "App Service plan or app",
    "app service plan": "App Service plan",
    "kubernetes": "Kubernetes cluster",
    "machine learning": "Machine Learning workspace",
    "bastion": "Bastion host",
    "activity log alert": "subscription",
}
"""How these words read in a sentence."""

_PLACEHOLDER = re.compile(r"<[^<>]+>|\{[^{}]+\}|\$\{[^{}]+\}|\*|(?<=[-_])suffix\b|(?<=[a-z])(?:SUFFIX|XXX+)\b")


@record()
class Match:
    """The resources meant; when there are none, `why` says so."""

    resources: tuple[Resource, ...]
    why: str = ""
    note: str = ""
    """What the document has wrong about it, such as the file it links to."""


class Matcher:
    """Matches the subjects of one document to one estate."""

    def __init__(self, estate: Estate, subjects: Iterable[Subject], folder: str = "") -> None:
        self._commands = estate.ledger.commands
        self._resources = tuple(estate.resources.values())
        self._titles = tuple((r, r.title) for r in self._resources)
        self._folder = folder
        """The document's own folder, from the estate's."""
        self._files = {r.origin.file for r in self._resources}
        self._suffix = self._common_suffix(tuple(subjects))

    def match(self, subject: Subject) -> Match:
        """The resources that the subject names."""
        types = types_of(subject.title)
        if not (subject.title or subject.pattern or subject.files):
            return Match(self._resources)  # a table without resources speaks of all
        if subject.pattern:
            found = self._by_pattern(subject, types)
            if found:
                return Match(found, note=self._elsewhere(subject, found))
        called_so = tuple(r for r, title in self._titles if title.casefold() == subject.title.casefold())
        if called_so:
            return Match(called_so)
        if not types:
            what = f"no resource is named like {subject.pattern}" if subject.pattern else "no resource is called that"
            return Match((), what)
        candidates = [r for r in self._resources if r.type.casefold() in types]
        return self._by_file(subject, types, candidates)

    def _by_pattern(self, subject: Subject, types: Sequence[str]) -> tuple[Resource, ...]:
        """Those whose name fits; of several the ones of the right kind, file and suffix."""
        regex = pattern_of(subject.pattern)
        found = [r for r, title in self._titles if regex.fullmatch(title)]
        found = _narrowed(found, lambda r: r.type.casefold() in types)
        found = _narrowed(found, lambda r: self._linked(subject, r))
        found = _narrowed(found, lambda r: self._suffix.startswith(_binding(regex, r)) if self._suffix else False)
        return tuple(_narrowed(found, lambda r: _in_layer(subject, r)))

    def _by_file(self, subject: Subject, types: Sequence[str], candidates: list[Resource]) -> Match:
        """Without a name that fits, the kind in the linked file; without a link, in the layer."""
        kind = called(types)
        linked = [r for r in candidates if self._linked(subject, r)]
        if linked:
            note = f"no such name there; {linked[0].title} is" if subject.pattern else ""
            return Match(tuple(linked), note=note)
        if any(r.type.endswith("subscriptions") for r in candidates):
            return Match(tuple(candidates))
        if subject.files:
            beside = [r for r in candidates if self._beside(subject, r)]
            told = f"{', '.join(subject.files)} declares no {kind}"
            if beside:
                return Match(tuple(beside), note=f"{told}; files beside it do")
            return Match((), told + self._made_by_command(subject))
        if subject.pattern:
            return Match((), f"no {kind} is named like {subject.pattern}")
        if not candidates:
            return Match((), f"no {kind} is declared")
        return Match(tuple(_narrowed(candidates, lambda r: _in_layer(subject, r))))

    def _made_by_command(self, subject: Subject) -> str:
        """What a linked file makes with a command, which nothing declares."""
        made = dict.fromkeys(c for c, o in self._commands if any(self._is_file(f, o.file) for f in subject.files))
        return f"; it runs {', '.join(made)}, and what that makes is not declared" if made else ""

    def _linked(self, subject: Subject, resource: Resource) -> bool:
        """The resource is defined in a file that the subject links to."""
        return any(self._is_file(link, resource.origin.file) for link in subject.files)

    def _beside(self, subject: Subject, resource: Resource) -> bool:
        """The resource is defined in the folder of a linked file; of a bare name, in the layer."""
        from posixpath import dirname, join, normpath

        if not any("/" in link for link in subject.files):
            return _in_layer(subject, resource)
        folders = {dirname(normpath(join(self._folder, link))) for link in subject.files if "/" in link}
        return dirname(resource.origin.file) in folders

    def _is_file(self, link: str, file: str) -> bool:
        from posixpath import join, normpath

        full = normpath(join(self._folder, link))
        return file == full if "/" in link and full in self._files else _base(file) == _base(link)

    def _elsewhere(self, subject: Subject, found: Sequence[Resource]) -> str:
        """Says so when none of the linked files holds the resource."""
        from posixpath import join, normpath

        if not subject.files or any(not r.origin.file for r in found):
            return ""
        paths = {normpath(join(self._folder, link)) if "/" in link else link for link in subject.files}
        exact = any(r.origin.file in paths or _base(r.origin.file) in paths or _called_from(r, paths) for r in found)
        return "" if exact else f"it is in {found[0].origin.file}, not in {', '.join(subject.files)}"

    def _common_suffix(self, subjects: Sequence[Subject]) -> str:
        """What most placeholders of the document stand for, without punctuation; names may truncate it."""
        bound: Counter[str] = Counter()
        for pattern in {s.pattern for s in subjects if s.pattern}:
            regex = pattern_of(pattern)
            fits = (regex.fullmatch(title) for _, title in self._titles)
            bound.update({_letters(found) for found in fits if found})
        common = [text for text, _ in bound.most_common(1)]
        return common[0] if common else ""


def _called_from(resource: Resource, paths: set[str]) -> bool:
    """The resource is in a module, and a file of its root is linked: it may call the module."""
    return resource.address.startswith("module.") and any(
        "/" not in p or p.rpartition("/")[0] == resource.root for p in paths
    )


def called(types: Sequence[str]) -> str:
    """What to call a resource of these types in a sentence: "storage account"."""
    word = next((w for w, of in WORDS.items() if of == tuple(types)), types[0].rpartition("/")[2])
    return _NAMES.get(word, word)


@cache
def types_of(title: str) -> tuple[str, ...]:
    """The ARM types that a title speaks of: the longest words, before any "for"."""
    text = title.casefold()
    for part in (re.split(r"\s+(?:for|in|of)\s+", text)[0], text):
        words = [w for w in WORDS if re.search(rf"(?<!\w){re.escape(w)}(?:s|es)?(?!\w)|{_spaced(w)}", part)]
        if words:
            return WORDS[max(words, key=len)]
    return ()


def _spaced(words: str) -> str:
    """``KeyVault`` is ``key vault``."""
    return rf"(?<!\w){re.escape(words.replace(' ', ''))}s?(?!\w)"


@cache
def pattern_of(pattern: str) -> re.Pattern[str]:
    """The pattern as an expression with one group for each placeholder."""
    parts = []
    at = 0
    for found in _PLACEHOLDER.finditer(pattern):
        parts += [re.escape(pattern[at : found.start()]), "(.+)"]
        at = found.end()
    return re.compile("".join((*parts, re.escape(pattern[at:]))), re.IGNORECASE)


def _binding(regex: re.Pattern[str], resource: Resource) -> str:
    """What the placeholders stand for in the resource's name, letters and digits only."""
    found = regex.fullmatch(resource.title)
    return _letters(found) if found else ""


def _letters(found: re.Match[str]) -> str:
    return re.sub(r"[^a-z0-9]", "", "".join(found.groups()).casefold())


def _narrowed(found: list[Resource], keep: object) -> list[Resource]:
    """Those that `keep` keeps, all of them when it keeps none."""
    assert callable(keep)
    kept = [r for r in found if keep(r)] if len(found) > 1 else found
    return kept or found


def _in_layer(subject: Subject, resource: Resource) -> bool:
    """A word of the section's heading is a part of the resource's root or module path."""
    words = {w[:6] for w in re.findall(r"[a-z]{4,}", subject.section.casefold())}
    parts = {p[:6] for p in re.findall(r"[a-z]{4,}", f"{resource.root} {resource.origin.file}".casefold())}
    return bool(words & parts)


def _base(path: str) -> str:
    return path.rpartition("/")[2]

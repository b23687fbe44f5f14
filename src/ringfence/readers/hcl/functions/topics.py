"""Which module holds which function."""

from __future__ import annotations

_TOPICS = {
    "collection": """alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element flatten
        index keys length lookup matchkeys merge one range reverse slice sort sum transpose values zipmap""",
    "sets": "setintersection setproduct setsubtract setunion",
    "conversion": """can ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring
        try""",
    "string": """chomp endswith indent join lower replace split startswith strcontains strrev substr
        templatestring title trim trimprefix trimspace trimsuffix upper""",
    "formatting": "format formatlist",
    "regular": "regex regexall",
    "numeric": "abs ceil floor log max min parseint pow signum",
    "encoding": """base64decode base64encode base64gunzip base64gzip csvdecode jsondecode jsonencode textdecodebase64
        textencodebase64 urldecode urlencode""",
    "yaml": "yamldecode yamlencode",
    "filesystem": """abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5
        fileset filesha1 filesha256 filesha512 pathexpand templatefile""",
    "date": "formatdate plantimestamp timeadd timecmp timestamp",
    "hash": "base64sha256 base64sha512 bcrypt md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5",
    "network": "cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets",
}

TOPICS: dict[str, str] = {name: topic for topic, names in _TOPICS.items() for name in names.split()}

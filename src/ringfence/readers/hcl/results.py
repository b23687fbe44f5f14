"""What a function or operator is certain to give, although its arguments are not known."""

from __future__ import annotations

_STRINGS = """abspath base64decode base64encode base64gunzip base64gzip base64sha256 base64sha512 basename bcrypt chomp
cidrhost cidrnetmask cidrsubnet dirname file filebase64 filebase64sha256 filebase64sha512 filemd5 filesha1 filesha256
filesha512 format formatdate indent join jsonencode lower md5 pathexpand plantimestamp replace rsadecrypt sha1 sha256
sha512 strrev substr textdecodebase64 textencodebase64 timeadd timestamp title trim trimprefix trimspace trimsuffix
upper urldecode urlencode uuid uuidv5 yamlencode"""
_NUMBERS = "abs ceil floor index length log max min parseint pow signum sum timecmp + * / %"
_BOOLS = """alltrue anytrue can cidrcontains contains endswith fileexists issensitive startswith strcontains ! == != <
<= > >= && ||"""
_CONTAINERS = """chunklist cidrsubnets coalescelist compact concat csvdecode distinct fileset flatten formatlist keys
matchkeys merge range regexall reverse setintersection setproduct setsubtract setunion slice sort split transpose values
zipmap coalesce for group object splat toset"""
_CONVERSIONS = {"tostring": "string", "tonumber": "number", "tobool": "bool"}

PRIMITIVE: dict[str, str] = {
    **dict.fromkeys(_STRINGS.split(), "string"),
    **dict.fromkeys(_NUMBERS.split(), "number"),
    **dict.fromkeys(_BOOLS.split(), "bool"),
    **_CONVERSIONS,
}
"""The type of the result, for those that always give a primitive."""

STRING_LISTS = frozenset({"compact", "sort", "split", "cidrsubnets", "formatlist"})
"""Functions that give a list of strings."""

NEVER_NULL = (frozenset(PRIMITIVE) | frozenset(_CONTAINERS.split())) - frozenset(_CONVERSIONS)
"""Functions whose result is never null. A conversion passes a null on."""

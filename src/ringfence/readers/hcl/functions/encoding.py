"""JSON, base64, CSV and URL encodings.

Sources: github.com/hashicorp/terraform v1.11.4 internal/lang/funcs/encoding.go; github.com/zclconf/go-cty v1.16.0
cty/json and cty/function/stdlib/csv.go.
"""

from __future__ import annotations

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64, b2a_base64
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Apply, List, Map, Sensitive, Set, is_symbol, plain
from ringfence.readers.hcl import number
from ringfence.readers.hcl.functions.signature import LIMIT, Param, Refused, Topic, nfc, string, within

if TYPE_CHECKING:
    from ringfence.model.symbol import Value

FUNCTIONS = Topic()

_ESCAPED = re.compile('["\\\\<>&\x00-\x1f\u2028\u2029]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


@FUNCTIONS.plain(Param("val", null=True))
def jsonencode(value: Value) -> Value:
    """The value as JSON, keys in order, and safe inside HTML as Go writes it."""
    return to_json(value)


def to_json(value: Value) -> str:
    """The JSON of a known value."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return '"' + _ESCAPED.sub(_escape, value) + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ",".join(f"{to_json(k)}:{to_json(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, tuple):
        return "[" + ",".join(map(to_json, value)) + "]"
    if number.infinite(value):  # type: ignore[arg-type]  # nothing but numbers is left
        raise Refused("JSON has no infinity")
    return number.text_of(value)  # type: ignore[arg-type]  # nothing but numbers is left


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}"


@FUNCTIONS.plain(string("str"))
def jsondecode(source: str) -> Value:
    """The value that the JSON denotes: objects and tuples throughout."""
    import json

    try:
        found = json.loads(source, parse_int=_number, parse_float=_number, parse_constant=_refused)
    except ValueError as error:
        raise Refused(f"this is not JSON: {error}") from None
    return plainly(found)


def _number(digits: str) -> number.Number:
    found = number.parse(digits)
    if found is None:
        raise Refused(f"the number {digits[:20]}… is too long")
    return found


def _refused(constant: str) -> Value:
    raise Refused(f"this is not JSON: {constant}")


def plainly(found: Any) -> Value:
    """What a decoder gave, as Terraform's objects and tuples."""
    if isinstance(found, dict):
        return {_text(k): plainly(v) for k, v in found.items()}
    if isinstance(found, list):
        return tuple(map(plainly, found))
    return _text(found) if isinstance(found, str) else found


def _text(found: str) -> str:
    if found.isascii():
        return found
    return nfc(found.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


@FUNCTIONS.symbolic("jsondecode")
def _jsondecode_of(value: Value) -> Value:
    if isinstance(value, Apply) and value.fn == "jsonencode":
        return as_decoded(value.args[0])
    return None


def as_decoded(value: Value) -> Value:
    """What encoding and decoding leave: maps become objects, lists and sets become tuples."""
    if isinstance(value, Sensitive):
        return Sensitive(as_decoded(value.value))
    if isinstance(value, Map):
        return {k: as_decoded(v) for k, v in value.items()}
    if isinstance(value, dict):
        return {k: as_decoded(value[k]) for k in sorted(value)}
    if isinstance(value, Set) and len(value) > 1 and any(is_symbol(plain(i)) for i in value):
        return Apply("jsondecode", (Apply("jsonencode", (value,)),))
    return tuple(map(as_decoded, value)) if isinstance(value, tuple) else value


def _inverse(decoder: str, encoder: str) -> None:
    """`decoder(encoder(x))` is x."""

    def body(value: Value, *rest: Value) -> Value:
        undone = isinstance(value, Apply) and value.fn == encoder and value.args[1:] == rest
        return value.args[0] if undone and isinstance(value, Apply) else None

    FUNCTIONS.symbolic(decoder)(body)


@FUNCTIONS.plain(string("str"))
def base64encode(value: str) -> Value:
    """The bytes of the string in base64."""
    return encoded(value.encode())


def encoded(data: bytes) -> str:
    """The bytes in base64."""
    return b2a_base64(data, newline=False).decode()


@FUNCTIONS.plain(string("str"))
def base64decode(value: str) -> Value:
    """The string whose bytes the base64 holds."""
    try:
        return nfc(decoded(value).decode())
    except UnicodeDecodeError:
        raise Refused("the bytes are not UTF-8") from None


def decoded(value: str) -> bytes:
    """The bytes that the base64 holds; line ends do not count."""
    source = value.replace("\n", "").replace("\r", "")
    try:
        return a2b_base64(source.encode(), strict_mode=True) if source else b""
    except (BinasciiError, UnicodeEncodeError) as error:
        raise Refused(f"this is not base64: {error}") from None


_inverse("base64decode", "base64encode")


@FUNCTIONS.plain(string("str"))
def base64gzip(value: str) -> Value:
    """Kept as a call: the compressed bytes depend on the compressor."""
    return Apply("base64gzip", (value,))


@FUNCTIONS.plain(string("str"))
def base64gunzip(value: str) -> Value:
    """The string whose compressed bytes the base64 holds. OpenTofu only."""
    import zlib

    try:
        unpacker = zlib.decompressobj(wbits=31)
        data = unpacker.decompress(decoded(value), LIMIT)
    except zlib.error as error:
        raise Refused(f"this is not gzip: {error}") from None
    if unpacker.unconsumed_tail:
        raise Refused(f"the content has more than {LIMIT} bytes")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Refused("the bytes are not UTF-8") from None


_inverse("base64gunzip", "base64gzip")

_ENCODINGS = {
    **{
        name: name
        for name in ("utf-8", "utf-16le", "utf-16be", "us-ascii", "big5", "gbk", "gb18030", "euc-kr", "euc-jp")
    },
    **{f"iso-8859-{i}": f"iso-8859-{i}" for i in (*range(1, 11), *range(13, 17))},
    **{f"windows-{i}": f"cp{i}" for i in range(1250, 1259)},
    "shift_jis": "shift_jis",
    "iso-2022-jp": "iso-2022-jp",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "ibm437": "cp437",
    "ibm850": "cp850",
    "ibm852": "cp852",
    "ibm866": "cp866",
    "macintosh": "mac-roman",
}


@FUNCTIONS.plain(string("string"), string("encoding"))
def textencodebase64(value: str, encoding: str) -> Value:
    """The string's bytes in an encoding of the IANA registry, in base64; kept as a call for an uncommon encoding."""
    codec = _ENCODINGS.get(encoding.lower())
    if codec is None:
        return Apply("textencodebase64", (value, encoding))
    try:
        return encoded(value.encode(codec))
    except UnicodeEncodeError:
        raise Refused(f"the string has a character that {encoding} has not") from None


@FUNCTIONS.plain(string("source"), string("encoding"))
def textdecodebase64(value: str, encoding: str) -> Value:
    """The string that the base64 holds in an encoding; kept as a call for an uncommon encoding."""
    codec = _ENCODINGS.get(encoding.lower())
    if codec is None:
        return Apply("textdecodebase64", (value, encoding))
    return nfc(decoded(value).decode(codec, "replace"))


_inverse("textdecodebase64", "textencodebase64")

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


@FUNCTIONS.plain(string("str"))
def urlencode(value: str) -> Value:
    """The string as part of a URL's query: a space is a plus sign."""
    return "".join(chr(b) if b in _UNRESERVED else "+" if b == 0x20 else f"%{b:02X}" for b in value.encode())


@FUNCTIONS.plain(string("str"))
def urldecode(value: str) -> Value:
    """The string that part of a URL's query denotes. OpenTofu only."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", value):
        raise Refused("a percent sign stands alone")
    data = re.sub(rb"%(..)", lambda m: bytes([int(m[1], 16)]), value.replace("+", " ").encode())
    return data.decode("utf-8", "replace")


_inverse("urldecode", "urlencode")


@FUNCTIONS.plain(string("str"))
def csvdecode(source: str) -> Value:
    """A list of objects, one for each line after the first, which has the names of their attributes."""
    rows = _records(source.replace("\r\n", "\n"))
    if not rows:
        raise Refused("there is no header line")
    header, *lines = rows
    if len(set(header)) < len(header):
        raise Refused("two columns have the same name")
    if any(len(line) != len(header) for line in lines):
        raise Refused(f"every line must have {len(header)} fields")
    within(len(lines) * len(header), "fields")
    return List(dict(zip(header, map(nfc, line), strict=True)) for line in lines)


_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=[,\n]|\Z)')
_BARE = re.compile(r'([^",\n]*)(?=[,\n]|\Z)')


def _records(source: str) -> list[list[str]]:
    """The fields of each line (RFC 4180); empty lines do not count."""
    rows: list[list[str]] = []
    at = 0
    while at < len(source):
        if source[at] == "\n":
            at += 1
            continue
        row: list[str] = []
        while True:
            match = (_QUOTED if source.startswith('"', at) else _BARE).match(source, at)
            if match is None:
                raise Refused(f"line {source.count(chr(10), 0, at) + 1}: a quotation mark stands in the wrong place")
            row.append(match[1].replace('""', '"') if match[0].startswith('"') else match[1])
            at = match.end() + 1
            if source[at - 1 : at] != ",":
                break
        rows.append(row)
    return rows

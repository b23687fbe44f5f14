"""Sends packets from inside a network namespace and says where each of them comes out.

Runs as a program of its own, with the standard library only: a JSON list of [device, source, destination, protocol,
source port, port] comes in, a JSON list of the devices at which each arrived (or null) goes out.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
import time

ETHERNET = bytes.fromhex("020000000001" * 2 + "0800")
NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17}
MARK = b"ringfence"
BATCH = 64
SETTLED = 0.05
RCVBUFFORCE = 33


def packet(number: int, source: str, destination: str, protocol: str, source_port: int, port: int) -> bytes:
    """An Ethernet frame with the first packet of a flow, which carries its number."""
    if protocol == "tcp":
        head = struct.pack("!HHIIBBHHH", source_port, port, number, 0, 5 << 4, 2, 65535, 0, 0)
    elif protocol == "udp":
        head = struct.pack("!HHHH", source_port, port, 8 + len(MARK) + 4, 0)
    else:
        head = struct.pack("!BBHHH", 8, 0, 0, number & 0xFFFF, 1)
    payload = head + MARK + struct.pack("!I", number)
    ends = socket.inet_aton(source) + socket.inet_aton(destination)
    first = struct.pack("!BBHHHBB", 0x45, 0, 20 + len(payload), number & 0xFFFF, 0, 64, NUMBERS[protocol])
    return ETHERNET + first + struct.pack("!H", _checksum(first + b"\0\0" + ends)) + ends + payload


def _checksum(header: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def number_in(data: bytes) -> int | None:
    """The number that a packet carries at its end; None for what is not one of ours, such as an ICMP error."""
    is_ours = len(data) > 33 and data[-len(MARK) - 4 : -4] == MARK
    is_error = data[9:10] == b"\x01" and data[20:21] != b"\x08"
    return int.from_bytes(data[-4:]) if is_ours and not is_error else None


def shoot(flows: list[tuple[str, str, str, str, int, int]]) -> list[str | None]:
    """Where each arrived. What did not is sent once more, so that a lost packet is not taken for a refused one."""
    arrived: list[str | None] = [None] * len(flows)
    receiver = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
    receiver.setsockopt(socket.SOL_SOCKET, RCVBUFFORCE, 1 << 26)
    receiver.setblocking(False)
    senders = {device: _sender(device) for device in {flow[0] for flow in flows}}
    for _ in range(2):
        waiting = [number for number, device in enumerate(arrived) if device is None]
        for at in range(0, len(waiting), BATCH):
            for number in waiting[at : at + BATCH]:
                senders[flows[number][0]].send(packet(number, *flows[number][1:]))
            _collect(receiver, arrived, 0)
        _collect(receiver, arrived, SETTLED)
    return arrived


def _sender(device: str) -> socket.socket:
    sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sender.bind((device, 0))
    return sender


def _collect(receiver: socket.socket, arrived: list[str | None], patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            data, where = receiver.recvfrom(256)
        except BlockingIOError:
            if not select.select([receiver], [], [], max(0, until - time.monotonic()))[0]:
                return
            continue
        number = number_in(data)
        if number is not None:
            arrived[number] = where[0]


if __name__ == "__main__":
    json.dump(shoot([tuple(flow) for flow in json.load(sys.stdin)]), sys.stdout)

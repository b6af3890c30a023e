#!/usr/bin/python3
"""Bombs against a running hub: each is refused within 2 s of CPU and 128 MiB, while 99 of 100 other calls are answered within a second.

usage: test-bombs.py YUELAICTL PUSH-BOMB
"""
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib

from link import free_port
from yuelai import Hub, Node, Tap, environment

CPU_SECONDS = 2.0
MEMORY_KIB = 128 * 1024
OTHERS_SECONDS = 1.0


class Target(Hub):
    """A hub, and what it costs."""

    def __init__(self, program, folder):
        self.program, self.folder, self.port = program, folder, free_port()
        self.head = Node(program, os.path.join(folder, "hq"))
        self.head.run("init", "--company", "Bombs", "--code", "HQ", "--hub", f"http://127.0.0.1:{self.port}")
        self.head.run("site", "add", "CY", "CY", "--lat", "39.9", "--lon", "116.4")
        super().__init__(self.head, f"127.0.0.1:{self.port}")

    def join(self, name):
        """The store file of a new PC."""
        node = Node(self.program, os.path.join(self.folder, name))
        node.run("join", self.head.word("invite", "CY", "--approved"))
        node.run("sync")
        return os.path.join(self.folder, name)

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_kib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(next(line for line in status if line.startswith("VmHWM")).split()[1])

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)


def request(path, body=b"", length=None, headers=(), method="POST"):
    lines = [f"{method} {path} HTTP/1.1", "Host: hub", "Connection: close",
             f"Content-Length: {len(body) if length is None else length}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def status_of(hub, data, timeout=5):
    """The status of the answer; 0 where the hub hangs up without one."""
    with hub.connect() as link:
        link.settimeout(timeout)
        try:
            link.sendall(data)
            answer = link.recv(4096)
        except (ConnectionError, TimeoutError):
            return 0
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else 0


class Others:
    """Somebody with an honest question, again and again."""

    def __init__(self, hub):
        self.hub = hub
        self.waits = []
        self.stopped = False
        self.thread = threading.Thread(target=self.ask)
        self.thread.start()

    def ask(self):
        while not self.stopped:
            start = time.monotonic()
            assert status_of(self.hub, request("/v1/session/challenge", b"{}")) == 400
            self.waits.append(time.monotonic() - start)
            time.sleep(0.02)

    def stop(self):
        self.stopped = True
        self.thread.join()
        return sorted(self.waits)[len(self.waits) * 99 // 100]


def refused(data, *statuses):
    def bomb(hub):
        got = status_of(hub, data)
        assert got in statuses, got
    return bomb


def slow(pieces, count):
    """Callers that send a little and then nothing; nobody waits for them."""
    def bomb(hub):
        links = [hub.connect() for _ in range(count)]
        for link in links:
            link.sendall(pieces)
        time.sleep(0.5)
        for link in links:
            link.close()
    return bomb


def dribble(hub):
    link = hub.connect()
    for byte in b"POST /v1/session HTTP/1.1\r\nHost: hub\r\n":
        link.send(bytes([byte]))
        time.sleep(0.01)
    link.close()


def never_reads(hub):
    links = []
    for _ in range(50):
        link = hub.connect()
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        for _ in range(20):
            link.send(b"GET /nothing HTTP/1.1\r\nHost: hub\r\n\r\n")
        links.append(link)
    time.sleep(0.3)
    for link in links:
        link.close()


def many(hub):
    links = [hub.connect() for _ in range(500)]
    time.sleep(0.3)
    for link in links:
        link.close()


def push(ops):
    """A PC of the company, which may send what it likes: as much as one segment holds, in change sets of so many ops."""
    def prepare(hub):
        store = hub.join(f"pc-{ops}")

        def bomb(_):
            done = subprocess.run([sys.argv[2], store, str(ops)], env=environment(), capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            print(f"# {done.stdout.strip()}")
        return bomb
    return prepare


CALL = "/v1/session/challenge"
SYNC = "/v1/sync"
BOMBS = [
    ("4 GiB announced", refused(request(SYNC, b"x", 4 << 30), 413)),
    ("more than a number holds", refused(request(SYNC, b"x", 1 << 70), 0, 400, 401, 413)),
    ("a negative length", refused(request(SYNC, b"x", -1), 0, 400, 401, 413)),
    ("two lengths", refused(request(CALL, b"{}", headers=["Content-Length: 9999999"]), 0, 400, 413)),
    ("chunks of a body", refused(b"POST /v1/session HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 413)),
    ("a large body without a session", refused(request(SYNC, b"x" * 100000), 0, 401)),
    ("a large body where none belongs", refused(request("/v1/state/buckets", b"x" * 10, method="GET"), 413)),
    ("JSON 4,000 deep", refused(request(CALL, b"[" * 4000), 400)),
    ("objects 800 deep", refused(request(CALL, b'{"a":' * 800), 400)),
    ("a name a thousand times", refused(request(CALL, b"{" + b'"a":1,' * 600 + b'"a":1}'), 400)),
    ("a number of 4,000 digits", refused(request(CALL, b'{"scope":' + b"9" * 4000 + b"}"), 400)),
    ("no UTF-8", refused(request(CALL, b'{"scope":"\xff\xfe"}'), 400)),
    ("a NUL in a text", refused(request(CALL, b'{"scope":"\\u0000"}'), 400)),
    ("a zlib bomb", refused(request("/v1/git/git-upload-pack", zlib.compress(b"0" * 5000000),
                                    headers=["Content-Encoding: gzip"]), 0, 401, 413)),
    ("a segment of nothing that says it is 8 MiB", refused(request(SYNC, b"YLSG\x01\x02" + b"\xff" * 30), 401)),
    ("a header of 1 MiB", refused(request(CALL, b"{}", headers=["X: " + "y" * (1 << 20)]), 0, 400, 413, 431)),
    ("ten thousand headers", refused(request(CALL, b"{}", headers=[f"X{i}: y" for i in range(10000)]), 0, 400, 413, 431)),
    ("a path of 1 MiB", refused(request("/v1/" + "a" * (1 << 20), b"{}"), 0, 400, 404, 413, 414)),
    ("no HTTP at all", refused(os.urandom(65536), 0, 400)),
    ("a TLS greeting", refused(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(500), 0, 400)),
    ("two hundred who send half a line", slow(b"POST /v1/sess", 200)),
    ("two hundred who send half a body", slow(request(CALL, b"{", 4000), 200)),
    ("one who sends byte by byte", dribble),
    ("fifty who never read", never_reads),
    ("five hundred who only connect", many),
]
# By a PC that is enrolled, and so is not refused.
PUSHES = [
    ("a push of as many ops as it may hold", push(1000)),
    ("a push of as many signed change sets as it may hold", push(1)),
]


def throw(hub, bomb):
    before = hub.cpu()
    bomb(hub)
    spent = hub.cpu() - before
    assert spent <= CPU_SECONDS, f"{spent} s of CPU"
    assert hub.peak_kib() <= MEMORY_KIB, f"{hub.peak_kib()} KiB"


def were_served(others):
    wait = others.stop()
    assert wait <= OTHERS_SECONDS, f"one in a hundred waited {wait:.2f} s"


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        hub = Target(sys.argv[1], folder)
        pushes = [(name, prepare(hub)) for name, prepare in PUSHES]
        others = Others(hub)
        for name, bomb in BOMBS + pushes:
            tap.check(name, throw, hub, bomb)
        tap.check("others are served meanwhile", were_served, others)
        hub.stop()
    tap.done()


if __name__ == "__main__":
    main()

"""Attachments between whole programs: attached off line, sent after the change set, fetched on demand, cut, spoilt, over the quota, removed."""

import contextlib
import hashlib
import os
import pathlib
import socket
import sqlite3
import sys
import tempfile
import threading

from yuelai import Hub, Node, Tap

OFFLINE, REFUSED, USAGE, FAILED = 4, 5, 2, 1
CHUNK = 256 * 1024


class Link:
    """A line between stores and hub that breaks for good after so many bytes, until it is mended."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.target = None
        self.left = None  # bytes until it breaks, both ways together; None: it holds
        self.carried = 0
        self.spoil = False  # flips a bit in what is large: a chunk on its way down
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.server.accept()
            try:
                far = socket.create_connection(self.target)
            except OSError:
                near.close()
                continue
            for source, sink, down in ((near, far, False), (far, near, True)):
                threading.Thread(target=self.carry, args=(source, sink, down), daemon=True).start()

    def carry(self, source, sink, down):
        try:
            while data := source.recv(65536):
                if self.left is not None and self.left <= 0:
                    break
                if self.left is not None:
                    data = data[:self.left]
                    self.left -= len(data)
                if self.spoil and down and len(data) > 20000:
                    data = data[:-1] + bytes([data[-1] ^ 1])
                self.carried += len(data)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def picture(size, seed=b"p"):
    """As the programs see it a JPEG; nothing in it compresses."""
    body = b"".join(hashlib.sha256(seed + i.to_bytes(4, "big")).digest() for i in range(size // 32 + 1))
    return b"\xff\xd8\xff\xe0" + body[:size - 4]


class Chain:
    """Head office with a hub behind a link, and a store with two PCs."""

    def __init__(self, program, directory):
        self.directory = pathlib.Path(directory)
        self.link = Link()
        self.hq, self.cy, self.second = (Node(program, self.directory / f"{name}.yuelai") for name in ("hq", "cy", "second"))
        self.hq.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{self.link.address}")
        self.start_hub()
        self.hq.run("site", "add", "CY", "朝阳店", "--lat", "39.9", "--lon", "116.4")
        for node in (self.cy, self.second):
            node.run("join", self.hq.word("invite", "CY", "--approved"))
        self.worker = self.cy.word("add", "worker", "name=王芳", "phone=13800138000", "job_types=cleaning")
        self.cy.run("sync")

    def start_hub(self):
        self.hub = Hub(self.hq, "127.0.0.1:0")
        host, port = self.hub.url.split("//")[1].split(":")
        self.link.target = (host, int(port))

    def file(self, name, content):
        path = self.directory / name
        path.write_bytes(content)
        return path

    def attach(self, node, name, content, *more):
        return node.word("attach", "worker", self.worker, self.file(name, content), *more)

    def waiting(self, node):
        return node.json("status", exits=(0, 3))["attachments_waiting"]


@contextlib.contextmanager
def database(node):
    """For one look or one stroke, closed at once."""
    connection = sqlite3.connect(node.store, timeout=60)
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def test_offline_then_sync(chain):
    """Attached with no network, sent at the next sync; the other PC knows of it at once and fetches it when it is asked for."""
    content = picture(3 * CHUNK + 1000)
    chain.hub.stop()
    identity = chain.attach(chain.cy, "photo.jpg", content)
    assert chain.waiting(chain.cy) == 1
    assert chain.cy.run("sync", check=False).returncode == OFFLINE
    assert chain.waiting(chain.cy) == 1
    chain.start_hub()
    report = chain.cy.json("sync")
    assert report["chunks"] == 4, report
    assert chain.waiting(chain.cy) == 0
    chain.second.run("sync")
    listed = chain.second.json("attachment", "list", "worker", chain.worker)
    assert [(one["id"], one["here"], one["chunks"]) for one in listed] == [(identity, 0, 4)], listed
    out = chain.directory / "fetched.jpg"
    chain.second.run("attachment", "get", identity, out)
    assert out.read_bytes() == content
    assert out.stat().st_mode & 0o777 == 0o600
    # A second time without the network.
    chain.hub.stop()
    chain.second.run("attachment", "get", identity, out)
    chain.start_hub()


def test_cut_upload(chain):
    content = picture(8 * CHUNK, b"up")
    identity = chain.attach(chain.cy, "up.jpg", content)
    chain.link.left = 5 * CHUNK
    done = chain.cy.run("sync", check=False)
    assert done.returncode == OFFLINE, (done.returncode, done.stderr)
    assert chain.waiting(chain.cy) == 1
    with database(chain.hq) as hub:
        there = hub.execute("SELECT count(*) FROM attachment_chunk WHERE attachment = ?", (identity,)).fetchone()[0]
    assert 3 <= there <= 5, there
    chain.link.left, chain.link.carried = None, 0
    chain.cy.run("sync")
    assert chain.waiting(chain.cy) == 0
    assert chain.link.carried < (8 - there + 0.5) * CHUNK, "what was there was sent again"


def test_cut_download(chain):
    content = picture(8 * CHUNK, b"down")
    identity = chain.attach(chain.cy, "down.jpg", content)
    chain.cy.run("sync")
    chain.second.run("sync")
    out = chain.directory / "down-out.jpg"
    chain.link.left = 5 * CHUNK + 20000
    done = chain.second.run("attachment", "get", identity, out, check=False)
    assert done.returncode == OFFLINE and not out.exists(), (done.returncode, done.stderr)
    here = chain.second.json("attachment", "list", "worker", chain.worker)[-1]["here"]
    assert 4 <= here <= 5, here
    chain.link.left, chain.link.carried = None, 0
    chain.second.run("attachment", "get", identity, out)
    assert out.read_bytes() == content
    assert chain.link.carried < (8 - here + 0.5) * CHUNK, "what was here was fetched again"


def test_spoilt_on_the_way(chain):
    content = picture(CHUNK, b"spoilt")
    identity = chain.attach(chain.cy, "spoilt.jpg", content)
    chain.cy.run("sync")
    chain.second.run("sync")
    out = chain.directory / "spoilt-out.jpg"
    chain.link.spoil = True
    done = chain.second.run("attachment", "get", identity, out, check=False)
    chain.link.spoil = False
    assert done.returncode != 0 and "announced" in done.stderr and not out.exists(), (done.returncode, done.stderr)
    with database(chain.second) as store:
        assert store.execute("SELECT count(*) FROM attachment_chunk WHERE attachment = ?", (identity,)).fetchone()[0] == 0
    chain.second.run("attachment", "get", identity, out)
    assert out.read_bytes() == content


def test_nothing_in_clear(chain):
    """Neither content nor name lies in any file of any node."""
    content = picture(CHUNK, b"clear")
    identity = chain.attach(chain.cy, "身份证王芳.jpg", content, "--kind", "scan")
    chain.cy.run("sync")
    needles = [content[1000:1064], "身份证王芳".encode(), "身份证王芳".encode("gbk"), "身份证王芳".encode("utf-16-le")]
    for path in chain.directory.glob("*.yuelai*"):
        data = path.read_bytes()
        assert not any(needle in data for needle in needles), path
    # Head office keeps and gives out what it holds a key to; the list there shows the name.
    assert chain.hq.json("attachment", "list", "worker", chain.worker)[-1]["name"] == "身份证王芳.jpg", identity


def test_quota(chain):
    """Head office's room is used up: it says so, the change set is through, the chunks wait."""
    with database(chain.hq) as hub:
        hub.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('attachment.quota', '1')")
    chain.attach(chain.cy, "quota.jpg", picture(CHUNK, b"quota"))
    chain.cy.run("sync")
    status = chain.cy.json("status", exits=(0, 3))
    assert (status["waiting"], status["attachments_waiting"]) == (0, 1), status
    with database(chain.cy) as store:
        assert "MiB" in store.execute("SELECT detail FROM sync_note WHERE kind = 'refused' ORDER BY i DESC").fetchone()[0]
    with database(chain.hq) as hub:
        hub.execute("DELETE FROM meta WHERE key = 'attachment.quota'")
    chain.cy.run("sync")
    assert chain.waiting(chain.cy) == 0


def test_refused(chain):
    """What is no picture, too large, or belongs to nothing."""
    cases = (("text.jpg", b"not a picture at all", (), USAGE, "JPEG"), ("empty.jpg", b"", (), USAGE, "JPEG"),
             ("big.jpg", picture(20 * 1024 * 1024 + 1), (), USAGE, "20 MiB"),
             ("kind.jpg", picture(100), ("--kind", "horse"), USAGE, "horse"))
    before = chain.cy.state_hash()
    for name, content, more, code, says in cases:
        done = chain.cy.run("attach", "worker", chain.worker, chain.file(name, content), *more, check=False)
        assert done.returncode == code and says in done.stderr, (name, done.returncode, done.stderr)
    done = chain.cy.run("attach", "site", "CY", chain.file("x.jpg", picture(100)), check=False)
    assert done.returncode == USAGE and "worker" in done.stderr, done.stderr
    done = chain.cy.run("attach", "worker", chain.worker, chain.directory / "none.jpg", check=False)
    assert done.returncode == FAILED and "none.jpg" in done.stderr, done.stderr
    assert chain.cy.state_hash() == before


def test_remove(chain):
    identity = chain.attach(chain.cy, "gone.jpg", picture(CHUNK, b"gone"))
    chain.cy.run("sync")
    chain.second.run("sync")
    chain.second.run("attachment", "get", identity, chain.directory / "gone-out.jpg")
    chain.cy.run("attachment", "remove", identity)
    chain.cy.run("sync")
    chain.second.run("sync")
    for node in (chain.cy, chain.hq, chain.second):
        with database(node) as store:
            left = store.execute("SELECT count(*) FROM attachment_chunk WHERE attachment = ?", (identity,)).fetchone()[0]
            whole = store.execute("PRAGMA integrity_check").fetchone()[0]
        assert left == 0 and whole == "ok", f"{node.store} keeps {left} chunks; {whole}"
        assert node.run("attachment", "get", identity, chain.directory / "again.jpg", check=False).returncode == FAILED
    assert chain.cy.state_hash() == chain.hq.state_hash() == chain.second.state_hash()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-attachment-") as directory:
        chain = Chain(os.path.abspath(sys.argv[1]), directory)
        for name, test in (("attached off line, fetched on demand", test_offline_then_sync), ("cut upload", test_cut_upload),
                           ("cut download", test_cut_download), ("spoilt on the way", test_spoilt_on_the_way),
                           ("nothing in clear", test_nothing_in_clear), ("quota", test_quota), ("refused", test_refused),
                           ("removed everywhere", test_remove)):
            tap.check(name, test, chain)
        chain.hub.stop()
    tap.done()


main()

#!/usr/bin/python3
"""Bad input: each row gives one clear line on stderr, the right exit code, and leaves the store as it was.

    test-bad-input.py YUELAICTL
"""

import hashlib
import http.server
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading

from yuelai import TIMEOUT, Hub, Node, Tap, environment

FAILED, USAGE, OFFLINE, REFUSED, CORRUPT = 1, 2, 4, 5, 6
NO_ID = "01900000-0000-7000-8000-000000000000"

# What a hub must never be trusted to say: name -> (status, headers, body).
RUBBISH = {
    "html": (200, {}, b"<html><body>It works!</body></html>"),
    "empty": (200, {}, b""),
    "half-json": (200, {"Content-Type": "application/json"}, b'{"scope": "'),
    "deep-json": (200, {"Content-Type": "application/json"}, b"[" * 200000),
    "other-json": (200, {"Content-Type": "application/json"}, b'{"challenge": 17, "scope": [], "hub": null}'),
    "error": (500, {}, b"oops"),
    "missing": (404, {}, b"no such page"),
    "redirect": (302, {"Location": "http://127.0.0.1:9/"}, b""),
    "zeros": (200, {"Content-Type": "application/octet-stream"}, b"\0" * (20 << 20)),
}


class RubbishHub(http.server.BaseHTTPRequestHandler):
    """Answers every request with the rubbish that the first part of its path names."""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, body = RUBBISH[self.path.split("/")[1]]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # the caller had enough

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_):
        pass


class Company:
    """Head office and one store that joined it, with a worker, an order and a promise; made once, then only damaged in copies."""

    def __init__(self, program, directory):
        self.directory = pathlib.Path(directory)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.hq = Node(program, self.directory / "hq.yuelai")
        self.cy = Node(program, self.directory / "cy.yuelai")
        self.hq.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{address}")
        self.hq.run("site", "add", "CY", "朝阳店", "--lat", "39.92", "--lon", "116.44")
        hub = Hub(self.hq, address)
        self.used_code = self.hq.word("invite", "CY", "--approved")
        self.cy.run("join", self.used_code)
        self.code = self.hq.word("invite", "CY", "--approved")
        self.worker = self.cy.word("add", "worker", "name=王芳", "phone=13800138000", "job_types=cleaning")
        self.other = self.cy.word("add", "worker", "name=张秀英", "phone=13800138001", "job_types=childcare_day")
        customer = self.cy.word("add", "customer", "name=李女士", "phone=13900139000")
        self.order = self.cy.word("add", "order", f"customer={customer}", "service_type=cleaning",
                                  "start=2026-12-01T09:00", "minutes=180")
        self.second = self.cy.word("add", "order", f"customer={customer}", "service_type=cleaning",
                                   "start=2026-12-01T10:00", "minutes=180")
        self.claim = self.cy.word("book", self.order, self.worker, "2026-12-01T09:00", "2026-12-01T12:00")
        self.dropped = self.cy.word("book", self.second, self.worker, "2026-12-01T14:00", "2026-12-01T15:00",
                                    "--force", "--reason", "made to be dropped")
        self.cy.run("dropout", self.dropped, "--reason", "she is ill")
        self.cy.run("sync")
        hub.stop()
        self.make_damaged_copies(program)

    def path(self, name):
        return self.directory / name

    def node(self, name):
        return Node(self.cy.program, self.path(name))

    def make_damaged_copies(self, program):
        whole = self.path("cy.yuelai").read_bytes()
        self.path("half.yuelai").write_bytes(whole[:len(whole) // 2])
        self.path("header.yuelai").write_bytes(whole[:60])
        self.path("empty.yuelai").write_bytes(b"")
        self.path("garbage.yuelai").write_bytes(b"\x5a\xa5 no database at all " * 1000)
        scribbled = bytearray(whole)
        for offset in range(4096, len(scribbled), 8192):
            scribbled[offset:offset + 64] = b"\xff" * 64
        self.path("scribbled.yuelai").write_bytes(scribbled)
        with sqlite3.connect(self.path("foreign.yuelai")) as database:
            database.execute("CREATE TABLE recipe (name TEXT)")
        database.close()
        shutil.copy(self.path("cy.yuelai"), self.path("newer.yuelai"))
        with sqlite3.connect(self.path("newer.yuelai")) as database:
            database.execute("PRAGMA user_version = 999")
        database.close()
        self.path("bad.csv").write_text("colour,shape\nred,round\n")
        self.path("binary.csv").write_bytes(bytes(range(256)) * 16)
        self.path("empty.csv").write_text("")
        for name, mode in (("other.key", 0o600), ("open.key", 0o644)):
            self.path(name).write_text("5a" * 32 + "\n")
            self.path(name).chmod(mode)
        self.path("full").mkdir()
        self.path("full/file").write_text("in the way")


def rows(c):
    """(name, node, arguments, exit code, what the line must say)"""
    cy, hq, worker, order = c.cy, c.hq, c.worker, c.order
    nowhere = Node(cy.program, "/nowhere/at/all.yuelai")
    yield from (
        # The command line itself.
        ("unknown command", cy, ["frobnicate"], USAGE, "frobnicate"),
        ("mistyped command", cy, ["mach", order], USAGE, "match"),
        ("mistyped second word", cy, ["log", "verfy"], USAGE, "verfy|ID"),
        ("half a command", hq, ["site"], USAGE, "site add"),
        ("unknown option", cy, ["list", "worker", "--colour", "red"], USAGE, "--colour"),
        ("option of another command", cy, ["get", "worker", worker, "--limit", "3"], USAGE, "--limit"),
        ("option without value", cy, ["list", "worker", "--limit"], USAGE, "--limit"),
        ("value for a switch", hq, ["invite", "CY", "--approved=yes"], USAGE, "--approved"),
        ("option twice", cy, ["list", "worker", "--limit", "3", "--limit", "4"], USAGE, "twice"),
        ("limit that is no number", cy, ["list", "worker", "--limit", "many"], USAGE, "many"),
        ("limit zero", cy, ["match", order, "--limit", "0"], USAGE, "0"),
        ("missing argument of get", cy, ["get", "worker"], USAGE, "ID"),
        ("missing argument of book", cy, ["book", order], USAGE, "WORKER"),
        ("missing argument of add", cy, ["add", "worker"], USAGE, "FIELD=VALUE"),
        ("missing reason", cy, ["dropout", c.claim], USAGE, "--reason"),
        ("missing value", cy, ["resolve", "worker", worker, "intro"], USAGE, "--value"),
        ("missing position", hq, ["site", "add", "GM", "国贸店"], USAGE, "--lat"),
        ("missing address", hq, ["hub"], USAGE, "--listen"),
        ("one word too many", cy, ["state-hash", "please"], USAGE, "please"),
        ("log of a table", cy, ["log", "worker"], USAGE, "ID"),
        ("not UTF-8", cy, ["get", "worker", b"\xff\xfe"], USAGE, "UTF-8"),
        ("help of nothing", cy, ["help", "frobnicate"], USAGE, "frobnicate"),
        # Tables, fields, values.
        ("unknown table", cy, ["list", "workers"], USAGE, "worker"),
        ("unknown table to add", cy, ["add", "horse", "name=x"], USAGE, "horse"),
        ("elements are no table", cy, ["add", "worker_skill", "code=infant"], USAGE, "worker_skill"),
        ("unknown field", cy, ["set", "worker", worker, "expected_wag=5000"], USAGE, "expected_wage"),
        ("unknown field to add", cy, ["add", "worker", "name=小王", "wings=2"], USAGE, "wings"),
        ("no assignment", cy, ["set", "worker", worker, "phone"], USAGE, "phone"),
        ("no field", cy, ["set", "worker", worker, "=5"], USAGE, "FIELD=VALUE"),
        ("unknown field in a condition", cy, ["list", "worker", "--where", "wings=2"], USAGE, "wings"),
        ("condition without value", cy, ["list", "worker", "--where", "name"], USAGE, "name"),
        ("bad date", cy, ["set", "worker", worker, "birth_date=1980-02-30"], USAGE, "1980-02-30"),
        ("bad instant", cy, ["add", "order", "service_type=cleaning", "start=tomorrow", "minutes=60"], USAGE, "tomorrow"),
        ("bad number", cy, ["set", "worker", worker, "height=tall"], USAGE, "tall|height"),
        ("bad money", cy, ["set", "worker", worker, "expected_wage=-5", "wage_unit=hour"], USAGE, "expected_wage"),
        ("bad phone", cy, ["set", "worker", worker, "phone=12345"], USAGE, "12345|phone"),
        ("bad ID number", cy, ["set", "worker", worker, "id_no=110105194912310021"], USAGE, "id_no"),
        ("bad code", cy, ["set", "worker", worker, "education=wizard"], USAGE, "wizard"),
        ("bad code in a set", cy, ["set", "worker", worker, "job_types=cleaning,flying"], USAGE, "flying"),
        ("bad level in a set", cy, ["set", "worker", worker, "skills=infant:9"], USAGE, "skills|level"),
        ("bad degrees", hq, ["site", "add", "GM", "国贸店", "--lat", "139.9", "--lon", "116.4"], USAGE, "lat"),
        ("bad reference", cy, ["add", "order", "customer=nobody", "service_type=cleaning"], FAILED, "nobody"),
        ("too long", cy, ["set", "worker", worker, "name=" + "王" * 200], USAGE, "name"),
        ("control characters", cy, ["set", "worker", worker, "name=a\x07b"], USAGE, "name"),
        ("required field", cy, ["add", "worker", "phone=13800138002"], USAGE, "name"),
        ("half a schedule", cy, ["add", "order", "service_type=cleaning", "start=2026-12-01T09:00"], USAGE, "minutes"),
        ("end before start", cy, ["add", "availability", f"worker={worker}", "start=2026-12-02T09:00",
                                  "end=2026-12-02T08:00", "state=leave"], USAGE, "start|end"),
        ("leave over a promise", cy, ["add", "availability", f"worker={worker}", "start=2026-12-01T00:00",
                                      "end=2026-12-02T00:00", "state=leave"], REFUSED, "promise"),
        ("phone of somebody else", cy, ["set", "worker", worker, "phone=13800138001"], REFUSED, "CYA0002"),
        ("fixed field", cy, ["set", "worker", worker, "site=YL"], REFUSED, "site"),
        # Records that are not there, or not to be written.
        ("bad id", cy, ["get", "worker", "%%%"], FAILED, "%%%"),
        ("unknown id", cy, ["get", "worker", NO_ID], FAILED, NO_ID),
        ("unknown number", cy, ["set", "worker", "CYA9999", "note=x"], FAILED, "CYA9999"),
        ("id of another table", cy, ["get", "order", worker], FAILED, worker),
        ("remove what is not there", cy, ["remove", "worker", NO_ID], FAILED, NO_ID),
        ("derived table", cy, ["set", "booking", c.claim, "state=served"], REFUSED, "booking"),
        ("derived table to add", cy, ["add", "order_state", "state=completed"], REFUSED, "order_state"),
        ("fact to change", cy, ["set", "claim", c.claim, "reason=x"], REFUSED, "claim"),
        ("fact to remove", cy, ["remove", "claim", c.claim], REFUSED, "claim"),
        ("log of nobody", cy, ["log", "worker", "CYA9999"], FAILED, "CYA9999"),
        ("no such conflict", cy, ["resolve", "worker", worker, "intro", "--value", "x"], FAILED, "intro"),
        ("conflict of no field", cy, ["resolve", "worker", worker, "wings", "--value", "x"], USAGE, "wings"),
        ("resolve in no way", cy, ["resolve", "worker", worker, "intro"], USAGE, "--take"),
        ("resolve in two ways", cy, ["resolve", "worker", worker, "intro", "--take", "1", "--both"], USAGE, "--take"),
        ("resolve nothing", cy, ["resolve", "--take", "1"], USAGE, "TABLE"),
        ("resolve all of nobody", cy, ["resolve", "--all-of", "mine"], USAGE, "mine"),
        ("resolve all of no table", cy, ["resolve", "wings", "--all-of", "ours"], USAGE, "wings"),
        ("resolve all of no field", cy, ["resolve", "worker", "wings", "--all-of", "ours"], USAGE, "wings"),
        ("merge orders", cy, ["merge", "order", order, c.second], USAGE, "order"),
        ("merge with itself", cy, ["merge", "worker", worker, worker], REFUSED, "one person"),
        ("merge with nobody", cy, ["merge", "worker", worker, "CYA9999"], FAILED, "CYA9999"),
        ("merge worker and customer", cy, ["merge", "customer", worker, worker], FAILED, worker),
        ("unmerge who is one", cy, ["unmerge", "worker", worker], FAILED, worker),
        ("unmerge nobody", cy, ["unmerge", "worker", NO_ID], FAILED, NO_ID),
        ("tell apart orders", cy, ["tell-apart", "order", order, c.second], USAGE, "order"),
        ("tell apart from nobody", cy, ["tell-apart", "worker", worker, "CYA9999"], FAILED, "CYA9999"),
        ("grants of nobody", hq, ["grants", "CYA9999"], FAILED, "CYA9999"),
        ("grants of an order", hq, ["grants", order], FAILED, order),
        ("rotate nothing", hq, ["rotate-keys"], USAGE, "--node"),
        ("rotate both", hq, ["rotate-keys", worker, "--node", "CY-A"], USAGE, "--node"),
        ("rotate nobody", hq, ["rotate-keys", "CYA9999"], FAILED, "CYA9999"),
        ("rotate no PC", hq, ["rotate-keys", "--node", "XX-Z"], FAILED, "XX-Z"),
        ("rotate for no cause", hq, ["rotate-keys", worker, "--cause", "wings"], USAGE, "wings"),
        ("rotate at a store", cy, ["rotate-keys", worker], REFUSED, "head office"),
        ("erase nobody", hq, ["erase", "CYA9999", "--yes"], FAILED, "CYA9999"),
        ("erase without a name", hq, ["erase", "--yes"], USAGE, "--status"),
        ("erase for no cause", hq, ["erase", worker, "--yes", "--cause", "wings"], USAGE, "wings"),
        ("erase with nobody to ask", hq, ["erase", worker], REFUSED, "--yes"),
        ("erase at a store", cy, ["erase", worker, "--yes"], REFUSED, "head office"),
        ("erasure written by a store", cy, ["add", "erasure", f"person={worker}", "kind=worker"], REFUSED, "head office"),
        ("erasure done by another PC", cy, ["add", "erasure_done", f"erasure={NO_ID}", f"node={NO_ID}"], FAILED, NO_ID),
        ("status of nobody", hq, ["erase", "--status", "CYA9999"], FAILED, "CYA9999"),
        ("pair written by a store", cy, ["add", "duplicate", "kind=worker", f"first={worker}", f"second={c.other}", "reason=phone"],
         REFUSED, "head office"),
        ("alias of a stranger", cy, ["add", "alias", "kind=worker", f"from_id={NO_ID}", f"to_id={worker}"], USAGE, "two different"),
        ("alias of another kind", cy, ["add", "alias", "kind=dog", f"from_id={NO_ID}", f"to_id={worker}"], USAGE, "."),
        ("as of no time", cy, ["as-of", "yesterday", "worker", worker], USAGE, "yesterday"),
        ("as of before the beginning", cy, ["as-of", "2020-01-01T00:00", "worker", worker], FAILED, "at that time"),
        ("as of nobody", cy, ["as-of", "2026-12-01T09:00", "worker", "CYA9999"], FAILED, "CYA9999"),
        ("as of no table", cy, ["as-of", "2026-12-01T09:00", "wings", "CYA9999"], USAGE, "wings"),
        ("seen by no entry", cy, ["as-of", "2026-12-01T09:00", "worker", worker, "--seen-by", "nobody"], USAGE, "nobody"),
        ("seen by entry 0", cy, ["as-of", "2026-12-01T09:00", "worker", worker, "--seen-by", "0011223344556677:0"], USAGE, ":0"),
        ("seen by a stranger", cy, ["as-of", "2026-12-01T09:00", "worker", worker, "--seen-by", "0011223344556677:5"], FAILED,
         "0011223344556677"),
        # Promises.
        ("match no order", cy, ["match", "DCYA9999"], FAILED, "DCYA9999"),
        ("unfit worker", cy, ["book", c.second, c.other, "2026-12-01T10:00", "2026-12-01T13:00"], REFUSED, "service|job"),
        ("busy worker", cy, ["book", c.second, worker, "2026-12-01T10:00", "2026-12-01T13:00"], REFUSED, "free|promised"),
        ("filled order", cy, ["book", order, worker, "2026-12-01T09:00", "2026-12-01T12:00"], REFUSED, "."),
        ("force without reason", cy, ["book", c.second, c.other, "2026-12-01T10:00", "2026-12-01T13:00", "--force"], USAGE,
         "--reason"),
        ("start without end", cy, ["book", c.second, worker, "2026-12-01T10:00"], USAGE, "END"),
        ("end before its start", cy, ["book", c.second, worker, "2026-12-01T13:00", "2026-12-01T10:00"], USAGE, "after"),
        ("times that are none", cy, ["book", c.second, worker, "ten", "noon"], USAGE, "ten"),
        ("book nobody", cy, ["book", c.second, NO_ID, "2026-12-01T10:00", "2026-12-01T13:00"], FAILED, NO_ID),
        ("dropout of nothing", cy, ["dropout", NO_ID, "--reason", "x"], FAILED, NO_ID),
        ("dropout twice", cy, ["dropout", c.dropped, "--reason", "x"], REFUSED, "."),
        # Rights.
        ("site by a store", cy, ["site", "add", "GM", "国贸店", "--lat", "39.9", "--lon", "116.4"], REFUSED, "[Hh]ead office"),
        ("staff by a store", cy, ["add", "staff", "code=CY02", "site=CY", "role=clerk"], REFUSED, "[Hh]ead office"),
        ("company by a store", cy, ["set", "site", "CY", "phone=01012345678"], REFUSED, "[Hh]ead office"),
        ("invite by a store", cy, ["invite", "CY"], REFUSED, "[Hh]ead office"),
        ("approve by a store", cy, ["approve", "123456"], REFUSED, "[Hh]ead office"),
        ("ruling by a store", cy, ["add", "ruling", f"claim={c.claim}", "verdict=holds"], REFUSED, "[Hh]ead office"),
        ("nobody's name", cy, ["--as", "CY99", "set", "worker", worker, "note=x"], FAILED, "CY99"),
        ("staff of another site", cy, ["--as", "YL01", "set", "worker", worker, "note=x"], REFUSED, "YL01"),
        # Joining.
        ("site twice", hq, ["site", "add", "CY", "又一个", "--lat", "39.9", "--lon", "116.4"], REFUSED, "CY"),
        ("bad site code", hq, ["site", "add", "no good", "店", "--lat", "39.9", "--lon", "116.4"], USAGE, "no good"),
        ("invite to nowhere", hq, ["invite", "XX"], FAILED, "XX"),
        ("approve nobody", hq, ["approve", "123456"], FAILED, "123456"),
        ("approve words", hq, ["approve", "please"], FAILED, "please"),
        ("init over a store", cy, ["init", "--company", "x", "--code", "X", "--hub", "http://127.0.0.1:1"], REFUSED, "exist"),
        ("init with a bad code", c.node("new.yuelai"), ["init", "--company", "x", "--code", "lower", "--hub",
                                                        "http://127.0.0.1:1"], USAGE, "lower"),
        ("init with a bad address", c.node("new.yuelai"), ["init", "--company", "x", "--code", "X", "--hub", "nonsense"],
         USAGE, "nonsense"),
        ("init nowhere", nowhere, ["init", "--company", "x", "--code", "X", "--hub", "http://127.0.0.1:1"], FAILED, "/nowhere"),
        ("join over a store", cy, ["join", c.code], REFUSED, "exist"),
        ("join with rubbish", c.node("new.yuelai"), ["join", "rubbish"], USAGE, "code"),
        ("join with half a code", c.node("new.yuelai"), ["join", c.code[:len(c.code) // 2]], USAGE, "code"),
        ("join off line", c.node("new.yuelai"), ["join", c.code], OFFLINE, "127.0.0.1"),
        # Files.
        ("no store named", None, ["list", "worker"], USAGE, "--store"),
        ("no such store", nowhere, ["list", "worker"], FAILED, "/nowhere"),
        ("a directory", c.node("full"), ["list", "worker"], CORRUPT, "full"),
        ("half a file", c.node("half.yuelai"), ["list", "worker"], CORRUPT, "half"),
        ("half a header", c.node("header.yuelai"), ["list", "worker"], CORRUPT, "header"),
        ("empty file", c.node("empty.yuelai"), ["list", "worker"], CORRUPT, "empty"),
        ("garbage", c.node("garbage.yuelai"), ["list", "worker"], CORRUPT, "garbage"),
        ("scribbled over", c.node("scribbled.yuelai"), ["fsck"], CORRUPT, "."),
        ("foreign database", c.node("foreign.yuelai"), ["list", "worker"], CORRUPT, "foreign"),
        ("newer store", c.node("newer.yuelai"), ["list", "worker"], FAILED, "newer"),
        ("import of nothing", cy, ["import", "worker", c.path("none.csv")], FAILED, "none.csv"),
        ("import of no table", cy, ["import", "horse", c.path("bad.csv")], USAGE, "horse"),
        ("import into a fact", cy, ["import", "claim", c.path("bad.csv")], USAGE, "claim"),
        ("import of strange columns", cy, ["import", "worker", c.path("bad.csv")], USAGE, "colour"),
        ("import of bytes", cy, ["import", "worker", c.path("binary.csv")], USAGE, "binary.csv"),
        ("import of emptiness", cy, ["import", "worker", c.path("empty.csv")], USAGE, "empty.csv"),
        ("export over files", cy, ["log", "export", c.path("full")], REFUSED, "full"),
        ("auditor of a store", cy, ["auditor", "add", "kpmg"], REFUSED, "head office"),
        ("auditor with a colon", hq, ["auditor", "add", "a:b"], USAGE, "a:b"),
        ("auditor unknown", hq, ["auditor", "remove", "nobody"], FAILED, "nobody"),
        ("export to nowhere", cy, ["log", "export", "/nowhere/at/all"], FAILED, "/nowhere"),
        ("demo over files", None, ["demo", "--dir", c.path("full")], REFUSED, "full"),
        # What protects the file.
        ("key file that is another's", cy, ["--key-file", c.path("other.key"), "list", "worker"], REFUSED, "not the one"),
        ("key file that is none", cy, ["--key-file", c.path("bad.csv"), "list", "worker"], REFUSED, "bad.csv"),
        ("key file open to all", cy, ["--key-file", c.path("open.key"), "list", "worker"], REFUSED, "chmod"),
        ("no such key file", cy, ["--key-file", c.path("none.key"), "list", "worker"], REFUSED, "none.key"),
        ("key file that is a folder", cy, ["--key-file", c.path("full"), "list", "worker"], REFUSED, "full"),
        ("lock by nothing", cy, ["lock"], USAGE, "--passphrase"),
        ("lock by two things", cy, ["lock", "--passphrase", "--keyring"], USAGE, "--passphrase"),
        ("lock by a keyring that is not there", cy, ["lock", "--keyring"], REFUSED, "keyring"),
        ("lock by a passphrase nobody can type", cy, ["lock", "--passphrase"], REFUSED, "terminal"),
        ("lock by a key file nowhere", cy, ["lock", "--key-file", "/nowhere/at/all"], REFUSED, "/nowhere"),
        ("bundle over a file", cy, ["bundle", "write", c.path("bad.csv")], REFUSED, "bad.csv"),
        ("bundle to nowhere", cy, ["bundle", "write", "/nowhere/at/all"], FAILED, "nowhere"),
        ("bundle for nobody", cy, ["bundle", "write", c.path("new.ylb"), "--for", "CY-Z"], FAILED, "CY-Z"),
        ("no bundle", cy, ["bundle", "read", c.path("none.ylb")], FAILED, "none.ylb"),
        ("a table as bundle", cy, ["bundle", "read", c.path("bad.csv")], USAGE, "bad.csv"),
        ("bytes as bundle", cy, ["bundle", "read", c.path("binary.csv")], USAGE, "binary.csv"),
        # The other side.
        ("checkpoint at a store", cy, ["checkpoint", "make"], REFUSED, "head office"),
        ("no checkpoint to verify", cy, ["checkpoint", "verify"], FAILED, "checkpoint"),
        ("backup over a file", hq, ["backup", c.path("bad.csv")], REFUSED, "bad.csv"),
        ("backup to nowhere", hq, ["backup", "/nowhere/at/all"], FAILED, "/nowhere"),
        ("no such backup", hq, ["backup", "verified", c.path("none.yuelai")], FAILED, "none.yuelai"),
        ("a backup that is none", hq, ["backup", "verified", c.path("bad.csv")], CORRUPT, "."),
        ("backup verified at a store", cy, ["backup", "verified", c.path("none.yuelai")], REFUSED, "head office"),
        ("prune at head office", hq, ["prune"], REFUSED, "head office"),
        ("prune over nothing", cy, ["prune", "--over", "x"], USAGE, "over"),
        ("prune at a negative age", cy, ["prune", "--older", "-1"], USAGE, "older"),
        ("prune off line", cy, ["prune"], OFFLINE, "127.0.0.1"),
        ("hub unreachable", cy, ["sync"], OFFLINE, "127.0.0.1"),
        ("peer unreachable", cy, ["sync", "--peer", "http://127.0.0.1:9"], OFFLINE, "127.0.0.1:9"),
        ("peer without a name", cy, ["sync", "--peer", "http://no.such.host.invalid"], OFFLINE, "no.such.host.invalid"),
        ("peer that is no address", cy, ["sync", "--peer", "nonsense"], USAGE, "nonsense"),
        ("peer that is watched", cy, ["sync", "--watch", "--peer", "http://127.0.0.1:9"], USAGE, "--peer"),
        ("relay unreachable", cy, ["sync", "--with", "http://127.0.0.1:9"], OFFLINE, "127.0.0.1:9"),
        ("relay that is no address", cy, ["sync", "--with", "nonsense"], USAGE, "nonsense"),
        ("relay that is a hub", hq, ["hub", "--relay", "--listen", "127.0.0.1:0"], REFUSED, "--relay"),
        ("relay on a socket", cy, ["hub", "--relay", "--listen", "unix:/nowhere/socket"], USAGE, "unix:"),
        ("hub on no address", hq, ["hub", "--listen", "nonsense"], USAGE, "nonsense"),
        ("hub on no port", hq, ["hub", "--listen", "127.0.0.1:99999"], USAGE, "99999"),
        ("hub on somebody else's address", hq, ["hub", "--listen", "192.0.2.1:8470"], FAILED, "192.0.2.1"),
    )


def rows_of_all_verbs(c):
    """What no verb takes, for each in the program's own list."""
    listed = subprocess.run([c.cy.program, "help"], env=environment(), capture_output=True, text=True, check=True).stdout
    verbs = [line[2:20].strip() for line in listed.splitlines() if re.match("  [a-z]", line)]
    assert len(verbs) > 40, verbs
    for verb in verbs:
        yield (f"{verb}: option of nothing", c.cy, [*verb.split(), "--nonsense"], USAGE, "--nonsense")
        yield (f"{verb}: words of nothing", c.cy, [*verb.split(), *["nonsense"] * 9], USAGE, "nonsense")


def fingerprint(node, arguments):
    """The bytes of a store and of what lies beside it, but for what SQLite's readers share and an empty WAL; a sync and a hub take
    notes of their own, so there the state."""
    path = pathlib.Path(node.store)
    if not path.is_file():
        return path.exists()
    if arguments[0] in ("sync", "hub"):
        return node.state_hash()
    beside = [file for file in path.parent.glob(path.name + "*") if not file.name.endswith("-shm")]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in beside if file.stat().st_size > 0}


def assert_one_line(done, code, pattern):
    assert done.returncode == code, f"exit {done.returncode} instead of {code}: {done.stderr}"
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("yuelaictl: "), f"not one line: {done.stderr}"
    assert re.search(pattern, lines[0]), f"does not say {pattern}: {lines[0]}"
    assert len(lines[0]) > len("yuelaictl: ") + 15, f"says too little: {lines[0]}"
    assert done.stdout == "", f"prints a result: {done.stdout}"


def run_row(company, node, arguments, code, pattern):
    command = node.command() if node is not None else [company.cy.program]
    words = [word if isinstance(word, bytes) else str(word) for word in [*command, *arguments]]
    before = fingerprint(node, arguments) if node is not None else None
    done = subprocess.run(words, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT)
    assert_one_line(done, code, pattern)
    if node is not None:
        assert fingerprint(node, arguments) == before, "the store changed"


def check_rubbish(company, kind, url):
    done = company.cy.run("sync", "--peer", f"{url}/{kind}", check=False)
    assert_one_line(done, FAILED, "127.0.0.1|hub|answer")


def check_silent_hub(company):
    """Takes every connection and hangs up at once."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def hang_up():
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return
        threading.Thread(target=hang_up, daemon=True).start()
        done = company.cy.run("sync", "--peer", f"http://127.0.0.1:{server.getsockname()[1]}", check=False)
        server.shutdown(socket.SHUT_RDWR)
    assert_one_line(done, OFFLINE, "127.0.0.1")


def check_used_code(company):
    """With the hub there, the code is what is wrong."""
    url = company.hq.json("list", "company")[0]["hub_url"]
    hub = Hub(company.hq, url.split("//")[1])
    try:
        late = company.node("late.yuelai")
        garbled = company.code[:-4] + ("AAAA" if company.code[-4:] != "AAAA" else "BBBB")
        for code, exits in ((company.used_code, (REFUSED,)), (garbled, (USAGE, REFUSED))):
            done = late.run("join", code, check=False)
            assert done.returncode in exits, (done.returncode, done.stderr)
            assert_one_line(done, done.returncode, "code")
            assert not pathlib.Path(late.store).exists(), "half a store is left"
    finally:
        hub.stop()


def check_foreign_hub(company):
    """A store knocks at another company's door."""
    other = company.node("other.yuelai")
    other.run("init", "--company", "别家", "--code", "BJ", "--hub", "http://127.0.0.1:1")
    before = company.cy.state_hash()
    hub = Hub(other, "127.0.0.1:0")
    try:
        done = company.cy.run("sync", "--peer", hub.url, check=False)
        assert_one_line(done, REFUSED, "company")
        assert company.cy.state_hash() == before
    finally:
        hub.stop()


def check_port_taken(company):
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = company.hq.run("hub", "--listen", f"127.0.0.1:{server.getsockname()[1]}", check=False)
    assert_one_line(done, FAILED, "127.0.0.1")


def check_file_size_limit(company):
    """The file may not grow: as a quota does it."""
    store = company.path("quota.yuelai")
    shutil.copy(company.cy.store, store)
    node = company.node(store.name)
    before = node.state_hash()

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = node.run("add", "worker", "name=没地方了", check=False, preexec_fn=limit)
    assert_one_line(done, FAILED, "quota.yuelai|disk|write")
    assert node.state_hash() == before
    node.run("fsck")


def in_mount_namespace(script, *arguments):
    """Runs a shell script with mounts of its own; None where that is not permitted."""
    unshare = ["unshare", "--mount", "--map-root-user"]
    try:
        if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode != 0:
            return None
        done = subprocess.run([*unshare, "sh", "-c", script, "sh", *map(str, arguments)],
                              env=environment(), capture_output=True, text=True, timeout=TIMEOUT)
    except FileNotFoundError:
        return None
    return None if done.returncode == 77 else done


def check_full_disk(company, tap):
    mount = company.path("small")
    mount.mkdir()
    size = pathlib.Path(company.cy.store).stat().st_size // 1024 + 64
    script = f"""mount -t tmpfs -o size={size}k tmpfs "$1" && cp "$2" "$1/s.yuelai" || exit 77
        "$3" --store "$1/s.yuelai" state-hash > "$4" || exit 78
        dd if=/dev/zero of="$1/fill" bs=1k 2> /dev/null
        "$3" --store "$1/s.yuelai" add worker name=没地方了; code=$?
        rm "$1/fill"
        test "$("$3" --store "$1/s.yuelai" state-hash)" = "$(cat "$4")" || exit 79
        "$3" --store "$1/s.yuelai" fsck > "$4" || exit 80
        exit $code"""
    done = in_mount_namespace(script, mount, company.cy.store, company.cy.program, company.path("before"))
    if done is None:
        tap.skip("full disk", "mounts are not permitted here")
    else:
        tap.check("full disk", assert_one_line, done, FAILED, "full")


def check_read_only(company, tap):
    mount = company.path("readonly")
    mount.mkdir()
    script = """mount -t tmpfs tmpfs "$1" && cp "$2" "$1/s.yuelai" && mount -o remount,ro "$1" || exit 77
        exec "$3" --store "$1/s.yuelai" add worker name=不让写"""
    done = in_mount_namespace(script, mount, company.cy.store, company.cy.program)
    if done is None:
        tap.skip("read-only disk", "mounts are not permitted here")
    else:
        tap.check("read-only disk", assert_one_line, done, FAILED, "s.yuelai|read")


def check_full_output(company):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(company.cy.command("list", "worker"), env=environment(), stdout=full, stderr=subprocess.PIPE,
                              text=True, timeout=TIMEOUT)
    done.stdout = ""
    assert_one_line(done, FAILED, "output")


def main():
    program = os.path.abspath(sys.argv[1])
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-bad-") as directory:
        company = Company(program, directory)
        before = (company.hq.state_hash(), company.cy.state_hash())
        for name, node, arguments, code, pattern in (*rows(company), *rows_of_all_verbs(company)):
            tap.check(name, run_row, company, node, arguments, code, pattern)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), RubbishHub)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for kind in RUBBISH:
            tap.check(f"hub answers rubbish: {kind}", check_rubbish, company, kind, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        for name, check in (("hub hangs up", check_silent_hub), ("used and garbled codes", check_used_code),
                            ("another company's hub", check_foreign_hub), ("port taken", check_port_taken), ("quota", check_file_size_limit),
                            ("output that takes nothing", check_full_output)):
            tap.check(name, check, company)
        check_full_disk(company, tap)
        check_read_only(company, tap)
        tap.report((company.hq.state_hash(), company.cy.state_hash()) == before, "both stores are as they were")
    tap.done()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Erasing a person, with real processes: afterwards nothing of her is found in any byte of any PC, and the log is whole.

    test-erase.py YUELAICTL
"""

import base64
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile

from yuelai import TIMEOUT, Hub, Node, Tap, environment

NAME, PHONE, ID_NO = "欧阳秀英", "13911223344", "110101199003077504"
LATER_PHONE, LATER_NOTE = "13955667788", "她说下周搬到青岛去"
CUSTOMER, CUSTOMER_PHONE, ADDRESS = "司马淑兰", "13812345679", "朝阳区建国路八十八号院"
SCANNED = "她身份证扫描件上的住址"
NEEDLES = (NAME, PHONE, ID_NO, LATER_PHONE, LATER_NOTE, CUSTOMER, CUSTOMER_PHONE, ADDRESS, SCANNED)


def in_base64(raw):
    """What of the three alignments does not depend on what stands around."""
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        whole = text[-(-shift * 8 // 6):(shift + len(raw)) * 8 // 6]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


def encodings(text):
    for encoding in ("utf-8", "gbk", "utf-16-le", "utf-16-be"):
        raw = text.encode(encoding)
        yield raw
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        yield from in_base64(raw)


def found_in(data, needles=NEEDLES):
    return {needle for needle in needles for form in encodings(needle) if form in data}


class Story:
    """Each scene follows the one before."""

    def __init__(self, program, directory):
        self.directory = pathlib.Path(directory)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.hq, self.cy, self.gm, self.away = (Node(program, self.directory / f"{name}.yuelai")
                                                for name in ("hq", "cy", "gm", "away"))
        self.nodes = (self.hq, self.cy, self.gm, self.away)
        self.hub = None
        self.said = []

    def say(self, node, *arguments, check=True):
        """Runs a command and keeps all it prints: that is log output too."""
        done = node.run(*arguments, check=check)
        self.said.append(done.stdout + done.stderr)
        return done

    def company_opens(self):
        self.hq.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{self.address}")
        for code in ("CY", "GM"):
            self.hq.run("site", "add", code, code, "--lat", "39.9", "--lon", "116.4")
        self.hub = Hub(self.hq, self.address)
        for node, code in ((self.cy, "CY"), (self.gm, "GM"), (self.away, "CY")):
            node.run("join", self.hq.word("invite", code, "--approved"))

    def everybody_who_may_reads_her(self):
        self.worker = self.cy.word("add", "worker", f"name={NAME}", f"phone={PHONE}", f"id_no={ID_NO}", "job_types=cleaning",
                                   f"note={NAME} 会做川菜")
        household = self.cy.word("add", "household", f"address={ADDRESS}", "community=望京西园", "lat=39.99", "lon=116.48")
        self.customer = self.cy.word("add", "customer", f"name={CUSTOMER}", f"phone={CUSTOMER_PHONE}",
                                     f"household={household}")
        self.cy.run("add", "order", f"customer={self.customer}", f"household={household}", "service_type=cleaning",
                    "schedule=one_off", "start=2026-12-03T09:00", "minutes=120", f"note=找{CUSTOMER}")
        order = self.gm.word("add", "order", "service_type=cleaning", "schedule=one_off", "start=2026-12-01T09:00",
                             "minutes=120")
        self.household = household
        self.scan = self.directory.parent / "身份证.pdf"
        self.scan.write_bytes(b"%PDF-1.4\n" + f"{SCANNED} {ID_NO}\n".encode() * 200 + b"%%EOF\n")
        self.attachment = self.cy.word("attach", "worker", self.worker, self.scan, "--kind", "scan")
        for node in (self.cy, self.away, self.gm):
            node.run("sync")
        self.fetch_scan(self.hq, "before.pdf", 0)
        assert self.gm.json("get", "worker", self.worker)["name"] is None, "another store's worker"
        self.gm.run("book", order, self.worker)
        self.gm.run("sync")
        worker = self.gm.json("get", "worker", self.worker)
        assert (worker["name"], worker["phone"], worker["id_no"]) == (NAME, PHONE, None), worker
        assert {grant["pc"] for grant in self.hq.json("grants", self.worker)} == {"YL-A", "CY-A", "CY-B", "GM-A"}

    def fetch_scan(self, node, name, code):
        out = self.directory.parent / name
        done = node.run("attachment", "get", self.attachment, out, check=False)
        assert done.returncode == code, done
        assert code != 0 or out.read_bytes() == self.scan.read_bytes()

    def the_search_finds_her(self):
        for node in (self.hq, self.cy, self.away):
            seen = "".join(node.run("get", table, record).stdout for table, record in
                           (("worker", self.worker), ("customer", self.customer), ("household", self.household)))
            for forms in (seen.encode(encoding) for encoding in ("utf-8", "gbk", "utf-16-le", "utf-16-be")):
                assert found_in(forms) == {NAME, PHONE, ID_NO, CUSTOMER, CUSTOMER_PHONE, ADDRESS}
            for packed in (seen, " " + seen, "  " + seen):
                assert NAME in found_in(base64.b64encode(packed.encode()))
            assert NAME in found_in(seen.encode().hex().encode())

    def she_is_edited_out_of_sight(self):
        self.away.run("set", "worker", self.worker, f"phone={LATER_PHONE}", f"note={LATER_NOTE}")
        self.keys = set()
        for node in self.nodes:
            with sqlite3.connect(f"file:{node.store}?mode=ro", uri=True) as database:
                self.keys |= {bytes(row[0]) for row in database.execute(
                    "SELECT key FROM seal_key WHERE person IN (?, ?, ?)", (self.worker, self.customer, self.household))}
        assert len(self.keys) > 8

    def only_head_office_erases(self):
        assert self.cy.run("erase", self.worker, "--yes", check=False).returncode == 5
        assert self.hq.run("erase", self.worker, check=False).returncode == 5, "nobody was asked"
        assert self.hq.json("get", "worker", self.worker)["name"] == NAME

    def head_office_erases(self):
        (status,) = self.hq.json("erase", self.worker, "--yes", "--cause", "asked")
        assert (status["done"], status["not_yet"]) == (["YL-A"], ["CY-A", "CY-B", "GM-A"]), status
        erased = {found["number"] for found in self.hq.json("erase", self.customer, "--yes")}
        assert len(erased) == 1 and len(self.hq.json("erase", "--status")) == 3, "her household goes too"
        assert self.hq.run("erase", self.worker, "--yes", check=False).returncode == 5, "once is enough"
        assert found_in(pathlib.Path(self.hq.store).read_bytes()) == set()

    def stores_carry_it_out(self):
        for node in (self.cy, self.gm, self.cy):
            self.say(node, "sync")
        (status,) = self.hq.json("erase", "--status", self.worker)
        assert (status["done"], status["not_yet"]) == (["CY-A", "GM-A", "YL-A"], ["CY-B"]), status

    def the_one_who_was_away_comes_back(self):
        assert self.away.json("get", "worker", self.worker)["phone"] == LATER_PHONE
        for node in (self.away, self.cy, self.gm, self.away):
            self.say(node, "sync")
        for status in self.hq.json("erase", "--status"):
            assert status["not_yet"] == [], status
        assert len({node.state_hash() for node in self.nodes}) == 1

    def her_record_says_so(self):
        for node in self.nodes:
            worker = node.json("get", "worker", self.worker)
            assert worker["erased"] is True and worker["worker_no"] == "CYA0001" and worker["job_types"] == "cleaning"
            assert (worker["name"], worker["phone"], worker["id_no"], worker["note"]) == (None,) * 4, worker
            assert "name: (erased)" in self.say(node, "get", "worker", self.worker).stdout
            self.fetch_scan(node, f"after-{pathlib.Path(node.store).name}.pdf", 5)
            refused = node.run("set", "worker", self.worker, "phone=13900000000", check=False)
            assert refused.returncode == 5 and "erased" in refused.stderr, refused
            assert node.json("grants", self.worker) == []
            for command in (("list", "worker"), ("list", "customer"), ("list", "order"), ("conflicts",), ("log",),
                            ("status",), ("log", "worker", self.worker), ("today",)):
                self.say(node, *command, check=False)

    def the_log_is_whole(self):
        for node in self.nodes:
            self.say(node, "fsck")
            self.say(node, "log", "verify")
        self.export = self.directory / "export"
        self.say(self.hq, "log", "export", self.export)
        refs = subprocess.run(["git", "-C", self.export, "for-each-ref", "--format=%(refname)"], capture_output=True,
                              text=True, check=True, timeout=TIMEOUT, env=environment()).stdout.split()
        assert len(refs) == 5, refs
        for ref in refs:
            subprocess.run(["git", "-C", self.export, "-c", f"gpg.ssh.allowedSignersFile={self.export}/allowed_signers",
                            "verify-commit", ref], check=True, capture_output=True, timeout=TIMEOUT, env=environment())
        self.say(self.cy, "rebuild")
        assert self.cy.state_hash() == self.hq.state_hash()
        assert self.cy.json("get", "worker", self.worker)["name"] is None

    def nothing_of_her_is_left(self):
        self.copy_everything()
        self.say(self.hq, "bundle", "write", self.directory / "all.bundle", "--all")
        self.say(self.hq, "bundle", "write", self.directory / "for-cy.bundle", "--for", "CY-A", "--all")
        (self.directory / "said.log").write_text("".join(self.said), encoding="utf-8")
        looked_at = []
        for path in self.directory.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                left = found_in(data)
                assert not left, f"{path.name}: {left}"
                assert not [key for key in self.keys if key in data], f"{path.name} holds a key"
                looked_at.append(path.name)
        for expected in ("hq.yuelai", "away.yuelai", "hq.yuelai-wal", "backup-gm.yuelai", "all.bundle", "for-cy.bundle", "said.log"):
            assert expected in looked_at, looked_at

    def copy_everything(self):
        """Backups, made while the hub has its file open, and what a program that is killed leaves."""
        for node in self.nodes:
            for path in self.directory.glob(f"{pathlib.Path(node.store).name}*"):
                shutil.copyfile(path, self.directory / f"backup-{path.name}")

    def a_copy_from_before_is_erased_by_the_next_sync(self):
        shutil.copyfile(self.before, self.cy.store)
        for suffix in ("-wal", "-shm"):
            pathlib.Path(self.cy.store + suffix).unlink(missing_ok=True)
        assert self.cy.json("get", "worker", self.worker)["name"] == NAME, "the copy is from before"
        self.cy.run("sync", check=False)
        assert self.cy.json("get", "worker", self.worker)["name"] is None
        data = pathlib.Path(self.cy.store).read_bytes()
        assert not [key for key in self.keys if key in data]

    def she_may_come_again(self):
        again = self.cy.word("add", "worker", f"name={NAME}", f"phone={PHONE}", f"id_no={ID_NO}")
        assert again != self.worker
        self.cy.run("sync")
        assert self.hq.json("get", "worker", again)["name"] == NAME
        assert self.hq.json("get", "worker", self.worker)["name"] is None

    def keep_a_copy(self):
        """As a backup does, while the file is open."""
        self.before = self.directory.parent / f"{self.directory.name}-before.yuelai"
        with sqlite3.connect(self.cy.store) as source, sqlite3.connect(self.before) as target:
            source.backup(target)


SCENES = ("company_opens", "everybody_who_may_reads_her", "the_search_finds_her", "keep_a_copy", "she_is_edited_out_of_sight",
          "only_head_office_erases", "head_office_erases", "stores_carry_it_out", "the_one_who_was_away_comes_back",
          "her_record_says_so", "the_log_is_whole", "nothing_of_her_is_left",
          "a_copy_from_before_is_erased_by_the_next_sync", "she_may_come_again")


def main():
    program = os.path.abspath(sys.argv[1])
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-erase-") as outer:
        directory = pathlib.Path(outer) / "pcs"
        directory.mkdir()
        for name in ("STATE", "CACHE", "DATA", "CONFIG"):
            os.environ[f"XDG_{name}_HOME"] = str(directory / name.lower())
        story = Story(program, directory)
        told = True
        for scene in SCENES:
            if told:
                told = tap.check(scene.replace("_", " "), getattr(story, scene))
            else:
                tap.skip(scene.replace("_", " "), "an earlier scene failed")
        if story.hub is not None:
            story.hub.kill()
    tap.done()


main()

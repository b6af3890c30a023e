#!/usr/bin/python3
"""An auditor with stock git: clone and fetch from a running hub, verify every signature, push nothing."""

import base64
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from yuelai import Hub, Node, Tap, TIMEOUT, environment  # noqa: E402


class Chain:
    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        self.head = Node(program, self.folder / "head.yuelai")
        self.store = Node(program, self.folder / "cy.yuelai")
        self.clone = self.folder / "audit.git"
        port = 20000 + os.getpid() % 12000
        self.address = f"127.0.0.1:{port}"
        self.head.run("init", "--company", "试", "--code", "YL", "--hub", f"http://{self.address}")
        self.head.run("site", "add", "CY", "朝阳", "--lat", "39.9", "--lon", "116.4")
        self.hub = Hub(self.head, self.address)
        code = self.head.word("invite", "CY", "--approved")
        self.store.run("join", code)
        self.token = self.head.word("auditor", "add", "kpmg")
        self.helper = self.folder / "helper"
        self.helper.write_text(f"#!/bin/sh\necho username=kpmg\necho password={self.token}\n")
        self.helper.chmod(0o700)

    def url(self, path=""):
        return f"http://{self.address}/v1/git{path}"

    def git(self, *arguments, helper=True, check=True):
        options = ["-c", f"credential.helper={self.helper if helper else ''}"]
        env = environment(GIT_TERMINAL_PROMPT="0", GIT_CONFIG_NOSYSTEM="1", HOME=str(self.folder))
        done = subprocess.run(["git", *options, *map(str, arguments)], env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=TIMEOUT)
        if check and done.returncode != 0:
            raise AssertionError(f"git {arguments}: {done.stderr}")
        return done

    def commits(self, repository):
        return set(self.git("-C", repository, "rev-list", "--all").stdout.split())

    def fetched_file(self, path):
        request = urllib.request.Request(self.url(path))
        request.add_header("Authorization", "Basic " + base64.b64encode(f"kpmg:{self.token}".encode()).decode())
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return answer.read()

    def write(self, first, count):
        for i in range(first, first + count):
            self.store.run("add", "worker", f"name=测{i}", f"phone=138000{i:05d}", "job_types=cleaning",
                           "service_mode=hourly")
        self.store.run("sync")

    def exported(self):
        folder = self.folder / "export.git"
        shutil.rmtree(folder, ignore_errors=True)
        self.head.run("log", "export", folder)
        return folder


def clones(chain):
    chain.write(0, 30)
    chain.git("clone", "--mirror", chain.url(), chain.clone)
    assert chain.commits(chain.clone) == chain.commits(chain.exported())
    assert len(chain.commits(chain.clone)) > 30
    chain.git("-C", chain.clone, "fsck", "--strict", "--full")


def fetches(chain):
    before = chain.commits(chain.clone)
    chain.write(30, 7)
    done = chain.git("-C", chain.clone, "fetch", "--verbose")
    after = chain.commits(chain.clone)
    assert len(after - before) >= 7 and before < after
    assert after == chain.commits(chain.exported())
    # Only what was lacking came over.
    assert "pack-reused" not in done.stdout
    packs = sorted((chain.clone / "objects" / "pack").glob("*.pack"), key=lambda path: path.stat().st_mtime)
    loose = [path for path in (chain.clone / "objects").glob("??/*")]
    assert len(loose) < 60 and (len(packs) < 2 or packs[-1].stat().st_size < packs[0].stat().st_size), (packs, loose)


def fetches_nothing(chain):
    before = chain.commits(chain.clone)
    chain.git("-C", chain.clone, "fetch")
    assert chain.commits(chain.clone) == before


def verifies(chain):
    signers = chain.folder / "allowed_signers"
    signers.write_bytes(chain.fetched_file("/allowed_signers"))
    assert signers.read_bytes() == (chain.exported() / "allowed_signers").read_bytes()
    refs = chain.git("-C", chain.clone, "for-each-ref", "--format=%(refname)").stdout.split()
    assert len(refs) >= 2, refs
    for ref in refs:
        chain.git("-C", chain.clone, "-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-commit", ref)
    everything = chain.git("-C", chain.clone, "log", "--all", "--format=%B").stdout
    assert "测1" not in everything and "13800000001" not in everything


def single_branch(chain):
    target = chain.folder / "branch.git"
    chain.git("clone", "--bare", "--single-branch", chain.url(), target)
    assert 0 < len(chain.commits(target)) < len(chain.commits(chain.clone))


def lets_nobody_else(chain):
    assert chain.git("clone", chain.url(), chain.folder / "no.git", helper=False, check=False).returncode != 0
    try:
        urllib.request.urlopen(chain.url("/info/refs?service=git-upload-pack"), timeout=TIMEOUT)
        raise AssertionError("refs without a token")
    except urllib.error.HTTPError as error:
        assert error.code == 401 and "Basic" in error.headers["WWW-Authenticate"]


def takes_no_push(chain):
    work = chain.folder / "work"
    chain.git("clone", chain.url(), work)
    chain.git("-C", work, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "--allow-empty", "-m", "forged")
    assert chain.git("-C", work, "push", "origin", "HEAD:refs/heads/forged", check=False).returncode != 0
    assert "forged" not in chain.git("ls-remote", chain.url()).stdout


def refuses_rubbish(chain):
    for body in (b"", b"0000", b"xxxx", b"0003", b"ffff", b"0032want " + b"0" * 40 + b"\n00000009done\n",
                 b"0009want\n", b"000bpush me\n0000", b"0008done", b"0032want " + b"g" * 40 + b"\n0000"):
        request = urllib.request.Request(chain.url("/git-upload-pack"), data=body, method="POST")
        request.add_header("Authorization", "Basic " + base64.b64encode(f"kpmg:{chain.token}".encode()).decode())
        try:
            urllib.request.urlopen(request, timeout=TIMEOUT)
            raise AssertionError(f"{body!r} was answered")
        except urllib.error.HTTPError as error:
            assert error.code == 400, (body, error.code)


def is_removed(chain):
    assert [auditor["name"] for auditor in chain.head.json("auditor", "list")] == ["kpmg"]
    assert chain.head.run("auditor", "add", "kpmg", check=False).returncode == 5
    chain.head.run("auditor", "remove", "kpmg")
    assert chain.git("-C", chain.clone, "fetch", check=False).returncode != 0


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        chain = Chain(sys.argv[1], folder)
        try:
            tap.check("clone", clones, chain)
            tap.check("incremental fetch", fetches, chain)
            tap.check("fetch of nothing", fetches_nothing, chain)
            tap.check("verify-commit", verifies, chain)
            tap.check("a single branch", single_branch, chain)
            tap.check("name and token are needed", lets_nobody_else, chain)
            tap.check("nothing can be pushed", takes_no_push, chain)
            tap.check("malformed requests", refuses_rubbish, chain)
            tap.check("an auditor removed", is_removed, chain)
        finally:
            chain.hub.kill()
    tap.done()


main()

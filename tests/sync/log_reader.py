#!/usr/bin/python3
"""A second implementation of docs/formats.md: reads an exported log, verifies it and folds it to the state hash.

Shares no code with the program. Standard library, stock git to read objects, ssh-keygen for signatures. What the text says in tables (who
may write what) is read from the text itself.

    log_reader.py DIR FORMATS.md     prints the state hash of the log exported to DIR
"""

import base64
import collections
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
ZERO_ID = "0" * 64
KNOWN_KINDS = ("insert", "update", "delete")
MEMBERS = ["prev", "format", "scope", "writer", "seq", "hlc", "merged", "authority", "actor", "schema", "ops"]


class Fault(Exception):
    """The log is not what the text says it must be."""


def need(condition, what):
    if not condition:
        raise Fault(what)


def blake(data, size):
    return hashlib.blake2b(data, digest_size=size).digest()


def git(folder, *arguments, data=None):
    return subprocess.run(["git", "-C", str(folder), *arguments], input=data, capture_output=True, check=True).stdout


def strict_json(text):
    """RFC 8259 as the gate has it: no name twice, integers within 64 bits only."""

    def members(pairs):
        names = [name for name, _ in pairs]
        need(len(set(names)) == len(names), "a name stands twice in an object")
        return dict(pairs)

    def integer(digits):
        need(-2**63 <= int(digits) < 2**63, "an integer is too large")
        return int(digits)

    def never(number):
        raise Fault(f"{number} is no integer")

    try:
        return json.loads(text, object_pairs_hook=members, parse_int=integer, parse_float=never, parse_constant=never)
    except ValueError as error:
        raise Fault(f"a body is no JSON: {error}") from error


class Ed25519:
    """Signatures that are not in git's form: verification as in RFC 8032, section 5.1.7."""

    P = 2**255 - 19
    L = 2**252 + 27742317777372353535851937790883648493
    D = -121665 * pow(121666, -1, P) % P

    @classmethod
    def add(cls, a, b):
        (x1, y1), (x2, y2) = a, b
        k = cls.D * x1 * x2 * y1 * y2
        x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, cls.P)
        y = (y1 * y2 + x1 * x2) * pow(1 - k, -1, cls.P)
        return x % cls.P, y % cls.P

    @classmethod
    def times(cls, number, point):
        sum_ = (0, 1)
        while number:
            if number & 1:
                sum_ = cls.add(sum_, point)
            point, number = cls.add(point, point), number >> 1
        return sum_

    @classmethod
    def point(cls, data):
        y = int.from_bytes(data, "little")
        sign, y = y >> 255, y & (2**255 - 1)
        square = (y * y - 1) * pow(cls.D * y * y + 1, -1, cls.P) % cls.P
        x = pow(square, (cls.P + 3) // 8, cls.P)
        if (x * x - square) % cls.P:
            x = x * pow(2, (cls.P - 1) // 4, cls.P) % cls.P
        need((x * x - square) % cls.P == 0, "a key is no point of the curve")
        return (cls.P - x if x & 1 != sign else x), y

    @classmethod
    def verify(cls, key, signature, text):
        base = cls.point((4 * pow(5, -1, cls.P) % cls.P).to_bytes(32, "little"))
        r, s = signature[:32], int.from_bytes(signature[32:], "little")
        h = int.from_bytes(hashlib.sha512(r + key + text).digest(), "little") % cls.L
        return s < cls.L and cls.times(s, base) == cls.add(cls.point(r), cls.times(h, cls.point(key)))


class Entry:
    """One change set; `bit` numbers it, `seen` has the bits of all it had seen, itself included."""

    def __init__(self, message, bit):
        self.message = message
        self.id = blake(message, 32).hex()
        self.bit = bit
        self.seen = 1 << bit
        self.refused = None
        self.node = None  # the PC, where the entry counts
        what, blank, body = message.decode().partition("\n\n")
        need(blank and re.fullmatch(r"[A-Za-z0-9 _:.-]{1,200}", what), "the first line is no sentence of codes")
        self.body = strict_json(body)
        need([name for name in self.body if name in MEMBERS] == MEMBERS, "the members of a body stand in their order")
        self.prev, self.scope, self.writer = self.body["prev"], self.body["scope"], self.body["writer"]
        self.seq, self.hlc, self.merged = self.body["seq"], self.body["hlc"], self.body["merged"]
        self.actor, self.ops = self.body["actor"], self.body["ops"]
        self.short = f"{self.writer}:{self.seq}:{self.id[:16]}"
        need(len(message) <= 2**20 and len(self.ops) <= 1000, f"{self.short} is too large")
        need([name.split(":")[0] for name in self.merged] == sorted(name.split(":")[0] for name in self.merged),
             f"{self.short}: merged is not sorted")

    def leads(self):
        """Which of several versions is shown: the highest."""
        return (*self.hlc, self.writer, self.id)

    def saw(self, other):
        return self.seen >> other.bit & 1


class Commit:
    """A commit taken apart: what was signed, the signature, the message."""

    def __init__(self, oid, data):
        self.oid = oid
        head, _, self.message = data.partition(b"\n\n")
        lines = head.decode().split("\n")
        signature = [line for line in lines if line.startswith(("gpgsig ", " "))]
        self.signature = "\n".join(line.removeprefix("gpgsig ").removeprefix(" ") for line in signature) if signature else None
        need(not signature or lines[-len(signature):] == signature, f"{oid}: the signature does not stand last")
        self.header = lines[:len(lines) - len(signature)]
        self.signed = "\n".join(self.header).encode() + b"\n\n" + self.message
        self.parents = [line.split()[1] for line in self.header if line.startswith("parent ")]


def read_commits(folder):
    """Every commit, parents first."""
    oids = git(folder, "rev-list", "--branches", "--topo-order", "--reverse").decode().split()
    data = git(folder, "cat-file", "--batch", data="".join(f"{oid}\n" for oid in oids).encode())
    at = 0
    for oid in oids:
        line, at = data[at:data.index(b"\n", at)].decode(), data.index(b"\n", at) + 1
        need(line.split()[:2] == [oid, "commit"], f"{oid} is no commit")
        size = int(line.split()[2])
        yield Commit(oid, data[at:at + size])
        at += size + 1


class Tables:
    """The table of docs/formats.md that says who may write what."""

    def __init__(self, text):
        section = text[text.index("## Tables"):]
        self.rows = {}
        for line in section.split("\n")[1:]:
            if line.startswith("## "):
                break
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            name = re.fullmatch(r"`([a-z0-9_]+)`", cells[0])
            if name:
                self.rows[name.group(1)] = (cells[1], cells[2] == "yes", set(re.findall(r"`([a-z0-9_]+)`", cells[3])))

    def fault(self, op):
        """What is wrong with the form of an op, whoever wrote it."""
        kind, table = op[:2]
        if table not in self.rows:
            return None
        who, insert_only, fixed = self.rows[table]
        if who == "nobody":
            return "a derived table"
        if kind not in KNOWN_KINDS:
            return None
        if insert_only and kind != "insert":
            return "a fact cannot be changed"
        if kind == "update" and fixed & set(op[3]):
            return "a fixed column"
        return None

    def who(self, table):
        return self.rows[table][0] if table in self.rows else "any site"


def is_first_of_pen(entry):
    return entry.seq == 1 and entry.ops and entry.ops[0][:2] == ["insert", "node_pen"]


class Chain:
    """What the authority's entries say, as an entry had seen it."""

    def __init__(self):
        self.facts = collections.defaultdict(list)  # (table, id, column) -> [(position, entry id, entry, value)]

    def learn(self, entry):
        for kind, table, record, *columns in entry.ops:
            for column, value in (columns[0] if columns and kind in KNOWN_KINDS else {}).items():
                self.facts[table, record, column].append((entry.seq, entry.id, entry, value))

    def value(self, entry, table, record, column):
        known = [fact for fact in self.facts[table, record, column] if entry.saw(fact[2])]
        return max(known)[3] if known else None

    def record(self, entry, table, column, value):
        """The first record named so."""
        known = [(*fact[:2], record) for (name, record, where), facts in self.facts.items()
                 if name == table and where == column for fact in facts if fact[3] == value and entry.saw(fact[2])]
        return min(known)[2] if known else None


class Log:
    """The whole log, verified."""

    def __init__(self, folder, formats):
        self.folder = pathlib.Path(folder)
        self.tables = Tables(pathlib.Path(formats).read_text())
        self.entries = []
        self.by_oid = {}
        self.by_name = {}
        self.pending = {}  # oid of an unsigned commit -> what must cover it
        self.chain = Chain()
        self.pens = []  # first entries of further pens, and whose they are
        self.n_signed = 0
        self.authority = None
        self.scope = None
        self.read_signers()

    def read_signers(self):
        self.keys = {}
        for line in (self.folder / "allowed_signers").read_text().splitlines():
            principal, namespaces, kind, key = line.split()[:4]
            need(namespaces == 'namespaces="git"' and kind == "ssh-ed25519", f"a strange signer: {line}")
            raw = base64.b64decode(key)[-32:]
            writer, self.scope = principal.split("@")
            need(blake(raw, 32)[:8].hex() == writer, f"{writer} is not the digest of its key")
            self.keys[writer] = raw
            if blake(raw, 32)[:16].hex() == self.scope:
                self.authority = writer
        need(self.authority, "no signer is the authority that the scope names")

    def read(self):
        for commit in read_commits(self.folder):
            self.take(commit)
        need(not self.pending, "unsigned commits at the end of a branch")
        self.shut_out()
        self.check_refs()

    def take(self, commit):
        entry = Entry(commit.message, len(self.entries))
        self.check_place(entry, commit)
        self.check_header(entry, commit)
        self.check_signature(entry, commit)
        self.entries.append(entry)
        self.by_oid[commit.oid] = entry
        self.by_name[entry.short] = (entry, commit.oid)
        self.judge(entry)

    def check_place(self, entry, commit):
        need(entry.scope == self.scope, f"{entry.short} is of another company")
        parents = [self.by_oid[oid] for oid in commit.parents]
        if entry.seq > 1:
            need(parents and (parents[0].id, parents[0].writer, parents[0].seq) == (entry.prev, entry.writer, entry.seq - 1),
                 f"{entry.short} does not follow the entry before")
            parents = parents[1:]
            entry.seen |= self.by_oid[commit.parents[0]].seen
        else:
            need(entry.prev == ZERO_ID, f"{entry.short} is first and follows another")
        need([parent.short for parent in parents] == entry.merged, f"{entry.short}: parents are not what it merged")
        for parent in parents:
            entry.seen |= parent.seen
        position = max((other.seq for other in self.entries if other.writer == self.authority and entry.saw(other)), default=0)
        if entry.writer != self.authority:
            need(entry.body["authority"] == position, f"{entry.short}: its authority position is not what it saw")

    def check_header(self, entry, commit):
        person = f"{entry.actor} <{entry.actor}@{entry.scope}>"
        writer = f"{entry.writer} <{entry.writer}@{entry.scope}>"
        seconds = f"{entry.hlc[0] // 1000} +0000"
        expected = [f"tree {EMPTY_TREE}", *(f"parent {oid}" for oid in commit.parents),
                    f"author {person} {seconds}", f"committer {writer} {seconds}"]
        need(commit.header == expected, f"{entry.short}: the commit's header does not follow from the change set")

    def check_signature(self, entry, commit):
        """A signature covers the unsigned commits of its run, which is an unbroken line of first parents."""
        first = commit.parents[0] if entry.seq > 1 else None
        run = self.pending.pop(first, []) + [entry]
        if commit.signature is None:
            self.pending[commit.oid] = run
            return
        need(len(run) <= 256, f"{entry.short}: a run of more than 256")
        with tempfile.NamedTemporaryFile("w", suffix=".sig") as file:
            file.write(commit.signature + "\n")
            file.flush()
            done = subprocess.run(
                ["ssh-keygen", "-Y", "verify", "-f", str(self.folder / "allowed_signers"), "-I",
                 f"{entry.writer}@{entry.scope}", "-n", "git", "-s", file.name],
                input=commit.signed, capture_output=True, check=False)
        need(done.returncode == 0, f"{entry.short}: {done.stderr.decode().strip()}")
        self.n_signed += 1

    def check_refs(self):
        """A ref for every end of a writer's history, the one with the lowest id under the plain name."""
        followed = {entry.prev for entry in self.entries}
        heads = collections.defaultdict(list)
        for entry in self.entries:
            if entry.id not in followed:
                heads[entry.writer].append(entry)
        expected = {}
        for writer, ends in heads.items():
            for i, entry in enumerate(sorted(ends, key=lambda end: end.id)):
                name = f"refs/heads/{writer}" if i == 0 else f"refs/heads/{writer}-{entry.id[:16]}"
                expected[name] = self.by_name[entry.short][1]
        lines = git(self.folder, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads").decode().splitlines()
        need(dict(line.split() for line in lines) == expected, "the refs are not the ends of the writers' histories")

    # Rights

    def judge(self, entry):
        if entry.writer == self.authority:
            entry.refused = self.judge_authority(entry)
        else:
            entry.refused = self.judge_node(entry)
        if entry.writer == self.authority and entry.refused is None:
            self.chain.learn(entry)

    def judge_authority(self, entry):
        for op in entry.ops:
            if self.tables.fault(op):
                return self.tables.fault(op)
            if op[1] in self.tables.rows and self.tables.who(op[1]) != "authority":
                return "not the authority's table"
        return None

    def judge_node(self, entry):
        node = self.chain.record(entry, "node", "writer", entry.writer) or self.endorsed(entry)
        site = node and self.chain.value(entry, "node", node, "site")
        if not site:
            return "no enrolled PC"
        staff = self.chain.record(entry, "staff", "code", entry.actor)
        if not staff or self.chain.value(entry, "staff", staff, "site") != site:
            return "no staff member of this site"
        if self.chain.value(entry, "staff", staff, "active") != 1:
            return "not active"
        head_office = self.chain.value(entry, "site", site, "kind") == "head_office"
        for op in entry.ops[1 if is_first_of_pen(entry) else 0:]:
            reason = self.tables.fault(op) or self.judge_op(entry, op, node, head_office)
            if reason:
                return reason
        entry.node = node
        return None

    def shut_out(self):
        """What revocations leave: they hold for entries whatever those had seen."""
        by_id = {entry.id: entry for entry in self.entries}
        for act in self.entries:
            for op in act.ops if act.writer == self.authority and act.refused is None else []:
                if op[:2] != ["insert", "revocation"]:
                    continue
                accepted = set()
                for name in (op[3].get("accepted") or "").split():
                    entry = self.by_name[name][0]
                    while entry:
                        accepted.add(entry.id)
                        entry = by_id.get(entry.prev)
                for entry in self.entries:
                    if entry.id not in accepted and self.is_shut_out(entry, act, op[3]):
                        entry.refused = "shut out"

    def is_shut_out(self, entry, act, revocation):
        if revocation.get("node"):
            return entry.node == revocation["node"]
        codes = self.chain.facts["staff", revocation["staff"], "code"]
        active = self.chain.facts["staff", revocation["staff"], "active"]
        again = any(value == 1 and seq > act.seq and entry.saw(fact) for seq, _, fact, value in active)
        return entry.node is not None and entry.actor == codes[0][3] and not again

    def endorsed(self, entry):
        """The PC whose further pen this is: its first entry says so, signed by the pen before."""
        if not is_first_of_pen(entry):
            return next((node for first, node in self.pens if first.writer == entry.writer and entry.saw(first)), None)
        op = entry.ops[0][3]
        writer, seq, short = op["follows"].split(":")
        statement = "".join(f"{line}\n" for line in ("yuelai pen 1", self.scope, op["node"], op["sign_key"], op["follows"]))
        need(blake(bytes.fromhex(op["sign_key"]), 32)[:8].hex() == entry.writer == op["writer"], f"{entry.short}: another key")
        need(Ed25519.verify(self.keys[writer], bytes.fromhex(op["signature"]), statement.encode()),
             f"{entry.short}: the pen is not endorsed")
        before = self.by_name.get(op["follows"], (None,))[0]
        if seq != "0":
            need(before is not None and entry.saw(before), f"{entry.short}: it has not seen what it follows")
        node = self.chain.record(entry, "node", "writer", writer)
        node = node or next((owner for first, owner in self.pens if first.writer == writer), None)
        need(node == op["node"], f"{entry.short}: a pen of another PC")
        self.pens.append((entry, node))
        return node

    def judge_op(self, entry, op, node, head_office):
        who = self.tables.who(op[1])
        if who == "pen":
            return "no first entry of a pen"
        if who == "own PC" and op[3].get("node") != node:
            return "about another PC"
        if who == "authority":
            return "the authority alone writes this"
        if who == "head office" and not head_office:
            return "head office alone writes this"
        if who == "confirmer":
            site, epoch = op[3].get("site"), op[3].get("epoch")
            if (self.chain.value(entry, "site", site, "confirming_node") != node
                    or self.chain.value(entry, "site", site, "confirming_epoch") != epoch):
                return "not the confirming PC"
        return None


class State:
    """The merged state: for every column of every record the versions that stand."""

    def __init__(self):
        self.registers = collections.defaultdict(dict)  # (table, id) -> {column: [(entry, value)]}

    def fold(self, entry):
        for index, op in enumerate(entry.ops):
            kind, table, record = op[:3]
            columns = op[3] if len(op) > 3 else {}
            if kind in KNOWN_KINDS:
                self.write(entry, table, record, "", 0 if kind == "delete" else 1)
                for column, value in columns.items():
                    self.write(entry, table, record, column, value)
            else:
                text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
                self.write(entry, table, record, f"{kind}!{entry.writer}:{entry.seq}:{index}", text)

    def write(self, entry, table, record, column, value):
        registers = self.registers[table, record]
        standing = [(other, old) for other, old in registers.get(column, []) if not entry.saw(other)]
        registers[column] = standing + [(entry, value)]

    def hash(self):
        sums = collections.defaultdict(int)
        for (table, record), registers in self.registers.items():
            digest = blake(self.describe(table, record, registers), 16)
            sums[table.encode(), int(record[-2:], 16)] += int.from_bytes(digest, "big")
        total = hashlib.blake2b(digest_size=32)
        for (table, bucket), value in sorted(sums.items()):
            value %= 2**128
            if value:
                total.update(table + b"\0" + bucket.to_bytes(8, "big") + value.to_bytes(16, "big"))
        return total.hexdigest()

    def describe(self, table, record, registers):
        out = [table.encode(), b"\0", record.encode(), b"\0"]
        for column in sorted(registers, key=str.encode):
            versions = registers[column]
            if column == "":  # alive before dead, then as they are shown
                versions = sorted(versions, key=lambda version: (version[1], version[0].leads()), reverse=True)
            else:
                versions = sorted(versions, key=lambda version: version[0].leads(), reverse=True)
            for entry, value in versions:
                out += [column.encode(), b"\0", entry.writer.encode(), b"\0", entry.seq.to_bytes(8, "big"),
                        bytes.fromhex(entry.id[:16]), encode_value(value)]
        return b"".join(out)


def encode_value(value):
    if value is None:
        return b"\0"
    if isinstance(value, int):
        return b"\1" + (value % 2**64).to_bytes(8, "big")
    if isinstance(value, str):
        data, kind = value.encode(), b"\2"
    else:
        text = value["b"]
        data, kind = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), b"\3"
    return kind + len(data).to_bytes(8, "big") + data


def fold(log):
    state = State()
    for entry in log.entries:
        if entry.refused is None:
            state.fold(entry)
    return state


def main():
    log = Log(sys.argv[1], sys.argv[2])
    log.read()
    print(fold(log).hash())


if __name__ == "__main__":
    main()

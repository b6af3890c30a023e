-- What every store file holds beside the trade's own tables: identity, log, merge state, keys, sync.
-- Nothing here travels as a row; the log carries entries, and everything else is derived from them or local.

CREATE TABLE meta (            -- identity and settings of this copy
  key   TEXT NOT NULL PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;

CREATE TABLE lock (            -- what the store key is sealed under: one row (core/seal/yl-lock.h)
  i      INTEGER PRIMARY KEY,
  kind   TEXT NOT NULL,        -- key-file, keyring, passphrase
  id     BLOB NOT NULL,        -- of this protection
  key_id BLOB NOT NULL,        -- of the store key
  salt   BLOB NOT NULL,        -- for Argon2id, with its limits
  passes INTEGER NOT NULL,
  memory INTEGER NOT NULL,
  sealed BLOB NOT NULL         -- the store key
) STRICT;

CREATE TABLE pen (             -- this file's own keys: node, and at head office authority
  i      INTEGER PRIMARY KEY,
  role   TEXT NOT NULL,        -- authority, node (enrolled with), pen (further ones, of which the last is in use)
  writer TEXT NOT NULL UNIQUE,
  seed   BLOB NOT NULL         -- sealed under the store key
) STRICT;

CREATE TABLE secret (          -- other secrets of this copy
  name   TEXT NOT NULL PRIMARY KEY,
  sealed BLOB NOT NULL         -- under the store key
) STRICT, WITHOUT ROWID;

CREATE TABLE strand (          -- a writer's entries; where it forked, each further branch is a strand of its own
  w      INTEGER PRIMARY KEY,
  writer TEXT NOT NULL,
  parent INTEGER NOT NULL,     -- strand it left after entry first - 1; 0: begins with the writer's first entry
  first  INTEGER NOT NULL,
  seq    INTEGER NOT NULL,     -- last folded
  logged INTEGER NOT NULL DEFAULT 0,  -- last one that a signed commit covers
  receipt INTEGER NOT NULL DEFAULT 0, -- last one that head office's receipt covers, of this file's own
  base    INTEGER NOT NULL DEFAULT 0  -- last one that the checkpoint covers on which this copy stands
) STRICT;
CREATE INDEX strand_writer ON strand (writer);

CREATE TABLE entry (           -- every folded change set, n = local order of folding (a causal order)
  n       INTEGER PRIMARY KEY,
  w       INTEGER NOT NULL,    -- strand; 0: taken out again, the number stays used
  seq     INTEGER NOT NULL,
  id      BLOB NOT NULL,
  hlc     INTEGER NOT NULL,
  actor   TEXT NOT NULL,
  seen    ANY NOT NULL,        -- vector: pairs of varints (w, seq) of strands; a number: the same as that entry's
  refused TEXT,                -- why its ops do not count
  message BLOB,                -- see core/log/yl-log-message.c
  sums    BLOB,                -- what it adds to buckets, until that is settled (core/merge/yl-state-parked.h)
  UNIQUE (w, seq)
) STRICT;

CREATE TABLE run (             -- signed commits: each covers the entries since the run before
  n         INTEGER PRIMARY KEY,
  oid       BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;

CREATE TABLE table_name (      -- short numbers for tables
  t    INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE column_name (     -- short numbers for columns
  c    INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE trace (           -- what the log left of a record; ids here and below are the 16 bytes of the UUID
  t     INTEGER NOT NULL,
  id    BLOB NOT NULL,
  n     INTEGER NOT NULL,      -- an entry that touched it; 0: its merge state, side by side so that a change writes one page
  state BLOB,
  PRIMARY KEY (t, id, n)
) STRICT, WITHOUT ROWID;

CREATE VIEW op AS              -- which entries touched a record
  SELECT t, id, n FROM trace WHERE n > 0;

CREATE VIEW record AS          -- merge state: standing versions of every register (see core/merge/yl-merge-record.c)
  SELECT t, id, state FROM trace WHERE n = 0;

CREATE TABLE authority_fact (  -- the authority chain column by column: rights look at it as it was at a position
  tbl      TEXT NOT NULL,
  id       TEXT NOT NULL,
  col      TEXT NOT NULL,
  position INTEGER NOT NULL,
  w        INTEGER NOT NULL,   -- strand: one, unless the company's key was used in two places
  value    ANY,
  PRIMARY KEY (tbl, id, col, position, w)
) STRICT, WITHOUT ROWID;
CREATE INDEX authority_fact_value ON authority_fact (tbl, col, value);

CREATE TABLE version (         -- values that no row holds: beaten ones, those of deleted records, unknown columns
  t     INTEGER NOT NULL,
  id    BLOB NOT NULL,
  c     INTEGER NOT NULL,
  n     INTEGER NOT NULL,
  value ANY,
  PRIMARY KEY (t, id, c, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE bucket (          -- state hash: 128-bit sums
  t   INTEGER NOT NULL,
  b   INTEGER NOT NULL,
  sum BLOB NOT NULL,
  PRIMARY KEY (t, b)
) STRICT, WITHOUT ROWID;

CREATE TABLE object (          -- git objects other than the commits of entries, which follow from these
  o    INTEGER PRIMARY KEY,
  oid  BLOB NOT NULL UNIQUE,
  type INTEGER NOT NULL,       -- as in git; with 16 the data is a zstd frame
  data BLOB NOT NULL
) STRICT;

CREATE TABLE ref (
  name TEXT NOT NULL PRIMARY KEY,
  oid  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE piece (           -- of something large on its way here (core/store/yl-piece.h)
  what   TEXT NOT NULL,
  number INTEGER NOT NULL,
  data   BLOB NOT NULL,
  PRIMARY KEY (what, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE seal_key (
  id         BLOB NOT NULL PRIMARY KEY,
  key        BLOB NOT NULL,    -- sealed under the store key
  person     TEXT NOT NULL,
  disclosure INTEGER NOT NULL,
  epoch      INTEGER NOT NULL,
  site       TEXT,             -- the store that made it without being entitled to the class; NULL: the person's own
  since      INTEGER NOT NULL  -- when it came here, UTC ms
) STRICT, WITHOUT ROWID;
CREATE INDEX seal_key_person ON seal_key (person, disclosure);

CREATE TABLE key_missing (     -- keys in use that are not here
  id         BLOB NOT NULL PRIMARY KEY,
  person     TEXT NOT NULL,
  disclosure INTEGER NOT NULL,
  due        INTEGER NOT NULL  -- to be looked at: may this node have it?
) STRICT, WITHOUT ROWID;
CREATE INDEX key_missing_person ON key_missing (person);
CREATE INDEX key_missing_due ON key_missing (due) WHERE due = 1;

CREATE TABLE key_holder (      -- the ledger: which other node has which key, because it was given here or came from there
  node TEXT NOT NULL,          -- its writer
  id   BLOB NOT NULL,
  at   INTEGER NOT NULL,
  why  TEXT NOT NULL,          -- core/seal/yl-grant-policy.h
  PRIMARY KEY (node, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX key_holder_key ON key_holder (id);

CREATE TABLE invite (          -- one-time codes handed out by head office
  hash     BLOB NOT NULL PRIMARY KEY,
  site     TEXT NOT NULL,
  approved INTEGER NOT NULL,
  expires  INTEGER NOT NULL,
  used     INTEGER NOT NULL DEFAULT 0,
  digits   TEXT,               -- of a join that waits for a person: what both sides show
  sign_key BLOB,
  box_key  BLOB,
  pc_name  TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE auditor (         -- who may read the log from the hub with stock git
  name  TEXT NOT NULL PRIMARY KEY,
  hash  BLOB NOT NULL,         -- BLAKE2b-256 of the token
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_note (
  i      INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  kind   TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE pen_fact (        -- further pens of PCs: what their first entries say, by the strand they begin
  w        INTEGER PRIMARY KEY,
  writer   TEXT NOT NULL,
  node     TEXT NOT NULL,
  sign_key TEXT NOT NULL,
  follows  TEXT NOT NULL
) STRICT;
CREATE INDEX pen_fact_writer ON pen_fact (writer);

CREATE TABLE held (            -- change sets taken out of the log, to be written again with a new pen
  i       INTEGER PRIMARY KEY,
  message BLOB NOT NULL
) STRICT;

CREATE TABLE refolded (        -- records that are not what they were since entry n, beside those it names
  n   INTEGER NOT NULL,
  tbl TEXT NOT NULL,
  id  TEXT NOT NULL
) STRICT;
CREATE INDEX refolded_n ON refolded (n);

CREATE TABLE trouble (         -- what people should know of this copy, of other PCs and of the hub (core/store/yl-trouble.h)
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,       -- writer, node or entry: one line for each
  at      INTEGER NOT NULL,
  detail  TEXT NOT NULL,
  over    INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (         -- last short number given out here, by prefix
  prefix TEXT NOT NULL PRIMARY KEY,
  value  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

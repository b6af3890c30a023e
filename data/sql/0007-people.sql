-- One person, several records: merging is an alias, nothing is rewritten (core/records/yl-people.h).
CREATE TABLE alias (
  id      TEXT NOT NULL PRIMARY KEY,
  kind    TEXT,
  from_id TEXT,
  to_id   TEXT,
  by_site TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_from ON alias (from_id);
CREATE INDEX alias_to ON alias (to_id);

-- Found by head office, who can read the numbers; holds nothing that could be guessed at.
CREATE TABLE duplicate (
  id       TEXT NOT NULL PRIMARY KEY,
  kind     TEXT,
  first    TEXT,
  second   TEXT,
  reason   TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicate_first ON duplicate (first);
CREATE INDEX duplicate_second ON duplicate (second);

-- Somebody looked: these are two people, and nobody asks again.
CREATE TABLE different (
  id      TEXT NOT NULL PRIMARY KEY,
  kind    TEXT,
  first   TEXT,
  second  TEXT
) STRICT, WITHOUT ROWID;

-- A decision between two values that was taken back: they are listed again.
CREATE TABLE reopened (
  id           TEXT NOT NULL PRIMARY KEY,
  record_table TEXT,
  record       TEXT,
  field        TEXT,
  writer       TEXT,
  seq          INTEGER
) STRICT, WITHOUT ROWID;

-- Derived from alias on every node alike; never sent. id = a record that is shown as another one.
CREATE TABLE merged (
  id       TEXT NOT NULL PRIMARY KEY,
  kind     TEXT NOT NULL,
  survivor TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX merged_survivor ON merged (survivor);

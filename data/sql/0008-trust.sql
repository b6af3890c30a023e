CREATE TABLE node_pen (
  id        TEXT NOT NULL PRIMARY KEY,
  node      TEXT,
  writer    TEXT,
  sign_key  TEXT,
  follows   TEXT,
  signature TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE revocation (
  id       TEXT NOT NULL PRIMARY KEY,
  node     TEXT,
  staff    TEXT,
  accepted TEXT,
  lost     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE review (
  id       TEXT NOT NULL PRIMARY KEY,
  entry    TEXT,
  decision TEXT
) STRICT, WITHOUT ROWID;

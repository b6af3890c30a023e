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

CREATE TABLE agreement (
  id      TEXT NOT NULL PRIMARY KEY,
  node    TEXT,
  hub     TEXT,
  entries INTEGER,
  at      INTEGER
) STRICT, WITHOUT ROWID;

-- Local: how far this PC had written when it agreed with head office (core/trust/yl-agreement.h).
CREATE TABLE own_agreement (
  hub     TEXT NOT NULL,    -- its writer
  entries INTEGER NOT NULL, -- change sets that both had
  w       INTEGER NOT NULL, -- strand of the pen in use
  seq     INTEGER NOT NULL,
  at      INTEGER NOT NULL, -- the hub's clock, UTC ms
  pens    INTEGER NOT NULL, -- further pens the hub had then
  PRIMARY KEY (hub, entries)
) STRICT, WITHOUT ROWID;

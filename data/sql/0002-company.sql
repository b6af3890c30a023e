CREATE TABLE company (
  id        TEXT NOT NULL PRIMARY KEY,
  code      TEXT,
  name      TEXT,
  hub_url   TEXT,
  authority TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE site (
  id               TEXT NOT NULL PRIMARY KEY,
  code             TEXT,
  name             TEXT,
  kind             TEXT,
  district         TEXT,
  lat              INTEGER,
  lon              INTEGER,
  phone            TEXT,
  confirming_node  TEXT,
  confirming_epoch INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  id     TEXT NOT NULL PRIMARY KEY,
  code   TEXT,
  site   TEXT,
  role   TEXT,
  name   BLOB,
  phone  BLOB,
  active INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE node (
  id       TEXT NOT NULL PRIMARY KEY,
  site     TEXT,
  name     TEXT,
  letter   TEXT,
  writer   TEXT,
  sign_key TEXT,
  box_key  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX node_writer ON node (writer);

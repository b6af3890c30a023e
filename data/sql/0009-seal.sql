-- Rotations and erasures: facts of the log about keys that are outside of it.
CREATE TABLE rotation (
  id       TEXT NOT NULL PRIMARY KEY,
  person   TEXT,
  epoch    INTEGER,
  cause    TEXT,
  contact  BLOB,
  address  BLOB,
  identity BLOB,
  finance  BLOB,
  notes    BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX rotation_person ON rotation (person, epoch);

CREATE TABLE erasure (
  id     TEXT NOT NULL PRIMARY KEY,
  person TEXT,
  kind   TEXT,
  cause  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_person ON erasure (person);

CREATE TABLE erasure_done (
  id      TEXT NOT NULL PRIMARY KEY,
  erasure TEXT,
  node    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_done_erasure ON erasure_done (erasure, node);

-- Local: what this copy must never take in again.
CREATE TABLE erased_person (
  person TEXT NOT NULL PRIMARY KEY,
  n_keys INTEGER NOT NULL, -- how many of her keys were here
  wiped  INTEGER NOT NULL  -- they are gone from every byte of this copy's files
) STRICT, WITHOUT ROWID;

CREATE TABLE erased_key (
  id     BLOB NOT NULL PRIMARY KEY,
  person TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who says of whom that she was erased, where the erasure is not here yet (core/seal/yl-key-hold.h).
CREATE TABLE erasure_claim (
  person TEXT NOT NULL,
  node   TEXT NOT NULL, -- its writer
  PRIMARY KEY (person, node)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_claim_node ON erasure_claim (node);

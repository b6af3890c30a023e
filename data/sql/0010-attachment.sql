CREATE TABLE attachment (
  id          TEXT NOT NULL PRIMARY KEY,
  owner_table TEXT,
  owner       TEXT,
  person      TEXT,
  kind        TEXT,
  size        INTEGER,
  manifest    TEXT,
  photo       BLOB,
  scan        BLOB,
  contract    BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_owner ON attachment (owner);
CREATE INDEX attachment_person ON attachment (person);

-- Local: the chunks that are on this copy. Their ids stand in the manifest.
CREATE TABLE attachment_chunk (
  attachment TEXT NOT NULL,
  i          INTEGER NOT NULL,
  sent       INTEGER NOT NULL,  -- head office has it: 1 after its receipt, or where it came from there
  data       BLOB NOT NULL,
  PRIMARY KEY (attachment, i)
) STRICT;
CREATE INDEX attachment_chunk_unsent ON attachment_chunk (sent) WHERE sent = 0;

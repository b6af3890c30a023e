-- Promises: facts are insert-only; which claim stands is derived (core/records/yl-booking-rule.h).
CREATE TABLE claim (
  id      TEXT NOT NULL PRIMARY KEY,
  [order] TEXT,
  slot    TEXT,
  worker  TEXT,
  start   INTEGER,
  end     INTEGER,
  site    TEXT,
  by_site TEXT,
  forced  TEXT,
  reason  BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_order ON claim ([order]);
CREATE INDEX claim_worker ON claim (worker, start);

CREATE TABLE confirmation (
  id    TEXT NOT NULL PRIMARY KEY,
  claim TEXT,
  site  TEXT,
  epoch INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX confirmation_claim ON confirmation (claim);

CREATE TABLE withdrawal (
  id    TEXT NOT NULL PRIMARY KEY,
  claim TEXT,
  cause TEXT,
  note  BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawal_claim ON withdrawal (claim);

CREATE TABLE evidence (
  id    TEXT NOT NULL PRIMARY KEY,
  claim TEXT,
  kind  TEXT,
  at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_claim ON evidence (claim);

CREATE TABLE ruling (
  id      TEXT NOT NULL PRIMARY KEY,
  claim   TEXT,
  verdict TEXT,
  note    BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX ruling_claim ON ruling (claim);

CREATE TABLE attempt (
  id      TEXT NOT NULL PRIMARY KEY,
  [order] TEXT,
  worker  TEXT,
  claim   TEXT,
  stage   TEXT,
  outcome TEXT,
  cause   TEXT,
  at      INTEGER,
  reason  BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_order ON attempt ([order]);

CREATE TABLE dropout (
  id             TEXT NOT NULL PRIMARY KEY,
  claim          TEXT,
  [order]        TEXT,
  worker         TEXT,
  cause          TEXT,
  at             INTEGER,
  notice_minutes INTEGER,
  reason         BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX dropout_claim ON dropout (claim);
CREATE INDEX dropout_order ON dropout ([order]);
CREATE INDEX dropout_worker ON dropout (worker);

-- Derived on every node alike; never sent. id = the claim's.
CREATE TABLE booking (
  id      TEXT NOT NULL PRIMARY KEY,
  [order] TEXT,
  worker  TEXT,
  start   INTEGER,
  end     INTEGER,
  state   TEXT NOT NULL,
  cause   TEXT,
  winner  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX booking_worker ON booking (worker, start);
CREATE INDEX booking_order ON booking ([order]);
CREATE INDEX booking_state ON booking (state);

CREATE TABLE household (
  id           TEXT NOT NULL PRIMARY KEY,
  household_no TEXT,
  site         TEXT,
  district     TEXT,
  community    TEXT,
  lat          INTEGER,
  lon          INTEGER,
  building     BLOB,
  unit         BLOB,
  address      BLOB,
  home_area    INTEGER,
  rooms        INTEGER,
  members      BLOB,
  children     BLOB,
  elders       BLOB,
  pets         BLOB,
  preferences  BLOB,
  rest_days    TEXT,
  note         BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX household_number ON household (household_no);

CREATE TABLE household_taboo (
  id TEXT NOT NULL PRIMARY KEY, household TEXT, code TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX household_taboo_owner ON household_taboo (household);

CREATE TABLE customer (
  id             TEXT NOT NULL PRIMARY KEY,
  customer_no    TEXT,
  site           TEXT,
  household      TEXT,
  name           BLOB,
  phone          BLOB,
  wechat         BLOB,
  sex            INTEGER,
  id_no          BLOB,
  lead_source    TEXT,
  campaign       TEXT,
  referrer       TEXT,
  lead_level     TEXT,
  owner          TEXT,
  store          TEXT,
  in_public_pool INTEGER,
  pool_since     INTEGER,
  pool_reason    TEXT,
  claim_count    INTEGER,
  last_follow_up INTEGER,
  last_activity  INTEGER,
  frozen         INTEGER,
  bound_worker   TEXT,
  bound_at       INTEGER,
  bound_channel  TEXT,
  note           BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_number ON customer (customer_no);
CREATE INDEX customer_household ON customer (household);

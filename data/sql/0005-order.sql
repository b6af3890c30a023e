CREATE TABLE [order] (
  id              TEXT NOT NULL PRIMARY KEY,
  order_no        TEXT,
  site            TEXT,
  store           TEXT,
  customer        TEXT,
  household       TEXT,
  service_type    TEXT,
  service_mode    TEXT,
  schedule        TEXT,
  start           INTEGER,
  minutes         INTEGER,
  weekdays        TEXT,
  start_time      INTEGER,
  from_date       TEXT,
  until_date      TEXT,
  months          INTEGER,
  rest_days       TEXT,
  flexibility     INTEGER,
  district        TEXT,
  lat             INTEGER,
  lon             INTEGER,
  budget_from     INTEGER,
  budget_to       INTEGER,
  budget_unit     TEXT,
  headcount       INTEGER,
  gender          INTEGER,
  intimate_care   INTEGER,
  trial_days      INTEGER,
  trial_pay       INTEGER,
  urgency         TEXT,
  need_health     INTEGER,
  need_insurance  INTEGER,
  need_background INTEGER,
  source_store    TEXT,
  source_staff    TEXT,
  broker_store    TEXT,
  broker_staff    TEXT,
  signing_store   TEXT,
  signing_staff   TEXT,
  lead_source     TEXT,
  lost_reason     TEXT,
  note            BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX order_number ON [order] (order_no);
CREATE INDEX order_customer ON [order] (customer);
CREATE INDEX order_household ON [order] (household);

CREATE TABLE order_skill (
  id TEXT NOT NULL PRIMARY KEY, [order] TEXT, code TEXT, level INTEGER, wish INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX order_skill_owner ON order_skill ([order]);

CREATE TABLE order_certificate (
  id TEXT NOT NULL PRIMARY KEY, [order] TEXT, code TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX order_certificate_owner ON order_certificate ([order]);

CREATE TABLE order_language (
  id TEXT NOT NULL PRIMARY KEY, [order] TEXT, code TEXT, level INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX order_language_owner ON order_language ([order]);

CREATE TABLE order_worker (
  id TEXT NOT NULL PRIMARY KEY, [order] TEXT, worker TEXT, wish TEXT, reason BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX order_worker_owner ON order_worker ([order]);

CREATE TABLE order_event (
  id    TEXT NOT NULL PRIMARY KEY,
  [order] TEXT,
  kind  TEXT,
  at    INTEGER,
  cause TEXT,
  note  BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX order_event_order ON order_event ([order]);

-- Derived from events, claims and dropouts on every node alike; never sent.
CREATE TABLE order_state (
  id       TEXT NOT NULL PRIMARY KEY,
  state    TEXT NOT NULL,
  cause    TEXT,
  cause_by TEXT,
  since    INTEGER,
  disputed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX order_state_state ON order_state (state);

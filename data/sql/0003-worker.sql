-- BLOB columns are sealed (core/records/yl-worker-tables.c marks each).
CREATE TABLE worker (
  id                TEXT NOT NULL PRIMARY KEY,
  worker_no         TEXT,
  site              TEXT,
  home_store        TEXT,
  holder            TEXT,
  name              BLOB,
  name_pinyin       BLOB,
  id_no             BLOB,
  sex               INTEGER,
  birth_date        BLOB,
  adult             INTEGER,
  phone             BLOB,
  wechat            BLOB,
  emergency_name    BLOB,
  emergency_phone   BLOB,
  native_place      BLOB,
  ethnic            BLOB,
  religion          BLOB,
  marital           BLOB,
  education         TEXT,
  height            BLOB,
  weight            BLOB,
  extra             BLOB,
  lat               INTEGER,
  lon               INTEGER,
  address           BLOB,
  maternity_grade   TEXT,
  experience_years  INTEGER,
  work_history      BLOB,
  health_exam       TEXT,
  health_expires    TEXT,
  health_result     TEXT,
  background_date   TEXT,
  background_status TEXT,
  background_report BLOB,
  insurance_from    TEXT,
  insurance_to      TEXT,
  insurance_status  TEXT,
  insurance_policy  BLOB,
  credit_no         BLOB,
  credit_colour     TEXT,
  credit_checked    TEXT,
  intro             BLOB,
  photos            BLOB,
  video             BLOB,
  bank_holder       BLOB,
  bank_name         BLOB,
  bank_account      BLOB,
  expected_wage     INTEGER,
  wage_unit         TEXT,
  max_travel        INTEGER,
  accept_state      TEXT,
  shareable         TEXT,
  share_consent     TEXT,
  blacklist_reason  TEXT,
  blacklist_note    BLOB,
  debt              INTEGER,
  rating            INTEGER,
  rating_count      INTEGER,
  dropout_count     INTEGER,
  complaint_tags    BLOB,
  source            TEXT,
  stage             TEXT,
  note              BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX worker_number ON worker (worker_no);

CREATE TABLE worker_job (
  id TEXT NOT NULL PRIMARY KEY, worker TEXT, code TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX worker_job_owner ON worker_job (worker);

CREATE TABLE worker_mode (
  id TEXT NOT NULL PRIMARY KEY, worker TEXT, code TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX worker_mode_owner ON worker_mode (worker);

CREATE TABLE worker_skill (
  id TEXT NOT NULL PRIMARY KEY, worker TEXT, code TEXT, level INTEGER, years INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX worker_skill_owner ON worker_skill (worker);

CREATE TABLE worker_language (
  id TEXT NOT NULL PRIMARY KEY, worker TEXT, code TEXT, level INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX worker_language_owner ON worker_language (worker);

CREATE TABLE worker_area (
  id TEXT NOT NULL PRIMARY KEY, worker TEXT, code TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX worker_area_owner ON worker_area (worker);

CREATE TABLE certificate (
  id      TEXT NOT NULL PRIMARY KEY,
  worker  TEXT,
  type    TEXT,
  number  BLOB,
  issuer  BLOB,
  issued  TEXT,
  expires TEXT,
  file    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_worker ON certificate (worker);

CREATE TABLE availability (
  id     TEXT NOT NULL PRIMARY KEY,
  worker TEXT,
  start  INTEGER,
  end    INTEGER,
  state  TEXT,
  note   BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX availability_worker ON availability (worker, start);

CREATE TABLE worker_block (
  id        TEXT NOT NULL PRIMARY KEY,
  worker    TEXT,
  household TEXT,
  side      TEXT,
  reason    BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX worker_block_household ON worker_block (household);
CREATE INDEX worker_block_worker ON worker_block (worker);

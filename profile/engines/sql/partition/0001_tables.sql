-- What the store keeps of citizens, and its logs. Every key begins with the number that says in
-- which partition the row lives, so that the tables can be distributed by it.

-- Values are sealed, so trying to compress them is lost work. A page keeps room for the next
-- version of its rows; replaced versions are removed soon.
CREATE TABLE kstati.row (
  citizen bigint PRIMARY KEY,
  version bigint NOT NULL,      -- how many changes there were
  recorded_at bigint NOT NULL,  -- of the latest one, in microseconds since 1970
  sealed_key bytea NOT NULL,
  profile bytea NOT NULL
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE kstati.row ALTER COLUMN sealed_key SET STORAGE EXTERNAL,
                       ALTER COLUMN profile SET STORAGE EXTERNAL;

CREATE TABLE kstati.record (
  citizen bigint NOT NULL,
  key bytea NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (citizen, key)
) WITH (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE kstati.record ALTER COLUMN value SET STORAGE EXTERNAL;

-- `home` is a number that lives in the partition, the same one for all its logs.
CREATE TABLE kstati.log (
  home bigint NOT NULL,
  log text NOT NULL,
  sequence bigint NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (home, log, sequence)
);
ALTER TABLE kstati.log ALTER COLUMN value SET STORAGE EXTERNAL;

-- The number of the last entry of a partition's logs: a sequence would leave gaps.
CREATE TABLE kstati.log_end (
  home bigint PRIMARY KEY,
  sequence bigint NOT NULL
) WITH (fillfactor = 10);

-- Which partition this database is. A proxy whose list of partitions was put in another order would
-- look for citizens where they are not.
CREATE TABLE kstati.partition (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  number integer NOT NULL,  -- from 0
  count integer NOT NULL
);

-- Entries of the logs get their numbers when somebody is about to read, not when they are added:
-- whoever gave them one would hold the end of the log until the disk has the change, and all changes
-- that add entries would wait for each other.

-- Counts what is added. It may leave gaps, which matter to nobody: it only orders.
CREATE SEQUENCE kstati.log_written;

-- Entries that were committed and have no number yet. Who adds holds the rows of the change already,
-- and so comes behind every change that was there before.
CREATE TABLE kstati.log_waiting (
  home bigint NOT NULL,
  written bigint NOT NULL,  -- of log_written, the same for all that is added at once
  place bigint NOT NULL,    -- among them
  log text NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (home, written, place)
) WITH (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE kstati.log_waiting ALTER COLUMN value SET STORAGE EXTERNAL;

CREATE OR REPLACE FUNCTION kstati.append(home bigint, logs text[], entries bytea[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  written_at bigint := nextval('kstati.log_written');
BEGIN
  INSERT INTO kstati.log_waiting
    SELECT append.home, written_at, added.place, added.log, added.entry
    FROM unnest(logs, entries) WITH ORDINALITY AS added(log, entry, place);
END $$;

-- Numbers all waiting entries, behind those that have a number, and says how many entries there
-- are then. A server that is read only numbers nothing.
CREATE FUNCTION kstati.order_logs(home bigint) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  before bigint;
  added bigint;
  taken bigint[];  -- what waits now: more may be committed before the last statement
BEGIN
  IF pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'
     OR NOT EXISTS (SELECT FROM kstati.log_waiting w WHERE w.home = order_logs.home) THEN
    RETURN coalesce((SELECT e.sequence FROM kstati.log_end e WHERE e.home = order_logs.home), 0);
  END IF;
  INSERT INTO kstati.log_end AS e VALUES (home, 0)
    ON CONFLICT ON CONSTRAINT log_end_pkey DO UPDATE SET sequence = e.sequence
    RETURNING e.sequence INTO before;
  SELECT array_agg(DISTINCT w.written) INTO taken
    FROM kstati.log_waiting w WHERE w.home = order_logs.home;
  INSERT INTO kstati.log
    SELECT order_logs.home, w.log, before + row_number() OVER (ORDER BY w.written, w.place), w.value
    FROM kstati.log_waiting w WHERE w.home = order_logs.home AND w.written = ANY (taken);
  GET DIAGNOSTICS added = ROW_COUNT;
  DELETE FROM kstati.log_waiting w WHERE w.home = order_logs.home AND w.written = ANY (taken);
  UPDATE kstati.log_end e SET sequence = before + added WHERE e.home = order_logs.home;
  RETURN before + added;
END $$;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_proc p WHERE p.proname = 'create_distributed_table') THEN RETURN; END IF;
  PERFORM create_distributed_table('kstati.log_waiting', 'home', colocate_with => 'kstati.row');
END $$;

-- The row of a citizen and, below it, the records of each range as scan has them, range by range: of
-- the row key and value are NULL, of the records the rest. All of one moment. Nothing without a row.
CREATE FUNCTION kstati.read_citizen(citizen bigint, firsts bytea[], behinds bytea[])
RETURNS TABLE (version bigint, recorded_at bigint, sealed_key bytea, profile bytea,
               key bytea, value bytea)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY SELECT r.version, r.recorded_at, r.sealed_key, r.profile, NULL::bytea, NULL::bytea
    FROM kstati.row r WHERE r.citizen = read_citizen.citizen;
  IF NOT FOUND THEN RETURN; END IF;
  FOR i IN 1 .. cardinality(firsts) LOOP
    RETURN QUERY SELECT NULL::bigint, NULL::bigint, NULL::bytea, NULL::bytea, s.key, s.value
      FROM kstati.scan(read_citizen.citizen, firsts[i], behinds[i]) s;
  END LOOP;
END $$;

-- What orders the entries that wait for a number is where the server's log of writes ends when they
-- are added: no counter that all servers would share. Who adds holds the rows of the change, and so
-- finds an end behind the commit of every change that held them before. Changes that share no row may
-- find one end; then their transactions' numbers tell, as the same for all that is added at once.
LOCK TABLE kstati.log_waiting IN ACCESS EXCLUSIVE MODE;
DO $$
DECLARE
  each record;
BEGIN
  FOR each IN SELECT DISTINCT w.home FROM kstati.log_waiting w LOOP
    PERFORM kstati.order_logs(each.home);
  END LOOP;
END $$;
ALTER TABLE kstati.log_waiting ADD COLUMN transaction bigint NOT NULL;
ALTER TABLE kstati.log_waiting DROP CONSTRAINT log_waiting_pkey;
ALTER TABLE kstati.log_waiting
  ADD CONSTRAINT log_waiting_pkey PRIMARY KEY (home, written, transaction, place);

CREATE OR REPLACE FUNCTION kstati.append(home bigint, logs text[], entries bytea[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kstati.log_waiting (home, written, transaction, place, log, value)
    SELECT append.home, ending.written, ending.transaction, added.place, added.log, added.entry
    FROM (SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint, txid_current())
           AS ending(written, transaction),
         unnest(logs, entries) WITH ORDINALITY AS added(log, entry, place);
END $$;

CREATE OR REPLACE FUNCTION kstati.order_logs(home bigint) RETURNS bigint
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
  SELECT array_agg(DISTINCT w.transaction) INTO taken
    FROM kstati.log_waiting w WHERE w.home = order_logs.home;
  INSERT INTO kstati.log
    SELECT order_logs.home, w.log,
           before + row_number() OVER (ORDER BY w.written, w.transaction, w.place), w.value
    FROM kstati.log_waiting w WHERE w.home = order_logs.home AND w.transaction = ANY (taken);
  GET DIAGNOSTICS added = ROW_COUNT;
  DELETE FROM kstati.log_waiting w
    WHERE w.home = order_logs.home AND w.transaction = ANY (taken);
  UPDATE kstati.log_end e SET sequence = before + added WHERE e.home = order_logs.home;
  RETURN before + added;
END $$;

DROP SEQUENCE kstati.log_written;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_proc p WHERE p.proname = 'create_distributed_table') THEN RETURN; END IF;
  PERFORM create_distributed_function('kstati.read_citizen(bigint, bytea[], bytea[])'::regprocedure,
                                      'citizen', colocate_with => 'kstati.row');
END $$;

-- What another store holds, put here as it is there, stamps included. Only while nobody else uses
-- the store.

-- The citizens live in the partition of `key`. Owners are places in `citizens`.
CREATE FUNCTION kstati.restore_citizens(
  key bigint, citizens bigint[], versions bigint[], moments bigint[],
  sealed_keys bytea[], profiles bytea[],
  record_owners integer[], record_keys bytea[], record_values bytea[],
  deed_owners integer[], deed_numbers bigint[], deed_moments bigint[], deed_indexes bigint[],
  deed_openings bytea[]) RETURNS boolean
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  DELETE FROM kstati.record r WHERE r.citizen = ANY (citizens);
  DELETE FROM kstati.deed d WHERE d.citizen = ANY (citizens);
  DELETE FROM kstati.deed_end e WHERE e.citizen = ANY (citizens);
  INSERT INTO kstati.row
    SELECT c.number, c.version, c.moment, c.sealed_key, c.profile
    FROM unnest(citizens, versions, moments, sealed_keys, profiles)
      AS c(number, version, moment, sealed_key, profile)
    ON CONFLICT ON CONSTRAINT row_pkey DO UPDATE
      SET version = excluded.version, recorded_at = excluded.recorded_at,
          sealed_key = excluded.sealed_key, profile = excluded.profile;
  INSERT INTO kstati.record
    SELECT citizens[r.owner], r.name, r.content
    FROM unnest(record_owners, record_keys, record_values) AS r(owner, name, content);
  INSERT INTO kstati.deed
    SELECT citizens[d.owner], d.number, d.moment, d.place, d.opening
    FROM unnest(deed_owners, deed_numbers, deed_moments, deed_indexes, deed_openings)
      AS d(owner, number, moment, place, opening);
  INSERT INTO kstati.deed_end
    SELECT citizens[d.owner], max(d.number), max(d.moment)
    FROM unnest(deed_owners, deed_numbers, deed_moments) AS d(owner, number, moment)
    GROUP BY d.owner;
  RETURN true;
END $$;

CREATE FUNCTION kstati.restore_log(
  home bigint, logs text[], sequences bigint[], entries bytea[]) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kstati.log AS l
    SELECT restore_log.home, added.log, added.sequence, added.entry
    FROM unnest(logs, sequences, entries) AS added(log, sequence, entry)
    ON CONFLICT ON CONSTRAINT log_pkey DO UPDATE SET value = excluded.value;
  INSERT INTO kstati.log_end AS e
    SELECT restore_log.home, max(s) FROM unnest(sequences) AS s
    ON CONFLICT ON CONSTRAINT log_end_pkey DO UPDATE
      SET sequence = greatest(e.sequence, excluded.sequence);
  RETURN true;
END $$;

-- NULL when the ledger does not have `first` entries; else how many it has then.
CREATE FUNCTION kstati.restore_ledger(home bigint, first bigint, entries bytea[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  before bigint;
BEGIN
  INSERT INTO kstati.ledger_end AS e VALUES (home, 0)
    ON CONFLICT ON CONSTRAINT ledger_end_pkey DO UPDATE SET size = e.size RETURNING e.size INTO before;
  IF before <> first THEN RETURN NULL; END IF;
  INSERT INTO kstati.ledger_entry
    SELECT restore_ledger.home, first + added.place - 1, added.entry
    FROM unnest(entries) WITH ORDINALITY AS added(entry, place);
  UPDATE kstati.ledger_end e SET size = first + cardinality(entries) WHERE e.home = restore_ledger.home;
  RETURN first + cardinality(entries);
END $$;

CREATE FUNCTION kstati.log_names(home bigint) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT l.log COLLATE "C" FROM kstati.log l WHERE l.home = log_names.home ORDER BY 1
$$;

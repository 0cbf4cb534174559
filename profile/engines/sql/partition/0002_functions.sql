-- Every operation of the store is a function whose first argument is a number that lives in the
-- partition where the function must run: a citizen's, or the home of the partition.

-- Locks the citizen's row until the transaction ends and says what the latest change was; makes a
-- row of version 0 for a citizen without one.
CREATE FUNCTION kstati.lock_row(citizen bigint, OUT version bigint, OUT recorded_at bigint)
LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    SELECT r.version, r.recorded_at INTO version, recorded_at
      FROM kstati.row r WHERE r.citizen = lock_row.citizen FOR UPDATE;
    EXIT WHEN FOUND;
    -- Waits for whoever is making the row, and makes it when they gave up.
    INSERT INTO kstati.row VALUES (citizen, 0, 0, '', '') ON CONFLICT DO NOTHING;
  END LOOP;
END $$;

-- Puts records of one citizen, whose row the caller has locked. The keys differ.
CREATE FUNCTION kstati.put_records(
  citizen bigint, stamp bytea, keys bytea[], contents bytea[], stamped boolean[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kstati.record
    SELECT put_records.citizen, w.key,
           CASE WHEN w.is_stamped THEN stamp || w.content ELSE w.content END
    FROM unnest(keys, contents, stamped) AS w(key, content, is_stamped)
    ON CONFLICT ON CONSTRAINT record_pkey DO UPDATE SET value = excluded.value;
END $$;

-- Adds entries to the logs of the partition. Whoever adds holds the end until the transaction ends,
-- so this comes last.
CREATE FUNCTION kstati.append(home bigint, logs text[], entries bytea[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  last_sequence bigint;
BEGIN
  INSERT INTO kstati.log_end AS e VALUES (home, cardinality(entries))
    ON CONFLICT ON CONSTRAINT log_end_pkey DO UPDATE SET sequence = e.sequence + excluded.sequence
    RETURNING e.sequence INTO last_sequence;
  INSERT INTO kstati.log
    SELECT append.home, added.log, last_sequence - cardinality(entries) + added.place, added.entry
    FROM unnest(logs, entries) WITH ORDINALITY AS added(log, entry, place);
END $$;

-- Writes a change of several citizens as a whole and says true, or says false and writes nothing.
-- The arrays up to `write_lasts` have an element for each citizen; who is not `changed` must only
-- be at the expected version. Of the others, those whose names begin with the same word go
-- together; owners are places in `citizens`. NULL in an array: no expectation, nothing new, a
-- record that must be absent. A citizen's writes lie together, from the first to the last; NULL:
-- there are none.
-- `citizens` must be in ascending order: then changes that share citizens wait for each other, and
-- never in a circle. Who holds a citizen's row holds their records too, also those that are absent.
CREATE FUNCTION kstati.commit_with_locks(
  citizen bigint, home bigint, now bigint,
  citizens bigint[], changed boolean[], expected_versions bigint[],
  sealed_keys bytea[], profiles bytea[], additions bytea[],
  write_firsts integer[], write_lasts integer[],
  condition_owners integer[], condition_keys bytea[], condition_values bytea[],
  delete_owners integer[], delete_keys bytea[],
  write_keys bytea[], write_values bytea[], write_stamped boolean[],
  append_logs text[], append_entries bytea[]) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  moment bigint := now;  -- recorded times never go back, whatever the clock does
  versions bigint[];
  latest record;
  found_value bytea;
  holds boolean := true;
  stamp bytea;
BEGIN
  FOR i IN 1 .. cardinality(citizens) LOOP
    latest := kstati.lock_row(citizens[i]);
    holds := holds AND latest.version = coalesce(expected_versions[i], latest.version);
    versions[i] := latest.version + 1;
    IF changed[i] AND moment < latest.recorded_at THEN moment := latest.recorded_at + 1; END IF;
  END LOOP;
  FOR i IN 1 .. cardinality(condition_keys) LOOP
    SELECT r.value INTO found_value FROM kstati.record r
      WHERE r.citizen = citizens[condition_owners[i]] AND r.key = condition_keys[i];
    holds := holds AND found_value IS NOT DISTINCT FROM condition_values[i];
  END LOOP;
  FOR i IN 1 .. cardinality(citizens) LOOP
    IF versions[i] = 1 AND NOT (holds AND changed[i]) THEN
      DELETE FROM kstati.row r WHERE r.citizen = citizens[i];  -- it was made for its lock only
    END IF;
  END LOOP;
  IF NOT holds THEN RETURN false; END IF;

  FOR i IN 1 .. cardinality(delete_keys) LOOP
    DELETE FROM kstati.record r
      WHERE r.citizen = citizens[delete_owners[i]] AND r.key = delete_keys[i];
  END LOOP;
  FOR i IN 1 .. cardinality(citizens) LOOP
    CONTINUE WHEN NOT changed[i];
    stamp := int8send(versions[i]) || int8send(moment);
    UPDATE kstati.row r SET
        version = versions[i],
        recorded_at = moment,
        sealed_key = coalesce(sealed_keys[i], r.sealed_key),
        profile = CASE WHEN additions[i] IS NULL THEN coalesce(profiles[i], r.profile)
                       ELSE coalesce(profiles[i], r.profile) || stamp || additions[i] END
      WHERE r.citizen = citizens[i];
    IF write_firsts[i] IS NOT NULL THEN
      PERFORM kstati.put_records(citizens[i], stamp,
        write_keys[write_firsts[i] : write_lasts[i]],
        write_values[write_firsts[i] : write_lasts[i]],
        write_stamped[write_firsts[i] : write_lasts[i]]);
    END IF;
  END LOOP;
  IF cardinality(append_entries) > 0 THEN
    PERFORM kstati.append(home, append_logs, append_entries);
  END IF;
  RETURN true;
END $$;

-- The same, and sooner for a change of one citizen that deletes nothing: what it rests on is read
-- without a lock, and still holds when the version does, since every change raises it. When that
-- fails, for whatever reason, the locks tell.
-- PL/pgSQL prepares each of its expressions anew in each transaction, so there are few of them on
-- this way. Sequential scans are off because plans are kept, also those made for an empty table.
CREATE FUNCTION kstati.commit(
  citizen bigint, home bigint, now bigint,
  citizens bigint[], changed boolean[], expected_versions bigint[],
  sealed_keys bytea[], profiles bytea[], additions bytea[],
  write_firsts integer[], write_lasts integer[],
  condition_owners integer[], condition_keys bytea[], condition_values bytea[],
  delete_owners integer[], delete_keys bytea[],
  write_keys bytea[], write_values bytea[], write_stamped boolean[],
  append_logs text[], append_entries bytea[]) RETURNS boolean
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  seen bigint := expected_versions[1];
  stamp bytea;
BEGIN
  IF cardinality(citizens) = 1 AND changed[1] AND delete_keys = '{}' THEN
    IF condition_keys <> '{}' THEN
      SELECT r.version INTO seen FROM kstati.row r
        WHERE r.citizen = citizens[1] AND r.version = coalesce(expected_versions[1], r.version)
          AND NOT EXISTS (
            SELECT FROM unnest(condition_keys, condition_values) AS c(key, value)
            WHERE c.value IS DISTINCT FROM (
              SELECT o.value FROM kstati.record o WHERE o.citizen = citizens[1] AND o.key = c.key));
      IF NOT FOUND THEN seen := -1; END IF;
    END IF;
    UPDATE kstati.row r SET
        version = r.version + 1,
        recorded_at = CASE WHEN now < r.recorded_at THEN r.recorded_at + 1 ELSE now END,
        sealed_key = coalesce(sealed_keys[1], r.sealed_key),
        profile = CASE WHEN additions[1] IS NULL THEN coalesce(profiles[1], r.profile)
                       ELSE coalesce(profiles[1], r.profile) || int8send(r.version + 1) ||
                            int8send(CASE WHEN now < r.recorded_at THEN r.recorded_at + 1
                                          ELSE now END) || additions[1] END
      WHERE r.citizen = citizens[1] AND r.version = coalesce(seen, r.version)
      RETURNING int8send(r.version) || int8send(r.recorded_at) INTO stamp;
    IF NOT FOUND THEN
      -- Who has no row has no records either.
      INSERT INTO kstati.row
        SELECT citizens[1], 1, first.moment, coalesce(sealed_keys[1], ''),
               coalesce(profiles[1], '') ||
               coalesce(int8send(1) || int8send(first.moment) || additions[1], '')
        FROM (SELECT CASE WHEN now < 0 THEN 1 ELSE now END AS moment) first
        WHERE coalesce(expected_versions[1], 0) = 0
          AND NOT EXISTS (SELECT FROM unnest(condition_values) AS value WHERE value IS NOT NULL)
        ON CONFLICT DO NOTHING
        RETURNING int8send(version) || int8send(recorded_at) INTO stamp;
    END IF;
    IF FOUND THEN
      IF write_keys <> '{}' THEN
        -- All new, mostly: then a third less of the server's log than ON CONFLICT.
        INSERT INTO kstati.record
          SELECT citizens[1], w.key,
                 CASE WHEN w.is_stamped THEN stamp || w.content ELSE w.content END
          FROM unnest(write_keys, write_values, write_stamped) AS w(key, content, is_stamped)
          WHERE NOT EXISTS (SELECT FROM kstati.record r
                            WHERE r.citizen = citizens[1] AND r.key = ANY (write_keys));
        IF NOT FOUND THEN
          PERFORM kstati.put_records(citizens[1], stamp, write_keys, write_values, write_stamped);
        END IF;
      END IF;
      IF append_entries <> '{}' THEN
        PERFORM kstati.append(home, append_logs, append_entries);
      END IF;
      RETURN true;
    END IF;
  END IF;
  RETURN kstati.commit_with_locks(
    citizen, home, now, citizens, changed, expected_versions, sealed_keys, profiles, additions,
    write_firsts, write_lasts, condition_owners, condition_keys, condition_values, delete_owners,
    delete_keys, write_keys, write_values, write_stamped, append_logs, append_entries);
END $$;

CREATE FUNCTION kstati.read_row(citizen bigint)
RETURNS TABLE (version bigint, recorded_at bigint, sealed_key bytea, profile bytea)
LANGUAGE sql STABLE AS $$
  SELECT r.version, r.recorded_at, r.sealed_key, r.profile
  FROM kstati.row r WHERE r.citizen = read_row.citizen
$$;

-- NULL when there is no such record.
CREATE FUNCTION kstati.get(citizen bigint, key bytea) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT r.value FROM kstati.record r WHERE r.citizen = get.citizen AND r.key = get.key
$$;

-- The records with first <= key < behind in byte order; `behind` NULL: to the last one.
CREATE FUNCTION kstati.scan(citizen bigint, first bytea, behind bytea)
RETURNS TABLE (key bytea, value bytea)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF behind IS NULL THEN
    RETURN QUERY SELECT r.key, r.value FROM kstati.record r
      WHERE r.citizen = scan.citizen AND r.key >= first ORDER BY r.key;
  ELSE
    RETURN QUERY SELECT r.key, r.value FROM kstati.record r
      WHERE r.citizen = scan.citizen AND r.key >= first AND r.key < behind ORDER BY r.key;
  END IF;
END $$;

-- The next rows of the partition with after < citizen <= last.
CREATE FUNCTION kstati.sweep_page(home bigint, after bigint, last bigint, rows_max bigint)
RETURNS TABLE (citizen bigint, version bigint, recorded_at bigint, sealed_key bytea, profile bytea)
LANGUAGE sql STABLE AS $$
  SELECT r.citizen, r.version, r.recorded_at, r.sealed_key, r.profile
  FROM kstati.row r WHERE r.citizen > after AND r.citizen <= last
  ORDER BY r.citizen LIMIT rows_max
$$;

CREATE FUNCTION kstati.read_log(home bigint, log text, after bigint, entries_max bigint)
RETURNS TABLE (sequence bigint, value bytea)
LANGUAGE sql STABLE AS $$
  SELECT l.sequence, l.value
  FROM kstati.log l WHERE l.home = read_log.home AND l.log = read_log.log AND l.sequence > after
  ORDER BY l.sequence LIMIT entries_max
$$;

CREATE FUNCTION kstati.accepts_writes(home bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'
$$;

-- One row for each partition there is.
CREATE FUNCTION kstati.partitions() RETURNS SETOF integer LANGUAGE sql STABLE AS $$ SELECT 1 $$;

-- What the caller must agree with before it uses the partition: which one this is (it becomes the
-- one that the first caller says), the hashes of some numbers, the latest migration, and the
-- settings that durability and order rest on.
CREATE FUNCTION kstati.open_partition(home bigint, number integer, count integer, probes bigint[],
  OUT own_number integer, OUT own_count integer, OUT hashes integer[], OUT migration text,
  OUT flush text, OUT isolation text)
LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    SELECT p.number, p.count INTO own_number, own_count FROM kstati.partition p;
    EXIT WHEN FOUND;
    INSERT INTO kstati.partition VALUES (true, number, count) ON CONFLICT DO NOTHING;
  END LOOP;
  hashes := ARRAY(SELECT hashint8(p.probe) FROM unnest(probes) WITH ORDINALITY AS p(probe, place)
                  ORDER BY p.place);
  SELECT max(m.name) INTO migration FROM kstati.schema_migration m;
  flush := current_setting('synchronous_commit');
  isolation := current_setting('transaction_isolation');
END $$;

-- The ledger of a partition: entries in the order in which they got their places, and the tree above
-- them as far as a signed checkpoint covers it. The tree follows from the entries.

CREATE TABLE kstati.ledger_entry (
  home bigint NOT NULL,
  index bigint NOT NULL,  -- from 0, without gaps
  entry bytea NOT NULL,
  PRIMARY KEY (home, index)
);
ALTER TABLE kstati.ledger_entry ALTER COLUMN entry SET STORAGE EXTERNAL;

-- How many entries there are: a sequence would leave gaps.
CREATE TABLE kstati.ledger_end (
  home bigint PRIMARY KEY,
  size bigint NOT NULL
) WITH (fillfactor = 10);

-- Complete subtrees above the entries (level 0 is the hash of the entry).
CREATE TABLE kstati.ledger_node (
  home bigint NOT NULL,
  level integer NOT NULL,
  index bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (home, level, index)
);

-- The last signed checkpoint, of `size` entries, and what growing the tree needs. Apart from
-- ledger_end, so that signing waits for nobody.
CREATE TABLE kstati.ledger_head (
  home bigint PRIMARY KEY,
  size bigint NOT NULL,
  state bytea NOT NULL,
  checkpoint bytea NOT NULL
) WITH (fillfactor = 10);

-- What a citizen's records keep of an entry.
CREATE TABLE kstati.deed (
  citizen bigint NOT NULL,
  number bigint NOT NULL,       -- among the citizen's, from 1
  recorded_at bigint NOT NULL,  -- the entry's moment, in microseconds since 1970
  index bigint,                 -- of the entry; NULL while it has no place in the ledger yet
  opening bytea NOT NULL,
  PRIMARY KEY (citizen, number)
);
ALTER TABLE kstati.deed ALTER COLUMN opening SET STORAGE EXTERNAL;

-- Number and moment of a citizen's last deed.
CREATE TABLE kstati.deed_end (
  citizen bigint PRIMARY KEY,
  number bigint NOT NULL,
  recorded_at bigint NOT NULL
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);

-- Entries that were committed and have no place in the ledger yet.
CREATE TABLE kstati.ledger_waiting (
  home bigint NOT NULL,
  citizen bigint NOT NULL,
  number bigint NOT NULL,
  entry bytea NOT NULL,
  PRIMARY KEY (home, citizen, number)
);

-- Makes an entry of each deed, without a place in the ledger: whoever gave it one would hold the
-- end of the ledger until the disk has the change, and nobody could commit beside it. All deeds get
-- one moment, not before `moment` nor before an earlier deed of the same citizen. Deeds of one
-- citizen wait for each other, in the order of the citizens' numbers.
CREATE FUNCTION kstati.enter(
  home bigint, moment bigint,
  deed_citizens bigint[], deed_kinds integer[], deed_commitments bytea[], deed_contents bytea[],
  deed_openings bytea[]) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  each bigint;
  latest bigint;
  entry_number bigint;
BEGIN
  FOR each IN SELECT DISTINCT c FROM unnest(deed_citizens) AS c ORDER BY c LOOP
    INSERT INTO kstati.deed_end AS e VALUES (each, 0, 0)
      ON CONFLICT ON CONSTRAINT deed_end_pkey DO UPDATE SET number = e.number
      RETURNING e.recorded_at INTO latest;
    IF moment < latest THEN moment := latest + 1; END IF;
  END LOOP;
  FOR i IN 1 .. cardinality(deed_citizens) LOOP
    UPDATE kstati.deed_end e SET number = e.number + 1, recorded_at = moment
      WHERE e.citizen = deed_citizens[i] RETURNING e.number INTO entry_number;
    INSERT INTO kstati.ledger_waiting VALUES (home, deed_citizens[i], entry_number,
      '\x01'::bytea || set_byte('\x00'::bytea, 0, deed_kinds[i]) || int8send(moment) ||
      deed_commitments[i] || int8send(entry_number) || deed_contents[i]);
    INSERT INTO kstati.deed
      VALUES (deed_citizens[i], entry_number, moment, NULL, deed_openings[i]);
  END LOOP;
END $$;

-- kstati.commit, and an entry for each deed. `known`: how many entries of the ledger the caller
-- knows of. A server that has fewer lost some, as a standby does that was promoted too early: then
-- nothing is written.
CREATE FUNCTION kstati.commit_and_enter(
  citizen bigint, home bigint, now bigint,
  citizens bigint[], changed boolean[], expected_versions bigint[],
  sealed_keys bytea[], profiles bytea[], additions bytea[],
  write_firsts integer[], write_lasts integer[],
  condition_owners integer[], condition_keys bytea[], condition_values bytea[],
  delete_owners integer[], delete_keys bytea[],
  write_keys bytea[], write_values bytea[], write_stamped boolean[],
  append_logs text[], append_entries bytea[],
  known bigint, deed_citizens bigint[], deed_kinds integer[], deed_commitments bytea[],
  deed_contents bytea[], deed_openings bytea[]) RETURNS boolean
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  moment bigint := now;
BEGIN
  IF coalesce((SELECT e.size FROM kstati.ledger_end e WHERE e.home = commit_and_enter.home), 0)
     < known THEN
    RAISE EXCEPTION 'the ledger has fewer entries than were acknowledged' USING ERRCODE = 'KS001';
  END IF;
  IF NOT kstati.commit(
    citizen, home, now, citizens, changed, expected_versions, sealed_keys, profiles, additions,
    write_firsts, write_lasts, condition_owners, condition_keys, condition_values, delete_owners,
    delete_keys, write_keys, write_values, write_stamped, append_logs, append_entries)
  THEN RETURN false; END IF;
  SELECT greatest(now, max(r.recorded_at)) INTO moment
    FROM unnest(citizens, changed) AS c(number, is_changed)
    JOIN kstati.row r ON r.citizen = c.number WHERE c.is_changed;
  PERFORM kstati.enter(home, coalesce(moment, now), deed_citizens, deed_kinds, deed_commitments,
                       deed_contents, deed_openings);
  RETURN true;
END $$;

-- Gives all waiting entries their places at the end of the ledger, those of a citizen in their
-- order, and says how many entries there are then.
CREATE FUNCTION kstati.order_entries(home bigint) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  before bigint;
  added bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM kstati.ledger_waiting w WHERE w.home = order_entries.home) THEN
    RETURN coalesce((SELECT e.size FROM kstati.ledger_end e WHERE e.home = order_entries.home), 0);
  END IF;
  INSERT INTO kstati.ledger_end AS e VALUES (home, 0)
    ON CONFLICT ON CONSTRAINT ledger_end_pkey DO UPDATE SET size = e.size
    RETURNING e.size INTO before;
  WITH taken AS (
    DELETE FROM kstati.ledger_waiting w WHERE w.home = order_entries.home
      RETURNING w.citizen, w.number, w.entry
  ), placed AS (
    SELECT t.citizen, t.number, t.entry,
           before + row_number() OVER (ORDER BY t.citizen, t.number) - 1 AS place
    FROM taken t
  ), put AS (
    INSERT INTO kstati.ledger_entry SELECT order_entries.home, p.place, p.entry FROM placed p
  ), noted AS (
    UPDATE kstati.deed d SET index = p.place FROM placed p
      WHERE d.citizen = p.citizen AND d.number = p.number
  ) SELECT count(*) INTO added FROM placed;
  IF added > 0 THEN
    UPDATE kstati.ledger_end e SET size = before + added WHERE e.home = order_entries.home;
  END IF;
  RETURN before + added;
END $$;

-- Notes a checkpoint of the first `size` entries and the nodes below it that are not noted yet. An
-- older one than the noted one changes nothing. What is noted here follows from the entries, so
-- the transaction need not wait for the disk.
CREATE FUNCTION kstati.seal_ledger(
  home bigint, size bigint, state bytea, checkpoint bytea,
  node_levels integer[], node_indexes bigint[], node_hashes bytea[]) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO kstati.ledger_node
    SELECT seal_ledger.home, n.level, n.index, n.hash
    FROM unnest(node_levels, node_indexes, node_hashes) AS n(level, index, hash)
    ON CONFLICT DO NOTHING;
  INSERT INTO kstati.ledger_head AS h VALUES (home, size, state, checkpoint)
    ON CONFLICT ON CONSTRAINT ledger_head_pkey DO UPDATE
      SET size = excluded.size, state = excluded.state, checkpoint = excluded.checkpoint
      WHERE h.size < excluded.size;
  RETURN true;
END $$;

-- No row when nothing was ever entered and signed.
CREATE FUNCTION kstati.read_ledger_head(home bigint)
RETURNS TABLE (size bigint, state bytea, checkpoint bytea)
LANGUAGE sql STABLE AS $$
  SELECT h.size, h.state, h.checkpoint
  FROM kstati.ledger_head h WHERE h.home = read_ledger_head.home
$$;

-- The entries from `first` on, whether a checkpoint covers them or not.
CREATE FUNCTION kstati.read_entered(home bigint, first bigint, entries_max bigint)
RETURNS TABLE (index bigint, entry bytea)
LANGUAGE sql STABLE AS $$
  SELECT e.index, e.entry
  FROM kstati.ledger_entry e WHERE e.home = read_entered.home AND e.index >= first
  ORDER BY e.index LIMIT entries_max
$$;

-- The entries from `first` on that a checkpoint covers.
CREATE FUNCTION kstati.read_ledger(home bigint, first bigint, entries_max bigint)
RETURNS TABLE (index bigint, entry bytea)
LANGUAGE sql STABLE AS $$
  SELECT e.index, e.entry
  FROM kstati.ledger_entry e WHERE e.home = read_ledger.home AND e.index >= first
    AND e.index < (SELECT h.size FROM kstati.ledger_head h WHERE h.home = read_ledger.home)
  ORDER BY e.index LIMIT entries_max
$$;

-- NULL when there is no such node; level 0 has the entry itself in place of its hash.
CREATE FUNCTION kstati.read_ledger_node(home bigint, level integer, index bigint) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN level = 0
    THEN (SELECT e.entry FROM kstati.ledger_entry e
          WHERE e.home = read_ledger_node.home AND e.index = read_ledger_node.index)
    ELSE (SELECT n.hash FROM kstati.ledger_node n
          WHERE n.home = read_ledger_node.home AND n.level = read_ledger_node.level
            AND n.index = read_ledger_node.index)
    END
$$;

-- The citizen's deeds with number > after whose entries a checkpoint covers.
CREATE FUNCTION kstati.read_deeds(citizen bigint, home bigint, after bigint, deeds_max bigint)
RETURNS TABLE (number bigint, index bigint, opening bytea)
LANGUAGE sql STABLE AS $$
  SELECT d.number, d.index, d.opening
  FROM kstati.deed d WHERE d.citizen = read_deeds.citizen AND d.number > after
    AND d.index < (SELECT h.size FROM kstati.ledger_head h WHERE h.home = read_deeds.home)
  ORDER BY d.number LIMIT deeds_max
$$;

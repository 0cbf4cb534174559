-- The ledger of a partition: entries in the order in which they were committed, and the tree above
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

-- The last signed checkpoint, of `size` entries, and what growing the tree needs. Not a column of
-- ledger_end: signing and entering would wait for each other.
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
  index bigint NOT NULL,        -- of the entry
  opening bytea NOT NULL,
  PRIMARY KEY (citizen, number)
);
ALTER TABLE kstati.deed ALTER COLUMN opening SET STORAGE EXTERNAL;

-- Adds an entry for each deed and says how many entries there are then. Whoever adds holds the end
-- until the transaction ends, so this comes last, and the numbers of nobody's deeds can move. All
-- get one moment, not before `moment` nor before an earlier deed of the same citizen.
-- `known`: how many entries the caller knows of. A server that has fewer lost some, as a standby
-- does that was promoted too early: then nothing is written.
CREATE FUNCTION kstati.enter(
  home bigint, known bigint, moment bigint,
  deed_citizens bigint[], deed_kinds integer[], deed_commitments bytea[], deed_contents bytea[],
  deed_openings bytea[]) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  size bigint;
  latest record;
  entry_index bigint;
  entry_number bigint;
BEGIN
  INSERT INTO kstati.ledger_end AS e VALUES (home, cardinality(deed_citizens))
    ON CONFLICT ON CONSTRAINT ledger_end_pkey DO UPDATE SET size = e.size + excluded.size
    RETURNING e.size INTO size;
  IF size - cardinality(deed_citizens) < known THEN
    RAISE EXCEPTION 'the ledger has fewer entries than were acknowledged' USING ERRCODE = 'KS001';
  END IF;
  FOR i IN 1 .. cardinality(deed_citizens) LOOP
    SELECT d.recorded_at INTO latest FROM kstati.deed d
      WHERE d.citizen = deed_citizens[i] ORDER BY d.number DESC LIMIT 1;
    IF FOUND AND moment < latest.recorded_at THEN moment := latest.recorded_at + 1; END IF;
  END LOOP;
  FOR i IN 1 .. cardinality(deed_citizens) LOOP
    SELECT d.number INTO latest FROM kstati.deed d
      WHERE d.citizen = deed_citizens[i] ORDER BY d.number DESC LIMIT 1;
    entry_number := coalesce(latest.number, 0) + 1;
    entry_index := size - cardinality(deed_citizens) + i - 1;
    INSERT INTO kstati.ledger_entry VALUES (home, entry_index,
      '\x01'::bytea || set_byte('\x00'::bytea, 0, deed_kinds[i]) || int8send(moment) ||
      deed_commitments[i] || int8send(entry_number) || deed_contents[i]);
    INSERT INTO kstati.deed
      VALUES (deed_citizens[i], entry_number, moment, entry_index, deed_openings[i]);
  END LOOP;
  RETURN size;
END $$;

-- kstati.commit, and an entry of the ledger for each deed. Says how many entries the ledger has
-- then, and NULL where kstati.commit says false.
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
  deed_contents bytea[], deed_openings bytea[]) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  moment bigint := now;
BEGIN
  IF NOT kstati.commit(
    citizen, home, now, citizens, changed, expected_versions, sealed_keys, profiles, additions,
    write_firsts, write_lasts, condition_owners, condition_keys, condition_values, delete_owners,
    delete_keys, write_keys, write_values, write_stamped, append_logs, append_entries)
  THEN RETURN NULL; END IF;
  SELECT greatest(now, max(r.recorded_at)) INTO moment
    FROM unnest(citizens, changed) AS c(number, is_changed)
    JOIN kstati.row r ON r.citizen = c.number WHERE c.is_changed;
  RETURN kstati.enter(home, known, coalesce(moment, now), deed_citizens, deed_kinds,
                      deed_commitments, deed_contents, deed_openings);
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

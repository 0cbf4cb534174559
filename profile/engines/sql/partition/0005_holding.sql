-- One program acts on a store at a time. It holds a lock of each partition for as long as its
-- connection lives, and each holding has a number, so that it can see whether another one came
-- between.
CREATE TABLE kstati.holding (
  home bigint PRIMARY KEY,
  number bigint NOT NULL
);

-- Holds the partition for the connection and says the number of the holding; NULL when another
-- connection holds it. The lock is the database's, by a number that nobody else uses there. The
-- server looks every few seconds whether the holder is still there, so that a cut cable frees it.
CREATE FUNCTION kstati.hold(home bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  held bigint;
BEGIN
  IF NOT pg_try_advisory_lock(7236834) THEN RETURN NULL; END IF;
  PERFORM set_config('tcp_keepalives_idle', '5', false),
          set_config('tcp_keepalives_interval', '5', false),
          set_config('tcp_keepalives_count', '3', false);
  INSERT INTO kstati.holding AS h VALUES (home, 1)
    ON CONFLICT ON CONSTRAINT holding_pkey DO UPDATE SET number = h.number + 1
    RETURNING h.number INTO held;
  RETURN held;
END $$;

-- Whether this connection still holds the partition.
CREATE FUNCTION kstati.holds(home bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.classid = 0 AND l.objid = 7236834 AND l.objsubid = 1
      AND l.pid = pg_backend_pid() AND l.granted
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
$$;

-- Each program that acts on the store has a token. A holding has a new number only when it is
-- another program's than the last one, so that a program whose call was done but whose reply was
-- lost can repeat it and sees that nobody came between.
ALTER TABLE kstati.holding ADD COLUMN token bigint;

DROP FUNCTION kstati.hold(bigint);

-- Holds the partition for the connection and says the number of the holding; NULL when another
-- connection holds it. The lock is the database's, by a number that nobody else uses there. The
-- server looks every few seconds whether the holder is still there, so that a cut cable frees it.
CREATE FUNCTION kstati.hold(home bigint, token bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  held bigint;
BEGIN
  IF NOT pg_try_advisory_lock(7236834) THEN RETURN NULL; END IF;
  PERFORM set_config('tcp_keepalives_idle', '5', false),
          set_config('tcp_keepalives_interval', '5', false),
          set_config('tcp_keepalives_count', '3', false);
  INSERT INTO kstati.holding AS h VALUES (home, 1, token)
    ON CONFLICT ON CONSTRAINT holding_pkey DO UPDATE
      SET number = h.number + CASE WHEN h.token = excluded.token THEN 0 ELSE 1 END,
          token = excluded.token
    RETURNING h.number INTO held;
  RETURN held;
END $$;

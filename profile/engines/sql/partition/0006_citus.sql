-- Where the database is spread by Citus (its extension is there when this runs), every table is
-- distributed by the number that begins its key: a citizen's, or the home of the logs and of the
-- ledger. They are colocated, so what belongs to one citizen lies on one server. What describes the
-- database itself stays with the coordinator.
--
-- Functions that touch nothing but what lies under their first argument run where it lies. Those that
-- write stay with the coordinator: a change may name several citizens, and Citus commits it on all
-- of their servers. Nothing reads several citizens at one moment: Citus has none.
DO $$
DECLARE
  each record;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_proc p WHERE p.proname = 'create_distributed_table') THEN RETURN; END IF;
  FOR each IN
    SELECT * FROM (VALUES
      (1, 'kstati.row', 'citizen'), (2, 'kstati.record', 'citizen'), (2, 'kstati.deed', 'citizen'),
      (2, 'kstati.deed_end', 'citizen'), (2, 'kstati.log', 'home'), (2, 'kstati.log_end', 'home'),
      (2, 'kstati.ledger_entry', 'home'), (2, 'kstati.ledger_end', 'home'),
      (2, 'kstati.ledger_node', 'home'), (2, 'kstati.ledger_head', 'home'),
      (2, 'kstati.ledger_waiting', 'home')) AS t(place, name, key)
    ORDER BY t.place
  LOOP
    EXECUTE format('SELECT create_distributed_table(%L, %L, colocate_with => %L)', each.name,
                   each.key, CASE WHEN each.place = 1 THEN 'none' ELSE 'kstati.row' END);
  END LOOP;
  FOR each IN
    SELECT * FROM (VALUES
      ('kstati.read_row(bigint)', 'citizen'), ('kstati.get(bigint, bytea)', 'citizen'),
      ('kstati.scan(bigint, bytea, bytea)', 'citizen'),
      ('kstati.read_log(bigint, text, bigint, bigint)', 'home'),
      ('kstati.read_ledger_head(bigint)', 'home'),
      ('kstati.read_entered(bigint, bigint, bigint)', 'home'),
      ('kstati.read_ledger(bigint, bigint, bigint)', 'home'),
      ('kstati.read_ledger_node(bigint, integer, bigint)', 'home'),
      ('kstati.log_names(bigint)', 'home')) AS f(name, argument)
  LOOP
    EXECUTE format('SELECT create_distributed_function(%L::regprocedure, %L, colocate_with => %L)',
                   each.name, each.argument, 'kstati.row');
  END LOOP;
END $$;

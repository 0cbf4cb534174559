-- The functions of the ledger, each run on the partition where its first argument lives.

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
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(citizen); $$;

CREATE FUNCTION kstati.order_entries(home bigint) RETURNS bigint
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.seal_ledger(
  home bigint, size bigint, state bytea, checkpoint bytea,
  node_levels integer[], node_indexes bigint[], node_hashes bytea[]) RETURNS boolean
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.read_ledger_head(home bigint)
RETURNS TABLE (size bigint, state bytea, checkpoint bytea)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.read_entered(home bigint, first bigint, entries_max bigint)
RETURNS TABLE (index bigint, entry bytea)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.read_ledger(home bigint, first bigint, entries_max bigint)
RETURNS TABLE (index bigint, entry bytea)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.read_ledger_node(home bigint, level integer, index bigint) RETURNS bytea
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.read_deeds(citizen bigint, home bigint, after bigint, deeds_max bigint)
RETURNS TABLE (number bigint, index bigint, opening bytea)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(citizen); $$;

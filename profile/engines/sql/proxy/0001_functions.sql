-- The functions of a partition, each run on the partition where its first argument lives. The list
-- of partitions is the foreign server `kstati`, which the operator makes.

CREATE FUNCTION kstati.commit(
  citizen bigint, home bigint, now bigint,
  citizens bigint[], changed boolean[], expected_versions bigint[],
  sealed_keys bytea[], profiles bytea[], additions bytea[],
  write_firsts integer[], write_lasts integer[],
  condition_owners integer[], condition_keys bytea[], condition_values bytea[],
  delete_owners integer[], delete_keys bytea[],
  write_keys bytea[], write_values bytea[], write_stamped boolean[],
  append_logs text[], append_entries bytea[]) RETURNS boolean
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(citizen); $$;

CREATE FUNCTION kstati.read_row(citizen bigint)
RETURNS TABLE (version bigint, recorded_at bigint, sealed_key bytea, profile bytea)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(citizen); $$;

CREATE FUNCTION kstati.get(citizen bigint, key bytea) RETURNS bytea
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(citizen); $$;

CREATE FUNCTION kstati.scan(citizen bigint, first bytea, behind bytea)
RETURNS TABLE (key bytea, value bytea)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(citizen); $$;

CREATE FUNCTION kstati.sweep_page(home bigint, after bigint, last bigint, rows_max bigint)
RETURNS TABLE (citizen bigint, version bigint, recorded_at bigint, sealed_key bytea, profile bytea)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.read_log(home bigint, log text, after bigint, entries_max bigint)
RETURNS TABLE (sequence bigint, value bytea)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.accepts_writes(home bigint) RETURNS boolean
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.partitions() RETURNS SETOF integer
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON ALL; $$;

CREATE FUNCTION kstati.open_partition(home bigint, number integer, count integer, probes bigint[],
  OUT own_number integer, OUT own_count integer, OUT hashes integer[], OUT migration text,
  OUT flush text, OUT isolation text)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

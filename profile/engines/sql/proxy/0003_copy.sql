-- What another store holds: each function run on the partition where its first argument lives.

CREATE FUNCTION kstati.restore_citizens(
  key bigint, citizens bigint[], versions bigint[], moments bigint[],
  sealed_keys bytea[], profiles bytea[],
  record_owners integer[], record_keys bytea[], record_values bytea[],
  deed_owners integer[], deed_numbers bigint[], deed_moments bigint[], deed_indexes bigint[],
  deed_openings bytea[]) RETURNS boolean
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(key); $$;

CREATE FUNCTION kstati.restore_log(
  home bigint, logs text[], sequences bigint[], entries bytea[]) RETURNS boolean
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.restore_ledger(home bigint, first bigint, entries bytea[]) RETURNS bigint
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.log_names(home bigint) RETURNS SETOF text
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

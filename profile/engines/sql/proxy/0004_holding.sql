-- Who acts on the partitions, each run on the partition where its first argument lives.

CREATE FUNCTION kstati.hold(home bigint) RETURNS bigint
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

CREATE FUNCTION kstati.holds(home bigint) RETURNS boolean
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

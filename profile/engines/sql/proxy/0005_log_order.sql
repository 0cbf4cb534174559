-- Numbers of log entries, given on the partition where its first argument lives.

CREATE FUNCTION kstati.order_logs(home bigint) RETURNS bigint
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

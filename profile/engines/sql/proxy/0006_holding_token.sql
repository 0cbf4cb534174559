DROP FUNCTION kstati.hold(bigint);

CREATE FUNCTION kstati.hold(home bigint, token bigint) RETURNS bigint
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(home); $$;

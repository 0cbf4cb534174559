CREATE FUNCTION kstati.read_citizen(citizen bigint, firsts bytea[], behinds bytea[])
RETURNS TABLE (version bigint, recorded_at bigint, sealed_key bytea, profile bytea,
               key bytea, value bytea)
LANGUAGE plproxy AS $$ CLUSTER 'kstati'; RUN ON hashint8(citizen); $$;

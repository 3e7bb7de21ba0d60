-- The GHT's catalogue of software in service: a read model of the topic catalogue.entries, open to every agent.

CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TEXT SEARCH CONFIGURATION french_unaccent (COPY = french);
ALTER TEXT SEARCH CONFIGURATION french_unaccent
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;

CREATE TABLE catalogue_entry (
    entry_id uuid PRIMARY KEY,
    product text NOT NULL,
    vendor text NOT NULL,
    domain text NOT NULL,
    description text NOT NULL,
    version text NOT NULL,
    deployments text NOT NULL,
    example boolean NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    retirement_reason text NOT NULL DEFAULT '',
    search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('french_unaccent'::regconfig, product || ' ' || vendor), 'A')
        || setweight(to_tsvector('french_unaccent'::regconfig, description), 'B')
    ) STORED
);
CREATE INDEX catalogue_entry_by_domain ON catalogue_entry (domain, product, entry_id) WHERE NOT retired;
CREATE INDEX catalogue_entry_by_product ON catalogue_entry (product, entry_id) WHERE NOT retired;
CREATE INDEX catalogue_entry_search ON catalogue_entry USING gin (search);
CREATE INDEX catalogue_entry_product_trigrams ON catalogue_entry USING gin (product gin_trgm_ops);

-- Moves with each change of the catalogue, so that processes know when what they remember is old.
CREATE TABLE catalogue_version (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version bigint NOT NULL
);
INSERT INTO catalogue_version (version) VALUES (0);

-- What an agent may learn of the open requests of other establishments: that there is one, where, and how far it is.
-- It runs as the owner of the tables, past row-level security, and these columns are all that it gives.
CREATE FUNCTION similar_requests(wanted_domain text, words text, most integer)
RETURNS TABLE (case_id uuid, title text, establishment text, domain text, stage text, closeness real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH recent AS (
        SELECT r.case_id, r.title, r.establishment, r.domain, r.stage
        FROM request r
        WHERE r.stage IN
            ('submitted', 'in_review', 'answer_awaited', 'approved', 'route_proposed', 'census')
            AND (wanted_domain IS NULL OR r.domain = wanted_domain)
        ORDER BY r.created_at DESC, r.case_id DESC
        LIMIT 500
    ), ranked AS (
        SELECT recent.*,
            CASE WHEN recent.domain = wanted_domain THEN 0.3 ELSE 0 END
            + similarity(unaccent(lower(recent.title)), unaccent(lower(words)))
            + ts_rank(
                to_tsvector('french_unaccent'::regconfig, recent.title),
                replace(plainto_tsquery('french_unaccent'::regconfig, words)::text, '&', '|')::tsquery
            ) AS closeness
        FROM recent
    )
    SELECT case_id, title, establishment, domain, stage, closeness::real
    FROM ranked WHERE closeness > 0.15 ORDER BY closeness DESC, case_id DESC LIMIT most
$$;

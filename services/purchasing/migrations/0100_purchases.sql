-- The purchases, what the GHT knows about its market, and the censuses of its members.

-- One row per case. Columns are what lists search by; the documents are the rest of the state, as JSON text.
-- A row may stand for a case that was withdrawn before its verdict came: it then has no need yet.
CREATE TABLE purchase (
    case_id uuid PRIMARY KEY,
    establishment text NOT NULL,
    state text NOT NULL CHECK (state IN ('to_qualify', 'to_confirm', 'census', 'decided', 'closed')),
    reference text NOT NULL,
    title text NOT NULL,
    domain text NOT NULL,
    cpv text,
    route text,
    amount_cents bigint,
    opened_at timestamptz,
    deadline_at timestamptz,
    late_since timestamptz,
    contract_ends_on date,
    need text,
    review text NOT NULL,
    work text NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX purchase_by_state ON purchase (state, case_id);
CREATE INDEX purchase_deadline ON purchase (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX purchase_late ON purchase (case_id) WHERE late_since IS NOT NULL;
CREATE INDEX purchase_contract_end ON purchase (contract_ends_on, case_id) WHERE contract_ends_on IS NOT NULL;
CREATE INDEX purchase_same_domain ON purchase (domain, opened_at) WHERE state <> 'closed';
CREATE INDEX purchase_same_cpv ON purchase (cpv, opened_at) WHERE state <> 'closed' AND cpv IS NOT NULL;
ALTER TABLE purchase ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON purchase USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);

-- What one member of the GHT is asked. It belongs to the member, and copies what the member may read of the case.
CREATE TABLE invitation (
    case_id uuid NOT NULL,
    establishment text NOT NULL,
    asking text NOT NULL,
    deadline timestamptz NOT NULL,
    open boolean NOT NULL,
    question text NOT NULL,
    reply text,
    PRIMARY KEY (case_id, establishment)
);
CREATE INDEX invitation_of_member ON invitation (establishment, case_id);
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON invitation USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
    OR asking = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);

-- What the buyers of the GHT know: the same for every case, so read whole and without row-level security.
CREATE TABLE agreement (
    agreement_id uuid PRIMARY KEY,
    body text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('order', 'further_competition', 'dynamic_purchasing_system')),
    title text NOT NULL,
    number text NOT NULL,
    cpv text[] NOT NULL,
    domains text[] NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL CHECK (valid_to >= valid_from),
    ceiling_cents bigint CHECK (ceiling_cents >= 0),
    consumed_cents bigint NOT NULL DEFAULT 0 CHECK (consumed_cents >= 0),
    may_order text NOT NULL CHECK (may_order IN ('everyone', 'listed', 'unknown')),
    orderers text[] NOT NULL,
    named_at_start boolean,
    suppliers text[] NOT NULL,
    note text NOT NULL,
    example boolean NOT NULL,
    withdrawn boolean NOT NULL DEFAULT false,
    revision integer NOT NULL DEFAULT 1
);

CREATE TABLE direct_purchase_policy (
    policy_id uuid PRIMARY KEY,
    establishment text NOT NULL,
    allowed boolean NOT NULL,
    valid_from date NOT NULL,
    source text NOT NULL,
    example boolean NOT NULL,
    UNIQUE (establishment, valid_from)
);

-- A published version is never edited: the version with the latest start decides.
CREATE TABLE routing_table (
    version text PRIMARY KEY,
    valid_from date NOT NULL UNIQUE,
    document text NOT NULL,
    published_at timestamptz NOT NULL,
    published_by_title text NOT NULL
);

-- Who changed what the routes are computed from, and why; append-only.
CREATE TABLE knowledge_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    actor_title text NOT NULL,
    subject text NOT NULL,
    subject_id text NOT NULL,
    action text NOT NULL,
    detail text NOT NULL
);
CREATE INDEX knowledge_change_of ON knowledge_change (subject, subject_id, change_id);
CREATE FUNCTION knowledge_change_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of changes is append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON knowledge_change
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge_change_is_append_only();

-- One small row tells a service whether the market that it holds in memory is still current. The number comes from a
-- sequence: one that was taken by a transaction that rolled back is never used again for other content.
CREATE SEQUENCE knowledge_number;
CREATE TABLE knowledge_version (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version bigint NOT NULL
);
INSERT INTO knowledge_version (version) VALUES (nextval('knowledge_number'));
CREATE FUNCTION knowledge_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE knowledge_version SET version = nextval('knowledge_number');
    RETURN NULL;
END $$;
CREATE TRIGGER knowledge_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON agreement
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge_changed();
CREATE TRIGGER knowledge_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON direct_purchase_policy
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge_changed();
CREATE TRIGGER knowledge_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON routing_table
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge_changed();

-- What every service's database has, besides its own tables: the heads of the cases, the trail, the outbox, the inbox
-- and the parked messages. Tables belong to the owner's role; the service's role gets only what it needs.

-- One row per case: the head of its trail, and what every change of it is guarded by (its version, 0002).
CREATE TABLE case_head (
    case_id uuid PRIMARY KEY,
    establishment text NOT NULL,
    trail_count integer NOT NULL,
    trail_head bytea NOT NULL,
    event_count integer NOT NULL
) WITH (fillfactor = 70);

-- Append-only, chained by hash per case; `entry` is the JSON text that was hashed.
CREATE TABLE trail (
    case_id uuid NOT NULL,
    n integer NOT NULL,
    establishment text NOT NULL,
    at timestamptz NOT NULL,
    entry text NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (case_id, n)
);

CREATE FUNCTION trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only';
END $$;
CREATE TRIGGER trail_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trail
    FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only();

-- Events that are not on Kafka yet, in the order in which they must get there. A row is deleted once Kafka has it.
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL,
    topic text NOT NULL,
    type text NOT NULL,
    key uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid NOT NULL,
    sequence integer NOT NULL,
    data text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);

-- Events whose effect is in this database.
CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (event_id, consumer)
);

-- Messages that could not be read, or whose effect failed each time; kept byte for byte so that they can be replayed.
CREATE TABLE parked_message (
    parked_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key bytea,
    header_names text[] NOT NULL,
    header_values bytea[] NOT NULL,
    value bytea,
    slug text NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL,
    holds_case uuid,
    parked_at timestamptz NOT NULL,
    resolved_at timestamptz,
    resolved_by text,
    resolution text,
    UNIQUE (topic, partition, "offset")
);
CREATE INDEX parked_message_open ON parked_message (parked_id) WHERE resolved_at IS NULL;
CREATE INDEX parked_message_holds ON parked_message (holds_case) WHERE resolved_at IS NULL AND holds_case IS NOT NULL;

-- Who may see a row: those whose scope names its establishment. Fails closed: an unset scope is an empty list.
-- The sub-selects are run once per query, not once per row, and the planner does not take the scope `*` for the name
-- of an establishment that has no rows; a function would be both.

ALTER TABLE case_head ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON case_head USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);
ALTER TABLE trail ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON trail USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);

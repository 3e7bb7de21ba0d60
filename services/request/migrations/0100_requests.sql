-- Requests. `request` is small and rewritten at each event; `request_form` is large and frozen once the request is sent.

CREATE SEQUENCE request_number INCREMENT BY 50;

CREATE TABLE request (
    case_id uuid PRIMARY KEY,
    establishment text NOT NULL,
    author text NOT NULL,
    author_title text NOT NULL,
    own_department text NOT NULL,
    reference text NOT NULL,
    kind text,
    title text NOT NULL,
    domain text,
    urgency text NOT NULL,
    stage text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deadline_at timestamptz,
    digest bytea NOT NULL,
    follow_up text NOT NULL
) WITH (fillfactor = 70);

CREATE INDEX request_by_author ON request (author, created_at DESC, case_id DESC);
CREATE INDEX request_by_establishment ON request (establishment, created_at DESC, case_id DESC);
CREATE INDEX request_by_stage ON request (stage, created_at DESC, case_id DESC);
CREATE INDEX request_by_domain ON request (domain, created_at DESC, case_id DESC);
CREATE INDEX request_by_time ON request (created_at DESC, case_id DESC);
CREATE INDEX request_by_deadline ON request (deadline_at) WHERE deadline_at IS NOT NULL;

CREATE TABLE request_form (
    case_id uuid PRIMARY KEY REFERENCES request,
    establishment text NOT NULL,
    form text NOT NULL,
    files text NOT NULL,
    equipped text NOT NULL
);

CREATE TABLE attachment (
    attachment_id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES request,
    establishment text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE attachment ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX attachment_of_case ON attachment (case_id);

ALTER TABLE request ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON request USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);
ALTER TABLE request_form ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON request_form USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);
ALTER TABLE attachment ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON attachment USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);

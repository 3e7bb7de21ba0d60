-- Reviews and their checks. What lists search by are columns; the rest of a check is the JSON text beside them.

CREATE TABLE review (
    case_id uuid PRIMARY KEY,
    -- Order of opening, handed out under a lock so that it is also the order of commit: a cursor over it loses nothing.
    position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    establishment text NOT NULL,
    requester text NOT NULL,
    reference text NOT NULL,
    title text NOT NULL,
    department text NOT NULL,
    request_kind text NOT NULL,
    data text NOT NULL,
    care_stops boolean NOT NULL,
    max_downtime_hours integer,
    urgency text NOT NULL,
    opened_at timestamptz NOT NULL,
    kinds text[] NOT NULL,
    need text NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'decided', 'withdrawn')),
    verdict text,
    decided_at timestamptz,
    outlook text NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE review_check (
    case_id uuid NOT NULL,
    kind text NOT NULL,
    establishment text NOT NULL,
    data text NOT NULL,
    status text NOT NULL CHECK (status IN ('to_take', 'taken', 'waiting_answer', 'closed')),
    holder text,
    -- The day by which somebody must act: the requester while a question is open, else the reviewer.
    due_on date NOT NULL,
    -- When the passing of that day is to be told; null once told, and when nobody is waited for.
    deadline_at timestamptz,
    told text,
    state text NOT NULL,
    PRIMARY KEY (case_id, kind)
) WITH (fillfactor = 70);

-- Queues in due order, and their figures without a look at the rows; what somebody has in hand; what is late.
CREATE INDEX review_check_queue ON review_check (kind, status, due_on, case_id) INCLUDE (establishment, data, holder);
CREATE INDEX review_check_held ON review_check (holder, due_on, case_id, kind) WHERE status IN ('taken', 'waiting_answer');
CREATE INDEX review_check_deadline ON review_check (deadline_at) WHERE deadline_at IS NOT NULL;

-- Who replaces whom, and when; both days are included.
CREATE TABLE absence (
    absence_id uuid PRIMARY KEY,
    reviewer text NOT NULL,
    substitute text NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamptz NOT NULL,
    CHECK (to_on >= from_on),
    CHECK (substitute <> reviewer)
);
CREATE INDEX absence_of ON absence (reviewer, to_on);

-- Who may see a row: as in shared/migrations/0001_plumbing.sql.
ALTER TABLE review ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON review USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);
ALTER TABLE review_check ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON review_check USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);

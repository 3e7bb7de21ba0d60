-- Which request an idempotency key has made. Ids of cases are in the order of time; those made from keys were not, and
-- every index of every service would have been written all over.

CREATE TABLE request_key (
    author text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    establishment text NOT NULL,
    PRIMARY KEY (author, key)
);

ALTER TABLE request_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON request_key USING (
    (SELECT current_setting('app.establishments', true)) = '*'
    OR establishment = ANY ((SELECT string_to_array(current_setting('app.establishments', true), ','))::text [])
);

-- For whom a request is: events say it, and the form of a sent request is not read again.

ALTER TABLE request ADD COLUMN department text NOT NULL DEFAULT '';
UPDATE request r SET department = coalesce(nullif(f.form::jsonb ->> 'department', ''), r.own_department)
FROM request_form f WHERE f.case_id = r.case_id;

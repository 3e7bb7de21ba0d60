-- Decisions are taken without a lock: what was read carries its version, and a write of another version is refused.

ALTER TABLE case_head ADD COLUMN version integer NOT NULL DEFAULT 0;

-- Called where a write touched fewer rows than it must: the whole statement fails, and says which guard it was.
CREATE FUNCTION guard_failed(place integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'guard %', place USING ERRCODE = 'serialization_failure';
END $$;

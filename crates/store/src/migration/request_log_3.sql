-- What lists that are merely observed would have denied, a bit for each kind of list, addresses lowest; and the first contracts
-- that a call touches, with their number, as JSON, where a list of contracts is on.

ALTER TABLE request_log ADD COLUMN observed bigint NOT NULL DEFAULT 0 CHECK (observed BETWEEN 0 AND 15);
ALTER TABLE request_log ADD COLUMN contracts text;

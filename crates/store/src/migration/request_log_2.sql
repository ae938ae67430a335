-- How a call was made: by a program, or from the tester.

ALTER TABLE request_log ADD COLUMN via text NOT NULL DEFAULT 'direct' CHECK (via IN ('direct', 'tester'));

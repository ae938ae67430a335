-- What operators grant, and which changes they made.

-- Extra units: kept for people; what counts is in the counter of the window (ledger_10.sql).
CREATE TABLE extra_units (
    id uuid NOT NULL PRIMARY KEY,
    account uuid NOT NULL REFERENCES account (id),
    api text NOT NULL,
    quota uuid NOT NULL,
    metric text NOT NULL,
    period text NOT NULL,
    starts_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    units bigint NOT NULL CHECK (units > 0),
    reason text NOT NULL,
    granted_by text NOT NULL,
    granted_at bigint NOT NULL
);
CREATE INDEX extra_units_by_account ON extra_units (account, id);

ALTER TABLE audit ADD COLUMN by_operator boolean NOT NULL DEFAULT false;
CREATE INDEX audit_by_operator ON audit (id) WHERE by_operator;
CREATE INDEX audit_by_actor ON audit (account, person, id) WHERE account IS NOT NULL;
CREATE INDEX audit_by_action ON audit (account, action, id) WHERE account IS NOT NULL;
CREATE INDEX audit_by_subject ON audit (account, subject, id) WHERE account IS NOT NULL;

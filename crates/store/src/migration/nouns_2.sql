-- What people need to sign in, to be invited, to get mail, and to find out who changed what.

-- Who took the seat; before this step a seat was taken by whoever had its mail address.
ALTER TABLE member ADD COLUMN person uuid REFERENCES person (id);
UPDATE member SET person = (SELECT id FROM person WHERE person.email_compared = member.email_compared)
    WHERE activated_at IS NOT NULL;
CREATE INDEX member_by_person ON member (person) WHERE person IS NOT NULL;

ALTER TABLE person ADD COLUMN operator_at bigint;
CREATE INDEX person_operator ON person (operator_at) WHERE operator_at IS NOT NULL;

CREATE TABLE session (
    id uuid NOT NULL PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    ended_at bigint,
    address text,
    agent text
);
CREATE INDEX session_by_person ON session (person, seen_at);

-- One-time links of mails that are no invitations.
CREATE TABLE link (
    id uuid NOT NULL PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('register', 'reset', 'operator')),
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    email text,
    email_compared text,
    person uuid REFERENCES person (id),
    name text,
    account_name text,
    created_at bigint NOT NULL,
    used_at bigint
);
CREATE INDEX link_by_email ON link (email_compared, purpose, created_at) WHERE email_compared IS NOT NULL;
CREATE INDEX link_by_person ON link (person, purpose) WHERE person IS NOT NULL;
CREATE INDEX link_by_age ON link (created_at);

CREATE TABLE invitation (
    id uuid NOT NULL PRIMARY KEY,
    account uuid NOT NULL REFERENCES account (id),
    member uuid NOT NULL REFERENCES member (id),
    invited_by uuid REFERENCES member (id),
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at bigint NOT NULL,
    accepted_at bigint,
    withdrawn_at bigint
);
CREATE INDEX invitation_by_account ON invitation (account, created_at);
CREATE INDEX invitation_by_member ON invitation (member, created_at);
-- A seat has one offer at a time; one that is merely too old must be withdrawn before the next.
CREATE UNIQUE INDEX invitation_standing ON invitation (member) WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

-- The outbox. What is sealed is erased when the mail is sent or given up.
CREATE TABLE mail (
    id uuid NOT NULL PRIMARY KEY,
    email text NOT NULL,
    subject text NOT NULL,
    sealed bytea,
    state text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts bigint NOT NULL CHECK (attempts >= 0),
    created_at bigint NOT NULL,
    next_at bigint NOT NULL,
    sent_at bigint,
    error text,
    CHECK (state = 'waiting' OR sealed IS NULL)
);
CREATE INDEX mail_waiting ON mail (next_at, id) WHERE state = 'waiting';

-- The audit trail. It refers to nothing by a foreign key: it outlives what it tells of.
CREATE TABLE audit (
    id uuid NOT NULL PRIMARY KEY,
    time bigint NOT NULL,
    account uuid,
    person uuid,
    member uuid,
    name text NOT NULL,
    address text,
    action text NOT NULL,
    subject text NOT NULL,
    subject_name text NOT NULL,
    before text,
    after text
);
CREATE INDEX audit_by_account ON audit (account, id) WHERE account IS NOT NULL;
CREATE INDEX audit_by_person ON audit (person, id) WHERE person IS NOT NULL;

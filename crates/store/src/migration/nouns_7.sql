-- How people prove who they are: access tokens of programs that act for them, second factors, addresses that they change to.

-- Permissions are their words, a space between two.
CREATE TABLE access_token (
    id uuid NOT NULL PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    account uuid REFERENCES account (id),
    name text NOT NULL,
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    mask text NOT NULL,
    permissions text NOT NULL,
    is_operator boolean NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    used_at bigint,
    ended_at bigint
);
CREATE INDEX access_token_by_person ON access_token (person, id) WHERE ended_at IS NULL;
CREATE INDEX access_token_ended ON access_token (ended_at) WHERE ended_at IS NOT NULL;

-- With which access token a change was made, if with one.
ALTER TABLE audit ADD COLUMN access_token uuid;

-- A seed is sealed; it counts from confirmed_at on. last_step: the newest step of which a code was taken.
CREATE TABLE second_factor (
    person uuid NOT NULL PRIMARY KEY REFERENCES person (id),
    sealed bytea NOT NULL,
    created_at bigint NOT NULL,
    confirmed_at bigint,
    last_step bigint NOT NULL
);
CREATE TABLE recovery_code (
    person uuid NOT NULL REFERENCES person (id),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    used_at bigint,
    PRIMARY KEY (person, hash)
);

-- Accounts whose members need a second factor.
CREATE TABLE second_factor_rule (
    account uuid NOT NULL PRIMARY KEY REFERENCES account (id),
    required_at bigint NOT NULL
);

-- Addresses that persons asked to change to, until they show that they read its mail.
CREATE TABLE address_change (
    id uuid NOT NULL PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    email text NOT NULL,
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at bigint NOT NULL,
    used_at bigint
);
CREATE INDEX address_change_by_person ON address_change (person) WHERE used_at IS NULL;
CREATE INDEX address_change_by_age ON address_change (created_at);

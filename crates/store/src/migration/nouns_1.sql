-- Nouns of the control plane. Written in PostgreSQL's words; migration.rs turns them into SQLite's.
-- Ids are 16 bytes, times microseconds since 1970, lists and terms JSON.

CREATE TABLE plan (
    name text NOT NULL PRIMARY KEY,
    title text NOT NULL,
    quotas text NOT NULL,
    rates text NOT NULL,
    max_keys bigint CHECK (max_keys >= 0),
    max_members bigint CHECK (max_members >= 0)
);

CREATE TABLE api (
    name text NOT NULL PRIMARY KEY,
    title text NOT NULL,
    protocol text NOT NULL CHECK (protocol IN ('rest', 'json-rpc')),
    dialect text NOT NULL CHECK (dialect IN ('problem', 'json-rpc')),
    networks text NOT NULL,
    prices text NOT NULL,
    default_plan text REFERENCES plan (name)
);

-- Each publication of the operator's file; the newest tells which one the rows above are.
CREATE TABLE publication (
    version bigint NOT NULL PRIMARY KEY,
    published_at bigint NOT NULL
);

CREATE TABLE account (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    created_at bigint NOT NULL,
    suspended_at bigint
);
CREATE INDEX account_by_name ON account (name);

CREATE TABLE person (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    email_compared text NOT NULL UNIQUE,
    password_hash text,
    created_at bigint NOT NULL,
    confirmed_at bigint
);

CREATE TABLE member (
    id uuid NOT NULL PRIMARY KEY,
    account uuid NOT NULL REFERENCES account (id),
    name text NOT NULL,
    email text NOT NULL,
    email_compared text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at bigint NOT NULL,
    activated_at bigint,
    suspended_at bigint,
    removed_at bigint
);
CREATE INDEX member_by_account ON member (account);
CREATE UNIQUE INDEX member_pending ON member (account, email_compared)
    WHERE activated_at IS NULL AND removed_at IS NULL;
CREATE UNIQUE INDEX member_owner ON member (account)
    WHERE role = 'owner' AND removed_at IS NULL;

CREATE TABLE subscription (
    id uuid NOT NULL PRIMARY KEY,
    account uuid NOT NULL REFERENCES account (id),
    api text NOT NULL REFERENCES api (name),
    plan text NOT NULL REFERENCES plan (name),
    started_at bigint NOT NULL,
    UNIQUE (account, api)
);
CREATE INDEX subscription_by_plan ON subscription (plan);

CREATE TABLE "key" (
    id uuid NOT NULL PRIMARY KEY,
    account uuid NOT NULL REFERENCES account (id),
    name text NOT NULL,
    environment text NOT NULL,
    holder uuid REFERENCES member (id),
    apis text NOT NULL,
    networks text NOT NULL,
    created_at bigint NOT NULL,
    disabled_at bigint,
    expires_at bigint,
    revoked_at bigint
);
CREATE INDEX key_by_account ON "key" (account);
CREATE INDEX key_by_holder ON "key" (holder) WHERE holder IS NOT NULL;

CREATE TABLE "value" (
    id uuid NOT NULL PRIMARY KEY,
    "key" uuid NOT NULL REFERENCES "key" (id),
    member uuid REFERENCES member (id),
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    mask text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint
);
CREATE INDEX value_by_key ON "value" ("key");
CREATE INDEX value_by_member ON "value" (member) WHERE member IS NOT NULL;

-- The owner is a subscription, a member or a key: the scope says which.
CREATE TABLE quota (
    id uuid NOT NULL PRIMARY KEY,
    owner uuid NOT NULL,
    scope text NOT NULL CHECK (scope IN ('account', 'member', 'key')),
    metric text NOT NULL CHECK (metric IN ('requests', 'credits')),
    period text NOT NULL,
    anchor bigint NOT NULL,
    units bigint NOT NULL CHECK (units >= 0),
    UNIQUE (owner, scope, metric, period)
);

CREATE TABLE rate_limit (
    "key" uuid NOT NULL REFERENCES "key" (id),
    metric text NOT NULL CHECK (metric IN ('requests', 'credits')),
    per text NOT NULL CHECK (per IN ('second', 'minute')),
    units bigint NOT NULL CHECK (units > 0),
    PRIMARY KEY ("key", metric, per)
);

-- One row: its lock is held by whoever changes nouns, so that versions are seen in the order in which they were given.
CREATE TABLE feed (
    id bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    version bigint NOT NULL CHECK (version >= 0)
);
INSERT INTO feed (id, version) VALUES (1, 0);

-- The newest change of each noun that the gateway knows: as many rows as there ever were nouns.
CREATE TABLE change (
    noun text NOT NULL CHECK (noun IN ('account', 'member', 'key', 'value')),
    id uuid NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (noun, id)
);
CREATE INDEX change_by_version ON change (version);

-- Roles of an account's own, grants on keys, seats for keys only, and values that their members may not use for now.

-- The role in the account: `owner`, `admin`, `member` or the id of one of the account's own; none: a seat for keys only.
DROP INDEX member_owner;
ALTER TABLE member ADD COLUMN account_role text;
UPDATE member SET account_role = role;
ALTER TABLE member DROP COLUMN role;
ALTER TABLE member RENAME COLUMN account_role TO role;
CREATE UNIQUE INDEX member_owner ON member (account) WHERE role = 'owner' AND removed_at IS NULL;
CREATE INDEX member_by_role ON member (account, role) WHERE removed_at IS NULL;

-- The scope is the account's id, or that of the key where alone the role can be given.
CREATE TABLE role (
    id uuid NOT NULL PRIMARY KEY,
    account uuid NOT NULL REFERENCES account (id),
    "key" uuid REFERENCES "key" (id),
    scope uuid NOT NULL,
    name text NOT NULL,
    name_compared text NOT NULL,
    modules text NOT NULL,
    permissions text NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (scope, name_compared)
);
CREATE INDEX role_by_account ON role (account);

-- How often the roles of a scope were changed.
CREATE TABLE role_set (
    scope uuid NOT NULL PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0)
);

CREATE TABLE key_grant (
    member uuid NOT NULL REFERENCES member (id),
    "key" uuid NOT NULL REFERENCES "key" (id),
    account uuid NOT NULL REFERENCES account (id),
    role text NOT NULL,
    granted_by uuid REFERENCES member (id),
    granted_at bigint NOT NULL,
    PRIMARY KEY (member, "key")
);
CREATE INDEX key_grant_by_key ON key_grant ("key", role);
CREATE INDEX key_grant_by_account ON key_grant (account);

-- Since when the gateways refuse a value because its member may not use the shared key.
ALTER TABLE "value" ADD COLUMN withheld_at bigint;

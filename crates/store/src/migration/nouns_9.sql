-- Keys: what the account's programs remember of them, their versions, and what lists of them are looked up by.

ALTER TABLE "key" ADD COLUMN metadata text NOT NULL DEFAULT '{}';
ALTER TABLE "key" ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0);
-- The name in lower case: what a search looks through.
ALTER TABLE "key" ADD COLUMN name_compared text NOT NULL DEFAULT '';
UPDATE "key" SET name_compared = lower(name);

-- A list is walked in the order of ids, from an index that has what it is filtered by.
DROP INDEX key_by_account;
DROP INDEX key_by_holder;
CREATE INDEX key_by_account ON "key" (account, id);
CREATE INDEX key_by_name ON "key" (account, id, name_compared) WHERE revoked_at IS NULL;
CREATE INDEX key_by_environment ON "key" (account, environment, id) WHERE revoked_at IS NULL;
CREATE INDEX key_by_holder ON "key" (account, holder, id);
CREATE INDEX key_revoked ON "key" (account, id) WHERE revoked_at IS NOT NULL;
CREATE INDEX key_disabled ON "key" (account, id) WHERE disabled_at IS NOT NULL;
CREATE INDEX key_by_end ON "key" (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX key_by_end_in_account ON "key" (account, expires_at) WHERE expires_at IS NOT NULL;

-- The pairs of all keys, for looking keys up by one; the key's own row has them too.
CREATE TABLE key_metadata (
    account uuid NOT NULL REFERENCES account (id),
    name text NOT NULL,
    pair text NOT NULL,
    "key" uuid NOT NULL REFERENCES "key" (id),
    PRIMARY KEY (account, name, pair, "key")
); -- clustered
CREATE UNIQUE INDEX key_metadata_of_key ON key_metadata ("key", name);

-- What a key allowed after each change. A key without rows has had none since versions are kept.
CREATE TABLE key_version (
    "key" uuid NOT NULL REFERENCES "key" (id),
    number bigint NOT NULL CHECK (number > 0),
    time bigint NOT NULL,
    author uuid REFERENCES member (id),
    author_name text NOT NULL,
    reason text,
    restored bigint,
    changed text NOT NULL,
    terms text NOT NULL,
    PRIMARY KEY ("key", number)
); -- clustered

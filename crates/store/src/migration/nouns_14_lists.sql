-- Lists of accounts with many members and keys: walks in the order of ids, and counts that are kept instead of counted. Triggers keep
-- them, so that whatever writes a member, a grant or a key need not know.

ALTER TABLE member ADD COLUMN name_compared text NOT NULL DEFAULT '';
UPDATE member SET name_compared = lower(name);
DROP INDEX member_by_account;
CREATE INDEX member_by_account ON member (account, id);
CREATE INDEX member_seated ON member (account, id) WHERE removed_at IS NULL;
CREATE INDEX key_shared ON "key" (account, id) WHERE holder IS NULL AND revoked_at IS NULL;
DROP INDEX key_by_end_in_account;
CREATE INDEX key_with_end ON "key" (account, id) WHERE expires_at IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX audit_by_operator_in_account ON audit (account, id) WHERE by_operator;

-- How many hold a role: in an account those who are not removed (an empty role: a seat for keys only), on a key all.
CREATE TABLE role_tally (
    scope uuid NOT NULL,
    role text NOT NULL,
    holders bigint NOT NULL,
    PRIMARY KEY (scope, role)
); -- clustered
INSERT INTO role_tally (scope, role, holders)
SELECT account, coalesce(role, ''), count(*) FROM member WHERE removed_at IS NULL GROUP BY 1, 2;
INSERT INTO role_tally (scope, role, holders)
SELECT "key", role, count(*) FROM key_grant GROUP BY 1, 2;

-- How many keys that are not revoked an account has, and a member holds.
CREATE TABLE key_tally (
    owner uuid NOT NULL PRIMARY KEY,
    keys bigint NOT NULL
); -- clustered
INSERT INTO key_tally (owner, keys)
SELECT account, count(*) FROM "key" WHERE revoked_at IS NULL GROUP BY 1;
INSERT INTO key_tally (owner, keys)
SELECT holder, count(*) FROM "key" WHERE revoked_at IS NULL AND holder IS NOT NULL GROUP BY 1;

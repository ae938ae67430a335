-- For each statement and not for each row: many rows at once would else write one tally again and again in one transaction.

CREATE FUNCTION tally_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE role_tally SET holders = role_tally.holders - less.holders
        FROM (SELECT account AS scope, coalesce(role, '') AS role, count(*) AS holders FROM gone
        WHERE removed_at IS NULL GROUP BY 1, 2) AS less
        WHERE role_tally.scope = less.scope AND role_tally.role = less.role;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO role_tally (scope, role, holders)
        SELECT account AS scope, coalesce(role, '') AS role, count(*) AS holders FROM added
        WHERE removed_at IS NULL GROUP BY 1, 2
        ON CONFLICT (scope, role) DO UPDATE SET holders = role_tally.holders + excluded.holders;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER member_tallied AFTER INSERT ON member REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_members();
CREATE TRIGGER member_tallied_anew AFTER UPDATE ON member REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_members();
CREATE TRIGGER member_tallied_no_more AFTER DELETE ON member REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION tally_members();

CREATE FUNCTION tally_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE role_tally SET holders = role_tally.holders - less.holders
        FROM (SELECT "key" AS scope, role, count(*) AS holders FROM gone GROUP BY 1, 2) AS less
        WHERE role_tally.scope = less.scope AND role_tally.role = less.role;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO role_tally (scope, role, holders)
        SELECT "key" AS scope, role, count(*) AS holders FROM added GROUP BY 1, 2
        ON CONFLICT (scope, role) DO UPDATE SET holders = role_tally.holders + excluded.holders;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER key_grant_tallied AFTER INSERT ON key_grant REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_grants();
CREATE TRIGGER key_grant_tallied_anew AFTER UPDATE ON key_grant REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_grants();
CREATE TRIGGER key_grant_tallied_no_more AFTER DELETE ON key_grant REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION tally_grants();

CREATE FUNCTION tally_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE key_tally SET keys = key_tally.keys - less.keys
        FROM (SELECT owner, count(*) AS keys
        FROM (SELECT account AS owner, revoked_at FROM gone UNION ALL SELECT holder, revoked_at FROM gone) AS both_owners
        WHERE owner IS NOT NULL AND revoked_at IS NULL GROUP BY 1) AS less
        WHERE key_tally.owner = less.owner;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO key_tally (owner, keys)
        SELECT owner, count(*) AS keys
        FROM (SELECT account AS owner, revoked_at FROM added UNION ALL SELECT holder, revoked_at FROM added) AS both_owners
        WHERE owner IS NOT NULL AND revoked_at IS NULL GROUP BY 1
        ON CONFLICT (owner) DO UPDATE SET keys = key_tally.keys + excluded.keys;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER key_tallied AFTER INSERT ON "key" REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_keys();
CREATE TRIGGER key_tallied_anew AFTER UPDATE ON "key" REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_keys();
CREATE TRIGGER key_tallied_no_more AFTER DELETE ON "key" REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION tally_keys();

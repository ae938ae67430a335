CREATE TRIGGER member_tallied AFTER INSERT ON member WHEN NEW.removed_at IS NULL
BEGIN
    INSERT INTO role_tally (scope, role, holders) VALUES (NEW.account, coalesce(NEW.role, ''), 1)
    ON CONFLICT (scope, role) DO UPDATE SET holders = holders + 1;
END;
CREATE TRIGGER member_tallied_anew AFTER UPDATE OF role, removed_at ON member
WHEN OLD.role IS NOT NEW.role OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL)
BEGIN
    UPDATE role_tally SET holders = holders - 1
    WHERE scope = OLD.account AND role = coalesce(OLD.role, '') AND OLD.removed_at IS NULL;
    INSERT INTO role_tally (scope, role, holders)
    SELECT NEW.account, coalesce(NEW.role, ''), 1 WHERE NEW.removed_at IS NULL
    ON CONFLICT (scope, role) DO UPDATE SET holders = holders + 1;
END;
CREATE TRIGGER member_tallied_no_more AFTER DELETE ON member WHEN OLD.removed_at IS NULL
BEGIN
    UPDATE role_tally SET holders = holders - 1 WHERE scope = OLD.account AND role = coalesce(OLD.role, '');
END;

CREATE TRIGGER key_grant_tallied AFTER INSERT ON key_grant
BEGIN
    INSERT INTO role_tally (scope, role, holders) VALUES (NEW."key", NEW.role, 1)
    ON CONFLICT (scope, role) DO UPDATE SET holders = holders + 1;
END;
CREATE TRIGGER key_grant_tallied_anew AFTER UPDATE OF role ON key_grant WHEN OLD.role <> NEW.role
BEGIN
    UPDATE role_tally SET holders = holders - 1 WHERE scope = OLD."key" AND role = OLD.role;
    INSERT INTO role_tally (scope, role, holders) VALUES (NEW."key", NEW.role, 1)
    ON CONFLICT (scope, role) DO UPDATE SET holders = holders + 1;
END;
CREATE TRIGGER key_grant_tallied_no_more AFTER DELETE ON key_grant
BEGIN
    UPDATE role_tally SET holders = holders - 1 WHERE scope = OLD."key" AND role = OLD.role;
END;

CREATE TRIGGER key_tallied AFTER INSERT ON "key" WHEN NEW.revoked_at IS NULL
BEGIN
    INSERT INTO key_tally (owner, keys)
    SELECT owner, 1 FROM (SELECT NEW.account AS owner UNION ALL SELECT NEW.holder) WHERE owner IS NOT NULL
    ON CONFLICT (owner) DO UPDATE SET keys = keys + 1;
END;
CREATE TRIGGER key_tallied_anew AFTER UPDATE OF holder, revoked_at ON "key"
WHEN OLD.holder IS NOT NEW.holder OR (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL)
BEGIN
    UPDATE key_tally SET keys = keys - 1 WHERE owner IN (OLD.account, OLD.holder) AND OLD.revoked_at IS NULL;
    INSERT INTO key_tally (owner, keys)
    SELECT owner, 1 FROM (SELECT NEW.account AS owner UNION ALL SELECT NEW.holder)
    WHERE owner IS NOT NULL AND NEW.revoked_at IS NULL
    ON CONFLICT (owner) DO UPDATE SET keys = keys + 1;
END;
CREATE TRIGGER key_tallied_no_more AFTER DELETE ON "key" WHEN OLD.revoked_at IS NULL
BEGIN
    UPDATE key_tally SET keys = keys - 1 WHERE owner IN (OLD.account, OLD.holder);
END;

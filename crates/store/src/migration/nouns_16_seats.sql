-- How many of an account's active members have no second factor is counted in this index alone.
CREATE INDEX member_active ON member (account, person)
    WHERE removed_at IS NULL AND suspended_at IS NULL AND activated_at IS NOT NULL;

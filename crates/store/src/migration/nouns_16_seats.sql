-- How many of an account's active members have no second factor is counted in this index alone.
CREATE INDEX member_active ON member (account, person)
    WHERE removed_at IS NULL AND suspended_at IS NULL AND activated_at IS NOT NULL;
-- The seat of a person in one account is looked up at each request.
CREATE INDEX member_of_person ON member (person, account, id) WHERE removed_at IS NULL;

-- Members have rate limits as keys do: a rate limit belongs to the one or the other.

CREATE TABLE rate_limit_of_owner (
    owner uuid NOT NULL,
    scope text NOT NULL CHECK (scope IN ('member', 'key')),
    metric text NOT NULL CHECK (metric IN ('requests', 'credits')),
    per text NOT NULL CHECK (per IN ('second', 'minute')),
    units bigint NOT NULL CHECK (units > 0),
    PRIMARY KEY (owner, scope, metric, per)
);
INSERT INTO rate_limit_of_owner (owner, scope, metric, per, units)
SELECT "key", 'key', metric, per, units FROM rate_limit;
DROP TABLE rate_limit;
ALTER TABLE rate_limit_of_owner RENAME TO rate_limit;

-- What a quota allows beyond: a row of its own, so that the ledger counts it as it counts any quota.

CREATE TABLE quota_with_overage (
    id uuid NOT NULL PRIMARY KEY,
    owner uuid NOT NULL,
    scope text NOT NULL CHECK (scope IN ('account', 'member', 'key')),
    metric text NOT NULL CHECK (metric IN ('requests', 'credits')),
    period text NOT NULL,
    anchor bigint NOT NULL,
    units bigint NOT NULL CHECK (units >= 0),
    -- Whether these units are beyond those of the other row of the same owner, scope, metric and period.
    overage boolean NOT NULL DEFAULT false,
    UNIQUE (owner, scope, metric, period, overage)
);
INSERT INTO quota_with_overage (id, owner, scope, metric, period, anchor, units)
SELECT id, owner, scope, metric, period, anchor, units FROM quota;
DROP TABLE quota;
ALTER TABLE quota_with_overage RENAME TO quota;

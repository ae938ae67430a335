-- The ledger: who holds which units of which quota. See domain::lease for the rules and ledger_audit for the invariants.

CREATE TABLE node (
    node bigint NOT NULL PRIMARY KEY,
    folder uuid NOT NULL UNIQUE,
    epoch bigint NOT NULL CHECK (epoch > 0),
    settled boolean NOT NULL,
    opened_at bigint NOT NULL
);

-- One quota in one window, made when the first node asks. Not tied to the quota's row: a dropped quota's past stays.
-- units is the limit now, peak the highest it ever was: granted may be above the one when the limit was lowered, but
-- never above the other.
CREATE TABLE counter (
    quota uuid NOT NULL,
    starts_at bigint NOT NULL,
    units bigint NOT NULL CHECK (units >= 0),
    peak bigint NOT NULL,
    granted bigint NOT NULL CHECK (granted >= 0),
    PRIMARY KEY (quota, starts_at),
    CHECK (peak >= units)
);

-- granted, returned and spent are totals over the lease's life. spent may run ahead of granted - returned for a
-- moment: a refund can be given back before the batch that tells of it has been shipped.
CREATE TABLE lease (
    quota uuid NOT NULL,
    starts_at bigint NOT NULL,
    node bigint NOT NULL,
    epoch bigint NOT NULL,
    granted bigint NOT NULL CHECK (granted >= 0),
    returned bigint NOT NULL CHECK (returned >= 0),
    spent bigint NOT NULL,
    closed boolean NOT NULL,
    PRIMARY KEY (quota, starts_at, node, epoch),
    CHECK (returned <= granted)
);
CREATE INDEX lease_by_node ON lease (node, epoch) WHERE NOT closed;

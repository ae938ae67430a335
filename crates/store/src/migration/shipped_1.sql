-- Which cuts of which journals have arrived. SQLite has these tables in both files: each says what its file took.

-- The watermark of each journal.
CREATE TABLE ring (
    node bigint NOT NULL,
    epoch bigint NOT NULL,
    ring bigint NOT NULL,
    hi bigint NOT NULL,
    PRIMARY KEY (node, epoch, ring)
);

CREATE TABLE shipped (
    node bigint NOT NULL,
    epoch bigint NOT NULL,
    ring bigint NOT NULL,
    lo bigint NOT NULL,
    hi bigint NOT NULL,
    "rows" bigint NOT NULL,
    PRIMARY KEY (node, epoch, ring, lo),
    CHECK (lo <= hi)
);

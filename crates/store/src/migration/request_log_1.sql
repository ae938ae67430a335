-- The request log: one row per call. docs/request-log.md is its contract.

-- Which counters a row was charged on; few sets serve many rows. The id is a digest of the set.
CREATE TABLE charge_set (
    id bigint NOT NULL,
    quota uuid NOT NULL,
    starts_at bigint NOT NULL,
    metric text NOT NULL CHECK (metric IN ('requests', 'credits')),
    PRIMARY KEY (id, quota, starts_at, metric)
);

CREATE TABLE request_log (
    node bigint NOT NULL,
    epoch bigint NOT NULL,
    ring bigint NOT NULL,
    seq bigint NOT NULL,
    request uuid NOT NULL,
    time bigint NOT NULL,
    account uuid NOT NULL,
    member uuid,
    "key" uuid NOT NULL,
    "value" uuid NOT NULL,
    api text NOT NULL,
    network text,
    wire text NOT NULL CHECK (wire IN ('http', 'ws')),
    method text NOT NULL,
    path text NOT NULL,
    policy_version bigint NOT NULL,
    requests bigint NOT NULL CHECK (requests >= 0),
    credits bigint NOT NULL CHECK (credits >= 0),
    charge_set bigint,
    batch uuid,
    batch_position bigint,
    count bigint NOT NULL CHECK (count > 0),
    address text,
    origin text,
    agent text,
    state text NOT NULL CHECK (state IN ('open', 'closed', 'unknown', 'cut')),
    denial text,
    outcome text CHECK (outcome IN ('answered', 'failed', 'denied', 'abandoned', 'unknown')),
    status bigint NOT NULL,
    rpc_error bigint,
    refund_requests bigint NOT NULL,
    refund_credits bigint NOT NULL,
    latency bigint NOT NULL,
    upstream_latency bigint NOT NULL,
    attempts bigint NOT NULL,
    upstream bigint,
    bytes_in bigint NOT NULL,
    bytes_out bigint NOT NULL,
    PRIMARY KEY (node, epoch, ring, seq)
); -- clustered

CREATE INDEX request_log_by_time ON request_log (time, node, epoch, ring, seq);
CREATE INDEX request_log_by_account ON request_log (account, time, node, epoch, ring, seq);
CREATE INDEX request_log_by_key ON request_log ("key", time, node, epoch, ring, seq);
CREATE INDEX request_log_by_member ON request_log (member, time, node, epoch, ring, seq) WHERE member IS NOT NULL;

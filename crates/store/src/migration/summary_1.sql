-- The request log by half hours: what pages sum again and again, kept up to date by the batch that brings the rows.

CREATE TABLE summary (
    account uuid NOT NULL,
    start bigint NOT NULL,
    "key" uuid NOT NULL,
    -- All zeroes: the values of the account itself.
    member uuid NOT NULL,
    api text NOT NULL,
    calls bigint NOT NULL,
    answered bigint NOT NULL,
    denied bigint NOT NULL,
    failed bigint NOT NULL,
    requests bigint NOT NULL,
    credits bigint NOT NULL,
    refund_requests bigint NOT NULL,
    refund_credits bigint NOT NULL,
    last bigint NOT NULL,
    PRIMARY KEY (account, start, "key", member, api)
); -- clustered

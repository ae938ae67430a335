-- The summaries of whole accounts: what all keys and members of an account come to is summed without reading each of them.

CREATE TABLE account_summary (
    account uuid NOT NULL,
    start bigint NOT NULL,
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
    PRIMARY KEY (account, start, api)
); -- clustered
INSERT INTO account_summary
SELECT account, start, api, sum(calls), sum(answered), sum(denied), sum(failed), sum(requests), sum(credits),
    sum(refund_requests), sum(refund_credits), max(last)
FROM summary GROUP BY 1, 2, 3;

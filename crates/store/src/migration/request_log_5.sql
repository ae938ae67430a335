-- What of the charge was beyond a quota.

ALTER TABLE request_log ADD COLUMN overage_requests bigint NOT NULL DEFAULT 0;
ALTER TABLE request_log ADD COLUMN overage_credits bigint NOT NULL DEFAULT 0;

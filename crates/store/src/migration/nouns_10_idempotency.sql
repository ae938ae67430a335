-- Requests under idempotency keys. caller: the id of an access token or of a person; body: SHA-256 of what was sent.

CREATE TABLE idempotency (
    caller uuid NOT NULL,
    route text NOT NULL,
    idempotency_key text NOT NULL,
    body bytea NOT NULL CHECK (length(body) = 32),
    claimed_at bigint NOT NULL,
    status bigint,
    answer text,
    PRIMARY KEY (caller, route, idempotency_key)
);
CREATE INDEX idempotency_by_age ON idempotency (claimed_at);

-- From where, and with which program, each value is used: the newest call of each of its callers, kept up to date by the batch that
-- brings the rows. Empty: the call told no address, or no program.

CREATE TABLE value_use (
    "value" uuid NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    last bigint NOT NULL,
    PRIMARY KEY ("value", address, agent)
); -- clustered

INSERT INTO value_use
SELECT "value", coalesce(address, ''), coalesce(agent, ''), max(time) FROM request_log GROUP BY 1, 2, 3;

CREATE INDEX value_use_by_last ON value_use ("value", last);

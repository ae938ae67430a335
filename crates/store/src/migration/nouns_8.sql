-- A seat can end by itself; and the owner of an account can offer it to another member, who owns it once they accept.

ALTER TABLE member ADD COLUMN ends_at bigint;

CREATE TABLE ownership_offer (
    id uuid NOT NULL PRIMARY KEY,
    account uuid NOT NULL REFERENCES account (id),
    owner uuid NOT NULL REFERENCES member (id),
    successor uuid NOT NULL REFERENCES member (id),
    created_at bigint NOT NULL,
    accepted_at bigint,
    declined_at bigint,
    withdrawn_at bigint
);
CREATE INDEX ownership_offer_by_account ON ownership_offer (account, created_at);
-- An account is offered to one at a time; an offer that is merely too old must be withdrawn before the next.
CREATE UNIQUE INDEX ownership_offer_standing ON ownership_offer (account)
    WHERE accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL;

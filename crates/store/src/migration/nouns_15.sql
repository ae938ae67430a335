-- Whether an address has a seat is asked before each invitation, however many seats the account has.
CREATE INDEX member_by_email ON member (account, email_compared) WHERE removed_at IS NULL;

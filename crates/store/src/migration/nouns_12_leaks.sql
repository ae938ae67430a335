-- What an account has done with values that leaked, where it said something else than usual.

CREATE TABLE leak_rule (
    account uuid NOT NULL PRIMARY KEY REFERENCES account (id),
    on_leak text NOT NULL CHECK (on_leak IN ('revoke', 'alert'))
);

-- Who locked a list of a key, and when; of lists that were locked before this table there is no row.

CREATE TABLE list_lock (
    "key" uuid NOT NULL REFERENCES "key" (id),
    list text NOT NULL,
    member uuid REFERENCES member (id),
    member_name text NOT NULL,
    locked_at bigint NOT NULL,
    PRIMARY KEY ("key", list)
); -- clustered

-- Which ends of keys and seats were told of, and how many days before: each once.

CREATE TABLE end_told (
    noun text NOT NULL CHECK (noun IN ('key', 'member')),
    subject uuid NOT NULL,
    ends_at bigint NOT NULL,
    days bigint NOT NULL,
    told_at bigint NOT NULL,
    PRIMARY KEY (noun, subject, ends_at, days)
); -- clustered

CREATE INDEX member_by_end ON member (ends_at) WHERE ends_at IS NOT NULL;

-- What the keys or members of one page of a list used is summed without reading what all others of the account did.

CREATE INDEX summary_by_key ON summary ("key", start);
CREATE INDEX summary_by_member ON summary (member, start);

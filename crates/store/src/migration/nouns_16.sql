-- Who works on a key comes in pages, oldest seat first.
CREATE INDEX key_grant_in_order ON key_grant ("key", member);

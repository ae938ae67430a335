-- Units that an operator added to one window, on top of the quota's own limit. units and peak contain them.

ALTER TABLE counter ADD COLUMN extra bigint NOT NULL DEFAULT 0;

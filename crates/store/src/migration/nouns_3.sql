-- What calls with a key must come from. An allowlist is JSON; {} is one that is off.

ALTER TABLE "key" ADD COLUMN addresses text NOT NULL DEFAULT '{}';
ALTER TABLE "key" ADD COLUMN domains text NOT NULL DEFAULT '{}';

-- All four allowlists, of keys and of accounts. An allowlist is JSON; {} is one that is off.

ALTER TABLE "key" ADD COLUMN methods text NOT NULL DEFAULT '{}';
ALTER TABLE "key" ADD COLUMN contracts text NOT NULL DEFAULT '{}';
-- Which lists of the key only the account's side may change: a JSON array of their names.
ALTER TABLE "key" ADD COLUMN locked_lists text NOT NULL DEFAULT '[]';

ALTER TABLE account ADD COLUMN addresses text NOT NULL DEFAULT '{}';
ALTER TABLE account ADD COLUMN domains text NOT NULL DEFAULT '{}';
ALTER TABLE account ADD COLUMN methods text NOT NULL DEFAULT '{}';
ALTER TABLE account ADD COLUMN contracts text NOT NULL DEFAULT '{}';

-- A key's secret: SHA-256 of its text, what pages show of it, when it was drawn, since when it is required, and the one before it.

ALTER TABLE "key" ADD COLUMN secret_hash bytea;
ALTER TABLE "key" ADD COLUMN secret_mask text;
ALTER TABLE "key" ADD COLUMN secret_drawn_at bigint;
ALTER TABLE "key" ADD COLUMN secret_required_at bigint;
ALTER TABLE "key" ADD COLUMN former_secret_hash bytea;
ALTER TABLE "key" ADD COLUMN former_secret_expires_at bigint;

-- A mail knows the invitation that it carries, and the invitation what came of it: why nobody took the mail, as the mail server said.
ALTER TABLE mail ADD COLUMN invitation uuid REFERENCES invitation (id);
ALTER TABLE invitation ADD COLUMN refused text;

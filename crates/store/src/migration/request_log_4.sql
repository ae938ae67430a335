-- What lists observed is looked for and counted by itself; most rows have none of it.

CREATE INDEX request_log_by_observed ON request_log (account, time, node, epoch, ring, seq) WHERE observed <> 0;

INSERT INTO summary
SELECT account, time - time % 1800000000, "key", coalesce(member, '00000000-0000-0000-0000-000000000000'), api, sum(count),
    sum(CASE WHEN outcome = 'answered' THEN count ELSE 0 END), sum(CASE WHEN outcome = 'denied' THEN count ELSE 0 END),
    sum(CASE WHEN outcome = 'failed' THEN count ELSE 0 END), sum(requests), sum(credits), sum(refund_requests),
    sum(refund_credits), max(time)
FROM request_log GROUP BY 1, 2, 3, 4, 5;

-- Where each cohort stands. Dates are those of sessions that were recorded.
SELECT c.slug,
       (SELECT min(date) FROM session WHERE cohort_id = c.id) AS first_session,
       (SELECT max(date) FROM session WHERE cohort_id = c.id) AS last_session,
       (SELECT count(*) FROM session WHERE cohort_id = c.id) AS recorded,
       count(*) FILTER (WHERE e.status = 'enrolled') AS enrolled,
       count(*) FILTER (WHERE e.status = 'waitlisted') AS waitlisted,
       count(*) FILTER (WHERE e.status = 'enrolled' AND 'agreed' = (
           SELECT decision FROM consent WHERE enrollment_id = e.id
           ORDER BY decided_on DESC, id DESC LIMIT 1)) AS agreed
FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
GROUP BY c.id ORDER BY c.id;

-- The figures of a report by year, from July to June, in two queries: what was
-- signed up for, and who came. A cohort without a recorded session has no day.
WITH began AS (
    SELECT cohort_id, date(min(date), '-6 months') AS day FROM session GROUP BY cohort_id
), attended AS (
    SELECT enrollment_id, count(*) AS weeks FROM attendance
    WHERE mark IN ('P', 'L', 'D') GROUP BY enrollment_id
)
SELECT strftime('%Y', b.day) AS year, count(*) AS sign_ups,
       count(*) FILTER (WHERE e.status = 'waitlisted') AS waitlisted,
       count(*) FILTER (WHERE e.status = 'enrolled') AS enrolled,
       count(*) FILTER (WHERE e.status = 'withdrawn') AS withdrawn,
       count(*) FILTER (WHERE e.status = 'enrolled' AND 'agreed' = (
           SELECT decision FROM consent WHERE enrollment_id = e.id
           ORDER BY decided_on DESC, id DESC LIMIT 1)) AS agreed,
       count(*) FILTER (WHERE e.status = 'enrolled' AND a.weeks = 4) AS completed
FROM enrollment e
LEFT JOIN began b ON b.cohort_id = e.cohort_id
LEFT JOIN attended a ON a.enrollment_id = e.id
GROUP BY year ORDER BY year;

WITH began AS (
    SELECT cohort_id, date(min(date), '-6 months') AS day FROM session GROUP BY cohort_id
)
SELECT strftime('%Y', b.day) AS year, a.week, a.mark, count(*) AS people
FROM attendance a JOIN enrollment e ON e.id = a.enrollment_id
JOIN began b ON b.cohort_id = e.cohort_id
GROUP BY year, a.week, a.mark ORDER BY year, a.week, a.mark;

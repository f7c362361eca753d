-- One cohort with its consents and marks.
SELECT p.code, p.last_name, p.first_name, coalesce(p.goes_by, p.first_name) AS goes_by, e.status,
       coalesce(CASE s.decision WHEN 'agreed' THEN s.decided_on END, 'NO') AS agreed,
       w1.mark AS week_1, w2.mark AS week_2, w3.mark AS week_3, w4.mark AS week_4
FROM cohort c
JOIN enrollment e ON e.cohort_id = c.id
JOIN participant p ON p.id = e.participant_id
LEFT JOIN consent s ON s.id = (SELECT id FROM consent WHERE enrollment_id = e.id
                               ORDER BY decided_on DESC, id DESC LIMIT 1)
LEFT JOIN attendance w1 ON w1.enrollment_id = e.id AND w1.week = 1
LEFT JOIN attendance w2 ON w2.enrollment_id = e.id AND w2.week = 2
LEFT JOIN attendance w3 ON w3.enrollment_id = e.id AND w3.week = 3
LEFT JOIN attendance w4 ON w4.enrollment_id = e.id AND w4.week = 4
WHERE c.slug = 'COHORT' AND e.status = 'enrolled'
ORDER BY p.last_name, p.first_name;

-- What is open, whatever cohort it is of.
SELECT p.code, p.first_name, s.asked_on, s.next_on
FROM support s JOIN participant p ON p.id = s.participant_id
WHERE s.closed_on IS NULL ORDER BY s.next_on;
SELECT i.id, c.slug, i.week, i.kind, i.noted_on
FROM incident i JOIN cohort c ON c.id = i.cohort_id
WHERE i.closed_on IS NULL ORDER BY i.id;

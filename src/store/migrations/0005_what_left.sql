-- What left for files is looked for by what was in it, and of which cohort.
CREATE INDEX disclosure_by_columns ON disclosure (columns, cohorts);

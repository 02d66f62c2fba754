-- The log: append only, numbered from 1 without gaps in each project.
--
-- No foreign key: the sequence that numbers an event is the proof of its project, and every change pays for this insert.

CREATE TABLE events (
    project_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    -- The subject's id: deliveries about one resource keep their order.
    resource BYTEA NOT NULL,
    at BIGINT NOT NULL,
    -- 'api' or 'system'.
    initiator TEXT NOT NULL,
    request_id BYTEA,
    -- JSON, in the forms of snapshot.rs: the subject right after the change, and what was there before.
    snapshot TEXT NOT NULL,
    previous TEXT,
    PRIMARY KEY (project_id, sequence)
);
CREATE UNIQUE INDEX event_id ON events (id);

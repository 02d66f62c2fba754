-- What delivery remembers: a cursor per webhook, the exceptions (retries, dead ranges), and the log of attempts.
--
-- No foreign keys on what is written once per delivery.

CREATE TABLE cursors (
    webhook_number BIGINT NOT NULL PRIMARY KEY REFERENCES webhooks (number),
    -- Everything up to here is settled.
    low BIGINT NOT NULL,
    -- Bits of what is settled above it: bit 0 of byte 0 stands for low + 1.
    settled BYTEA NOT NULL,
    -- Counts the owners, where several nodes share the work.
    epoch BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE retries (
    webhook_number BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (webhook_number, sequence)
);
CREATE INDEX retries_due ON retries (webhook_number, due_at);

CREATE TABLE dead (
    webhook_number BIGINT NOT NULL,
    from_sequence BIGINT NOT NULL,
    to_sequence BIGINT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (webhook_number, from_sequence, to_sequence)
);

-- Evidence, not state. No key: an attempt logged twice after a crash was made twice.
CREATE TABLE attempts (
    project_id BIGINT NOT NULL,
    webhook_number BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    status BIGINT,
    class TEXT,
    remote_address TEXT,
    response BYTEA NOT NULL
);
CREATE INDEX attempts_of_delivery ON attempts (webhook_number, sequence);
CREATE INDEX attempts_by_time ON attempts (webhook_number, at);

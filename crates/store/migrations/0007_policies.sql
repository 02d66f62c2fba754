-- How webhooks want to be served, how they have been doing, and work over ranges of the log.

-- JSON, in the forms of snapshot.rs: a webhook's policy. A revision keeps its own, since filters hold for the events of their time.
ALTER TABLE webhooks ADD COLUMN policy TEXT NOT NULL DEFAULT '{}';
ALTER TABLE webhook_revisions ADD COLUMN policy TEXT NOT NULL DEFAULT '{}';

-- A test: owed to this webhook alone, whatever it asks for.
ALTER TABLE events ADD COLUMN addressee BIGINT;

-- The sequence that the webhook was owed before: what receivers find gaps by.
ALTER TABLE retries ADD COLUMN previous_sequence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cursors ADD COLUMN previous_sequence BIGINT NOT NULL DEFAULT 0;

CREATE TABLE webhook_health (
    webhook_number BIGINT NOT NULL PRIMARY KEY REFERENCES webhooks (number),
    -- Counts what people do to it: pausing, resuming. The engine's own notes do not count.
    revision BIGINT NOT NULL,
    -- 'active', 'paused' or 'disabled', and why if disabled.
    state TEXT NOT NULL,
    reason TEXT,
    state_since BIGINT NOT NULL,
    last_success_at BIGINT,
    failing_since BIGINT,
    failures BIGINT NOT NULL,
    warned_percent BIGINT NOT NULL
);

-- Replay and recover: a stretch of the log to be sent again to one webhook.
CREATE TABLE range_jobs (
    id BYTEA NOT NULL PRIMARY KEY,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    webhook_number BIGINT NOT NULL REFERENCES webhooks (number),
    -- 'replay' or 'recover'.
    kind TEXT NOT NULL,
    -- 'running', 'done' or 'cancelled'.
    state TEXT NOT NULL,
    from_sequence BIGINT NOT NULL,
    to_sequence BIGINT NOT NULL,
    -- JSON: the events' names, a resource.
    filter TEXT NOT NULL,
    -- Everything up to here is settled.
    position BIGINT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX range_jobs_by_webhook ON range_jobs (webhook_number, created_at);
CREATE INDEX range_jobs_running ON range_jobs (webhook_number) WHERE state = 'running';

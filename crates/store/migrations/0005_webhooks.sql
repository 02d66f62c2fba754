-- Webhooks, each with every revision it had. A deleted webhook stays, so that the log can still name it.

CREATE TABLE webhooks (
    number BIGINT NOT NULL PRIMARY KEY,
    id BYTEA NOT NULL,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    dialect TEXT NOT NULL,
    revision BIGINT NOT NULL,
    since_sequence BIGINT NOT NULL,
    target_url TEXT NOT NULL,
    -- JSON: a list of the dialect's own words, in the order given.
    events TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    version TEXT NOT NULL,
    is_exclusive BOOLEAN NOT NULL,
    secret TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    -- What may exist once in a project, its dialect first: none when not exclusive, or deleted.
    slot TEXT
);
CREATE UNIQUE INDEX webhook_id ON webhooks (id);
CREATE UNIQUE INDEX webhook_slot ON webhooks (project_id, slot);
CREATE INDEX webhooks_live ON webhooks (project_id, dialect, number) WHERE deleted_at IS NULL;

-- What a body is rendered from. The secret is not here: requests are signed with the current one, and an old one is worth forgetting.
CREATE TABLE webhook_revisions (
    webhook_number BIGINT NOT NULL REFERENCES webhooks (number),
    revision BIGINT NOT NULL,
    -- Holds for events above this, up to where the next revision begins.
    since_sequence BIGINT NOT NULL,
    target_url TEXT NOT NULL,
    events TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    version TEXT NOT NULL,
    is_exclusive BOOLEAN NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (webhook_number, revision)
);

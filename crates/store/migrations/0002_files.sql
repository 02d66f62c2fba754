-- Files, their groups, work asked of them, and the names they had elsewhere.

CREATE TABLE files (
    id BYTEA NOT NULL CONSTRAINT file_id PRIMARY KEY,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    revision BIGINT NOT NULL,
    -- 'temporary', 'stored' or 'removed', as removed_at and stored_at have it: what is counted and listed by.
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    declared_mime TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    -- JSON, in the forms of snapshot.rs.
    content TEXT NOT NULL,
    metadata TEXT NOT NULL,
    access_token BYTEA NOT NULL,
    is_original_protected BOOLEAN NOT NULL,
    uploaded_at BIGINT NOT NULL,
    stored_at BIGINT,
    removed_at BIGINT,
    expires_at BIGINT
);
CREATE INDEX files_by_upload ON files (project_id, uploaded_at, id);
CREATE INDEX files_by_size ON files (project_id, size_bytes, id);
CREATE INDEX files_by_state ON files (project_id, state);
CREATE INDEX files_expiring ON files (expires_at) WHERE expires_at IS NOT NULL AND removed_at IS NULL;

CREATE TABLE groups (
    id BYTEA NOT NULL PRIMARY KEY,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    files_count BIGINT NOT NULL,
    access_token BYTEA NOT NULL,
    metadata TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    expires_at BIGINT
);
CREATE INDEX groups_by_creation ON groups (project_id, created_at, id);

CREATE TABLE group_files (
    group_id BYTEA NOT NULL REFERENCES groups (id),
    -- From 0, in the order given.
    place BIGINT NOT NULL,
    file_id BYTEA NOT NULL REFERENCES files (id),
    -- The operations the file was grouped with, as text. Empty for the original.
    operations TEXT NOT NULL,
    PRIMARY KEY (group_id, place)
);
CREATE INDEX group_files_by_file ON group_files (file_id);

CREATE TABLE jobs (
    id BYTEA NOT NULL PRIMARY KEY,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    file_id BYTEA,
    -- JSON: what was asked, and what came of it.
    wish TEXT NOT NULL,
    outcome TEXT,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- When it may be taken (again). A taken job is due when its lease runs out. None: finished.
    due_at BIGINT
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_by_file ON jobs (project_id, file_id);

-- Ids that subjects had before they were imported from elsewhere.
CREATE TABLE aliases (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    -- 'file', 'group', 'webhook'.
    kind TEXT NOT NULL,
    external_id TEXT NOT NULL,
    subject BYTEA NOT NULL,
    PRIMARY KEY (project_id, kind, external_id)
);
CREATE INDEX aliases_by_subject ON aliases (subject);

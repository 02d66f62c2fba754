-- Uploads still under way: parts arriving, or a URL being fetched. A finished one is a file.

CREATE TABLE uploads (
    id BYTEA NOT NULL PRIMARY KEY,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    -- 'multipart' or 'from_url'.
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    declared_mime TEXT NOT NULL,
    -- Announced for parts. As far as known for a URL.
    size_bytes BIGINT,
    received_bytes BIGINT NOT NULL,
    part_bytes BIGINT,
    source_url TEXT,
    -- 'yes', 'no' or 'auto'.
    store_wish TEXT NOT NULL,
    metadata TEXT NOT NULL,
    is_original_protected BOOLEAN NOT NULL,
    -- JSON: why it failed.
    failure TEXT,
    -- The file it became.
    file_id BYTEA,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- When it is forgotten, if it is not finished by then.
    ends_at BIGINT NOT NULL,
    -- When a fetch may be taken (again). None: not for fetching, or finished.
    due_at BIGINT,
    -- The expiry of the file to be.
    expires_at BIGINT
);
CREATE INDEX uploads_ending ON uploads (ends_at);
CREATE INDEX uploads_due ON uploads (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE upload_parts (
    upload_id BYTEA NOT NULL REFERENCES uploads (id),
    -- From 1.
    number BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (upload_id, number)
);

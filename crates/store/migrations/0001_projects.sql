-- Projects and their keys. One text for both engines: the common subset of SQLite and PostgreSQL, times in microseconds since 1970.

-- Numbers that people see, given out by UPDATE ... RETURNING: no engine's own sequence, so both count alike.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO counters (name, last) VALUES ('projects', 0), ('keys', 0), ('webhooks', 0);

-- Facts about this installation, by name.
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE projects (
    id BIGINT NOT NULL PRIMARY KEY,
    public_key TEXT NOT NULL,
    name TEXT NOT NULL,
    is_autostore_enabled BOOLEAN NOT NULL,
    may_create_without_token BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX project_public_key ON projects (public_key);

CREATE TABLE secret_keys (
    number BIGINT NOT NULL PRIMARY KEY,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX key_secret ON secret_keys (project_id, secret);

-- The last sequence of each project's log. Its row is the lock that puts a project's events in the order of their commits.
CREATE TABLE project_sequences (
    project_id BIGINT NOT NULL PRIMARY KEY REFERENCES projects (id),
    last BIGINT NOT NULL
);

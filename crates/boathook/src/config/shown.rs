//! Settings as they may be shown: secrets as dots.

use toml::Value;

/// What stands for a secret.
pub const DOTS: &str = "••••";

/// The setting's value for people and logs.
pub fn shown(name: &str, value: &Value) -> Value {
    match value {
        Value::String(text) if name == "database_url" => Value::String(without_password(text)),
        other => other.clone(),
    }
}

/// A database URL without the passwords in it: `postgres://user:••••@host/db?password=••••`.
pub fn without_password(url: &str) -> String {
    let (main, query) = url.split_once('?').map_or((url, None), |(main, query)| (main, Some(query)));
    let main = match main.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (login, place))) => {
            let user = login.split_once(':').map_or(login, |(user, _)| user);
            let dots = if login.contains(':') { DOTS } else { "" };
            let colon = if dots.is_empty() { "" } else { ":" };
            format!("{scheme}://{user}{colon}{dots}@{place}")
        }
        None => main.to_owned(),
    };
    let Some(query) = query else { return main };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("password") => format!("{name}={DOTS}"),
        _ => pair.to_owned(),
    });
    format!("{main}?{}", pairs.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_become_dots() {
        for (url, expected) in [
            ("postgres://ann:s3@cret@db:5432/files", "postgres://ann:••••@db:5432/files"),
            ("postgres://ann@db/files", "postgres://ann@db/files"),
            ("postgres://db/files?user=ann&password=secret", "postgres://db/files?user=ann&password=••••"),
            ("sqlite:/var/lib/boathook.db", "sqlite:/var/lib/boathook.db"),
            ("", ""),
        ] {
            assert_eq!(without_password(url), expected);
        }
    }
}

//! Paths made canonical: runs of slashes become one, a trailing slash goes away.

use http::uri::{PathAndQuery, Uri};

/// Tidies the path in place and leaves the query alone.
pub(super) fn tidy(uri: &mut Uri) {
    let Some(tidied) = tidied(uri.path()) else { return };
    let target = match uri.query() {
        Some(query) => format!("{tidied}?{query}"),
        None => tidied,
    };
    // What is left of a path without some of its slashes is a path, so neither of these fails.
    let Ok(target) = PathAndQuery::try_from(target) else {
        return;
    };
    let mut parts = std::mem::take(uri).into_parts();
    parts.path_and_query = Some(target);
    *uri = Uri::from_parts(parts).unwrap_or_default();
}

/// None when the path is canonical already, as most are; or is no path, like the `*` of OPTIONS.
fn tidied(path: &str) -> Option<String> {
    let is_tidy = path == "/" || !path.starts_with('/') || !(path.ends_with('/') || path.contains("//"));
    if is_tidy {
        return None;
    }
    let mut tidied = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        tidied.push('/');
        tidied.push_str(segment);
    }
    Some(if tidied.is_empty() { "/".to_owned() } else { tidied })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[track_caller]
    fn check(target: &str, expected: &str) {
        let mut uri: Uri = target.parse().unwrap();
        tidy(&mut uri);
        assert_eq!(uri.to_string(), expected);
    }

    #[test]
    fn slashes() {
        check("/", "/");
        check("/info", "/info");
        check("/info/", "/info");
        check("//info//", "/info");
        check("///", "/");
        check("/group//?a=//&b=/", "/group?a=//&b=/");
        check("/a%2F/b%2f/", "/a%2F/b%2f");
        check("/a/./../b/", "/a/./../b");
        check("http://host//a/", "http://host/a");
        check("*", "*");
    }
}

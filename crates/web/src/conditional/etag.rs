//! Entity tags compared: strongly where bytes must be the same, weakly where meaning suffices (RFC 9110 section 8.8.3.2).

use http::header::{HeaderMap, HeaderName};

/// Both strong, and the same.
pub(super) fn strong(asked: &str, held: &str) -> bool {
    asked == held && !asked.starts_with("W/")
}

/// The same, whether weak or strong.
pub(super) fn weak(asked: &str, held: &str) -> bool {
    opaque(asked) == opaque(held)
}

/// Whether any tag listed in the header equals the one held. `*` equals whatever exists, tagged or not.
pub(super) fn any(headers: &HeaderMap, name: &HeaderName, held: Option<&str>, same: fn(&str, &str) -> bool) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|list| list.trim() == "*" || held.is_some_and(|held| tags(list).any(|asked| same(asked, held))))
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// The tags of a list. A comma may stand inside a tag, so they are cut out by their quotes.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let start = rest.trim_start_matches([' ', '\t', ',']);
        let prefix = start.len() - opaque(start).len();
        let closing = opaque(start).strip_prefix('"')?.find('"')?;
        let (tag, next) = start.split_at(prefix + closing + 2);
        rest = next;
        Some(tag)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn lists_are_cut_by_quotes() {
        let list: Vec<&str> = tags(r#" "a,b" ,W/"c",,"" , "unfinished"#).collect();
        assert_eq!(list, [r#""a,b""#, r#"W/"c""#, r#""""#]);
        assert_eq!(tags("bare, \"a\"").count(), 0);
    }
}

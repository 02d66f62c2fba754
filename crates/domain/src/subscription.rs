//! Subscription: which events a webhook's list of names covers, in the words of its wire.

/// Whether one of the patterns covers an event's word.
///
/// A pattern is a word itself, `*` for every word, or a beginning up to a dot and `*`: `file.*` covers `file.uploaded` and
/// `file.info.updated`, but neither `file` nor `filed.x`. A `*` anywhere else is an ordinary character.
pub fn covers(patterns: &[String], word: &str) -> bool {
    patterns.iter().any(|pattern| {
        let beginning = pattern.strip_suffix('*').filter(|rest| rest.is_empty() || rest.ends_with('.'));
        pattern == word || beginning.is_some_and(|beginning| word.starts_with(beginning))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_last_star_alone_or_after_a_dot_is_a_wildcard() {
        for (patterns, word, expected) in [
            (&["file.uploaded"][..], "file.uploaded", true),
            (&["file.uploaded"], "file.uploaded_twice", false),
            (&["file.uploaded"], "file", false),
            (&["file.stored", "file.uploaded"], "file.uploaded", true),
            (&["*"], "file.uploaded", true),
            (&["*"], "", true),
            (&["file.*"], "file.uploaded", true),
            (&["file.*"], "file.info.updated", true),
            (&["file.info.*"], "file.info.updated", true),
            (&["file.info.*"], "file.uploaded", false),
            (&["file.*"], "file", false),
            (&["file.*"], "filed.x", false),
            (&["file.*"], "File.uploaded", false),
            (&["webhook.*", "file.stored"], "file.uploaded", false),
            (&["file*"], "file.uploaded", false),
            (&["file*"], "file*", true),
            (&["*.uploaded"], "file.uploaded", false),
            (&["file.*.x"], "file.y.x", false),
            (&["**"], "file.uploaded", false),
            (&[""], "file.uploaded", false),
            (&[], "file.uploaded", false),
        ] {
            let patterns = patterns.iter().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(covers(&patterns, word), expected, "{patterns:?} {word}");
        }
    }
}

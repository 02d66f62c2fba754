//! Patterns with `*` for any characters.

/// Whether the pattern covers the whole text; with `folds_case`, ASCII letters match in either case.
///
/// Walks both once, and on a mismatch goes back only to the last `*`: so never longer than the product of their lengths, whatever the number
/// of stars, and in no memory of its own. Bytes will do: `*` is ASCII, and no character of UTF-8 begins within another (RFC 3629, section 1).
pub(super) fn covers(pattern: &str, text: &str, folds_case: bool) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let same = |a: u8, b: u8| a == b || folds_case && a.eq_ignore_ascii_case(&b);
    let (mut p, mut t) = (0, 0);
    let mut last_star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                p += 1;
                last_star = Some((p, t));
            }
            Some(&byte) if same(byte, text[t]) => {
                p += 1;
                t += 1;
            }
            _ => match last_star {
                Some((after, from)) => {
                    last_star = Some((after, from + 1));
                    (p, t) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("***", "été", true),
            ("a*", "a", true),
            ("a*", "ba", false),
            ("*a", "ba", true),
            ("*a", "ab", false),
            ("*.pdf", "a.pdf.pdf", true),
            ("*.pdf", "a.PDF", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("é*è", "é€è", true),
            ("?", "a", false),
            ("a.c", "abc", false),
        ] {
            assert_eq!(covers(pattern, text, false), expected, "{pattern} {text}");
        }
        assert!(covers("IMAGE/*", "image/png", true) && !covers("É", "é", true));
    }

    #[test]
    fn many_stars_do_not_multiply() {
        let pattern = "*a".repeat(500) + "*b";
        assert!(!covers(&pattern, &"a".repeat(100_000), false));
    }

    /// The meaning, in the plainest words, at any price.
    fn means(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|from| means(rest, &text[from..])),
            Some((first, rest)) => text.split_first().is_some_and(|(head, tail)| head == first && means(rest, tail)),
        }
    }

    proptest! {
        #[test]
        fn a_pattern_covers_what_it_means(pattern in "[ab\u{e9}\u{e8}*]{0,8}", text in "[ab\u{e9}\u{e8}]{0,10}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(covers(&pattern, &text, false), means(&chars(&pattern), &chars(&text)));
        }
    }
}

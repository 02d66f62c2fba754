//! `/{uuid}[/-/{operation}[/{parameter}]…]…[/{name}]`: which file, shown or saved, under which name.
//!
//! A segment `-` begins an operation, which goes on until the next. The last segment of a path without a trailing slash is a name, unless
//! it is the operation's own. Empty segments say nothing. The grammar is that of the URL API; of its operations only `inline` is
//! understood yet, and those that begin with `@` are passed over, as the URL API's clients count on.

use crate::error::Refusal;
use domain::file::tidy_name;
use domain::id::{FileId, parse_uuid};
use percent_encoding::percent_decode_str;
use web::disposition::Kind;

/// Words that turn a file into another when they follow its id. None is done here yet.
const CONVERSIONS: [&str; 4] = ["gif2video", "video", "document", "detect_faces"];

/// What a path asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Of which file.
    pub file: FileId,
    /// To be shown, or saved.
    pub kind: Kind,
    /// Under which name; its own when none is given.
    pub name: Option<String>,
}

impl Asked {
    /// A file as it is.
    pub(crate) const fn plain(file: FileId) -> Self {
        Self { file, kind: Kind::Inline, name: None }
    }
}

/// Reads a path as it was sent.
pub(crate) fn read(path: &str) -> Result<Asked, Refusal> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let file = segments.next().and_then(file).ok_or(Refusal::NotFound)?;
    let mut rest: Vec<&str> = segments.collect();
    if let Some(word) = rest.first().filter(|word| CONVERSIONS.contains(word))
        && (rest.len() > 1 || path.ends_with('/'))
    {
        return Err(Refusal::not_done(word));
    }
    let mut asked = Asked::plain(file);
    if let Some(first) = rest.iter().position(|segment| *segment == "-") {
        if let Some(stray) = rest[..first].last() {
            return Err(Refusal::not_done(stray));
        }
        let is_named = !path.ends_with('/') && rest[rest.len().saturating_sub(2)] != "-" && rest.last() != Some(&"-");
        asked.name = if is_named { rest.pop().and_then(name) } else { None };
        for operation in rest.split(|segment| *segment == "-").skip(1) {
            asked.kind = apply(asked.kind, operation)?;
        }
    } else {
        asked.name = rest.last().copied().and_then(name);
    }
    Ok(asked)
}

/// Whether a path names a file at all.
pub(crate) fn names_file(path: &str) -> bool {
    path.split('/').find(|segment| !segment.is_empty()).and_then(file).is_some()
}

/// `/cdn/{id}/{suffix}`: the id, and the suffix as it was sent; empty for the bare id.
pub(crate) fn split_cdn(path: &str) -> Option<(&str, &str)> {
    let rest = path.trim_start_matches('/').strip_prefix("cdn/")?.trim_start_matches('/');
    let (id, suffix) = rest.split_once('/').unwrap_or((rest, ""));
    Some((id, suffix.trim_start_matches('/')))
}

/// The path of a request's target.
pub(crate) fn without_query(target: &str) -> &str {
    target.split_once('?').map_or(target, |(path, _)| path)
}

fn file(segment: &str) -> Option<FileId> {
    parse_uuid(segment).map(FileId::from_bytes)
}

fn name(segment: &str) -> Option<String> {
    let name = tidy_name(&percent_decode_str(segment).decode_utf8_lossy());
    Some(name).filter(|name| !name.is_empty())
}

fn apply(kind: Kind, operation: &[&str]) -> Result<Kind, Refusal> {
    match operation {
        // A dangling `-`.
        [] => Ok(kind),
        ["inline", "yes"] => Ok(Kind::Inline),
        ["inline", "no"] => Ok(Kind::Attachment),
        ["inline", ..] => Err(Refusal::BadRequest("The operation inline takes yes or no.".into())),
        [word, ..] if word.starts_with('@') => Ok(kind),
        [word, ..] => Err(Refusal::not_done(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UUID: &str = "11111111-aaaa-4bbb-8ccc-222222222222";

    #[track_caller]
    fn check(rest: &str, kind: Kind, name: Option<&str>) {
        let asked = read(&format!("/{UUID}{rest}")).unwrap();
        assert_eq!((asked.kind, asked.name.as_deref()), (kind, name), "{rest}");
        assert_eq!(asked.file.to_string(), UUID);
    }

    #[test]
    fn the_file_and_its_name() {
        for bare in ["", "/", "//"] {
            check(bare, Kind::Inline, None);
        }
        check("/cat.jpg", Kind::Inline, Some("cat.jpg"));
        check("/cat.jpg/", Kind::Inline, Some("cat.jpg"));
        check("/one/two", Kind::Inline, Some("two"));
        check("/caf%C3%A9%20%22x%22.png", Kind::Inline, Some("café \"x\".png"));
        check("/..%2f..%2Fetc%2Fpasswd", Kind::Inline, Some("passwd"));
        check("/%0D%0ASet-Cookie:x", Kind::Inline, Some("Set-Cookie:x"));
        check("/%FF%zz", Kind::Inline, Some("\u{fffd}%zz"));
        check("/%2F", Kind::Inline, None);
        check("/video", Kind::Inline, Some("video"));
        assert_eq!(read(&format!("//{}/", UUID.to_uppercase())).unwrap().file.to_string(), UUID);
    }

    #[test]
    fn inline_and_what_is_passed_over() {
        check("/-/inline/no/", Kind::Attachment, None);
        check("/-/inline/no/cat.jpg", Kind::Attachment, Some("cat.jpg"));
        check("/-/inline/no/-/inline/yes/", Kind::Inline, None);
        check("/-/@clib/blinkloader/2.7/image/", Kind::Inline, None);
        check("/-/@clib/-/inline/no/x", Kind::Attachment, Some("x"));
        check("/-", Kind::Inline, None);
        check("/-/", Kind::Inline, None);
        check("/-/inline/no/-", Kind::Attachment, None);
    }

    #[test]
    fn operations_are_not_done_yet() {
        for rest in [
            "/-/preview/",
            "/-/preview",
            "/-/resize/300x/cat.jpg",
            "/-/inline/no/-/preview/",
            "/-/inline/",
            "/-/inline",
            "/-/inline/maybe/",
            "/-/inline/no/yes/",
            "/gif2video/",
            "/gif2video/-/format/webm/",
            "/detect_faces//",
            "/stray/-/inline/no/",
        ] {
            let refused = read(&format!("/{UUID}{rest}"));
            assert!(matches!(refused, Err(Refusal::BadRequest(_))), "{rest}: {refused:?}");
        }
    }

    #[test]
    fn what_names_no_file() {
        for path in ["/", "", "/favicon.ico", "/11111111-aaaa-4bbb-8ccc-22222222222", &format!("/{UUID}~2/"), "/%00"] {
            assert!(matches!(read(path), Err(Refusal::NotFound)), "{path}");
            assert!(!names_file(path));
        }
        assert!(names_file(&format!("//{UUID}/x")));
    }

    #[test]
    fn the_other_spelling() {
        assert_eq!(split_cdn("/cdn/f-1"), Some(("f-1", "")));
        assert_eq!(split_cdn("/cdn/f-1/"), Some(("f-1", "")));
        assert_eq!(split_cdn("//cdn//f-1//"), Some(("f-1", "")));
        assert_eq!(split_cdn("/cdn/f-1/one/two"), Some(("f-1", "one/two")));
        assert_eq!(split_cdn("/cdn/f-1/-/preview/"), Some(("f-1", "-/preview/")));
        assert_eq!(split_cdn("/cdnx/f-1"), None);
        assert_eq!(without_query("/cdn/f-1?a=/b"), "/cdn/f-1");
    }

    proptest! {
        #[test]
        fn any_path_is_read_or_refused_but_never_panics(path: String, rest in "[-/a-z%@.]{0,40}") {
            let _ = read(&path);
            let _ = read(&format!("/{UUID}/{rest}"));
            let _ = split_cdn(&path);
        }
    }
}

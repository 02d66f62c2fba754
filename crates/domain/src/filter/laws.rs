//! What holds of every filter: the laws of logic, the way there and back, and that no text brings it down.

use super::Filter;
use crate::Timestamp;
use crate::content::{Content, Image};
use crate::event::{Fact, Initiator, Subject};
use crate::file::{File, tests::sample};
use crate::id::EventId;
use crate::metadata::Metadata;
use proptest::prelude::*;

/// The fact that this file has arrived.
pub(super) fn fact(file: &File) -> Fact {
    Fact {
        id: EventId::from_bytes([3; 16]),
        change: File::uploaded(),
        at: file.uploaded_at,
        initiator: Initiator::System,
        subject: Subject::File(file.clone()),
        addressee: None,
    }
}

/// An image of two megabytes, in an album.
pub(super) fn image() -> File {
    let image = Image {
        format: "PNG".into(),
        width: 640,
        height: 480,
        color_mode: "RGB".into(),
        orientation: None,
        dpi: None,
        is_sequence: false,
        geo_location: None,
        datetime_original: None,
    };
    File {
        size_bytes: 2_000_000,
        content: Content { mime: "image/png".into(), image: Some(image) },
        metadata: Metadata::from_pairs([("album".into(), "pier".into())]).unwrap(),
        ..sample()
    }
}

/// A stored text of a few bytes.
pub(super) fn plain() -> File {
    File {
        name: "notes.txt".into(),
        declared_mime: "Text/plain; Charset=UTF-8".into(),
        content: Content { mime: "text/plain".into(), image: None },
        stored_at: Some(Timestamp::from_micros(2)),
        ..sample()
    }
}

/// Comparisons as one might write them, each with its meaning.
type Meaning = fn(&File) -> bool;
const LEAVES: [(&str, Meaning); 10] = [
    ("size<=2 kb", |file| file.size_bytes <= 2_000),
    ("size in (3, 2MB)", |file| [3, 2_000_000].contains(&file.size_bytes)),
    ("is_stored", |file| file.stored_at.is_some()),
    ("is_image=TRUE", |file| file.content.image.is_some()),
    ("width>500", |file| file.content.image.as_ref().is_some_and(|image| image.width > 500)),
    ("height != 480", |file| file.content.image.as_ref().is_none_or(|image| image.height != 480)),
    ("mime LIKE 'IMAGE/*'", |file| file.content.mime.starts_with("image/")),
    (r#"name!="\"or\" not)""#, |_| true),
    ("metadata.album='pier'", |file| file.metadata.get("album") == Some("pier")),
    ("metadata['album'] exists", |file| file.metadata.get("album").is_some()),
];

/// An expression as the tests know it: a text, and its worth for each sample.
#[derive(Clone, Debug)]
struct Known {
    text: String,
    worth: Vec<bool>,
}

fn samples() -> Vec<File> {
    let mut wide = plain();
    wide.content.image = image().content.image.map(|image| Image { width: 100, height: 9, ..image });
    vec![sample(), image(), plain(), wide]
}

fn worth(filter: &Filter) -> Vec<bool> {
    samples().iter().map(|file| filter.matches(&fact(file))).collect()
}

fn joined(a: &Known, word: &str, b: &Known, join: fn(bool, bool) -> bool) -> Known {
    let worth = a.worth.iter().zip(&b.worth).map(|(a, b)| join(*a, *b)).collect();
    Known { text: format!("({})\n {word} ({})", a.text, b.text), worth }
}

fn known() -> impl Strategy<Value = Known> {
    let leaf = prop::sample::select(LEAVES.to_vec())
        .prop_map(|(text, meaning)| Known { text: text.to_owned(), worth: samples().iter().map(meaning).collect() });
    leaf.prop_recursive(5, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| joined(&a, "AND", &b, |a, b| a && b)),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| joined(&a, "or", &b, |a, b| a || b)),
            inner.prop_map(|a| Known {
                text: format!("not({})", a.text),
                worth: a.worth.iter().map(|worth| !worth).collect(),
            }),
        ]
    })
}

/// Texts made of the language's own pieces: nearly filters, and sometimes filters.
fn soup() -> impl Strategy<Value = String> {
    let pieces = [
        "size",
        "width",
        "name",
        "mime",
        "event",
        "is_image",
        "metadata.a",
        "metadata",
        "[",
        "]",
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<=",
        ">",
        "like",
        "in",
        "exists",
        "and",
        "or",
        "not",
        "'a'",
        "\"*\"",
        "'file_stored'",
        "5",
        "5MB",
        "KiB",
        "true",
        "'",
        "\\",
        "é",
        "=",
        "'a'",
        "and",
        "name",
        "is_image",
        "(",
        ")",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12).prop_map(|pieces| pieces.join(" "))
}

fn same_when_written_out(filter: &Filter) -> Result<(), TestCaseError> {
    let written = filter.to_string();
    prop_assert!(!written.contains(char::is_control), "{:?}", written);
    let again = Filter::parse(&written);
    prop_assert_eq!(again.as_ref(), Ok(filter), "{}", written);
    Ok(())
}

proptest! {
    #[test]
    fn a_filter_means_what_it_says_before_and_after_it_is_written_out(known in known()) {
        let filter = Filter::parse(&known.text).unwrap();
        prop_assert_eq!(worth(&filter), known.worth, "{}", filter);
        same_when_written_out(&filter)?;
    }

    #[test]
    fn de_morgan_holds(a in known(), b in known()) {
        let worth = |text: String| Filter::parse(&text).map(|filter| worth(&filter)).unwrap();
        let (a, b) = (a.text, b.text);
        prop_assert_eq!(worth(format!("not (({a}) and ({b}))")), worth(format!("not ({a}) or not ({b})")));
        prop_assert_eq!(worth(format!("not (({a}) or ({b}))")), worth(format!("not ({a}) and not ({b})")));
    }

    #[test]
    fn any_printable_text_can_be_asked_for(name in "[\\PC\n\r\t]{1,60}", quote in prop::sample::select(vec!['"', '\''])) {
        let escaped: String = name.chars().map(|c| match c {
            '\n' => r"\n".into(),
            '\r' => r"\r".into(),
            '\t' => r"\t".into(),
            '\\' | '"' | '\'' => format!("\\{c}"),
            c => c.to_string(),
        }).collect();
        let filter = Filter::parse(&format!("name={quote}{escaped}{quote} and metadata[{quote}{escaped}{quote}] != 'x'")).unwrap();
        prop_assert!(filter.matches(&fact(&File { name, ..sample() })), "{}", filter);
        same_when_written_out(&filter)?;
    }

    #[test]
    fn any_text_is_refused_or_read_but_never_panics(text in prop_oneof![any::<String>(), soup()]) {
        match Filter::parse(&text) {
            Ok(filter) => same_when_written_out(&filter)?,
            Err(error) => prop_assert!((1..=text.chars().count() + 1).contains(&error.position), "{}", error),
        }
    }
}

#[test]
fn unequal_is_the_opposite_of_equal() {
    let worth = |text: String| Filter::parse(&text).map(|filter| worth(&filter)).unwrap();
    for field in ["name", "mime", "declared_mime", "metadata.album", "metadata.none"] {
        for text in ["pier", "pier.png", "IMAGE/png"] {
            let (unequal, equal) = (worth(format!("{field} != '{text}'")), worth(format!("not {field} = '{text}'")));
            assert_eq!(unequal, equal, "{field} {text}");
        }
    }
    for field in ["size", "width", "height"] {
        assert_eq!(worth(format!("{field} != 640")), worth(format!("not {field} = 640")), "{field}");
    }
}

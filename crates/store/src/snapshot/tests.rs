//! The texts themselves: rows that were written once are read for ever.
//! That any event comes back as it was is shown on both engines, in `tests/it/events.rs`.

use super::*;
use domain::Timestamp;
use domain::content::Image;
use domain::file::File;
use domain::id::AccessToken;

const FULL: &str = concat!(
    r#"{"r":3,"n":"пирс \"утром\".jpg","m":"image/pjpeg","b":204811,"#,
    r#""h":"1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f","#,
    r#""c":{"m":"image/jpeg","i":{"f":"JPEG","w":1280,"h":720,"c":"RGB","o":6,"d":[72,300],"s":true,"#,
    r#""g":[-55.75583333333333,0.1],"t":"2026-03-03T10:20:00"}},"#,
    r#""k":{"album":"море"},"t":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0","p":true,"u":1,"s":2,"x":3,"e":4}"#,
);
const BARE: &str = concat!(
    r#"{"r":1,"n":"","m":"","b":0,"#,
    r#""h":"1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f","#,
    r#""c":{"m":"image/png","i":{"f":"PNG","w":1,"h":1,"c":"L"}},"t":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0","p":false,"u":-1}"#,
);

fn full() -> File {
    let image = Image {
        format: "JPEG".into(),
        width: 1280,
        height: 720,
        color_mode: "RGB".into(),
        orientation: Some(6),
        dpi: Some((72, 300)),
        is_sequence: true,
        geo_location: Some((-55.755_833_333_333_33, 0.1)),
        datetime_original: Some("2026-03-03T10:20:00".into()),
    };
    File {
        id: FileId::from_bytes([7; 16]),
        project: ProjectId::new(5),
        revision: 3,
        name: "пирс \"утром\".jpg".into(),
        declared_mime: "image/pjpeg".into(),
        size_bytes: 204_811,
        sha256: [0x1f; 32],
        content: Content { mime: "image/jpeg".into(), image: Some(image) },
        metadata: Metadata::from_pairs([("album".into(), "море".into())]).unwrap(),
        access_token: AccessToken::from_bytes([0xa0; 16]),
        is_original_protected: true,
        uploaded_at: Timestamp::from_micros(1),
        stored_at: Some(Timestamp::from_micros(2)),
        removed_at: Some(Timestamp::from_micros(3)),
        expires_at: Some(Timestamp::from_micros(4)),
    }
}

fn bare() -> File {
    let image = Image {
        format: "PNG".into(),
        width: 1,
        height: 1,
        color_mode: "L".into(),
        orientation: None,
        dpi: None,
        is_sequence: false,
        geo_location: None,
        datetime_original: None,
    };
    File {
        revision: 1,
        name: String::new(),
        declared_mime: String::new(),
        size_bytes: 0,
        content: Content { mime: "image/png".into(), image: Some(image) },
        metadata: Metadata::default(),
        is_original_protected: false,
        uploaded_at: Timestamp::from_micros(-1),
        stored_at: None,
        removed_at: None,
        expires_at: None,
        ..full()
    }
}

#[test]
fn a_snapshot_keeps_its_text() {
    for (file, text) in [(full(), FULL), (bare(), BARE)] {
        assert_eq!(write_subject(&Subject::File(file.clone())), text);
        for kind in EventKind::OF_FILES {
            let read = read_subject(kind, file.project, *file.id.as_bytes(), text).unwrap();
            assert_eq!(read, Subject::File(file.clone()));
        }
    }
}

#[test]
fn a_field_of_a_later_version_is_passed_over() {
    let later = BARE.replacen('{', r#"{"later":[1],"#, 1);
    let read = read_subject(EventKind::FileStored, ProjectId::new(5), [7; 16], &later).unwrap();
    assert_eq!(read, Subject::File(bare()));
}

#[test]
fn other_columns_keep_their_texts() {
    let Content { image, .. } = bare().content;
    let content = Content { mime: "image/png".into(), image };
    assert_eq!(write_content(&content), r#"{"m":"image/png","i":{"f":"PNG","w":1,"h":1,"c":"L"}}"#);
    assert_eq!(write_content(&Content::default()), r#"{"m":""}"#);
    assert_eq!(read_content(r#"{"m":""}"#).unwrap(), Content::default());
    assert_eq!(write_metadata(&full().metadata), r#"{"album":"море"}"#);
    assert_eq!(write_words(&["a".into(), "б\"".into()]), r#"["a","б\""]"#);

    let previous = Previous { metadata: Some(full().metadata) };
    assert_eq!(write_previous(&previous).as_deref(), Some(r#"{"k":{"album":"море"}}"#));
    let emptied = Previous { metadata: Some(Metadata::default()) };
    assert_eq!(write_previous(&emptied).as_deref(), Some(r#"{"k":{}}"#));
    assert_eq!(read_previous(Some(r#"{"k":{}}"#)).unwrap(), emptied);
    assert_eq!((write_previous(&Previous::default()), read_previous(None).unwrap()), (None, Previous::default()));
}

#[test]
fn a_place_that_is_nowhere_is_left_out() {
    let mut file = full();
    file.content.image.as_mut().unwrap().geo_location = Some((f64::NAN, 1.0));
    let content = read_content(&write_content(&file.content)).unwrap();
    assert_eq!(content.image.unwrap().geo_location, None);
}

#[test]
fn a_text_that_is_no_snapshot_is_a_defect() {
    let token = FULL.replace("a0a0", "a0zz");
    for text in ["", "{}", "[]", &FULL[..FULL.len() - 1], &FULL.replace("1f1f", "1f"), &token] {
        let read = read_subject(EventKind::FileStored, ProjectId::new(5), [7; 16], text);
        assert!(matches!(read, Err(Error::Bug(_))), "{text}: {read:?}");
    }
}

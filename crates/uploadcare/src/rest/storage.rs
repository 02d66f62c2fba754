//! `/files/{uuid}/storage/` and `/files/storage/`: storing and removing files, one or up to a hundred.

use super::call::Call;
use crate::error::rest::Error;
use crate::id;
use crate::wire::batch::Batch;
use axum::response::Response;
use domain::file::File;
use domain::id::FileId;
use std::collections::HashSet;
use web::params::Params;

/// The most ids of one batch (REST API 0.7, "Batch file storing").
const BATCH_IDS_MAX: usize = 100;

/// `PUT /files/{uuid}/storage/`: also brings back a removed file.
pub(super) async fn store(call: &Call, file: &str) -> Result<Response, Error> {
    let file = id::file(file).ok_or(Error::NotFound)?;
    let view = call.view(&call.params()?);
    let file = call.platform().store_file(&call.principal, file).await?;
    Ok(call.ok(&view.of(&file)))
}

/// `DELETE /files/{uuid}/storage/` and `DELETE /files/{uuid}/`: answers the file as it was left.
pub(super) async fn remove(call: &Call, file: &str) -> Result<Response, Error> {
    let file = id::file(file).ok_or(Error::NotFound)?;
    let view = call.view(&call.params()?);
    let file = call.platform().remove_file(&call.principal, file).await?;
    Ok(call.ok(&view.of(&file)))
}

/// `PUT /files/storage/`.
pub(super) async fn store_many(call: &Call) -> Result<Response, Error> {
    let asked = asked(call.json_body()?)?;
    let files = call.platform().store_files(&call.principal, &asked.ids).await?;
    Ok(answer(call, asked, &files))
}

/// `DELETE /files/storage/`.
pub(super) async fn remove_many(call: &Call) -> Result<Response, Error> {
    let asked = asked(call.json_body()?)?;
    let files = call.platform().remove_files(&call.principal, &asked.ids).await?;
    Ok(answer(call, asked, &files))
}

/// The ids of a batch without repetitions, and the texts that are none.
#[derive(Debug, Default)]
struct Asked {
    ids: Vec<FileId>,
    /// As they were sent, in their order, for the problems.
    texts: Vec<(String, Option<FileId>)>,
}

fn asked(body: &[u8]) -> Result<Asked, Error> {
    let texts: Vec<String> = serde_json::from_slice(body).map_err(|_| Error::BatchMalformed)?;
    if texts.is_empty() {
        return Err(Error::BatchEmpty);
    }
    if texts.len() > BATCH_IDS_MAX {
        return Err(Error::BatchTooLong(BATCH_IDS_MAX));
    }
    let (mut asked, mut seen) = (Asked::default(), HashSet::new());
    for text in texts {
        let id = id::file(&text);
        if let Some(id) = id.filter(|_| !asked.ids.iter().any(|known| Some(*known) == id)) {
            asked.ids.push(id);
        }
        if seen.insert(text.clone()) {
            asked.texts.push((text, id));
        }
    }
    Ok(asked)
}

fn answer(call: &Call, asked: Asked, files: &[File]) -> Response {
    let problem = |id: Option<FileId>| match id {
        None => Some("Invalid"),
        Some(id) if files.iter().any(|file| file.id == id) => None,
        Some(_) => Some("Missing in the project"),
    };
    let problems: Vec<(String, &str)> =
        asked.texts.into_iter().filter_map(|(text, id)| Some((text, problem(id)?))).collect();
    let view = call.view(&Params::new());
    call.ok(&Batch {
        version: call.version,
        result: files.iter().map(|file| view.of(file)).collect(),
        problems: &problems,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "8f1e2d3c-4b5a-4c6d-9e7f-0a1b2c3d4e5f";

    #[test]
    fn repetitions_collapse_and_case_does_not_matter() {
        let upper = ONE.to_uppercase();
        let asked = asked(format!(r#"["{ONE}","nope","{upper}","{ONE}","nope"]"#).as_bytes()).unwrap();
        assert_eq!(asked.ids.len(), 1);
        let texts: Vec<&str> = asked.texts.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, [ONE, "nope", &upper]);
    }

    #[test]
    fn what_is_no_batch() {
        for body in ["", "{}", "\"x\"", "[1]", "[null]", "["] {
            assert!(matches!(asked(body.as_bytes()), Err(Error::BatchMalformed)), "{body}");
        }
        assert!(matches!(asked(b"[]"), Err(Error::BatchEmpty)));
        let many = |count| serde_json::to_vec(&vec![ONE; count]).unwrap();
        assert!(asked(&many(100)).is_ok());
        assert!(matches!(asked(&many(101)), Err(Error::BatchTooLong(100))));
    }
}

//! Who may see a protected original: holders of the project's secret key or of the file's own token. Anybody else is told that there is none.

use crate::Door;
use crate::error::Refusal;
use domain::file::File;
use http::{HeaderMap, header};
use subtle::ConstantTimeEq;

/// Lets a request pass, or not. Files that are not protected are anybody's.
pub(crate) async fn check(door: &Door, file: &File, headers: &HeaderMap) -> Result<(), Refusal> {
    if !file.is_original_protected {
        return Ok(());
    }
    let bearer = bearer(headers).ok_or(Refusal::NotFound)?;
    let may_see = match (door.spelling.parse_token)(bearer) {
        Some(token) => file.access_token.as_bytes().ct_eq(token.as_bytes()).into(),
        None => is_secret_of_project(door, file, bearer).await?,
    };
    may_see.then_some(()).ok_or(Refusal::NotFound)
}

async fn is_secret_of_project(door: &Door, file: &File, bearer: &str) -> Result<bool, Refusal> {
    let project = door.platform.find_project(&file.project.to_string()).await?;
    let keyring = door.platform.keyring(&project.public_key).await?;
    Ok(keyring.is_some_and(|keyring| keyring.opens(bearer)))
}

/// The last word of the header, whatever scheme stands before it, as the APIs read it.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    text.split_ascii_whitespace().next_back()
}

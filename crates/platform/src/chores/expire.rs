//! Removes files whose time has come, as the server itself.

use domain::clock::Timestamp;
use domain::event::{Change, Initiator};
use domain::file::File;
use domain::id::{FileId, ProjectId};
use pulse::Next;
use store::{Tx, files};

use crate::record::change_each;
use crate::{Error, Platform};

/// How many files are removed in one go.
pub const FILES_PER_STEP_MAX: i64 = 100;

/// A step of the background loop: at once again while there may be more.
pub async fn step(platform: &Platform) -> Result<Next, Error> {
    let due = due(platform).await?;
    let is_full = due.len() as i64 == FILES_PER_STEP_MAX;
    remove(platform, due).await?;
    Ok(if is_full { Next::Now } else { Next::After(platform.settings().expire_every) })
}

/// Removes at most [`FILES_PER_STEP_MAX`] files past their expiry; answers how many.
pub async fn expire(platform: &Platform) -> Result<usize, Error> {
    let due = due(platform).await?;
    remove(platform, due).await
}

async fn due(platform: &Platform) -> Result<Vec<(ProjectId, FileId)>, Error> {
    let now = platform.now();
    let look = move |tx: &mut Tx<'_>| Ok(files::expired(tx, now, FILES_PER_STEP_MAX)?);
    platform.store().read(look).await
}

/// One transaction for each project, so that no one waits for two projects at once.
async fn remove(platform: &Platform, mut due: Vec<(ProjectId, FileId)>) -> Result<usize, Error> {
    due.sort_unstable();
    let mut removed = 0;
    for of_one_project in due.chunk_by(|one, other| one.0 == other.0) {
        let (project, now) = (of_one_project[0].0, platform.now());
        let ids: Vec<FileId> = of_one_project.iter().map(|(_, id)| *id).collect();
        let occasions = platform.occasions(ids.len(), now, Initiator::System);
        let remove = move |tx: &mut Tx<'_>| {
            let files = change_each(tx, project, &ids, &occasions, remove_if_due)?;
            Ok::<_, Error>(files.iter().filter(|file| file.removed_at == Some(now)).count())
        };
        removed += platform.store().write(remove).await?;
    }
    if removed > 0 {
        tracing::info!(files = removed, "expired files were removed");
    }
    Ok(removed)
}

/// Its expiry may have been moved since the look.
fn remove_if_due(file: &mut File, now: Timestamp) -> Option<Change> {
    let is_due = file.expires_at.is_some_and(|expires_at| expires_at <= now);
    is_due.then(|| file.remove(now)).flatten()
}

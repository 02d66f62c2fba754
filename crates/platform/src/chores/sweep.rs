//! Takes away bytes that no file names: what uploads left behind when their process was killed.
//!
//! Bytes are published before their row is written, so what is young is left alone
//! ([`orphans_kept_for`](crate::Settings::orphans_kept_for)); and nothing goes without the store having been asked.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use blobs::{Key, Swept};
use domain::id::FileId;
use pulse::Next;
use store::{Store, files};

use crate::uploads::key_of;
use crate::{Error, Platform};

/// A step of the background loop.
pub async fn step(platform: &Platform) -> Result<Next, Error> {
    sweep(platform).await?;
    Ok(Next::After(platform.settings().sweep_every))
}

/// Takes away what is old enough and known to nobody; answers how much that was.
pub async fn sweep(platform: &Platform) -> Result<Swept, Error> {
    let older_than = platform.now().minus(platform.settings().orphans_kept_for);
    let micros = u64::try_from(older_than.as_micros()).unwrap_or(0);
    let older_than = SystemTime::UNIX_EPOCH + Duration::from_micros(micros);
    let store = platform.store();
    let swept: Swept = platform.blobs().sweep(older_than, |keys| known(store.clone(), keys)).await?;
    if swept != Swept::default() {
        tracing::info!(originals = swept.originals, staged = swept.staged, "bytes that no file names were taken away");
    }
    Ok(swept)
}

/// Those of the keys that a file names.
async fn known(store: Store, keys: Vec<Key>) -> Result<HashSet<Key>, Error> {
    let ids: Vec<FileId> = keys.iter().map(|key| FileId::from_bytes(key.id())).collect();
    let known = store.read(move |tx| Ok::<_, Error>(files::known(tx, &ids)?)).await?;
    Ok(known.into_iter().map(key_of).collect())
}

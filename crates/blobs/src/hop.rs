//! One trip to a thread that may block.

use tokio::task::{JoinError, spawn_blocking};

use crate::Error;

/// Runs `work` on the blocking pool and waits for it. A panic in it goes on in the caller.
pub(crate) async fn hop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    landed(spawn_blocking(work).await)
}

/// What a finished hop brought back.
pub(crate) fn landed<T>(joined: Result<Result<T, Error>, JoinError>) -> Result<T, Error> {
    match joined {
        Ok(outcome) => outcome,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_cancelled) => Err(Error::Stopping),
        },
    }
}

//! What the store answers when it cannot do what was asked.

/// Why a read or a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached, is full, or is too busy: the same call may succeed later.
    #[error("the database is unavailable")]
    Unavailable(#[source] Cause),
    /// A row of that kind exists already; the name of the constraint says which.
    #[error("a row would break the constraint {0}")]
    Conflict(&'static str),
    /// A statement or a row is not as this version of the server expects: a defect.
    #[error("the database answered something unexpected")]
    Bug(#[source] Cause),
}

/// What the engine itself reported.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

impl Error {
    /// A defect told in a sentence.
    pub(crate) fn bug(text: impl Into<String>) -> Self {
        Self::Bug(text.into().into())
    }
}

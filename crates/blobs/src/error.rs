//! The closed list of reasons for which bytes could not be kept or found.

use std::io;

/// Why an operation on bytes failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was published under this key, or it was deleted.
    #[error("there are no bytes under this key")]
    NotFound,
    /// Not one byte lies inside the range asked for.
    #[error("the range holds none of the {size_bytes} bytes")]
    RangeBeyondEnd {
        /// How many bytes there are in all.
        size_bytes: u64,
    },
    /// The disk is full, or a quota is used up. Retrying helps only after somebody made room.
    #[error("no space left to {operation}")]
    NoSpace {
        /// What was being done, as a verb phrase.
        operation: &'static str,
    },
    /// Anything else the file system refused.
    #[error("could not {operation}")]
    Io {
        /// What was being done, as a verb phrase.
        operation: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// An earlier write to the same upload failed, so what is staged has a hole.
    #[error("an earlier write of this upload failed")]
    Torn,
    /// The runtime is shutting down and takes no more work.
    #[error("the process is shutting down")]
    Stopping,
}

impl Error {
    /// Names the operation that met an IO error, so that `map_err(Error::during("write"))` reads well.
    pub(crate) fn during(operation: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace { operation },
            _ => Self::Io { operation, source },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_used_up_quota_are_reasons_of_their_own() {
        const ENOSPC: i32 = 28;
        const EDQUOT: i32 = 122;
        const EACCES: i32 = 13;
        let of = |code| Error::during("write")(io::Error::from_raw_os_error(code));

        assert!(matches!(of(ENOSPC), Error::NoSpace { operation: "write" }));
        assert!(matches!(of(EDQUOT), Error::NoSpace { operation: "write" }));
        assert!(matches!(of(EACCES), Error::Io { operation: "write", .. }));
    }
}

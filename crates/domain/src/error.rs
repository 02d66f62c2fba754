//! Rules broken: what a noun refuses, in reasons that a door can word.

/// A rule of a noun that the caller's wish would break.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More than [`metadata::KEYS_MAX`](crate::metadata::KEYS_MAX) keys.
    #[error("more metadata keys than a file may have")]
    MetadataKeysTooMany,
    /// A key of no characters.
    #[error("an empty metadata key")]
    MetadataKeyEmpty,
    /// A key given twice in one request.
    #[error("the metadata key {0:?} is given twice")]
    MetadataKeyDuplicated(String),
    /// A key with characters other than `A-Z a-z 0-9 _ - . :`.
    #[error("the metadata key {0:?} has characters that are not allowed")]
    MetadataKeyForbidden(String),
    /// A key of more than [`metadata::KEY_CHARS_MAX`](crate::metadata::KEY_CHARS_MAX) characters.
    #[error("the metadata key {0:?} is too long")]
    MetadataKeyTooLong(String),
    /// A value of no characters, for this key.
    #[error("the value of the metadata key {0:?} is empty")]
    MetadataValueEmpty(String),
    /// A value with a NUL character, for this key.
    #[error("the value of the metadata key {0:?} has characters that are not allowed")]
    MetadataValueForbidden(String),
    /// A value of more than [`metadata::VALUE_CHARS_MAX`](crate::metadata::VALUE_CHARS_MAX) characters, for this key.
    #[error("the value of the metadata key {0:?} is too long")]
    MetadataValueTooLong(String),
    /// A change wished of a file that was removed.
    #[error("the file was removed")]
    FileRemoved,
    /// A project's name that is empty, too long or not printable.
    #[error("a project's name has 1 to 100 printable characters")]
    ProjectName,
    /// A webhook that subscribes to nothing.
    #[error("a webhook needs at least one event")]
    WebhookEventsEmpty,
    /// A webhook's target longer than its wire allows.
    #[error("the target URL is too long")]
    WebhookTargetTooLong,
    /// A signing secret longer than its wire allows.
    #[error("the signing secret is too long")]
    WebhookSecretTooLong,
}

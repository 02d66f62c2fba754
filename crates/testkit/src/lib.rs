//! Only for tests: a temporary PostgreSQL, a scenario on both engines, a clock moved by hand, a whole platform in a folder, hostile callers.

pub mod clock;
pub mod engines;
pub mod mischief;
pub mod platform;
pub mod postgres;
pub mod receiver;

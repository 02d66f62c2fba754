//! What requests tell by their headers.

use crate::scene::Scene;
use testkit::receiver::Received;

/// What the headers of a request tell.
pub trait Told {
    /// The event's place in its log.
    fn sequence(&self) -> i64;
    /// The place of what the webhook was owed before.
    fn previous(&self) -> i64;
    /// Which attempt this is.
    fn attempt(&self) -> i64;
}

impl Told for Received {
    fn sequence(&self) -> i64 {
        self.header("webhook-sequence").parse().unwrap()
    }

    fn previous(&self) -> i64 {
        self.header("webhook-previous-sequence").parse().unwrap()
    }

    fn attempt(&self) -> i64 {
        self.header("webhook-attempt").parse().unwrap()
    }
}

/// The sequences told at one path, in order of arrival.
pub fn told_at(scene: &Scene, path: &str) -> Vec<i64> {
    scene.receiver.received().iter().filter(|one| one.path == path).map(Told::sequence).collect()
}

/// The sequences told at a path, in order of arrival.
pub fn sequences(received: &[Received]) -> Vec<i64> {
    received.iter().map(|one| one.json()["sequence"].as_i64().unwrap()).collect()
}

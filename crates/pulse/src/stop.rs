//! Stop: graceful shutdown; stop taking work, finish what is held, leave.
//!
//! One [`Stopper`] speaks, any number of [`Stop`]s listen. A stop is for good. Dropping the `Stopper` counts as
//! stopping: a loop whose owner is gone has nobody left to work for.

use tokio::sync::watch;

/// The end that asks everyone to stop.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Asks every [`Stop`] of this pair to leave. Asking twice is the same as asking once.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// The end that is asked. Clones hear the same request.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// A speaker and its first listener.
    pub fn new() -> (Stopper, Stop) {
        let (speaker, listener) = watch::channel(false);
        (Stopper(speaker), Stop(listener))
    }

    /// Whether it is time to leave.
    pub fn requested(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits until it is time to leave; returns at once when it already is.
    pub async fn asked(&self) {
        // An error says that the stopper is gone, which counts as being asked.
        let _ = self.0.clone().wait_for(|stopped| *stopped).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_clone_is_asked() {
        let (stopper, stop) = Stop::new();
        let other = stop.clone();
        assert!(!stop.requested());
        stopper.stop();
        stop.asked().await;
        other.asked().await;
        assert!(stop.requested() && other.requested());
    }

    #[tokio::test]
    async fn a_stopper_that_is_gone_has_stopped() {
        let (stopper, stop) = Stop::new();
        drop(stopper);
        stop.asked().await;
        assert!(stop.requested());
    }
}

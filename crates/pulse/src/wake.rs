//! Wake: the bell of one background loop, rung after commit; many rings, one waking.
//!
//! A ring while the loop is busy is remembered until it listens again, so nothing committed before a ring is overlooked.
//! It is one loop's bell: of two listeners to clones of it, only one would wake.

use std::sync::Arc;

use tokio::sync::Notify;

/// A bell that says "look again" and nothing else. Clones are the same bell.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// A bell nobody has rung yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Wakes the listener now, or makes its next [`heard`](Self::heard) return at once. Rings do not add up.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for a ring since the last time one was heard. Cancelling the wait loses no ring.
    pub async fn heard(&self) {
        self.0.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_ring_before_listening_is_not_lost() {
        let wake = Wake::new();
        wake.clone().ring();
        wake.heard().await;
    }

    #[tokio::test]
    async fn many_rings_are_one_waking() {
        let wake = Wake::new();
        wake.ring();
        wake.ring();
        assert!(wake.heard().now_or_never().is_some());
        assert!(wake.heard().now_or_never().is_none());
    }

    #[tokio::test]
    async fn a_ring_wakes_whoever_listens() {
        let wake = Wake::new();
        let listener = tokio::spawn({
            let wake = wake.clone();
            async move { wake.heard().await }
        });
        tokio::task::yield_now().await;
        wake.ring();
        listener.await.expect("the listener does not panic");
    }
}

//! What a scene's rows say, once they say what is awaited.

use crate::scene::Scene;
use domain::attempt::Attempt;
use domain::delivery::{Dead, Retry};
use domain::event::{Event, EventKind};
use domain::health::Health;
use domain::id::WebhookNumber;
use domain::webhook::Webhook;
use std::sync::Arc;
use std::time::Duration;
use store::{Error, Tx, attempts, cursors, dead, events, health, retries};

impl Scene {
    /// Looks at rows until they are as wanted.
    pub async fn until<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + Sync + Copy + 'static,
        wanted: impl Fn(&T) -> bool,
    ) -> T {
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        for _ in 0..4000 {
            ticks.tick().await;
            let found = self.store.read(look).await.unwrap();
            if wanted(&found) {
                return found;
            }
        }
        panic!("the rows never became as wanted");
    }

    /// A webhook's retries, once they are as wanted.
    pub async fn retries_until(&self, webhook: &Webhook, wanted: impl Fn(&Vec<Retry>) -> bool) -> Vec<Retry> {
        let number = webhook.number;
        self.until(move |tx| retries::list(tx, number, 0, 10_000), wanted).await
    }

    /// A webhook's attempts, newest first, once there are so many.
    pub async fn attempts_until(&self, webhook: &Webhook, count: usize) -> Vec<Attempt> {
        let (project, number) = (self.project.id, webhook.number);
        self.until(move |tx| attempts::list(tx, project, number, 0, 10_000), |made| made.len() >= count).await
    }

    /// What a webhook will not be told, once there is so much of it.
    pub async fn dead_until(&self, webhook: &Webhook, count: usize) -> Vec<Dead> {
        let number = webhook.number;
        self.until(move |tx| dead::list(tx, number, 0, 10_000), |dead| dead.len() >= count).await
    }

    /// A webhook's health, once it is as wanted.
    pub async fn health_until(&self, webhook: &Webhook, wanted: impl Fn(&Health) -> bool) -> Health {
        let number = webhook.number;
        let look = move |tx: &mut Tx<'_>| {
            let found = health::all(tx)?.into_iter().find(|(of, _, _)| *of == number);
            Ok(found.map_or_else(Health::default, |(_, _, health)| health))
        };
        self.until(look, wanted).await
    }

    /// The kinds of all that operators were told.
    pub async fn notices(&self) -> Vec<EventKind> {
        let project = self.project.id;
        let log: Result<Vec<Event>, Error> = self.store.read(move |tx| events::after(tx, project, 0, 10_000)).await;
        let kinds = log.unwrap().into_iter().map(|event| event.kind());
        kinds.filter(|kind| !EventKind::OF_FILES.contains(kind)).collect()
    }

    /// Moves the clock on until these webhooks are owed nothing more and wait for nothing.
    pub async fn until_settled(&self, webhooks: &[WebhookNumber]) {
        let (project, numbers) = (self.project.id, webhooks.to_vec());
        let look = Arc::new(move |tx: &mut Tx<'_>| {
            let head = events::last_sequence(tx, project)?;
            let mut is_settled = true;
            for number in &numbers {
                is_settled &= cursors::find(tx, *number)?.is_some_and(|cursor| cursor.low() == head);
                is_settled &= retries::list(tx, *number, 0, 1)?.is_empty();
            }
            Ok::<_, Error>(is_settled)
        });
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        for _ in 0..4000 {
            ticks.tick().await;
            let look = Arc::clone(&look);
            if self.store.read(move |tx| look(tx)).await.unwrap() {
                return;
            }
            self.clock.advance(Duration::from_secs(10));
        }
        panic!("something is still owed");
    }
}

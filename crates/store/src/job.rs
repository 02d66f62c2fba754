//! A closure on its way to a connection's thread, with its caller waiting for the answer.

use crate::engine::{Job, Tx};
use crate::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::{mpsc, oneshot};

/// Queues a closure and waits for what it answers once its transaction has ended.
pub(crate) async fn run<T, E, F>(queue: &mpsc::Sender<Box<dyn Job>>, is_look: bool, closure: F) -> Result<T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let job = Waiting { is_look, closure, result: None, answer };
    if queue.send(Box::new(job)).await.is_err() {
        return Err(Error::Unavailable("the store is closed".into()).into());
    }
    match answered.await {
        Ok(result) => result,
        Err(_) => Err(Error::bug("a verb panicked; nothing of it was kept").into()),
    }
}

struct Waiting<T, E, F> {
    is_look: bool,
    closure: F,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Waiting<T, E, F>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn is_look(&self) -> bool {
        self.is_look
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        // A panic must not take the thread along with everyone who waits for it.
        self.result = catch_unwind(AssertUnwindSafe(|| (self.closure)(tx))).ok();
        matches!(self.result, Some(Ok(_)))
    }

    fn finish(self: Box<Self>, committed: Result<(), Error>) {
        let answer = match (self.result, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (Some(result), Ok(())) => result,
            // The closure panicked: dropping the sender says so.
            (None, Ok(())) => return,
        };
        // A caller that has gone away, a closed connection, does not undo what was committed.
        let _ = self.answer.send(answer);
    }
}

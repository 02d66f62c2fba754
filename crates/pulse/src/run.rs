//! run(step): the step answers Now, After(d) or Idle; the loop rests, listens and survives its failures.
//!
//! ```text
//!            ┌──────────── Now ───────────┐
//!            ▼                            │
//!   stop? ─► step ── After(d) ─► bell, or d passed
//!            │ └──── Idle ─────► bell
//!            └─ error, panic ──► back off, growing to a maximum; bells wait
//! ```

use std::any::Any;
use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::sleep;

use crate::{Stop, Wake};

/// The rest after a first failure; each further one in a row doubles it.
pub const BACK_OFF_MIN: Duration = Duration::from_millis(100);

/// The longest rest between failing steps: what an operator waits, at most, for a loop to notice that the cause is gone.
pub const BACK_OFF_MAX: Duration = Duration::from_secs(30);

/// What a step answers: when to take the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// There is more to do.
    Now,
    /// Something is due after this long; a bell may come first.
    After(Duration),
    /// Nothing is due until the bell rings.
    Idle,
}

/// Takes steps until `stop` is asked. A step under way is finished, never cut.
///
/// A step's error or panic is logged here, once, under `name`, and the next step is taken after a back-off between
/// [`BACK_OFF_MIN`] and [`BACK_OFF_MAX`]. A panic leaves the step's captured state as it was at that moment, so a
/// step keeps what matters in rows.
pub async fn run<E: Display>(
    name: &'static str,
    wake: Wake,
    stop: Stop,
    mut one_step: impl AsyncFnMut() -> Result<Next, E>,
) {
    let mut failures = 0_u32;
    while !stop.requested() {
        match AssertUnwindSafe(one_step()).catch_unwind().await {
            Ok(Ok(next)) => {
                failures = 0;
                rest(next, &wake, &stop).await;
                continue;
            }
            Ok(Err(error)) => tracing::error!(pulse = name, failures, %error, "a background step failed"),
            Err(panic) => {
                tracing::error!(pulse = name, failures, panic = text_of(&*panic), "a background step panicked");
            }
        }
        tokio::select! {
            () = stop.asked() => {}
            () = sleep(back_off(failures)) => {}
        }
        failures = failures.saturating_add(1);
    }
    tracing::debug!(pulse = name, "a background loop has stopped");
}

async fn rest(next: Next, wake: &Wake, stop: &Stop) {
    match next {
        // A loop that always has more to do still lets its neighbours on this thread have a turn.
        Next::Now => tokio::task::yield_now().await,
        Next::After(due) => tokio::select! {
            () = stop.asked() => {}
            () = wake.heard() => {}
            () = sleep(due) => {}
        },
        Next::Idle => tokio::select! {
            () = stop.asked() => {}
            () = wake.heard() => {}
        },
    }
}

/// How long to rest after a failure that came after `failures` others in a row.
fn back_off(failures: u32) -> Duration {
    BACK_OFF_MIN.saturating_mul(2_u32.saturating_pow(failures)).min(BACK_OFF_MAX)
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without a text")
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use tokio::sync::mpsc;
    use tokio::task::JoinHandle;
    use tokio::time::Instant;

    use super::*;
    use crate::Stopper;

    enum Script {
        Answer(Next),
        Fail,
        Panic,
    }
    use Script::{Answer, Fail, Panic};

    struct Loop {
        wake: Wake,
        stopper: Stopper,
        steps: mpsc::UnboundedReceiver<Duration>,
        task: JoinHandle<()>,
    }

    impl Loop {
        /// A loop whose steps follow the script, then idle; each step reports how long after the start it ran.
        fn following(script: impl IntoIterator<Item = Script>) -> Self {
            let mut script: VecDeque<Script> = script.into_iter().collect();
            let (report, steps) = mpsc::unbounded_channel();
            let (stopper, stop) = Stop::new();
            let (wake, started_at) = (Wake::new(), Instant::now());
            let task = tokio::spawn(run("scripted", wake.clone(), stop, async move || {
                report.send(started_at.elapsed()).expect("the test listens");
                tokio::task::yield_now().await;
                match script.pop_front() {
                    Some(Answer(next)) => Ok(next),
                    Some(Fail) => Err("out of luck"),
                    Some(Panic) => panic!("out of mind"),
                    None => Ok(Next::Idle),
                }
            }));
            Self { wake, stopper, steps, task }
        }

        async fn step(&mut self) -> Duration {
            self.steps.recv().await.expect("the loop is alive")
        }

        async fn leave(mut self) {
            self.stopper.stop();
            self.task.await.expect("the loop does not panic");
            assert_eq!(self.steps.recv().await, None, "no step after the stop");
        }
    }

    fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[tokio::test(start_paused = true)]
    async fn rests_as_long_as_the_step_said() {
        let mut beat = Loop::following([Answer(Next::Now), Answer(Next::After(ms(700)))]);
        assert_eq!(beat.step().await, ms(0));
        assert_eq!(beat.step().await, ms(0));
        assert_eq!(beat.step().await, ms(700));
        beat.leave().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_bell_cuts_a_rest_short() {
        let mut beat = Loop::following([Answer(Next::After(ms(700)))]);
        beat.step().await;
        beat.wake.ring();
        assert_eq!(beat.step().await, ms(0));
        beat.wake.ring();
        assert_eq!(beat.step().await, ms(0));
        beat.leave().await;
    }

    #[tokio::test(start_paused = true)]
    async fn failures_and_panics_back_off_and_carry_on() {
        let mut beat = Loop::following([Fail, Panic, Fail, Answer(Next::Now), Panic]);
        let mut seen = Vec::new();
        for _ in 0..6 {
            seen.push(beat.step().await.as_millis());
        }
        assert_eq!(seen, [0, 100, 300, 700, 700, 800], "doubling, and from the start again after a success");
        beat.leave().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_bell_does_not_hurry_a_back_off() {
        let mut beat = Loop::following([Fail]);
        beat.step().await;
        beat.wake.ring();
        assert_eq!(beat.step().await, BACK_OFF_MIN);
        beat.leave().await;
    }

    #[test]
    fn the_back_off_has_a_maximum() {
        assert_eq!(back_off(0), BACK_OFF_MIN);
        assert_eq!(back_off(8), ms(25_600));
        assert_eq!(back_off(9), BACK_OFF_MAX);
        assert_eq!(back_off(u32::MAX), BACK_OFF_MAX);
    }

    #[tokio::test]
    async fn a_stop_lets_the_step_under_way_finish() {
        let (stopper, stop) = Stop::new();
        let mut finished = false;
        run("stopping", Wake::new(), stop, async || {
            stopper.stop();
            tokio::task::yield_now().await;
            finished = true;
            Ok::<_, &str>(Next::Now)
        })
        .await;
        assert!(finished);
    }

    #[tokio::test]
    async fn a_loop_that_was_stopped_before_it_began_takes_no_step() {
        let (stopper, stop) = Stop::new();
        stopper.stop();
        run("stopped", Wake::new(), stop, async || -> Result<Next, &str> { panic!("no step is due") }).await;
    }
}

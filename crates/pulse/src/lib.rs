//! The beat of every background loop: woken or timed, one step, sleep.
//!
//! A pulse takes one step at a time. The step looks at the rows, does what is due and answers how long to rest:
//! [`Next::Now`], [`Next::After`] or [`Next::Idle`]. Whoever commits new work rings the [`Wake`]; whoever shuts the
//! process down stops the [`Stop`].
//!
//! **Invariant:** a bell carries no data. A step that was woken, one whose time came and the first one after a restart
//! run the same code on the same rows, so a lost bell only makes things late.
//!
//! A step that fails or panics is logged once, here, and the loop carries on after a growing rest. Nothing in a pulse
//! is retried by the pulse: the next step finds the same rows.

mod run;
mod stop;
mod wake;

pub use run::{BACK_OFF_MAX, BACK_OFF_MIN, Next, run};
pub use stop::{Stop, Stopper};
pub use wake::Wake;

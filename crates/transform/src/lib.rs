//! Files seen as pictures: today what their first bytes and headers tell.
//!
//! [`sniff`] says what a file is from its bytes, whatever it was declared to be. [`probe`] then reads the header of an
//! image: size, colours, orientation, density, where and when it was taken. Both are handed something that reads and
//! seeks, and both take a bounded look: [`limits`] lists every bound.
//!
//! **Invariants.** CPU only: nothing here waits, opens a file or knows a URL. No pixel is decoded and no archive is
//! inflated, so the cost does not grow with what a header claims. Hostile bytes end in a plainer answer, never in a
//! panic or a loop: every walk moves forward or spends a budget.

pub mod sniff;

pub mod probe;

pub mod limits;
mod walk;

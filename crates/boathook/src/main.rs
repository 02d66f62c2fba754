//! The binary, as a table of contents: what was typed → what is configured → one command.

mod cli;
mod config;

mod commands;

mod assemble;
mod serve;

mod clock;
mod failure;
mod health;
mod print;
mod signature;
mod telemetry;

use cli::Wish;
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let (typed, flags) = cli::read();
    match run(typed, &flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            failure.code()
        }
    }
}

fn run(typed: cli::Typed, flags: &[cli::Flag]) -> Result<(), Failure> {
    let layers = || config::layers(typed.config.as_deref(), flags);
    let config = || config::Config::read(&layers()?);
    match typed.wish {
        Wish::Serve => wait_for(commands::serve::run(&config()?)),
        Wish::Demo(wish) => wait_for(commands::demo::run(&wish, &config()?)),
        Wish::Project(wish) => wait_for(commands::project::run(wish, &config()?)),
        Wish::Key(wish) => wait_for(commands::key::run(wish, &config()?)),
        Wish::Verify(wish) => commands::verify::run(&wish),
        Wish::Config(wish) => commands::config::run(&wish, &layers()?),
        Wish::Doctor(wish) => wait_for(commands::doctor::run(&wish, &config()?)),
    }
}

fn wait_for(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    let done = runtime.block_on(command);
    // A thread that hangs on a disk must not keep a process that has nothing left to do.
    runtime.shutdown_background();
    done
}
